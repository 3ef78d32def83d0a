import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { aboutOf, STATES, WRITE_NAMES, writesTable } from './writes-table';
import { Catalog } from '../../../../src/lambda/resize/record/catalog';
import { GUARDS, refusalOf, WRITES } from '../../../../src/lambda/resize/record/writes';
import { LocalDynamoDb, startDynamoDb } from '../../../helpers/dynamodb';

const VERSION = {
  bucket: 'source',
  key: 'cat.jpg',
  sequencer: '5',
  etag: 'etag',
  fingerprint: 'fingerprint',
  uploadedAt: '2026-01-02T03:04:05.000Z',
  event: { name: 'ObjectCreated:Put', time: '2026-01-02T03:04:05.000Z' },
};
const ORIGINAL = { width: 1, height: 1, format: 'jpeg', bytes: 1 };
const FAILURE = { code: 'CORRUPT_IMAGE', message: 'broken', retryable: false } as const;

test('docs/promises.md shows which write each state of a record takes', () => {
  const document = readFileSync(join(__dirname, '..', '..', '..', '..', 'docs', 'promises.md'), 'utf8');
  expect(document).toContain(`<!-- table: writes -->\n${writesTable()}\n`);
});

test('docs/promises.md names every guard', () => {
  const document = readFileSync(join(__dirname, '..', '..', '..', '..', 'docs', 'promises.md'), 'utf8');
  for (const guard of Object.keys(GUARDS)) expect(document).toMatch(new RegExp(`^\\| [^|]*\`${guard}\`[^|]*\\|`, 'm'));
});

describe('on a table', () => {
  let dynamodb: LocalDynamoDb;
  let catalog: Catalog;

  beforeAll(async () => {
    dynamodb = await startDynamoDb();
    await dynamodb.createTable('images', 'imageId');
    catalog = new Catalog(dynamodb.client, { table: 'images', partitionKey: 'imageId', imageId: 'metadata', shards: 1, expireAfter: 0 });
  });
  afterAll(() => dynamodb.stop());

  const writes: Record<keyof typeof WRITES, (id: string) => ReturnType<Catalog['claim']>> = {
    point: (id) => catalog.point(id, 'named', VERSION, 'digest'),
    release: (id) => catalog.release(id, VERSION, 'named'),
    claim: (id) => catalog.claim(id, VERSION, { original: ORIGINAL, outputs: ['output/a'], configDigest: 'digest' }),
    adopt: (id) => catalog.adopt(id, VERSION, 'digest'),
    complete: (id) => catalog.complete(id, VERSION, 1, { configDigest: 'digest', original: ORIGINAL, renditions: {}, outputs: ['output/a'], swept: [] }),
    fail: (id) => catalog.fail(id, VERSION, FAILURE, { configDigest: 'digest', counts: false }),
    refuse: (id) => catalog.refuse(id, VERSION, FAILURE, 'digest'),
    close: (id) => catalog.close(id, VERSION),
    replace: (id) => catalog.replace(id, VERSION, 'other'),
    forget: (id) => catalog.forget(id, VERSION, ['former'], {}),
    trim: (id) => catalog.trim(id, VERSION, 1, ['output/a']),
  };

  test('what could not even be looked at says nothing of what a later event completed', async () => {
    const id = 'later';
    await dynamodb.client.send(new PutCommand({ TableName: 'images', Item: { imageId: id, ...STATES['of a later event'], configDigest: 'other' } }));
    const before = await catalog.read(id);
    expect(await catalog.refuse(id, { ...VERSION, fingerprint: undefined }, FAILURE, 'digest')).toMatchObject({ refusedBy: 'newest' });
    expect(await catalog.read(id)).toEqual(before);
    expect((await catalog.refuse(id, { ...VERSION, sequencer: '6', fingerprint: undefined }, FAILURE, 'digest')).refusedBy).toBeUndefined();
  });

  test.each(WRITE_NAMES.flatMap((write) => Object.keys(STATES).map((state) => [write, state] as const)))('%s of a record that is %s', async (write, state) => {
    const id = `${write} ${state}`;
    const item = STATES[state];
    if (item) await dynamodb.client.send(new PutCommand({ TableName: 'images', Item: { imageId: id, ...item } }));
    const before = await catalog.read(id);
    const { refusedBy } = await writes[write](id);

    expect(refusedBy).toBe(refusalOf(write, aboutOf(write), item ?? {}));
    const after = await catalog.read(id);
    if (refusedBy) expect(after).toEqual(before);
    else if ('to' in WRITES[write]) expect(after).toMatchObject({ status: (WRITES[write] as { to: string }).to });
  });
});
