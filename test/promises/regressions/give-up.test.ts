/** Last deliveries, and what was given up. */
import { image, KEY, Scene } from './scene';
import { SOURCE } from '../cloud/cloud';
import { made } from '../cloud/imaging';
import { s3Error } from '../cloud/s3';

const OUTPUT = `${KEY}/small`;

test('giving up without an answer of S3 leaves a completed event completed', async () => {
  const scene = new Scene();
  await scene.deliver(scene.upload(image(1), { metadata: { 'image-id': 'one' } }));
  const event = scene.upload(image(2), { metadata: { 'image-id': 'two' } });
  const copy = scene.start(event, { count: 4 });
  await copy.before('HeadObject');
  await scene.deliver(event);

  await copy.failing('HeadObject', s3Error('SlowDown', 503));
  await copy.finish();

  expect(scene.record('two').status).toBe('COMPLETED');
  expect(scene.record('one').status).toBe('DELETED');
  expect(scene.record()).not.toMatchObject({ status: 'FAILED' });
});

test('giving up without an answer of S3 leaves an event completed that read a later version', async () => {
  const scene = new Scene();
  const event = scene.upload(image(1));
  const slow = scene.start(event);
  await slow.before('Update', 2);
  const copy = scene.start(event, { count: 4 });
  await copy.failing('HeadObject', s3Error('SlowDown', 503));
  await copy.before('Update');
  await slow.finish();

  await copy.finish();

  expect(scene.record().status).toBe('COMPLETED');
  expect(scene.outputs()).toEqual({ [OUTPUT]: made(image(1), 'small', 1) });
});

test('giving up without an answer of S3 does not take the id from the object that another copy gives it', async () => {
  const scene = new Scene();
  const event = scene.upload(image(1), { metadata: { 'image-id': 'one' } });
  const copy = scene.start(event);
  await copy.after('GetObject');
  const last = scene.start(event, { count: 4 });
  await last.failing('HeadObject', s3Error('SlowDown', 503));
  await last.before('Update');
  await copy.after('Update', 2);

  expect(await last.finish()).toBe('failed');
  expect(scene.record('one')).toMatchObject({ status: 'FAILED', failure: { code: 'RETRIES_EXHAUSTED' } });
  expect(await copy.finish()).toBe('done');
  expect(await scene.deliver(event)).toBe('done');

  expect(scene.record('one').status).toBe('COMPLETED');
  expect(scene.outputs()).toEqual({ [OUTPUT]: made(image(1), 'small', 1) });
});

test('giving up without an answer of S3 does not close what a request completes under another id meanwhile', async () => {
  const scene = new Scene();
  const event = scene.upload(image(1), { metadata: { 'image-id': 'one' } });
  const last = scene.start(event, { count: 4 });
  await last.failing('HeadObject', s3Error('SlowDown', 503));
  await last.before('Update');
  await scene.invoke({ backfill: { bucket: SOURCE, key: KEY } }).finish();
  expect(scene.record('one').status).toBe('COMPLETED');

  await last.finish();
  expect(await scene.deliver(event)).toBe('done');

  expect(scene.record('one').status).toBe('COMPLETED');
  expect(scene.record().pointsTo).toBe('one');
  expect(scene.outputs()).toEqual({ [OUTPUT]: made(image(1), 'small', 1) });
});

test('what is given up under the id of a former image does not say that it is a version of that', async () => {
  const scene = new Scene();
  await scene.deliver(scene.upload(image(1)));
  const event = scene.upload(image(2), { metadata: { 'image-id': 'one' } });
  const killed = scene.start(event);
  await killed.after('Update', 2);
  killed.kill();
  scene.upload(image(3));

  expect(await scene.deliver(event, { count: 4 })).toBe('failed');

  expect(scene.record()).toMatchObject({ failure: { code: 'RETRIES_EXHAUSTED' }, sourceETag: scene.cloud.source.get(KEY)!.etag });
});

test.each([['in its last delivery', 4], ['in the one after that', 5]])('an image that is gone when its event is given up %s fails as gone, for good', async (_, count) => {
  const scene = new Scene({ processing: { deleteRenditions: false } });
  const event = scene.upload(image(1));
  const killed = scene.start(event);
  await killed.after('PutObject');
  killed.kill();
  scene.remove();

  expect(await scene.deliver(event, { count })).toBe('done');

  expect(scene.record()).toMatchObject({ status: 'FAILED', failure: { code: 'SOURCE_NOT_FOUND', retryable: false } });
});

test('a last delivery leaves deleted what another copy of the event found to be no image', async () => {
  const scene = new Scene();
  await scene.deliver(scene.upload(image(1)));
  await scene.deliver(scene.remove());
  const event = scene.upload('');
  await scene.deliver(event);
  const before = scene.record();

  expect(await scene.deliver(event, { count: 4 })).toBe('done');

  expect(scene.record()).toEqual(before);
});

test('what is given up, while a copy that took its id back was cut short, says so under the id that is left', async () => {
  const scene = new Scene();
  // Its metadata can be asked for, as long as nobody reads it.
  const event = scene.upload(image(1), { archived: true, metadata: { 'image-id': 'one' } });
  await scene.deliver(event, { count: 4 });
  const reads = scene.start(event);
  await reads.before('Update', 3);
  reads.kill();
  expect(scene.record('one')).toMatchObject({ status: 'DELETED', replacedBy: scene.idOf() });

  expect(await scene.deliver(event, { count: 4 })).toBe('failed');

  expect(scene.record()).toMatchObject({ status: 'FAILED', failure: { code: 'RETRIES_EXHAUSTED' } });
  expect(scene.record()).not.toHaveProperty('pointsTo');
});

test.each([
  ['with', true], ['without', false],
])('a last delivery that cannot look, of an id that is taken, names the version that its event is about, %s versions', async (_, versionedSource) => {
  const scene = new Scene({ versionedSource });
  const named = { metadata: { 'image-id': 'one' } };
  await scene.deliver(scene.upload(image(1), { key: 'other.jpg', ...named }));
  const event = scene.upload(image(2), named);
  const killed = scene.start(event);
  await killed.after('Update');
  killed.kill();
  const last = scene.start(event, { count: 4 });
  await last.failing('HeadObject', s3Error('SlowDown', 503));

  expect(await last.finish()).toBe('done');

  const { etag, versionId } = scene.cloud.source.get(KEY)!;
  expect(scene.record()).toMatchObject({ status: 'FAILED', failure: { code: 'IMAGE_ID_TAKEN' }, sourceETag: etag });
  expect(scene.record().sourceVersionId).toBe(versionId);
});

describe('what Lambda gave up', () => {
  test('is tried once more in its first delivery, a deletion as well', async () => {
    const scene = new Scene({ maxTries: 0 });
    await scene.deliver(scene.upload(image(1)), { from: 's3' });

    expect(await scene.deliver(scene.remove(), { from: 'failureDestination' })).toBe('done');

    expect(scene.record().status).toBe('DELETED');
    expect(scene.outputs()).toEqual({});
  });

  test('is recorded in its second delivery, and a redrive tries it', async () => {
    const scene = new Scene({ maxTries: 0 });
    const event = scene.upload(image(1));

    expect(await scene.deliver(event, { from: 'failureDestination', count: 2 })).toBe('failed');
    expect(scene.record()).toMatchObject({ status: 'FAILED', failure: { code: 'RETRIES_EXHAUSTED', retryable: true } });

    expect(await scene.deliver(event, { from: 'failureDestination' })).toBe('done');
    expect(scene.record().status).toBe('COMPLETED');
  });

  test('a deletion is tried in every delivery', async () => {
    const scene = new Scene();
    await scene.deliver(scene.upload(image(1)));

    expect(await scene.deliver(scene.remove(), { count: 5 })).toBe('done');

    expect(scene.record().status).toBe('DELETED');
  });
});
