import type { HookImage, ResizeHookFunction, Step } from '../../../../src/contract';
import { dispatch } from '../../../../src/lambda/resize/delivery/dispatch';
import { askHook } from '../../../../src/lambda/resize/hook/ask-hook';
import { PHONE, withExif } from '../../../helpers/exif';
import { HandlerOptions, LocalHandler } from '../../../helpers/handler';
import { open, photo } from '../../../helpers/images';
import { profile } from '../../../helpers/renditions';
import { LocalImageApi } from '../../upload-api/local-image-api';

const PROFILES = [profile({ name: 'small', width: 40, formats: ['jpeg', 'webp'] }), profile({ name: 'large', width: 80 })];
const REFUSED = { refuse: { code: 'NO_FACES', message: 'This picture shows nobody. Take another one.' } };

let handler: LocalHandler;
let image: Buffer;

beforeAll(async () => {
  handler = await LocalHandler.start();
  image = await open(photo(160, 120)).jpeg().toBuffer();
});
afterAll(() => handler.stop());

const withHook = (hook: ResizeHookFunction, options: HandlerOptions = {}): HandlerOptions => ({ profiles: PROFILES, ...options, hook });
const start = (hook: ResizeHookFunction, options: HandlerOptions = {}) => handler.reset(withHook(hook, options));
const record = async () => (await handler.recordOf('cat.jpg'))!;
const upload = (body = image) => handler.upload('cat.jpg', body, { Metadata: { tenant: 'acme' } });
const retry = async (event: Awaited<ReturnType<typeof upload>>, deliveries = 1) => handler.deliverBatch([{ Records: [event] }], deliveries);

test('a hook sees what an image is, before anything is recorded of it', async () => {
  let seen: HookImage | undefined;
  let before: unknown;
  await start(async (given) => { seen = given; before = await handler.recordOf('cat.jpg'); });
  await handler.deliver(await upload(withExif(image, PHONE)));

  const { data, signal, ...facts } = seen!;
  expect(facts).toEqual({
    imageId: handler.idOf('cat.jpg'),
    bucket: handler.sourceBucket,
    key: 'cat.jpg',
    metadata: { tenant: 'acme' },
    format: 'jpeg',
    width: 160,
    height: 120,
    frames: 1,
    hasAlpha: false,
    profiles: ['small', 'large'],
    exif: { takenAt: '2026-05-01T14:03:22+02:00', cameraMake: 'Maker', cameraModel: 'Phone 3', hasPosition: true },
  });
  expect([data.length > 1000, signal.aborted, before]).toEqual([true, false, undefined]);
  expect(await record()).toMatchObject({ status: 'COMPLETED' });
  expect((await record()).original).not.toHaveProperty('attributes');
});

describe('attributes', () => {
  test('are recorded with the original, and are those of the version that the record describes', async () => {
    const tags = ({ metadata, width }: HookImage) => ({ attributes: { tenant: metadata.tenant, ...width > 100 && { labels: ['wide'] } } });
    await start(tags);
    await handler.deliver(await upload());
    expect((await record()).original).toMatchObject({ width: 160, attributes: { tenant: 'acme', labels: ['wide'] } });

    await handler.deliver(await upload(await open(photo(80, 60)).jpeg().toBuffer()));
    expect((await record()).original!.attributes).toEqual({ tenant: 'acme' });

    handler.configure({ profiles: PROFILES });
    await handler.deliver(await upload());
    expect((await record()).original).not.toHaveProperty('attributes');
  });

  test('stay when an image comes again and nothing is left to make', async () => {
    await start(() => ({ attributes: { n: 1 } }));
    const event = await upload();
    await handler.deliver(event);
    let calls = 0;
    handler.configure(withHook(() => { calls += 1; return { attributes: { n: 2 } }; }));
    await retry(event, 2);
    expect([calls, (await record()).original!.attributes]).toEqual([0, { n: 1 }]);
  });

  test('are nothing that clients of the upload API see', async () => {
    await start(() => ({ attributes: { secret: 'moderated' } }));
    await handler.deliver(await upload());
    expect(JSON.stringify((await new LocalImageApi(handler).get(handler.idOf('cat.jpg'))).body)).not.toContain('moderated');
  });
});

describe('a refusal', () => {
  test('ends the image as FAILED, for good, with the code and sentence of the hook and its attributes', async () => {
    let calls = 0;
    await start(() => { calls += 1; return { ...REFUSED, attributes: { faces: 0 } }; });
    const event = await upload();
    expect(await retry(event)).toEqual({ batchItemFailures: [] });
    expect(await record()).toMatchObject({
      status: 'FAILED',
      attempts: 1,
      original: { width: 160, attributes: { faces: 0 } },
      failure: { code: 'NO_FACES', message: REFUSED.refuse.message, retryable: false },
    });
    expect(await handler.outputs()).toEqual([]);

    await retry(event, 2);
    expect([calls, (await record()).attempts]).toEqual([2, 1]);
  });

  test('of a new version takes the renditions of the former one along', async () => {
    await start(() => undefined, { processing: { deleteRenditions: true } });
    await handler.deliver(await upload());
    expect(await handler.outputs()).toHaveLength(3);

    handler.configure(withHook(() => REFUSED, { processing: { deleteRenditions: true } }));
    await handler.deliver(await upload(await open(photo(80, 60)).jpeg().toBuffer()));
    expect(await record()).toMatchObject({ status: 'FAILED', failure: { code: 'NO_FACES' } });
    expect(await handler.outputs()).toEqual([]);
  });

  test('of an image that is complete leaves it so, and is noted', async () => {
    await start(() => undefined, { processing: { deleteRenditions: true } });
    const event = await upload();
    await handler.deliver(event);
    const [before, outputs] = [await record(), await handler.outputs()];
    const more = { profiles: [...PROFILES, profile({ name: 'more', width: 60 })], processing: { deleteRenditions: true } };
    handler.configure({ ...more, hook: () => REFUSED });
    const refusal = { code: 'NO_FACES', message: REFUSED.refuse.message, detail: expect.any(String), configDigest: expect.any(String) };

    for (const deliver of [() => retry(event), () => retry(event, 2), () => handler.deliver(event)]) {
      await deliver();
      expect(await record()).toEqual({ ...before, refusal, updatedAt: expect.any(String) });
      expect(await handler.outputs()).toEqual(outputs);
    }
    expect((await record()).refusal!.configDigest).not.toBe(before.configDigest);
    expect(handler.logs).toContainEqual(expect.objectContaining({ message: 'event unchanged', refusal: expect.objectContaining({ code: 'NO_FACES' }) }));

    handler.configure({ ...more, hook: () => undefined });
    await handler.deliver(event);
    expect(await record()).toMatchObject({ status: 'COMPLETED', attempts: 2, renditions: { 'more.jpeg': { width: 60 } } });
    expect(await record()).not.toHaveProperty('refusal');
  });

  test('of what is complete is forgotten with the version', async () => {
    await start(() => undefined);
    const event = await upload();
    await handler.deliver(event);
    const more = [...PROFILES, profile({ name: 'more', width: 60 })];
    handler.configure({ profiles: more, hook: () => REFUSED });
    await handler.deliver(event);
    await handler.deliver(await upload(await open(photo(80, 60)).jpeg().toBuffer()));
    expect(await record()).toMatchObject({ status: 'FAILED', failure: { code: 'NO_FACES' } });
    expect(await record()).not.toHaveProperty('refusal');
  });

  test('is taken back by a backfill that tries again what failed', async () => {
    await start(() => REFUSED);
    await handler.deliver(await upload());
    handler.configure(withHook(() => undefined));
    const request = { backfill: { bucket: handler.sourceBucket, key: 'cat.jpg', retryFailed: true } };
    expect(await dispatch(handler.services, request, { getRemainingTimeInMillis: () => 60_000 }, 1)).toMatchObject({ outcome: 'completed' });
    expect(await record()).toMatchObject({ status: 'COMPLETED' });
  });
});

describe('a hook that fails', () => {
  test.each<[string, ResizeHookFunction, string]>([
    ['throws', () => { throw new Error('moderation is down'); }, 'the hook failed: moderation is down'],
    ['rejects', async () => { throw new Error('moderation is down'); }, 'the hook failed: moderation is down'],
    ['answers what it may not', () => ({ profiles: ['huge'] }), 'the answer of the hook is wrong: profiles must be at least one of ["small","large"], received [ \'huge\' ]'],
  ])('and %s is tried again, and is RETRIES_EXHAUSTED in the end', async (_, hook, message) => {
    await start(hook);
    const event = await upload();
    for (const tries of [1, 2, 3]) expect((await retry(event, tries)).batchItemFailures).toHaveLength(1);
    expect(await handler.recordOf('cat.jpg')).toBeUndefined();
    expect(handler.logs).toContainEqual(expect.objectContaining({ message: 'image not processed, to be tried again', error: expect.objectContaining({ message }) }));

    await retry(event, 4);
    expect(await record()).toMatchObject({ status: 'FAILED', failure: { code: 'RETRIES_EXHAUSTED', retryable: true } });
    handler.configure(withHook(() => undefined));
    await handler.deliver(event);
    expect(await record()).toMatchObject({ status: 'COMPLETED' });
  });

  test('has half of the time that is left, and is told when it is over', async () => {
    let reason: unknown;
    const hanging: ResizeHookFunction = ({ signal }) => new Promise(() => signal.addEventListener('abort', () => { reason = signal.reason; }));
    const asked = askHook(hanging, { profiles: ['small'] } as unknown as HookImage, Date.now() + 40);
    await expect(asked).rejects.toThrow(/^the hook must answer within \d+ ms, half of the time that the image had left$/);
    expect(reason).toMatchObject({ message: expect.stringMatching(/^the hook must answer within/) });
  });

  test('leaves the other images of its batch alone', async () => {
    await start(({ key }) => { if (key === 'bad.jpg') throw new Error('no'); });
    const [bad, good] = [await handler.upload('bad.jpg', image), await handler.upload('good.jpg', image)];
    const { batchItemFailures } = await handler.deliverBatch([{ Records: [bad] }, { Records: [good] }]);
    expect(batchItemFailures).toEqual([{ itemIdentifier: 'message-0' }]);
    expect(await handler.recordOf('good.jpg')).toMatchObject({ status: 'COMPLETED' });
  });
});

describe('a choice of profiles', () => {
  const NOT_CHOSEN = { code: 'NOT_CHOSEN', message: expect.any(String), settings: expect.any(String) };
  const small: ResizeHookFunction = () => ({ profiles: ['small'] });
  const large: ResizeHookFunction = () => ({ profiles: ['large'] });

  test('makes their renditions, and says of the others that they were not chosen', async () => {
    await start(small);
    await handler.deliver(await upload());
    expect(await handler.outputs()).toEqual(['cat.jpg/small.jpg', 'cat.jpg/small.webp']);
    expect(await record()).toMatchObject({ status: 'COMPLETED', skipped: { 'large.jpeg': NOT_CHOSEN } });
    expect(Object.keys((await record()).renditions!)).toEqual(['small.jpeg', 'small.webp']);
  });

  test('is complete: the image is not made again, and the API misses nothing', async () => {
    await start(small);
    const event = await upload();
    await handler.deliver(event);
    const before = await record();
    await retry(event, 2);
    expect(await record()).toEqual(before);
    const { body } = await new LocalImageApi(handler).get(handler.idOf('cat.jpg'));
    expect(body).not.toHaveProperty('skipped');
  });

  test('does not keep an original that is to be deleted', async () => {
    await start(small, { processing: { deleteSource: true } });
    await handler.deliver(await upload());
    expect(await handler.sources()).toEqual([]);
  });

  test('of another version takes what is not chosen any more away, where renditions are deleted', async () => {
    const options = { processing: { deleteRenditions: true } };
    await start(small, options);
    await handler.deliver(await upload());
    handler.configure(withHook(large, options));
    await handler.deliver(await upload(await open(photo(90, 60)).jpeg().toBuffer()));
    expect(await handler.outputs()).toEqual(['cat.jpg/large.jpg']);
    expect(await record()).toMatchObject({ skipped: { 'small.jpeg': NOT_CHOSEN, 'small.webp': NOT_CHOSEN } });
  });

  test('of the same version counts when it comes to be made once more', async () => {
    await start(small);
    const event = await upload();
    await handler.deliver(event);
    const more = [...PROFILES, profile({ name: 'more', width: 60 })];
    handler.configure({ ...withHook(() => undefined), profiles: more });
    await handler.deliver(event);
    expect(Object.keys((await record()).renditions!)).toEqual(['small.jpeg', 'small.webp', 'large.jpeg', 'more.jpeg']);
    expect(await record()).not.toHaveProperty('skipped');
  });

  test('holds for every step of a state machine', async () => {
    let calls = 0;
    await start(() => { calls += 1; return { profiles: ['large'], attributes: { n: 1 } }; });
    const event = await upload();
    const take = async (step: Step, more: object = {}): Promise<any> => {
      const request = { step, event: { Records: [event] }, ...more };
      return JSON.parse(JSON.stringify(await dispatch(handler.services, request, { getRemainingTimeInMillis: () => 60_000 }, 1)));
    };
    const begun = await take('begin');
    expect(begun.renditions).toEqual(['large.jpeg']);
    const made = [await take('render', { image: begun.image, rendition: 'large.jpeg' })];
    await take('complete', { image: begun.image, made });
    expect(await record()).toMatchObject({
      status: 'COMPLETED', original: { attributes: { n: 1 } }, renditions: { 'large.jpeg': { width: 80 } }, skipped: { 'small.jpeg': NOT_CHOSEN },
    });
    expect(calls).toBe(1);
  });
});
