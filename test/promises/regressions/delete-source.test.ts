import { broken, image, KEY, profile, Scene } from './scene';
import { made } from '../cloud/imaging';
import { s3Error } from '../cloud/s3';

const OUTPUT = `${KEY}/small`;
const scene = (more: object = {}) => new Scene({ processing: { deleteSource: true }, ...more });

test('an event that finds its version processed leaves the record completed, and deletes the source', async () => {
  const stage = scene();
  const first = stage.upload(image(1));
  const second = stage.upload(image(2));
  await stage.deliver(first);

  expect(stage.record().status).toBe('COMPLETED');
  expect(await stage.deliver(second)).toBe('done');
  expect(stage.cloud.source.get(KEY)).toBeUndefined();
  expect(stage.record()).toMatchObject({ status: 'COMPLETED', renditions: { 'small.original': { key: OUTPUT } } });
  expect(stage.outputs()).toEqual({ [OUTPUT]: made(image(2), 'small', 1) });
});

test('an overtaken writer that resumes after the source was deleted leaves the later renditions', async () => {
  const stage = scene();
  const slow = stage.start(stage.upload(image(1)));
  await slow.before('PutObject');
  await stage.deliver(stage.upload(image(2)));
  expect(stage.cloud.source.get(KEY)).toBeUndefined();

  expect(await slow.finish()).toBe('done');

  expect(stage.record().status).toBe('COMPLETED');
  expect(stage.outputs()).toEqual({ [OUTPUT]: made(image(2), 'small', 1) });
});

test('the same bytes, uploaded again with another wish, are not deleted unprocessed', async () => {
  const stage = scene({ source: { requested: { ...stageProfile(), name: 'requested', width: 9, height: 9 } } });
  const run = stage.start(stage.upload(image(1)));
  await run.after('Update', 2);
  const again = stage.upload(image(1), { metadata: { 'requested-width': '7' } });

  await run.finish();

  expect(stage.cloud.source.get(KEY)).toBeDefined();
  expect(await stage.deliver(again)).toBe('done');
  expect(stage.outputs()).toEqual({ [OUTPUT]: made(image(1), 'small', 1), [`${KEY}/requested`]: made(image(1), 'requested', 7) });
  expect(stage.cloud.source.get(KEY)).toBeUndefined();
});

test('a repeated event that finds a later version leaves it to the event of that', async () => {
  const stage = scene();
  const first = stage.upload(image(1));
  const copy = stage.start(first, { count: 2 });
  await stage.deliver(first);
  const second = stage.upload(image(2));

  expect(await copy.finish()).toBe('done');

  expect(stage.cloud.source.get(KEY)).toBeDefined();
  expect(await stage.deliver(second)).toBe('done');
  expect(stage.outputs()).toEqual({ [OUTPUT]: made(image(2), 'small', 1) });
});

test('a repeated event leaves a later version also long after that was stored, when nobody else can be under way', async () => {
  const stage = scene();
  const first = stage.upload(image(1));
  await stage.deliver(first);
  const second = stage.upload(image(2));
  stage.cloud.now += 3 * 3_600_000;

  expect(await stage.deliver(first, { count: 2 })).toBe('done');
  expect(stage.cloud.source.get(KEY)).toBeDefined();
  expect(await stage.deliver(second)).toBe('done');

  expect(stage.record().status).toBe('COMPLETED');
  expect(stage.outputs()).toEqual({ [OUTPUT]: made(image(2), 'small', 1) });
});

test('an image that is replaced by one that cannot be read is completed all the same', async () => {
  const stage = scene();
  const run = stage.start(stage.upload(image(1)));
  await run.after('Update', 2);
  stage.upload(image(2), { customerKey: true });

  expect(await run.finish()).toBe('done');

  expect(stage.record().status).toBe('COMPLETED');
  expect(stage.cloud.source.get(KEY)).toBeDefined();
});

test('a copy of the event that began before a deployment does not begin again what is completed', async () => {
  const stage = scene({ maxTries: 0 });
  const event = stage.upload(image(1));
  const copy = stage.start(event);
  await copy.after('GetObject');
  stage.configure({ profiles: [profile('small', 3)] });
  await stage.deliver(event);
  expect(stage.cloud.source.get(KEY)).toBeUndefined();

  expect(await copy.finish()).toBe('done');

  expect(stage.record()).toMatchObject({ status: 'COMPLETED' });
  expect(stage.outputs()).toEqual({ [OUTPUT]: made(image(1), 'small', 3) });
});

test('a version that an earlier event completed is not begun again by its own', async () => {
  const stage = scene();
  const first = stage.upload(image(1));
  const slow = stage.start(stage.upload(image(2)));
  await slow.after('GetObject');
  await stage.deliver(first);

  for (;;) {
    expect(stage.record().status).toBe('COMPLETED');
    if (!await slow.calls(1)) break;
  }
  expect(stage.outputs()).toEqual({ [OUTPUT]: made(image(2), 'small', 1) });
});

test('a copy of an event that found an empty object does not close what another copy completed', async () => {
  const stage = scene();
  const event = stage.upload('');
  const copy = stage.start(event);
  await copy.after('GetObject');
  const second = stage.upload(image(2));
  await stage.deliver(event);

  expect(await copy.finish()).toBe('done');
  expect(await stage.deliver(second)).toBe('done');

  expect(stage.record().status).toBe('COMPLETED');
});

test.each([
  ['has another id', image(1), { 'image-id': 'one' }, 1],
  ['has no id', image(1), {}, 1],
  ['has an id that is none', image(1), { 'image-id': 'not valid' }, 1],
  ['is broken', broken(1), {}, 1],
  ['is empty', '', {}, 1],
  ['is empty, and without a record', '', {}, 3],
])('a copy of an event that found what %s does not end what another copy completed under an id', async (_, body, metadata, calls) => {
  const stage = scene();
  const event = stage.upload(body, { metadata });
  const copy = stage.start(event);
  await copy.calls(calls);
  const second = stage.upload(image(2), { metadata: { 'image-id': 'two' } });
  await stage.deliver(event);
  expect(stage.record('two').status).toBe('COMPLETED');

  expect(await copy.finish()).toBe('done');
  expect(stage.record('two').status).toBe('COMPLETED');
  expect(await stage.deliver(second)).toBe('done');

  expect(stage.record('two').status).toBe('COMPLETED');
  expect(stage.record().pointsTo).toBe('two');
  expect(stage.outputs()).toEqual({ [OUTPUT]: made(image(2), 'small', 1) });
});

test('of two copies of an event that find two ids one completes, and the event of the other id goes on', async () => {
  const stage = scene({ outputKey: '{imageId}/{profile}' });
  const event = stage.upload(image(1), { metadata: { 'image-id': 'one' } });
  const copy = stage.start(event);
  await copy.after('Update', 2);
  const second = stage.upload(image(2), { metadata: { 'image-id': 'two' } });
  const other = stage.start(event);
  await other.before('PutObject');

  expect(stage.record('one')).toMatchObject({ status: 'DELETED', replacedBy: 'two' });
  expect(await copy.finish()).toBe('done');
  expect(await other.finish()).toBe('done');
  expect(await stage.deliver(second)).toBe('done');

  expect(stage.record('two').status).toBe('COMPLETED');
  expect(stage.outputs()).toMatchObject({ 'two/small': made(image(2), 'small', 1) });
});

test('a last delivery that cannot look leaves completed what an earlier event made of its version', async () => {
  const stage = scene();
  const first = stage.upload(image(1));
  const second = stage.upload(image(2));
  await stage.deliver(first);

  const last = stage.start(second, { count: 4 });
  await last.failing('HeadObject', s3Error('SlowDown', 503));

  expect(await last.finish()).toBe('failed');
  expect(stage.record().status).toBe('COMPLETED');
  expect(await stage.deliver(second)).toBe('done');
  expect(stage.record().status).toBe('COMPLETED');
});

test('a last delivery that meets an object which cannot be read does not take its event for done: that is another one', async () => {
  const stage = scene();
  await stage.deliver(stage.upload(image(1)));
  const again = stage.upload(image(1), { customerKey: true });

  expect(await stage.deliver(again, { count: 4 })).toBe('failed');

  expect(stage.record()).toMatchObject({ status: 'FAILED', failure: { code: 'RETRIES_EXHAUSTED' } });
  expect(await stage.deliver(again)).toBe('done');
  expect(stage.record()).toMatchObject({ status: 'FAILED', failure: { code: 'CUSTOMER_KEY' } });
});

describe('a late event that completes a version whose own event is still to come', () => {
  test('leaves the original to that: an event between them may have read what was there before', async () => {
    const stage = scene();
    const first = stage.upload(image(1));
    const slow = stage.start(stage.upload(image(2)));
    await slow.after('GetObject');
    const newest = stage.upload(image(3));
    const late = stage.start(first);
    await late.after('Update', 2);
    expect(stage.record().status).toBe('COMPLETED');
    await slow.after('Update');

    expect([await late.finish(), await slow.finish()]).toEqual(['done', 'done']);
    expect(stage.cloud.source.get(KEY)).toBeDefined();
    expect(await stage.deliver(newest)).toBe('done');

    expect(stage.record().status).toBe('COMPLETED');
    expect(stage.outputs()).toEqual({ [OUTPUT]: made(image(3), 'small', 1) });
    expect(stage.cloud.source.get(KEY)).toBeUndefined();
  });

  test.each([['the same bytes', {}], ['the same bytes and a version id', { versionedSource: true }]])('also one with %s', async (_, options) => {
    const stage = scene(options);
    const first = stage.upload(image(1));
    const slow = stage.start(stage.upload(image(2)));
    await slow.after('GetObject');
    const newest = stage.upload(image(1));
    await stage.deliver(first);
    expect(stage.record().status).toBe('COMPLETED');

    expect(await slow.finish()).toBe('done');
    expect(await stage.deliver(newest)).toBe('done');

    expect(stage.outputs()).toEqual({ [OUTPUT]: made(image(1), 'small', 1) });
    expect(stage.cloud.source.get(KEY)).toBeUndefined();
  });
});

function stageProfile() {
  return new Scene().config.profileSets[0][0];
}
