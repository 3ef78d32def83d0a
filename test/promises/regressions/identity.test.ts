import { broken, image, KEY, profile, Scene } from './scene';
import { ImageRecord } from '../../../src/contract';
import { derivedId } from '../../../src/lambda/shared/derived-id';
import { prepareSources } from '../../../src/lambda/shared/sources';
import { made } from '../cloud/imaging';
import { bytesOf } from '../cloud/table';


const HOUR = 3600;
const DAY = 24 * HOUR;

describe('ids that follow from keys', () => {
  const sources = [{ prefix: 'a/', outputPrefix: 'a/' }, { prefix: 'b/', outputPrefix: 'b/' }];
  const hashed = (scene: Scene, key: string) => derivedId('metadata', prepareSources(scene.config).find(({ prefix }) => key.startsWith(prefix))!, key);

  test('a second object with the id of a first is recorded under another', async () => {
    const scene = new Scene({ sources, catalog: { imageId: 'key' } });
    await scene.deliver(scene.upload(image(1), { key: 'a/x' }));

    expect(await scene.deliver(scene.upload(image(2), { key: 'b/x' }))).toBe('done');

    expect(scene.record('x')).toMatchObject({ status: 'COMPLETED', sourceKey: 'a/x' });
    expect(scene.record(hashed(scene, 'b/x'))).toMatchObject({ status: 'FAILED', sourceKey: 'b/x', failure: { code: 'IMAGE_ID_TAKEN' } });
    expect(scene.outputs()).toEqual({ 'a/a/x/small': made(image(1), 'small', 1) });
  });

  test('a second object whose events meet the first while that is recorded is recorded under none but its own', async () => {
    const scene = new Scene({ sources, catalog: { imageId: 'key' } });
    const first = scene.upload(image(1), { key: 'b/x' });
    const second = scene.upload(image(2), { key: 'b/x' });
    const late = scene.start(second);
    await late.after('Get');
    await scene.deliver(scene.upload(image(3), { key: 'a/x' }));
    await scene.deliver(first);

    expect(await late.finish()).toBe('done');

    expect(scene.record('x')).toMatchObject({ status: 'COMPLETED', sourceKey: 'a/x' });
    expect(scene.record(hashed(scene, 'b/x'))).toMatchObject({ status: 'FAILED', sourceSequencer: second.sequencer, failure: { code: 'IMAGE_ID_TAKEN' } });
  });

  test('the deletion of the second closes its record and leaves the first', async () => {
    const scene = new Scene({ sources, catalog: { imageId: 'key' } });
    await scene.deliver(scene.upload(image(1), { key: 'a/x' }));
    await scene.deliver(scene.upload(image(2), { key: 'b/x' }));

    expect(await scene.deliver(scene.remove('b/x'))).toBe('done');

    expect(scene.record('x').status).toBe('COMPLETED');
    expect(scene.record(hashed(scene, 'b/x')).status).toBe('DELETED');
  });

  describe('after the prefix of the source has changed', () => {
    const before = { sources, catalog: { imageId: 'key' } } as const;
    const after = { sources: [{ prefix: '', outputPrefix: '' }] };

    test('what is recorded keeps its id, and what is new gets one of the new prefix', async () => {
      const scene = new Scene(before);
      const first = scene.upload(image(1), { key: 'a/x' });
      await scene.deliver(first);
      scene.configure(after);

      expect(await scene.deliver(first)).toBe('done');
      expect(await scene.deliver(scene.upload(image(2), { key: 'a/x' }))).toBe('done');
      expect(await scene.deliver(scene.upload(image(3), { key: 'a/y' }))).toBe('done');

      expect([...scene.cloud.items.keys()].sort()).toEqual(['a/y', 'x']);
      expect(scene.record('x')).toMatchObject({ status: 'COMPLETED', sourceKey: 'a/x' });
      expect(scene.outputs()).toMatchObject({ 'a/x/small': made(image(2), 'small', 1) });
    });

    test('a try that was cut short before is gone on with, and a deletion finds what is recorded', async () => {
      const scene = new Scene(before);
      const event = scene.upload(image(1), { key: 'a/x' });
      const killed = scene.start(event);
      await killed.before('PutObject');
      killed.kill();
      scene.configure(after);

      expect(await scene.deliver(event, { count: 2 })).toBe('done');
      expect(scene.record('x').status).toBe('COMPLETED');
      expect(await scene.deliver(scene.remove('a/x'))).toBe('done');

      expect([...scene.cloud.items.values()]).toMatchObject([{ status: 'DELETED' }]);
      expect(scene.outputs()).toEqual({});
    });

    test('an id that is the record of another key is taken', async () => {
      const scene = new Scene(before);
      await scene.deliver(scene.upload(image(1), { key: 'a/x' }));
      scene.configure(after);

      expect(await scene.deliver(scene.upload(image(2), { key: 'x' }))).toBe('done');

      expect(scene.record('x')).toMatchObject({ status: 'COMPLETED', sourceKey: 'a/x' });
      expect(scene.record(hashed(scene, 'x'))).toMatchObject({ status: 'FAILED', sourceKey: 'x', failure: { code: 'IMAGE_ID_TAKEN' } });
    });
  });

  test('a key of the greatest length fits into the listing', async () => {
    const scene = new Scene({ catalog: { imageId: 'key' }, outputKey: 'out/{profile}' });
    const key = 'k'.repeat(1024);

    await scene.deliver(scene.upload(image(1), { key }));

    expect(Buffer.byteLength(scene.record(key).listingSort!)).toBeLessThanOrEqual(1024);
    expect(scene.record(key).status).toBe('COMPLETED');
  });
});

test('a repeated event whose image id is taken leaves its record as it is', async () => {
  const scene = new Scene();
  await scene.deliver(scene.upload(image(1), { key: 'other.jpg', metadata: { 'image-id': 'one' } }));
  const event = scene.upload(image(2), { metadata: { 'image-id': 'one' } });
  await scene.deliver(event);
  expect(scene.record()).toMatchObject({ status: 'FAILED', failure: { code: 'IMAGE_ID_TAKEN' } });

  const copy = scene.start(event, { count: 2 });
  while (await copy.calls(1)) expect(scene.record()).toMatchObject({ status: 'FAILED', failure: { code: 'IMAGE_ID_TAKEN' } });
});

describe('a key that is written again and again', () => {
  const UPLOADS = 1200;
  // Long enough for lists of them to reach the bounds.
  const folder = 'f'.repeat(80);

  test.each([
    ['new rendition keys', `${folder}/{key}/{width}/{profile}`, true, (at: number): Record<string, string> => ({ 'requested-width': String(at + 1) })],
    ['new rendition keys, of which none is deleted', `${folder}/{key}/{width}/{profile}`, false, (at: number): Record<string, string> => ({ 'requested-width': String(at + 1) })],
    ['new image ids and keys', `${folder}/{imageId}/{width}`, true, (at: number): Record<string, string> => ({ 'image-id': `id-${folder}-${at}`, 'requested-width': String(at + 1) })],
  ])('with %s costs the same each time, and its records do not grow', async (_, outputKey, deleteRenditions, metadata) => {
    const requested = { ...profile('requested'), width: UPLOADS, height: UPLOADS };
    const scene = new Scene({ outputKey, processing: { deleteRenditions }, source: { requested } });
    const costs: number[] = [];
    let first: Partial<ImageRecord> = {};
    for (let at = 0; at < UPLOADS; at += 1) {
      const before = scene.calls.length;
      expect(await scene.deliver(scene.upload(image(at + 1), { metadata: metadata(at) }))).toBe('done');
      costs.push(scene.calls.length - before);
      if (at === 1) first = scene.record(metadata(0)['image-id']);
    }

    // Now and then, one write forgets what cannot be deleted.
    expect(costs.at(-1)).toBeLessThanOrEqual(costs[9]);
    expect(costs.filter((cost) => cost > costs[9]).length).toBeLessThan(deleteRenditions ? 1 : UPLOADS / 100);
    const id = metadata(UPLOADS - 1)['image-id'];
    expect(scene.record(id)).toMatchObject({ status: 'COMPLETED', sourceKey: KEY });
    if (id) expect(scene.record(metadata(0)['image-id'])).toEqual({ ...first, status: 'DELETED' });
    for (const item of scene.cloud.items.values()) expect(bytesOf(item)).toBeLessThan(100_000);
    if (deleteRenditions) expect(Object.values(scene.outputs()).every((shown) => shown.startsWith(image(UPLOADS)))).toBe(true);
  });

  test('closes a former record once', async () => {
    const scene = new Scene();
    await scene.deliver(scene.upload(image(1), { metadata: { 'image-id': 'one' } }));
    await scene.deliver(scene.upload(image(2), { metadata: { 'image-id': 'two' } }));
    const closed = scene.record('one');
    expect(closed.status).toBe('DELETED');

    await scene.deliver(scene.upload(image(3), { metadata: { 'image-id': 'three' }, seconds: DAY }));
    await scene.deliver(scene.upload(image(4), { metadata: { 'image-id': 'four' }, seconds: DAY }));

    expect(scene.record('one').expiresAt).toBe(closed.expiresAt);
  });

  test('does not make the record of a former id again that has expired', async () => {
    const scene = new Scene();
    await scene.deliver(scene.upload(image(1), { metadata: { 'image-id': 'one' } }));
    await scene.deliver(scene.upload(image(2), { metadata: { 'image-id': 'two' } }));
    scene.cloud.now += 100 * DAY * 1000;
    scene.cloud.table.expire(scene.cloud.now);
    expect(scene.cloud.items.has('one')).toBe(false);

    await scene.deliver(scene.upload(image(3), { metadata: { 'image-id': 'three' } }));

    expect(scene.cloud.items.has('one')).toBe(false);
  });
});

test('the record of a deletion outlives late events, however short records are kept', async () => {
  const scene = new Scene({ catalog: { expireAfter: HOUR } });
  const event = scene.upload(image(1));
  await scene.deliver(event);
  await scene.deliver(scene.remove());
  scene.cloud.now += DAY * 1000;
  scene.cloud.table.expire(scene.cloud.now);

  expect(await scene.deliver(event, { count: 2 })).toBe('done');

  expect(scene.record().status).toBe('DELETED');
});

test('a repeated failure of a named image leaves alone what its object has become since', async () => {
  const scene = new Scene();
  const event = scene.upload(broken(1), { metadata: { 'image-id': 'one' } });
  const copy = scene.start(event);
  await copy.after('Update');
  await scene.deliver(event);
  scene.upload(image(2));
  // Finds the object without a name.
  await scene.deliver(event, { count: 2 });
  expect(scene.record().status).toBe('COMPLETED');

  await copy.finish();

  expect(scene.record().status).toBe('COMPLETED');
  expect(scene.outputs()).toEqual({ [`${KEY}/small`]: made(image(2), 'small', 1) });
});

test('an id that was given again and closed by a try that was cut short is not forgotten by an event before it', async () => {
  const scene = new Scene();
  const named = (id: string) => ({ metadata: { 'image-id': id } });
  await scene.deliver(scene.upload(image(1), named('one')));
  const slow = scene.start(scene.upload(image(2), named('two')));
  await slow.before('Update', 4);
  await scene.deliver(scene.upload(image(3), named('one')));
  const newest = scene.upload(image(4), named('three'));
  const killed = scene.start(newest);
  await killed.after('Update');
  killed.kill();
  await slow.finish();

  expect(await scene.deliver(newest, { count: 2 })).toBe('done');

  expect([scene.record('one').status, scene.record('two').status, scene.record('three').status]).toEqual(['DELETED', 'DELETED', 'COMPLETED']);
});

test('outputs are forgotten by the claim that stands alone: a later one has others', async () => {
  const places = Array.from({ length: 100 }, (_, at) => `output/${'f'.repeat(900)}/${at}`);
  const scene = new Scene({ outputKey: '{width}/{profile}', source: { requested: { ...profile('requested'), width: 99, height: 99 } } });
  const sized = (width: string) => ({ metadata: { 'requested-width': width } });
  await scene.deliver(scene.upload(image(1)));
  const { imageId, ...record } = scene.cloud.items.get(scene.idOf())!;
  scene.cloud.table.put({ imageId, ...record, outputs: new Set(places) });
  const slow = scene.start(scene.upload(image(2), sized('7')));
  await slow.before('Update', 2);
  const later = scene.start(scene.upload(image(3), sized('8')));
  await later.after('PutObject', 2);
  later.kill();
  await slow.finish();

  expect(await scene.deliver(scene.remove())).toBe('done');

  expect(scene.outputs()).toEqual({});
});

test('an id whose record a copy of the event has closed is not begun again by another, which nobody would find any more', async () => {
  const scene = new Scene();
  const named = { metadata: { 'image-id': 'one' } };
  await scene.deliver(scene.upload(image(1), named));
  const event = scene.remove();
  const closes = scene.start(event);
  await closes.before('Update');
  const again = scene.upload(image(2), named);
  const finds = scene.start(event);
  await finds.after('Update');
  await closes.finish();
  await finds.finish();
  expect(scene.record('one').status).toBe('DELETED');

  expect(await scene.deliver(again)).toBe('done');
  expect(scene.record('one').status).toBe('COMPLETED');
  expect(await scene.deliver(scene.remove())).toBe('done');

  expect(scene.record('one').status).toBe('DELETED');
  expect(scene.outputs()).toEqual({});
});

test('an id is taken back only as long as it is the one that the event has given: a later one may have given another', async () => {
  const scene = new Scene();
  const named = (id: string) => ({ metadata: { 'image-id': id } });
  const event = scene.upload(image(1), named('one'));
  const gives = scene.start(event);
  await gives.after('Update');
  scene.upload(image(2));
  const takesBack = scene.start(event);
  await takesBack.before('Update', 3);
  expect(await scene.deliver(scene.upload(image(3), named('two')))).toBe('done');

  await takesBack.finish();
  await gives.finish();

  expect(scene.record()).toMatchObject({ pointsTo: 'two' });
  expect(scene.record('two').status).toBe('COMPLETED');
});

test('former records are all closed before renditions of one are deleted: another may have them', async () => {
  const scene = new Scene();
  const first = scene.upload(image(1), { metadata: { 'image-id': 'one' } });
  const killed = scene.start(first);
  await killed.before('PutObject');
  killed.kill();
  const second = scene.upload(image(2), { metadata: { 'image-id': 'two' } });
  const copy = scene.start(first, { count: 2 });
  await copy.after('GetObject');
  scene.upload(image(3));
  scene.configure({ profiles: [profile('other')] });
  const later = scene.start(second);
  await later.after('GetObject');
  await copy.after('Update', 4);
  await later.after('Update');
  await copy.finish();
  expect(scene.record('two').status).toBe('COMPLETED');

  do if (scene.record('two').status === 'COMPLETED') expect(scene.outputs()).toMatchObject({ [`${KEY}/small`]: made(image(2), 'small', 1) });
  while (await later.calls(1));
  expect(scene.outputs()).toEqual({ [`${KEY}/other`]: made(image(3), 'other', 1) });
});
