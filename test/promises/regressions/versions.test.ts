import { image, KEY, profile, Scene } from './scene';
import { made } from '../cloud/imaging';

const OUTPUT = `${KEY}/small`;

describe('in a bucket with versions', () => {
  let scene: Scene;
  beforeEach(async () => {
    scene = new Scene({ versionedSource: true });
    await scene.deliver(scene.upload(image(1)));
    await scene.deliver(scene.upload(image(2)));
  });

  function expectFirst(): void {
    const { etag, versionId } = scene.cloud.source.get(KEY)!;
    expect(scene.record()).toMatchObject({ status: 'COMPLETED', sourceETag: etag, sourceVersionId: versionId });
    expect(scene.outputs()).toEqual({ [OUTPUT]: made(image(1), 'small', 1) });
  }

  test('deleting the newest version makes the renditions of the one before', async () => {
    expect(await scene.deliver(scene.removeNewestVersion())).toBe('done');

    expectFirst();
  });

  test('removing a delete marker makes the renditions of what is there again', async () => {
    await scene.deliver(scene.removeNewestVersion());
    await scene.deliver(scene.remove());
    expect(scene.record().status).toBe('DELETED');

    expect(await scene.deliver(scene.removeNewestVersion())).toBe('done');

    expectFirst();
  });

  test('deleting an old version makes nothing again', async () => {
    const [before, calls] = [scene.record(), scene.calls.length];
    const old = scene.cloud.source.versionsOf(KEY)[1].versionId;

    expect(await scene.deliver(scene.cloud.removeVersion(KEY, old))).toBe('done');

    expect(scene.record().processedAt).toBe(before.processedAt);
    expect(scene.calls.slice(calls)).not.toContain('PutObject');
  });
});

test('a removal that finds its version recorded overtakes the event of the version that was removed', async () => {
  const scene = new Scene({ versionedSource: true });
  await scene.deliver(scene.upload(image(1), { metadata: { 'image-id': 'one' } }));
  const slow = scene.start(scene.upload(image(2), { metadata: { 'image-id': 'one' } }));
  await slow.after('GetObject');
  expect(await scene.deliver(scene.removeNewestVersion())).toBe('done');

  expect(await slow.finish()).toBe('done');

  expect(scene.record('one')).toMatchObject({ status: 'COMPLETED', sourceVersionId: scene.cloud.source.get(KEY)!.versionId });
  expect(scene.outputs()).toEqual({ [OUTPUT]: made(image(1), 'small', 1) });
});

describe.each([['with an ETag of its own', true], ['with the ETag of its bytes', false]])('the same bytes again, %s', (_, ownETags) => {
  const requested = { ...profile('requested', 9) };

  test('with another size are another version', async () => {
    const scene = new Scene({ ownETags, source: { requested } });
    await scene.deliver(scene.upload(image(1), { metadata: { 'requested-width': '7' } }));

    expect(await scene.deliver(scene.upload(image(1), { metadata: { 'requested-width': '8' } }))).toBe('done');

    expect(scene.outputs()).toEqual({ [OUTPUT]: made(image(1), 'small', 1), [`${KEY}/requested`]: made(image(1), 'requested', 8) });
  });

  test('with another size are another version also for a slow event of the first', async () => {
    const scene = new Scene({ ownETags, source: { requested } });
    const slow = scene.start(scene.upload(image(1), { metadata: { 'requested-width': '7' } }));
    await slow.before('Update', 2);
    const second = scene.upload(image(1), { metadata: { 'requested-width': '8' } });
    await scene.deliver(second);

    expect(await slow.finish()).toBe('done');

    expect(scene.record()).toMatchObject({ status: 'COMPLETED', sourceSequencer: second.sequencer });
    expect(scene.outputs()).toMatchObject({ [`${KEY}/requested`]: made(image(1), 'requested', 8) });
  });

  test('with another image id go on under that', async () => {
    const scene = new Scene({ ownETags, outputKey: '{imageId}/{profile}' });
    await scene.deliver(scene.upload(image(1), { metadata: { 'image-id': 'one' } }));

    expect(await scene.deliver(scene.upload(image(1), { metadata: { 'image-id': 'two' } }))).toBe('done');

    expect(scene.record('one').status).toBe('DELETED');
    expect(scene.record('two').status).toBe('COMPLETED');
    expect(scene.outputs()).toEqual({ 'two/small': made(image(1), 'small', 1) });
  });

  test('with another size are another version also between the steps of a state machine', async () => {
    const scene = new Scene({ ownETags, source: { requested }, maxTries: 0 });
    const event = scene.upload(image(1), { metadata: { 'requested-width': '7' } });
    const begun = await scene.step(event, { step: 'begin' });
    scene.upload(image(1), { metadata: { 'requested-width': '8' } });

    expect(await scene.step(event, { step: 'render', image: begun.image, rendition: 'requested.original' })).toEqual({ changed: true });
  });
});
