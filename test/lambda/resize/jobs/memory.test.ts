import { ResizeHookFunction } from '../../../../src/contract';
import { animated } from '../../../helpers/gifs';
import { LocalHandler } from '../../../helpers/handler';
import { open, photo, quadrants } from '../../../helpers/images';
import { ReleasedMemory } from '../../../helpers/released-memory';
import { profile } from '../../../helpers/renditions';

const PROFILES = [
  profile({ name: 'large', width: 300, formats: ['jpeg', 'webp'] }), profile({ name: 'square', width: 90, height: 90, fit: 'cover' }), profile({ name: 'small', width: 60 }),
];
const PIXELS = 300 * 200 * 3;

let handler: LocalHandler;
let released: ReleasedMemory;
beforeAll(async () => { handler = await LocalHandler.start(); });
afterAll(() => handler.stop());
beforeEach(() => { released = new ReleasedMemory(); });
afterEach(() => released.stop());

/** The renditions of an image, as stored. */
async function made(key: string, image: Buffer): Promise<Buffer[]> {
  await handler.deliver(await handler.upload(key, image));
  expect(await handler.recordOf(key)).toMatchObject({ status: 'COMPLETED' });
  return Promise.all((await handler.outputs()).sort().map(async (place) => (await handler.output(place)).body));
}

test.each<[string, () => Promise<Buffer> | Buffer, number[]]>([
  ['a JPEG', () => open(quadrants(600, 400)).jpeg().toBuffer(), [PIXELS]],
  ['a PNG', () => open(photo(600, 400)).png().toBuffer(), [PIXELS]],
  ['an animation', () => animated([0, 1, 2]), []],
])('of %s is given back when the last has read it, and others get its bytes and pixels', async (_, make, pixels) => {
  const image = await make();
  await handler.reset({ profiles: PROFILES });
  const renditions = await made('a', image);
  expect(released.pieces).toEqual(expect.arrayContaining([...pixels, ...image.length > 8192 ? [image.length] : []]));

  released.stop();
  await handler.reset({ profiles: PROFILES });
  const others = await made('a', image);
  released = new ReleasedMemory();
  expect(renditions.map((rendition) => rendition.toString('base64'))).toEqual(others.map((rendition) => rendition.toString('base64')));
});

test('of an original is left to a hook, which may have kept it', async () => {
  const image = await open(photo(600, 400)).png().toBuffer();
  let kept: Uint8Array | undefined;
  const hook: ResizeHookFunction = ({ data }) => { kept = data; };
  await handler.reset({ profiles: PROFILES, hook });
  await made('a', image);
  expect(released.pieces).toEqual([PIXELS]);
  expect(Buffer.from(kept!).equals(image)).toBe(true);
});
