import { image, KEY, profile, Scene } from './scene';
import { RENDITION_METADATA } from '../../../src/contract';
import { made } from '../cloud/imaging';

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

/** A repeated event of a completed image, by other settings, which is about to note that the original is archived by now. */
async function aboutToRefuse() {
  const scene = new Scene();
  const event = scene.upload(image(1));
  await scene.deliver(event);
  scene.upload(image(2), { archived: true });
  scene.configure({ profiles: [profile('small', 3)] });
  const copy = scene.start(event);
  await copy.before('Update', 2);
  return { scene, event, copy };
}

test('what could not be read any more says nothing of what a later event completed meanwhile', async () => {
  const { scene, copy } = await aboutToRefuse();
  scene.configure({ profiles: [profile('small')] });
  await scene.deliver(scene.upload(image(3)));

  expect(await copy.finish()).toBe('done');

  expect(scene.record().status).toBe('COMPLETED');
  expect(scene.record()).not.toHaveProperty('refusal');
});

test('what could not be read any more says nothing of what another copy of its event makes meanwhile', async () => {
  const { scene, event, copy } = await aboutToRefuse();
  scene.upload(image(3));
  const other = scene.start(event);
  await other.before('PutObject');

  expect(await copy.finish()).toBe('done');

  expect(scene.record().status).toBe('PROCESSING');
  expect(scene.record()).not.toHaveProperty('refusal');
  expect(await other.finish()).toBe('done');
  expect(scene.record().status).toBe('COMPLETED');
});
