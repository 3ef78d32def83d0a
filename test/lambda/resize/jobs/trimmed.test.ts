import { dispatch } from '../../../../src/lambda/resize/delivery/dispatch';
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

test('so it is where each rendition is made by a step of its own', async () => {
  const event = { Records: [await handler.upload('a.png', image)] };
  const take = async (request: object): Promise<any> => JSON.parse(JSON.stringify(
    await dispatch(handler.services, { event, ...request }, { getRemainingTimeInMillis: () => 60_000 }, 1)));
  const begun = await take({ step: 'begin' });
  const made = await Promise.all(begun.renditions.map((rendition: string) => take({ step: 'render', image: begun.image, rendition })));
  await take({ step: 'complete', image: begun.image, made });
  expect(await handler.recordOf('a.png')).toMatchObject({ status: 'COMPLETED', renditions: SIZES });
});

test('fails where the pixels cannot be decoded, as other images do', async () => {
  // Ends within its pixels.
  const noise = await open(paint(64, 64, (x, y) => [(x * 7919 + y * 104_729) % 251, (x * y * 31) % 256, (x * x + y) % 256])).png().toBuffer();
  await handler.deliver(await handler.upload('a.png', noise.subarray(0, noise.length / 2)));
  expect(await handler.recordOf('a.png')).toMatchObject({ status: 'FAILED', failure: { code: 'CORRUPT_IMAGE', retryable: false } });
});
