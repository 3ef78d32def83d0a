import { image, KEY, profile, Scene } from './scene';
import { PermanentError } from '../../../src/lambda/resize/endings/permanent-error';
import { Imaging } from '../../../src/lambda/resize/services/services';
import { imaging, made } from '../cloud/imaging';
import { s3Error } from '../cloud/s3';

const OUTPUT = `${KEY}/small`;

test('an overtaken invocation that dies, at whichever call, leaves the later event completed', async () => {
  for (let calls = 0; ; calls += 1) {
    const scene = new Scene();
    const first = scene.upload(image(1));
    const slow = scene.start(first);
    await slow.before('PutObject');
    await scene.deliver(scene.upload(image(2)));

    const goesOn = await slow.calls(calls);
    slow.kill();

    expect(scene.record()).toMatchObject({ status: 'COMPLETED', sourceETag: scene.cloud.source.get(KEY)!.etag });
    expect(await scene.deliver(first, { count: 2 })).toBe('done');
    expect(scene.record().status).toBe('COMPLETED');
    expect(scene.outputs()).toEqual({ [OUTPUT]: made(image(2), 'small', 1) });
    if (!goesOn) break;
  }
});

test('an overtaken invocation takes back what it stored, also where the lists of the record have forgotten the place', async () => {
  const scene = new Scene({ outputKey: '{key}/{profile}.{ext}' });
  const slow = scene.start(scene.upload(image(1, 'b')));
  await slow.before('PutObject');
  await scene.deliver(scene.upload(image(2)));
  const { sweptOutputs, ...record } = scene.cloud.items.get(scene.idOf())!;
  expect(sweptOutputs).toEqual([`output/${OUTPUT}.png`]);
  scene.cloud.table.put(record);

  expect(await slow.finish()).toBe('done');

  expect(Object.keys(scene.outputs())).toEqual([`${OUTPUT}.jpg`]);
});

test('an overtaken invocation that meets an error of S3 leaves the later event completed', async () => {
  const scene = new Scene();
  const first = scene.upload(image(1));
  const slow = scene.start(first);
  await slow.before('PutObject');
  await scene.deliver(scene.upload(image(2)));

  await slow.failing('PutObject', s3Error('SlowDown', 503));
  await slow.finish();

  expect(scene.record().status).toBe('COMPLETED');
  expect(await scene.deliver(first, { count: 2 })).toBe('done');
  expect(scene.outputs()).toEqual({ [OUTPUT]: made(image(2), 'small', 1) });
});

test('a record that was given up is not completed by a copy whose claim is not the last one any more', async () => {
  const scene = new Scene({ profiles: [profile('small'), profile('large')] });
  const older = scene.upload(image(1));
  const event = scene.upload(image(2));
  const slow = scene.start(event);
  await slow.after('PutObject', 2);
  for (const count of [1, 2, 3]) {
    const copy = scene.start(event, { count });
    await copy.after('Update');
    copy.kill();
  }
  expect(await scene.deliver(event, { count: 4 })).toBe('failed');
  await scene.deliver(older);
  await scene.deliver(older, { count: 2 });

  await slow.finish();

  expect(scene.record()).toMatchObject({ status: 'FAILED', failure: { code: 'RETRIES_EXHAUSTED' } });
  expect(scene.outputs()).toEqual({});
  // Sending the dead letter again makes it good.
  expect(await scene.deliver(event)).toBe('done');
  expect(scene.record().status).toBe('COMPLETED');
  expect(Object.keys(scene.outputs())).toEqual([`${KEY}/large`, `${KEY}/small`]);
});

test('an overtaken invocation with little time left takes nothing from the later event', async () => {
  // Decoding takes longer than a second.
  const patient: Imaging = {
    ...imaging,
    async render(data, probed, renditions, options) {
      if (options.timeoutSeconds! < 2) throw new PermanentError('TIMEOUT', 'too long');
      return imaging.render(data, probed, renditions, options);
    },
  };
  const scene = new Scene({ imaging: patient });
  const first = scene.upload(image(1));
  const slow = scene.start(first, { remaining: 55_000 });
  await slow.before('PutObject');
  await scene.deliver(scene.upload(image(2)));
  // It wrote over the renditions where nothing keeps it from that, and is delivered again with almost no time.
  await slow.calls(1);
  slow.kill();

  await scene.deliver(first, { count: 2, remaining: 1000 });

  expect(scene.record()).toMatchObject({ status: 'COMPLETED' });
  expect(scene.outputs()).toEqual({ [OUTPUT]: made(image(2), 'small', 1) });
});

test('a record that was given up is completed by a slow copy with all of its renditions, whatever earlier events end meanwhile', async () => {
  const scene = new Scene({ profiles: [profile('small'), profile('large')] });
  const older = scene.upload(image(1));
  const event = scene.upload(image(2));
  const slow = scene.start(event);
  await slow.after('PutObject', 2);
  expect(await scene.deliver(event, { count: 4 })).toBe('failed');
  await scene.deliver(older);
  await scene.deliver(older, { count: 2 });

  expect(await slow.finish()).toBe('done');

  expect(scene.record().status).toBe('COMPLETED');
  expect(Object.keys(scene.outputs())).toEqual([`${KEY}/large`, `${KEY}/small`]);
});

test('a copy that is cut short when it has stored what another one has looked for already takes that back in its next try', async () => {
  const scene = new Scene({ outputKey: '{key}/{profile}.{ext}' });
  const event = scene.upload(image(1, 'b'));
  const slow = scene.start(event);
  await slow.before('PutObject');
  scene.upload(image(2));
  expect(await scene.deliver(event)).toBe('done');
  await slow.after('PutObject');
  slow.kill();

  expect(await scene.deliver(event, { count: 2 })).toBe('done');

  expect(scene.outputs()).toEqual({ [`${KEY}/small.jpg`]: made(image(2), 'small', 1) });
});

test('a key that is written faster than it is processed fails no event', async () => {
  const scene = new Scene();
  const events = Array.from({ length: 30 }, (_, at) => scene.upload(image(at + 1)));
  const newestFirst = [...events].reverse();
  const claiming = await Promise.all(newestFirst.map(async (event) => {
    const run = scene.start(event);
    await run.after('GetObject');
    return run;
  }));
  const newest = claiming.shift()!;
  await newest.after('Update');

  const endings = await Promise.all(claiming.map((run) => run.finish()));

  expect(endings).toEqual(events.slice(1).map(() => 'done'));
  expect(await newest.finish()).toBe('done');
  expect(scene.record().status).toBe('COMPLETED');
});

test('an event whose version is claimed anew before it could be adopted goes round once more', async () => {
  const scene = new Scene();
  const first = scene.upload(image(1));
  const second = scene.upload(image(2));
  await scene.deliver(first);
  const run = scene.start(second);
  await run.after('Update');
  await run.after('Get');
  scene.configure({ profiles: [profile('small'), profile('large', 2)] });
  const copy = scene.start(first, { count: 2 });
  await copy.after('Update');
  expect(scene.record().status).toBe('PROCESSING');

  expect(await run.finish()).toBe('done');
  expect(await copy.finish()).toBe('done');

  expect(scene.record()).toMatchObject({ status: 'COMPLETED', sourceSequencer: second.sequencer });
  expect(scene.outputs()).toEqual({ [`${KEY}/small`]: made(image(2), 'small', 1) });
});
