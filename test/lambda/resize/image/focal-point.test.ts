import sharp from 'sharp';
import { FocalPoint, ProcessingConfig } from '../../../../src/contract';
import { plan, probe, render } from '../../../../src/lambda/resize/image';
import { animation, BLUE, GREEN, open, orientedJpeg, quadrants, RED, storedFor, WHITE } from '../../../helpers/images';
import { pixelAt, processing, profile, ProfileSpec } from '../../../helpers/renditions';

const SQUARE: ProfileSpec = { width: 20, height: 20, fit: 'cover', position: 'focal-point', formats: ['png'] };

async function cropped(
  image: Buffer, focalPoint: FocalPoint | undefined, changes: Partial<ProcessingConfig> = {}, spec: ProfileSpec = SQUARE,
): Promise<Buffer> {
  const config = processing(changes);
  const probed = await probe(image, config);
  let made: Buffer | undefined;
  const planned = plan(probed, [profile(spec)], config, { focalPoint });
  await render(image, probed, planned, { processing: config, onRendition: async (_, data) => { made = data; } });
  return made!;
}

const near = (pixel: readonly number[], colour: readonly number[]) => colour.every((channel, at) => Math.abs(channel - pixel[at]) <= 12);
const NAMES = { RED, GREEN, BLUE, WHITE };
/** The colours of the four corners of an image, from the upper left. */
const corners = async (image: Buffer, page = 0) => {
  const pixels = await Promise.all([[3, 3], [16, 3], [3, 16], [16, 16]].map(([x, y]) => pixelAt(image, x, y, page)));
  return pixels.map((pixel) => Object.entries(NAMES).find(([, colour]) => near(pixel, colour))?.[0]);
};

/** Each from pixels that are shared, and straight from the original, whose profile is kept. */
describe.each([['shared pixels', {}], ['the original itself', { metadata: 'icc' }]] as const)('of %s', (_, changes) => {
  // Wide: what is cropped away is at the left and the right.
  const wide = async () => open(quadrants(160, 40)).withIccProfile('srgb').png().toBuffer();

  test.each<[FocalPoint, string[]]>([
    [{ x: 0, y: 0.5 }, ['RED', 'RED', 'BLUE', 'BLUE']],
    [{ x: 0.5, y: 0 }, ['RED', 'GREEN', 'BLUE', 'WHITE']],
    [{ x: 0.7, y: 1 }, ['GREEN', 'GREEN', 'WHITE', 'WHITE']],
  ])('the crop is around %j', async (point, colours) => {
    expect(await corners(await cropped(await wide(), point, changes))).toEqual(colours);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('the point is that of the upright image, with orientation %i', async (orientation) => {
    const image = await sharp(await orientedJpeg(quadrants(40, 160), orientation)).keepExif().withIccProfile('srgb').jpeg({ quality: 95 }).toBuffer();
    expect(await corners(await cropped(image, { x: 0.9, y: 0.2 }, changes))).toEqual(['RED', 'GREEN', 'RED', 'GREEN']);
    expect(await corners(await cropped(image, { x: 0.9, y: 0.8 }, changes))).toEqual(['BLUE', 'WHITE', 'BLUE', 'WHITE']);
  });

  test('the crop is exact to the pixel', async () => {
    const columns = await open({ ...quadrants(60, 20), data: Buffer.from(Array.from({ length: 60 * 20 }, (__, at) => [4 * (at % 60), 0, 0]).flat()) })
      .withIccProfile('srgb').png().toBuffer();
    const made = await cropped(columns, { x: 0.5, y: 0.5 }, changes);
    expect([(await pixelAt(made, 0, 5))[0], (await pixelAt(made, 19, 5))[0]]).toEqual([80, 156]);
  });

  test('without a point the crop is that of attention', async () => {
    const image = await wide();
    expect(await sharp(await cropped(image, undefined, changes)).raw().toBuffer())
      .toEqual(await sharp(await cropped(image, undefined, changes, { ...SQUARE, position: 'attention' })).raw().toBuffer());
  });
});

test('every frame of an animation is cropped around the point', async () => {
  const frames = [1, 3].map((orientation) => storedFor(quadrants(160, 40), orientation));
  const image = await animation('webp', frames);
  const made = await cropped(image, { x: 0.1, y: 0.5 }, {}, { ...SQUARE, formats: [{ format: 'webp', options: { lossless: true } }] });
  expect(await corners(made, 0)).toEqual(['RED', 'RED', 'BLUE', 'BLUE']);
  expect(await corners(made, 1)).toEqual(['WHITE', 'WHITE', 'GREEN', 'GREEN']);
});
