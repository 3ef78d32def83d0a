import { image, KEY, profile, Scene } from './scene';
import { RENDITION_METADATA } from '../../../src/contract';
import { SOURCE } from '../cloud/cloud';
import { made } from '../cloud/imaging';
import { s3Error } from '../cloud/s3';


const OUTPUT = `${KEY}/small`;
const OWN = { [RENDITION_METADATA.pipeline]: 'Images', [RENDITION_METADATA.sourceETag]: 'etag' };

describe.each([
  ['an empty object', '', {}, 'EMPTY_OBJECT'],
  ['what says that it is a rendition', image(2), OWN, 'OWN_RENDITION'],
])('%s', (_, body, metadata, code) => {
  test('is ignored where there was no image', async () => {
    const scene = new Scene();

    expect(await scene.deliver(scene.upload(body, { metadata }))).toBe('done');

    expect([...scene.cloud.items.values()]).toMatchObject([{ status: 'DELETED', expiresAt: expect.any(Number) }]);
  });

  test('has a repeated event of the image before it take back what its tries left', async () => {
    const scene = new Scene();
    const event = scene.upload(image(1));
    const slow = scene.start(event);
    await slow.before('PutObject');
    await scene.deliver(event);
    await scene.deliver(scene.remove());
    await slow.after('PutObject');
    slow.kill();
    const empty = scene.upload(body, { metadata });

    expect(await scene.deliver(event, { count: 2 })).toBe('done');
    expect(await scene.deliver(empty)).toBe('done');

    expect(scene.outputs()).toEqual({});
  });

  test('fails the record of the image that it replaces, and its renditions go', async () => {
    const scene = new Scene();
    await scene.deliver(scene.upload(image(1)));

    expect(await scene.deliver(scene.upload(body, { metadata }))).toBe('done');

    expect(scene.record()).toMatchObject({ status: 'FAILED', failure: { code, retryable: false } });
    expect(scene.outputs()).toEqual({});
  });

  test('fails the record of an image that was being made', async () => {
    const scene = new Scene();
    const slow = scene.start(scene.upload(image(1)));
    await slow.before('PutObject');
    slow.kill();

    expect(await scene.deliver(scene.upload(body, { metadata }))).toBe('done');

    expect(scene.record()).toMatchObject({ status: 'FAILED', failure: { code } });
  });

  test('fails the record under a named id', async () => {
    const scene = new Scene();
    await scene.deliver(scene.upload(image(1), { metadata: { 'image-id': 'one' } }));

    expect(await scene.deliver(scene.upload(body, { metadata }))).toBe('done');

    expect([scene.record('one').status, scene.record('one').failure?.code]).not.toContain('COMPLETED');
    expect(scene.outputs()).toEqual({});
  });
});

test('an image that lost its source while it was made fails as such', async () => {
  const scene = new Scene({ sources: [{ prefix: 'a/' }, { prefix: 'b/' }] });
  const event = scene.upload(image(1), { key: 'a/x' });
  const id = scene.idOf('a/x');
  const run = scene.start(event);
  await run.before('PutObject');
  run.kill();
  scene.configure({ sources: [{ prefix: 'b/' }] });

  expect(await scene.deliver(event, { count: 2 })).toBe('done');

  expect(scene.record(id)).toMatchObject({ status: 'FAILED', failure: { code: 'SOURCE_REMOVED' } });
});

test('an image that is complete stays so when its source is taken out', async () => {
  const scene = new Scene({ sources: [{ prefix: 'a/' }, { prefix: 'b/' }] });
  const event = scene.upload(image(1), { key: 'a/x' });
  const id = scene.idOf('a/x');
  await scene.deliver(event);
  scene.configure({ sources: [{ prefix: 'b/' }] });

  expect(await scene.deliver(event, { count: 2 })).toBe('done');

  expect(scene.record(id).status).toBe('COMPLETED');
});

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

test('a copy that found no image, and no record, does not close what another copy completes meanwhile', async () => {
  const scene = new Scene();
  const event = scene.upload('');
  const copy = scene.start(event);
  await copy.before('Update');
  scene.upload(image(2));
  await scene.deliver(event);

  expect(await copy.finish()).toBe('done');

  expect(scene.record().status).toBe('COMPLETED');
  expect(scene.outputs()).toEqual({ [OUTPUT]: made(image(2), 'small', 1) });
});

test('a former record that a later event has claimed again is not closed by an event before it', async () => {
  const scene = new Scene();
  const named = (id: string) => ({ metadata: { 'image-id': id } });
  await scene.deliver(scene.upload(image(1), named('one')));
  const slow = scene.start(scene.upload(image(2), named('two')));
  await slow.before('Update', 3);
  const newest = scene.upload(image(3), named('one'));
  const later = scene.start(newest);
  await later.before('PutObject');

  expect(await slow.finish()).toBe('done');

  expect(scene.record('one')).toMatchObject({ status: 'PROCESSING', sourceSequencer: newest.sequencer });
  expect(await later.finish()).toBe('done');
  expect([scene.record('one').status, scene.record('two').status]).toEqual(['COMPLETED', 'DELETED']);
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

describe('an object that cannot be read', () => {
  test.each([
    ['in an archive', { archived: true }, 'ARCHIVED'],
    ['encrypted with the key of its uploader', { customerKey: true }, 'CUSTOMER_KEY'],
  ])('%s fails for good at once', async (_, facts, code) => {
    const scene = new Scene();

    expect(await scene.deliver(scene.upload(image(1), facts))).toBe('done');

    expect(scene.record()).toMatchObject({ status: 'FAILED', failure: { code, retryable: false } });
  });
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

test('what could not be read any more says nothing of what a later event completed meanwhile', async () => {
  const scene = new Scene();
  const event = scene.upload(image(1));
  await scene.deliver(event);
  scene.upload(image(2), { archived: true });
  scene.configure({ profiles: [profile('small', 3)] });
  const copy = scene.start(event);
  await copy.before('Update', 2);
  scene.configure({ profiles: [profile('small')] });
  await scene.deliver(scene.upload(image(3)));

  expect(await copy.finish()).toBe('done');

  expect(scene.record().status).toBe('COMPLETED');
  expect(scene.record()).not.toHaveProperty('refusal');
});

test('what could not be read any more says nothing of what another copy of its event makes meanwhile', async () => {
  const scene = new Scene();
  const event = scene.upload(image(1));
  await scene.deliver(event);
  scene.upload(image(2), { archived: true });
  scene.configure({ profiles: [profile('small', 3)] });
  const copy = scene.start(event);
  await copy.before('Update', 2);
  scene.upload(image(3));
  const other = scene.start(event);
  await other.before('PutObject');

  expect(await copy.finish()).toBe('done');

  expect(scene.record().status).toBe('PROCESSING');
  expect(scene.record()).not.toHaveProperty('refusal');
  expect(await other.finish()).toBe('done');
  expect(scene.record().status).toBe('COMPLETED');
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
