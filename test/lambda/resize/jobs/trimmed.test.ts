import type { S3EventRecord } from '../../../../local-runner/services/s3';
import { dispatch } from '../../../../src/lambda/resize/delivery/dispatch';
import { timeout } from '../../../../src/lambda/resize/image/failures';
import { LocalHandler } from '../../../helpers/handler';
import { open, paint } from '../../../helpers/images';
import { profile } from '../../../helpers/renditions';

let handler: LocalHandler;
let image: Buffer;
const profiles = [
  profile({ name: 'trimmed', width: 20, formats: ['png'], adjustments: [{ name: 'trim', threshold: 10 }, { name: 'extend', top: 2, right: 0, bottom: 0, left: 0 }] }),
  profile({ name: 'whole', width: 20, formats: ['png'] }),
];

beforeAll(async () => {
  handler = await LocalHandler.start();
  image = await open(paint(60, 40, (x, y) => (x >= 10 && x < 50 && y >= 10 && y < 20 ? [200, 0, 0] : [255, 255, 255]))).png().toBuffer();
});
afterAll(() => handler.stop());
beforeEach(() => handler.reset({ profiles, outputKey: '{key}/{profile}-{width}x{height}.{ext}' }));

const SIZES = { 'trimmed.png': { width: 20, height: 7, key: 'a.png/trimmed-20x7.png' }, 'whole.png': { width: 20, height: 13, key: 'a.png/whole-20x13.png' } };

test('the record and the keys have the sizes of what is left of an image', async () => {
  await handler.deliver(await handler.upload('a.png', image));
  expect(await handler.recordOf('a.png')).toMatchObject({ status: 'COMPLETED', original: { width: 60, height: 40 }, renditions: SIZES });
});

const atOnce = (record: S3EventRecord) => handler.deliver(record);
const inSteps = async (record: S3EventRecord) => {
  const event = { Records: [record] };
  const take = async (request: object): Promise<any> => JSON.parse(JSON.stringify(
    await dispatch(handler.services, { event, ...request }, { getRemainingTimeInMillis: () => 60_000 }, 1)));
  const begun = await take({ step: 'begin' });
  if (!begun.image) return;
  const made = [];
  for (const rendition of begun.renditions) made.push(await take({ step: 'render', image: begun.image, rendition }));
  await take({ step: 'complete', image: begun.image, made });
};

test('so it is where each rendition is made by a step of its own', async () => {
  await inSteps(await handler.upload('a.png', image));
  expect(await handler.recordOf('a.png')).toMatchObject({ status: 'COMPLETED', renditions: SIZES });
});

test('fails where the pixels cannot be decoded, as other images do', async () => {
  // Ends within its pixels.
  const noise = await open(paint(64, 64, (x, y) => [(x * 7919 + y * 104_729) % 251, (x * y * 31) % 256, (x * x + y) % 256])).png().toBuffer();
  await handler.deliver(await handler.upload('a.png', noise.subarray(0, noise.length / 2)));
  expect(await handler.recordOf('a.png')).toMatchObject({ status: 'FAILED', failure: { code: 'CORRUPT_IMAGE', retryable: false } });
});

describe('the edges of an image that was completed before cannot be found in time', () => {
  const [SMALL, OTHER, TRIMMED, CUT] = ['small', 'other', 'trimmed', 'cut'].map((name, at) => profile({
    name, width: 10 + at, formats: ['png'], ...at >= 2 && { adjustments: [{ name: 'trim' as const, threshold: at }] },
  }));
  const skippedAs = { code: 'TIMEOUT', message: expect.any(String), detail: expect.any(String), settings: expect.any(String) };

  /** From then on, the call of this number and those after it take too long. */
  function slowFrom(call: number): void {
    let calls = 0;
    const { services } = handler;
    const { imaging } = services;
    handler.services = {
      ...services,
      imaging: {
        ...imaging,
        measure: async (...args) => {
          calls += 1;
          if (calls >= call) throw timeout();
          return imaging.measure(...args);
        },
      },
    };
  }

  async function completed(): Promise<S3EventRecord> {
    await handler.reset({ profiles: [SMALL], processing: { deleteRenditions: true } });
    const event = await handler.upload('a.png', image);
    await handler.deliver(event);
    return event;
  }

  const found = async () => {
    const { status, renditions, skipped } = (await handler.recordOf('a.png'))!;
    return { status, renditions: Object.keys(renditions!), skipped, stored: (await handler.outputs()).sort() };
  };

  test.each([['at once', atOnce], ['in steps', inSteps]])('%s: what is there stays, what is not trimmed is made, and the record says why the rest is not', async (_, process) => {
    const event = await completed();
    handler.configure({ profiles: [SMALL, OTHER, TRIMMED, CUT], processing: { deleteRenditions: true } });
    slowFrom(1);
    await process(event);
    expect(await found()).toEqual({
      status: 'COMPLETED',
      renditions: ['small.png', 'other.png'],
      skipped: { 'trimmed.png': skippedAs, 'cut.png': skippedAs },
      stored: ['a.png/other.png', 'a.png/small.png'],
    });
  });

  test('in steps, in a later one alone: so it is with the rendition of that step', async () => {
    const event = await completed();
    handler.configure({ profiles: [SMALL, TRIMMED, CUT], processing: { deleteRenditions: true } });
    slowFrom(3);
    await inSteps(event);
    expect(await found()).toEqual({
      status: 'COMPLETED', renditions: ['small.png', 'trimmed.png'], skipped: { 'cut.png': skippedAs }, stored: ['a.png/small.png', 'a.png/trimmed.png'],
    });
  });

  test.each([['at once', atOnce], ['in steps', inSteps]])('%s: where nothing else is to be made, all stays as it is', async (_, process) => {
    const event = await completed();
    handler.configure({ profiles: [TRIMMED], processing: { deleteRenditions: true } });
    slowFrom(1);
    await process(event);
    expect(await found()).toMatchObject({ status: 'COMPLETED', renditions: ['small.png'], stored: ['a.png/small.png'] });
  });
});

test('an image of one colour, which has no edges, gets a trimmed profile like every other', async () => {
  const plain = await open(paint(60, 40, () => [255, 255, 255])).png().toBuffer();
  await handler.reset({ profiles: [profile({ name: 'small', width: 10 })] });
  const event = await handler.upload('a.png', plain);
  await handler.deliver(event);
  handler.configure({ profiles: [profile({ name: 'small', width: 10 }), profiles[0]] });
  await handler.deliver(event);
  expect(await handler.recordOf('a.png')).toMatchObject({
    status: 'COMPLETED', renditions: { 'small.jpeg': { width: 10 }, 'trimmed.png': { width: 20, height: 15 } },
  });
  expect((await handler.recordOf('a.png'))!.skipped).toBeUndefined();
});

test('edges are looked for in half of the time where other renditions need the rest', async () => {
  const secondsFor = async (...given: ReturnType<typeof profile>[]) => {
    await handler.reset({ profiles: given });
    const { services } = handler;
    const measure = jest.fn(services.imaging.measure);
    handler.services = { ...services, imaging: { ...services.imaging, measure } };
    await handler.deliver(await handler.upload('a.png', image));
    return measure.mock.calls[0][3].timeoutSeconds!;
  };
  const [alone, beside] = [await secondsFor(profiles[0]), await secondsFor(...profiles)];
  expect(alone).toBeGreaterThan(50);
  expect(beside).toBeLessThanOrEqual(26);
  expect(beside).toBeGreaterThan(20);
});
