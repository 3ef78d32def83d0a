import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { picture, RunningApp } from '../helpers/running-app';

jest.setTimeout(60_000);

const ODD_KEYS = [
  'plain.jpg',
  'with space.jpg',
  'plus+and %41 percent.jpg',
  'ümläut/日本語 🌄.jpg',
  "quote's & <tag>;?#=@:,$!*().jpg",
  'no extension',
];

describe.each(['queue', 's3Notifications', 'eventBridge', 'stepFunctions'] as const)('trigger %s', (trigger) => {
  let app: RunningApp;
  beforeAll(async () => { app = await RunningApp.pipeline({ trigger, deleteRenditions: true }); });
  afterAll(async () => app.stop());

  test.each(ODD_KEYS)('key %j arrives as it is', async (key) => {
    await app.process(key, await picture());

    expect(await app.outputKeys()).toContain(`${key}/small.jpg`);
    expect(await app.record(key)).toMatchObject({ status: 'COMPLETED', sourceKey: key, original: { width: 64, height: 48 } });
    expect((await app.record(key))!.event!.name).toMatch(/^ObjectCreated:Put/);
  });

  test('the image id comes from the metadata of the object', async () => {
    await app.process('named.jpg', await picture(), { 'image-id': 'my-image' });

    expect(await app.record('named.jpg')).toMatchObject({ imageId: 'my-image', status: 'COMPLETED' });
    expect(await app.userMetadata('named.jpg/small.jpg')).toMatchObject({ 'image-id': 'my-image', 'source-key': 'named.jpg' });
  });

  test('a replaced image is processed again', async () => {
    await app.process('changing.jpg', await picture(64, 48));
    await app.process('changing.jpg', await picture(100, 50));

    expect(await app.record('changing.jpg')).toMatchObject({ status: 'COMPLETED', attempts: 2, original: { width: 100, height: 50 } });
    expect(await app.rendition('changing.jpg/small.jpg')).toMatchObject({ width: 32, height: 16 });
  });

  test('a deleted image loses its renditions, and its record is closed', async () => {
    await app.process('short lived.jpg', await picture());
    expect(await app.outputKeys()).toContain('short lived.jpg/small.jpg');
    await app.app.s3.send(new DeleteObjectCommand({ Bucket: app.input, Key: 'short lived.jpg' }));
    await app.app.idle();

    expect(await app.outputKeys()).not.toContain('short lived.jpg/small.jpg');
    expect(await app.record('short lived.jpg')).toMatchObject({ status: 'DELETED' });
  });

  test('folder markers and empty objects are ignored', async () => {
    await app.put('folder/', '');
    await app.process('empty.jpg', '');

    expect(await app.record('folder/')).toBeUndefined();
    // A mark, which no list shows, that something without content was there.
    expect(await app.record('empty.jpg')).toMatchObject({ status: 'DELETED', expiresAt: expect.any(Number) });
  });

  test('nothing was left over', () => {
    expect(app.app.pending).toBe(0);
    expect(app.deadLetters).toEqual([]);
  });
});

describe.each([
  ['queue', 'stepFunctions'], ['stepFunctions', 'queue'], ['queue', 'eventBridge'], ['s3Notifications', 'queue'],
] as const)('while %s is replaced by %s', (formerTrigger, trigger) => {
  let app: RunningApp;
  beforeAll(async () => { app = await RunningApp.pipeline({ trigger, formerTrigger, deleteRenditions: true }); });
  afterAll(async () => app.stop());

  test('images end as with one trigger, though events come by both', async () => {
    await app.process('cat.jpg', await picture());
    await app.process('cat.jpg', await picture(100, 50));
    await app.process('dog.jpg', await picture());
    await app.app.s3.send(new DeleteObjectCommand({ Bucket: app.input, Key: 'dog.jpg' }));
    await app.app.idle();

    expect(await app.record('cat.jpg')).toMatchObject({ status: 'COMPLETED', original: { width: 100, height: 50 } });
    expect(await app.record('dog.jpg')).toMatchObject({ status: 'DELETED' });
    expect(await app.outputKeys()).toEqual(['cat.jpg/small.jpg']);
    expect([app.app.pending, app.deadLetters]).toEqual([0, []]);
  });
});

test('repeated events are processed once', async () => {
  const app = await RunningApp.pipeline({ batchSize: 10 });
  try {
    await app.process('twice.jpg', await picture());
    const repeated = JSON.stringify({ Records: app.events.filter(({ s3 }) => s3.bucket.name === app.input) });
    for (let time = 0; time < 5; time += 1) app.queue.send(repeated);
    await app.app.idle();

    expect(await app.record('twice.jpg')).toMatchObject({ status: 'COMPLETED', attempts: 1 });
    expect(app.logs('image completed')).toHaveLength(1);
    expect(app.logs('event unchanged')).toHaveLength(5);
  } finally {
    await app.stop();
  }
});

test('many images at a time are all processed', async () => {
  const app = await RunningApp.pipeline({ batchSize: 10 });
  try {
    const image = await picture();
    const keys = Array.from({ length: 60 }, (_, index) => `batch/${index}.jpg`);
    await Promise.all(keys.map((key) => app.put(key, image)));
    await app.app.idle();

    expect((await app.outputKeys()).sort()).toEqual(keys.map((key) => `${key}/small.jpg`).sort());
    expect((await app.items()).map(({ status }) => status)).toEqual(keys.map(() => 'COMPLETED'));
  } finally {
    await app.stop();
  }
});

test.each(['queue', 'eventBridge', 'stepFunctions'] as const)('an existing bucket with other objects is a source by prefix with trigger %s', async (trigger) => {
  const app = await RunningApp.pipeline({ trigger, importedBucket: 'company-files', sourcePrefix: 'uploads/' });
  try {
    await app.put('reports/chart.jpg', await picture());
    await app.process('uploads/photo.jpg', await picture());

    expect(app.input).toBe('company-files');
    expect(await app.outputKeys()).toEqual(['uploads/photo.jpg/small.jpg']);
    expect(await app.items()).toHaveLength(1);
  } finally {
    await app.stop();
  }
});
