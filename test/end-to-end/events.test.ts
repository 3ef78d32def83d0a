import { readFileSync } from 'fs';
import { join } from 'path';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { picture, RunningApp } from '../helpers/running-app';

jest.setTimeout(120_000);

const ROOT = join(__dirname, '..', '..');
const APP = join(__dirname, 'fixtures', 'events-app');

interface Told {
  readonly 'source': string;
  readonly 'detail-type': string;
  readonly 'detail': Readonly<Record<string, any>>;
}

describe.each<[string, Record<string, string>]>([
  ['the default bus', {}],
  ['a bus of one\'s own', { OWN_BUS: 'yes' }],
])('the packaged function tells targets of rules on %s', (_, environment) => {
  let app: RunningApp;
  beforeAll(async () => {
    app = await RunningApp.app({ directory: APP, environment });
    await app.process('cats/tom.png', await picture(160, 120));
    await app.process('notes.jpg', 'no image');
    await app.process('gone.jpg', await picture());
    await app.app.s3.send(new DeleteObjectCommand({ Bucket: app.input, Key: 'gone.jpg' }));
    await app.app.idle();
  });
  afterAll(() => app.stop());

  const toFunction = (source = 'image-resize-pipeline'): Told[] => app.logs('told').map(({ event }) => event as Told).filter((told) => told.source === source);
  const toQueue = (): Told[] => app.app.queues.find(({ arn }) => arn === app.app.output('FailuresArn'))!.bodies.map((body) => JSON.parse(body) as Told);
  const ofKey = (told: Told[], key: string) => told.filter(({ detail }) => detail.original.key === key);

  test('of what is completed, in the documented form', async () => {
    const [told, ...more] = ofKey(toFunction(), 'cats/tom.png');
    expect(more).toEqual([]);
    const record = (await app.record('cats/tom.png'))!;
    const example = documented();

    expect(told).toMatchObject({ 'source': example.source, 'detail-type': example['detail-type'] });
    // The example has a version of a versioned bucket, and the version before.
    const { former, ...detail } = example.detail;
    const original = { ...detail.original, versionId: undefined, hasAlpha: record.original!.hasAlpha };
    expect(shapeOf(told.detail)).toEqual(shapeOf({ ...detail, original }));
    expect(told.detail).toMatchObject({
      version: example.detail.version,
      status: 'COMPLETED',
      imageId: record.imageId,
      time: record.processedAt,
      original: { bucket: app.input, key: 'cats/tom.png', etag: record.sourceETag, width: 160, height: 120 },
      renditionCount: 1,
      renditions: [{ name: 'w40.jpeg', profile: 'w40', bucket: app.output, key: 'cats/tom.png/w40.jpg', width: 40, height: 30 }],
      record: { table: app.app.output('TableName'), key: { imageId: record.imageId } },
    });
    expect(await app.outputKeys()).toContain(told.detail.renditions[0].key);
  });

  test('of what failed, and only of that', () => {
    expect(toQueue()).toMatchObject([{
      'detail-type': 'Image Failed',
      'detail': { status: 'FAILED', original: { key: 'notes.jpg' }, renditionCount: 0, failure: { code: 'UNSUPPORTED_FORMAT', message: expect.any(String), retryable: false } },
    }]);
    expect(ofKey(toFunction(), 'notes.jpg')).toEqual([]);
  });

  test('of what is deleted, after it was completed', () => {
    const told = ofKey(toFunction(), 'gone.jpg');
    expect(told.map((each) => each['detail-type']).sort()).toEqual(['Image Completed', 'Image Deleted']);
    const [completed, deleted] = ['Image Completed', 'Image Deleted'].map((type) => told.find((each) => each['detail-type'] === type)!.detail);
    expect(deleted).toMatchObject({ status: 'DELETED', imageId: completed.imageId, renditionCount: 0 });
    expect(deleted.order > completed.order).toBe(true);
  });

  // What the bus is, a backfill does not know.
  (environment.OWN_BUS ? test : test.skip)('of what a backfill makes, and that it has ended', async () => {
    await app.app.update({ ...environment, WIDTHS: '40,20' });
    const execution = app.app.stateMachines.find(({ arn }) => arn === app.app.output('BackfillArn'))!.start({ mode: 'run', maxObjects: 10, maxDollars: 1 });
    await execution.ended;
    await app.app.idle();

    expect(execution.status).toBe('SUCCEEDED');
    const told = ofKey(toFunction(), 'cats/tom.png');
    expect(told).toHaveLength(2);
    const [first, second] = told.map(({ detail }) => detail).sort((a, b) => (a.order < b.order ? -1 : 1));
    expect(second).toMatchObject({ imageId: first.imageId, renditionCount: 2, renditions: [{ name: 'w40.jpeg' }, { name: 'w20.jpeg' }] });
    expect(second.id).not.toBe(first.id);

    const [ended, ...more] = toFunction('aws.states');
    expect(more).toEqual([]);
    expect(ended.detail).toMatchObject({ stateMachineArn: app.app.output('BackfillArn'), name: execution.name, status: 'SUCCEEDED' });
    expect(JSON.parse(ended.detail.output)).toMatchObject({ mode: 'run', images: 1, renditions: 1, report: { key: `backfill/${execution.name}/summary.md` } });
  });
});

/** The example of docs/events.md. */
function documented(): Told {
  const page = readFileSync(join(ROOT, 'docs', 'events.md'), 'utf8');
  return JSON.parse(/<!-- example: event -->\n```json\n([^]*?)\n```/.exec(page)![1]) as Told;
}

/** Names of properties, however deep, with the types of their values. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined).sort().map(([name, each]) => [name, shapeOf(each)]));
}
