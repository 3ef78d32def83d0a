import { image, KEY, profile, Scene } from './scene';
import { BackfillAnswer } from '../../../src/contract';
import { ObjectFacts } from '../cloud/bucket';
import { SOURCE } from '../cloud/cloud';
import { made } from '../cloud/imaging';

const OUTPUT = `${KEY}/small`;
const HOUR = 3600;

async function ask(scene: Scene, more: object = {}): Promise<BackfillAnswer> {
  const run = scene.invoke({ backfill: { bucket: SOURCE, key: KEY, ...more } });
  expect(await run.finish()).toBe('done');
  return run.result as BackfillAnswer;
}

test('a request for an object that was deleted meanwhile leaves its record deleted', async () => {
  const scene = new Scene();
  await scene.deliver(scene.upload(image(1)));
  await scene.deliver(scene.remove());
  const before = scene.record();

  expect(await ask(scene)).toMatchObject({ outcome: 'unchanged' });

  expect(scene.record()).toEqual(before);
});

test('a request for an object that is announced and not there yet leaves its record pending', async () => {
  const scene = new Scene();
  const announced = { imageId: scene.idOf(), status: 'PENDING', sourceBucket: SOURCE, sourceKey: KEY, fileName: KEY, attempts: 0 };
  scene.cloud.table.put(announced);

  expect(await ask(scene)).toMatchObject({ outcome: 'ignored', reason: 'no such object' });

  expect(scene.record()).toEqual(announced);
});

test('a request that is given up between a pointer and its record is gone on with in the name of the event that the pointer has', async () => {
  const scene = new Scene();
  // Its metadata can be asked for, as long as nobody reads it.
  await scene.deliver(scene.upload(image(1), { archived: true, metadata: { 'image-id': 'one' } }));
  const run = scene.invoke({ backfill: { bucket: SOURCE, key: KEY, retryFailed: true, giveUp: true } });
  await run.after('Update');
  run.kill();
  expect(scene.record()).toMatchObject({ pointsTo: 'one' });

  expect(await ask(scene, { retryFailed: true })).toMatchObject({ outcome: 'failed', failure: { code: 'ARCHIVED' } });

  expect(scene.record()).toMatchObject({ status: 'FAILED', failure: { code: 'ARCHIVED' } });
  expect(scene.record()).not.toHaveProperty('pointsTo');
});

test('what is being made is left to its own event, by the clock of the function', async () => {
  const scene = new Scene();
  const run = scene.start(scene.upload(image(1)));
  await run.before('PutObject');
  run.kill();

  expect(await ask(scene)).toMatchObject({ outcome: 'overtaken' });
  scene.cloud.now += 2 * HOUR * 1000;
  expect(await ask(scene)).toMatchObject({ outcome: 'completed', made: ['small.original'] });
});

describe('where originals are deleted', () => {
  const deletes = { processing: { deleteSource: true } };

  test('a request leaves one that was stored lately: its own event may be to come, and one before that under way', async () => {
    const scene = new Scene(deletes);
    await scene.deliver(scene.upload('not there yet', { customerKey: true }));
    const slow = scene.start(scene.upload(image(2)));
    await slow.after('GetObject');
    const newest = scene.upload(image(3));

    expect(await ask(scene, { retryFailed: true })).toMatchObject({ outcome: 'completed' });
    expect(await slow.finish()).toBe('done');
    expect(await scene.deliver(newest)).toBe('done');

    expect(scene.outputs()).toEqual({ [OUTPUT]: made(image(3), 'small', 1) });
    expect(scene.cloud.source.get(KEY)).toBeUndefined();
  });

  test('a request deletes one that has been there for long', async () => {
    const scene = new Scene(deletes);
    scene.upload(image(1));
    scene.cloud.now += 3 * HOUR * 1000;

    expect(await ask(scene)).toMatchObject({ outcome: 'completed' });

    expect(scene.record().status).toBe('COMPLETED');
    expect(scene.cloud.source.get(KEY)).toBeUndefined();
  });
});

test('a request for an image with other settings makes what is missing, once', async () => {
  const scene = new Scene();
  await scene.deliver(scene.upload(image(1)));
  scene.configure({ profiles: [profile('small'), profile('large', 2)] });

  expect(await ask(scene)).toMatchObject({ outcome: 'completed', made: ['large.original'] });
  expect(await ask(scene)).toMatchObject({ outcome: 'unchanged', made: [] });

  expect(scene.outputs()).toEqual({ [OUTPUT]: made(image(1), 'small', 1), [`${KEY}/large`]: made(image(1), 'large', 2) });
});

describe('what a request stored that was cut short, after an event had ended the image,', () => {
  // The bucket's object was there before the pipeline.
  const cutShort = async (facts: ObjectFacts, end: (scene: Scene) => Promise<unknown>) => {
    const scene = new Scene();
    scene.upload(image(1), facts);
    const run = scene.invoke({ backfill: { bucket: SOURCE, key: KEY } });
    await run.before('PutObject');
    await end(scene);
    await run.after('PutObject');
    run.kill();
    expect(scene.outputs()).toEqual({ [OUTPUT]: made(image(1), 'small', 1) });
    return scene;
  };

  test.each<[string, ObjectFacts]>([['', {}], [', which had an id', { metadata: { 'image-id': 'one' } }]])(
    'is taken back by the next try: a version that cannot be read%s', async (_, facts) => {
      const scene = await cutShort(facts, (stage) => stage.deliver(stage.upload(image(2), { customerKey: true })));

      expect(await ask(scene)).toMatchObject({ outcome: 'unchanged' });

      expect(scene.outputs()).toEqual({});
    });

  test.each<[string, ObjectFacts]>([['', {}], [', which had an id', { metadata: { 'image-id': 'one' } }]])(
    'is taken back by the next try: a deletion%s', async (_, facts) => {
      const scene = await cutShort(facts, (stage) => stage.deliver(stage.remove()));

      expect(await ask(scene)).toMatchObject({ outcome: 'unchanged' });

      expect(scene.outputs()).toEqual({});
    });
});
