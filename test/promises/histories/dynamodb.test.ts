import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { Cloud } from './cloud';
import { Item } from './expressions';
import { Catalog, Claim, Completion, FailureFacts, SourceEvent, SourceVersion, WriteResult } from '../../../src/lambda/resize/record/catalog';
import { Condition, RenderedUpdate, Update } from '../../../src/lambda/resize/record/update-expression';
import { LocalDynamoDb, startDynamoDb } from '../../helpers/dynamodb';

jest.setTimeout(120_000);

/** Of each comparison: a few seconds. */
const RUNS = 100;
const NOW = new Date('2026-01-02T03:04:05.678Z');

const IDS = ['a', 'b'];
const VERSION: SourceVersion = {
  bucket: 'source', key: 'x.jpg', sequencer: '0B', etag: 'one', uploadedAt: '2026-01-01T00:00:00.000Z', event: { name: 'ObjectCreated:Put', time: '2026-01-01T00:00:00.100Z' },
};

/** One of the catalog's writes. */
interface Write {
  readonly name: keyof Catalog;
  readonly id: string;
  readonly args: readonly unknown[];
  readonly run: (catalog: Catalog) => Promise<WriteResult>;
}

const text = (...values: string[]) => fc.constantFrom(...values);
const id = text(...IDS);
const event = {
  bucket: text('source', 'source', 'source', 'other'),
  key: text('x.jpg', 'x.jpg', 'x.jpg', 'folder/y.png'),
  // In the order of strings, not of numbers.
  sequencer: text('0A', '0B', '0B1', '9', 'A'),
};
const sourceEvent: fc.Arbitrary<SourceEvent> = fc.record(event);
const anyVersion: fc.Arbitrary<SourceVersion> = fc.record({
  ...event,
  etag: text('one', 'two'),
  versionId: text('v1', 'v2'),
  uploadedAt: text('2026-01-01T00:00:00.000Z', '2026-01-01T00:00:01.000Z'),
  event: fc.record({ name: text('ObjectCreated:Put'), time: text('2026-01-01T00:00:00.000Z'), region: fc.constantFrom(undefined, 'eu-central-1') }),
}, { requiredKeys: ['bucket', 'key', 'sequencer', 'uploadedAt', 'event'] });
// Mostly one version: what depends on the writes before needs some that are of the same.
const sourceVersion = fc.oneof({ weight: 2, arbitrary: fc.constant(VERSION) }, { weight: 1, arbitrary: anyVersion });
const original = fc.record({ width: fc.nat(), height: fc.nat(), format: text('jpeg', 'png'), bytes: fc.nat(), frames: fc.constant(2) }, {
  requiredKeys: ['width', 'height', 'format', 'bytes'],
});
const outputs = fc.uniqueArray(text('1', '2', '3'), { minLength: 1 });
const configDigest = text('digest', 'digest', 'other digest');
const claim: fc.Arbitrary<Claim> = fc.record({ original, outputs, configDigest, again: fc.boolean() }, { requiredKeys: ['original', 'outputs', 'configDigest'] });
const rendition = fc.record({
  profile: text('small'),
  bucket: text('output'),
  key: text('1', '2'),
  width: fc.nat(),
  height: fc.nat(),
  format: text('jpeg'),
  contentType: text('image/jpeg'),
  bytes: fc.nat(),
  reductionPercent: fc.integer({ min: -1000, max: 1000 }).map((tenths) => tenths / 10),
});
const completion: fc.Arbitrary<Completion> = fc.record({ original, renditions: fc.dictionary(text('small.jpeg', 'large.webp'), rendition, { maxKeys: 2 }) });
const failure = fc.record({ code: fc.constantFrom('CORRUPT_IMAGE' as const, 'RETRIES_EXHAUSTED' as const), message: text('broken'), retryable: fc.boolean() });
const failureFacts: fc.Arbitrary<FailureFacts> = fc.record({ original, configDigest, counts: fc.boolean() }, { requiredKeys: ['configDigest', 'counts'] });

function writeOf<T extends unknown[]>(
  name: keyof Catalog, args: fc.Arbitrary<T>, run: (catalog: Catalog, id: string, ...args: T) => Promise<WriteResult>,
): fc.Arbitrary<Write> {
  return fc.tuple(id, args).map(([one, values]) => ({ name, id: one, args: values, run: (catalog) => run(catalog, one, ...values) }));
}

const write: fc.Arbitrary<Write> = fc.oneof(
  writeOf('claim', fc.tuple(sourceVersion, claim), (catalog, ...args) => catalog.claim(...args)),
  writeOf('complete', fc.tuple(sourceVersion, completion), (catalog, ...args) => catalog.complete(...args)),
  writeOf('fail', fc.tuple(sourceVersion, failure, failureFacts), (catalog, ...args) => catalog.fail(...args)),
  writeOf('close', fc.tuple(sourceEvent, fc.constantFrom(undefined, 'b')), (catalog, ...args) => catalog.close(...args)),
  writeOf('point', fc.tuple(id, sourceEvent), (catalog, derived, named, source) => catalog.point(derived, named, source)),
);

/** What may stand in the table before: nothing much, or what an application wrote before the upload. */
const record = fc.constantFrom<Item>({}, { note: 'of the application' }, {
  status: 'PENDING', sourceBucket: 'source', sourceKey: 'x.jpg', fileName: 'My cat.png', uploadedAt: NOW.toISOString(), attempts: 0,
});

// Each attribute has a type of its own, as those of a record.
const scalar = fc.oneof(text('0A', '0B', '9', 'A', ''), fc.integer({ min: -2, max: 2 }), fc.boolean());
const comparable = fc.oneof(text('0A', '0B', '9', 'A'), fc.integer({ min: -2, max: 2 }));
const members = fc.uniqueArray(text('1', '2', '3'), { minLength: 1 });
const attribute = text('one', 'two', 'status');
const anyItem: fc.Arbitrary<Item> = fc.record({
  one: scalar,
  two: scalar,
  status: scalar,
  map: fc.record({ flag: scalar }, { requiredKeys: [] }),
  count: fc.nat({ max: 5 }),
  members: members.map((values) => new Set(values)),
}, { requiredKeys: [] });

const path = fc.oneof(attribute, text('map.flag', 'count'));
const condition: fc.Arbitrary<Condition> = fc.letrec<{ any: Condition; leaf: Condition; joined: Condition }>((tie) => ({
  any: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('leaf'), tie('joined')),
  leaf: fc.oneof(
    fc.oneof(attribute, text('map', 'count', 'members')).map((name) => Condition.missing(name)),
    fc.tuple(path, fc.constantFrom('=' as const, '<>' as const), scalar).map((args) => Condition.compare(...args)),
    fc.tuple(path, fc.constantFrom('<' as const, '<=' as const), comparable).map((args) => Condition.compare(...args)),
  ),
  // Of one condition, the parentheses could be redundant, which DynamoDB refuses.
  joined: fc.tuple(fc.constantFrom(Condition.all, Condition.any), fc.array(tie('any'), { minLength: 2, maxLength: 3 }))
    .map(([join, conditions]) => join(...conditions)),
})).any;

/** Every kind of change, each of other attributes: DynamoDB refuses two of one. */
const change = fc.record({
  set: fc.record({ one: scalar, map: fc.record({ flag: scalar }) }, { requiredKeys: ['one'] }),
  setOrRemove: fc.constantFrom(undefined, 'set'),
  once: scalar,
  increments: fc.boolean(),
  members: fc.option(members),
  removed: fc.subarray(['removed', 'members']),
});
const expression: fc.Arbitrary<RenderedUpdate> = fc.tuple(change, fc.option(condition)).map(([changes, when]) => {
  const rendered = new Update().set(changes.set).setOrRemove({ optional: changes.setOrRemove }).setOnce({ status: changes.once });
  if (changes.increments) rendered.increment('count');
  if (changes.members) rendered.addToSet('members', changes.members);
  rendered.remove(...changes.removed.filter((name) => name !== 'members' || !changes.members));
  return (when ? rendered.when(when) : rendered).render();
});

let dynamodb: LocalDynamoDb;
let tables = 0;
beforeAll(async () => { dynamodb = await startDynamoDb(); });
afterAll(() => dynamodb.stop());

/** A table of the histories, and the same table in dynalite. */
class Pair {
  static async create(): Promise<Pair> {
    const table = `images-${tables++}`;
    await dynamodb.createTable(table, 'imageId');
    return new Pair(table);
  }

  private readonly cloud = new Cloud();
  private readonly model = this.cloud.clients(async (_, effect) => effect()).dynamodb as DynamoDBDocumentClient;

  private constructor(private readonly table: string) {}

  /** What both come to, the one of the histories first. */
  both<T>(work: (client: DynamoDBDocumentClient, table: string) => Promise<T>): Promise<[T, T]> {
    return Promise.all([work(this.model, this.table), work(dynamodb.client, this.table)]);
  }

  async put(item: Item & { readonly imageId: string }): Promise<void> {
    this.cloud.items.set(item.imageId, item);
    await dynamodb.client.send(new PutCommand({ TableName: this.table, Item: item }));
  }

  /** That the item is the same on both sides. */
  async compare(imageId: string): Promise<void> {
    const [expected, found] = await this.both((client, TableName) => client.send(new GetCommand({
      TableName, Key: { imageId }, ConsistentRead: true,
    })));
    expect(found.Item).toEqual(expected.Item);
  }
}

test('the writes of the catalog do the same on the table of the histories as on DynamoDB', async () => {
  const seen = new Set<string>();
  const pair = await Pair.create();
  const writes = fc.array(write, { minLength: 1, maxLength: 10 });
  const same = fc.asyncProperty(record, writes, fc.constantFrom(0, 3600), async (before, sequence, expireAfter) => {
    for (const imageId of IDS) await pair.put({ ...before, imageId });
    for (const { id: imageId, run } of sequence) {
      const [expected, found] = await pair.both((client, table) => run(new Catalog(client, {
        table, partitionKey: 'imageId', imageId: 'metadata', shards: 4, expireAfter,
      }, () => NOW)));
      expect(found).toEqual(expected);
      await pair.compare(imageId);
      seen.add(expected.result);
    }
  });
  await fc.assert(same, { numRuns: RUNS });

  // Every answer that the catalog can get.
  expect([...seen].sort()).toEqual(['current', 'done', 'overtaken', 'taken']);
});

test('conditions and updates do the same on the table of the histories as on DynamoDB', async () => {
  const seen = { done: 0, refused: 0 };
  const pair = await Pair.create();
  const same = fc.asyncProperty(anyItem, fc.array(expression, { minLength: 1, maxLength: 10 }), async (before, expressions) => {
    await pair.put({ ...before, imageId: 'a' });
    for (const rendered of expressions) {
      const [expected, found] = await pair.both((client, table) => update(client, table, rendered));
      expect(found).toEqual(expected);
      await pair.compare('a');
      seen[expected.result] += 1;
    }
  });
  await fc.assert(same, { numRuns: RUNS });

  // Neither always nor never.
  const total = seen.done + seen.refused;
  expect(seen.done).toBeGreaterThan(total / 10);
  expect(seen.refused).toBeGreaterThan(total / 10);
});

async function update(client: DynamoDBDocumentClient, TableName: string, rendered: RenderedUpdate) {
  try {
    const { Attributes } = await client.send(new UpdateCommand({ TableName, Key: { imageId: 'a' }, ...rendered, ReturnValues: 'ALL_OLD' }));
    return { result: 'done' as const, before: Attributes };
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    return { result: 'refused' as const };
  }
}
