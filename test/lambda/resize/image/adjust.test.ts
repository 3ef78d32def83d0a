import sharp from 'sharp';
import { AdjustmentConfig } from '../../../../src/contract';
import { animation, open, orientedJpeg, paint, photo, quadrants, RED, trafficLight } from '../../../helpers/images';
import { pixelAt, ProfileSpec, renditionOf, renditionsOf } from '../../../helpers/renditions';

const greyscale: AdjustmentConfig = { name: 'greyscale' };
const blur: AdjustmentConfig = { name: 'blur', sigma: 4 };
const sharpen: AdjustmentConfig = { name: 'sharpen', sigma: 1 };
const PNG: ProfileSpec = { width: 60, formats: ['png'] };

/** Standard deviation of the Laplacian: what blurring takes and sharpening gives. */
const sharpness = async (image: Buffer) => (await sharp(image).stats()).sharpness;
const isGrey = ([r, g, b]: readonly number[]) => Math.max(r, g, b) - Math.min(r, g, b) <= 1;

/** Each from pixels that are shared, and straight from the original, whose profile is kept. */
const WAYS = [['shared pixels', {}], ['the original itself', { metadata: 'icc' }]] as const;

describe.each(WAYS)('of %s', (_, processing) => {
  const image = async () => open(photo(240, 160)).withIccProfile('p3').jpeg({ quality: 95 }).toBuffer();
  const made = async (...adjustments: AdjustmentConfig[]) => renditionOf(await image(), { ...PNG, adjustments }, processing);
  const plain = async () => renditionOf(await image(), PNG, processing);

  test('greyscale leaves no colour, and the light of it', async () => {
    const [grey, coloured] = [await made(greyscale), await plain()];
    for (const [x, y] of [[5, 5], [30, 20], [55, 35]]) {
      const pixel = await pixelAt(grey, x, y);
      expect(isGrey(pixel.length < 3 ? [pixel[0], pixel[0], pixel[0]] : pixel)).toBe(true);
      const [r, g, b] = await pixelAt(coloured, x, y);
      expect(Math.abs(pixel[0] - (0.2126 * r + 0.7152 * g + 0.0722 * b))).toBeLessThan(16);
    }
  });

  test('blur takes sharpness, and sharpen gives some', async () => {
    const [blurred, usual, sharpened] = await Promise.all([made(blur), plain(), made(sharpen)].map(async (each) => sharpness(await each)));
    expect(blurred).toBeLessThan(usual / 4);
    expect(sharpened).toBeGreaterThan(usual * 1.2);
  });

  test('several are applied in one order, however they are listed', async () => {
    const [one, other] = [await made(greyscale, blur), await made(blur, greyscale)];
    expect(one.equals(other)).toBe(true);
    expect(await sharpness(one)).toBeLessThan(await sharpness(await plain()) / 4);
  });
});

test('a size is that of the rendition, whatever the original has', async () => {
  const edge = async (scale: number) => {
    const image = await open(paint(60 * scale, 40 * scale, (x) => (x < 30 * scale ? [0, 0, 0] : [255, 255, 255]))).png().toBuffer();
    return (await pixelAt(await renditionOf(image, { ...PNG, adjustments: [blur] }), 33, 20))[0];
  };
  const [small, large] = [await edge(1), await edge(10)];
  expect(Math.abs(small - large)).toBeLessThan(8);
  expect(large).toBeLessThan(230);
});

test('renditions that differ in adjustments alone are others', async () => {
  const made = await renditionsOf(await orientedJpeg(quadrants(240, 160), 6), [{ ...PNG, name: 'a' }, { ...PNG, name: 'b', adjustments: [greyscale] }]);
  const [colour, grey] = [await pixelAt(made['a.png'], 5, 5), await pixelAt(made['b.png'], 5, 5)];
  expect(isGrey(colour)).toBe(false);
  expect(isGrey(grey.length < 3 ? [grey[0], grey[0], grey[0]] : grey)).toBe(true);
  expect(await sharp(made['b.png']).metadata()).toMatchObject({ width: 60, height: 40 });
});

test('greyscale takes the colour of padding too', async () => {
  const padded = await renditionOf(await open(quadrants(40, 40)).png().toBuffer(), {
    width: 80, height: 40, fit: 'contain', enlarge: true, background: '#ff0000', formats: ['png'], adjustments: [greyscale],
  });
  const pixel = await pixelAt(padded, 5, 20);
  expect(isGrey(pixel.length < 3 ? [pixel[0], pixel[0], pixel[0]] : pixel)).toBe(true);
});

test('an animation becomes its first frame, where frames would run into each other', async () => {
  const image = await animation('gif', trafficLight(40, 40), {});
  const { 'plain.webp': moving, 'blurred.webp': still } = await renditionsOf(image, [
    { name: 'plain', width: 40, formats: ['webp'] }, { name: 'blurred', width: 40, formats: ['webp'], adjustments: [{ name: 'blur', sigma: 1 }] },
  ]);
  expect((await sharp(moving).metadata()).pages).toBe(3);
  expect((await sharp(still).metadata()).pages ?? 1).toBe(1);
  const [r, g, b] = await pixelAt(still, 30, 38);
  [r, g, b].forEach((channel, at) => expect(Math.abs(channel - RED[at])).toBeLessThan(12));
});

test('transparency does not darken what is blurred beside it', async () => {
  const image = await open(paint(60, 40, (x) => (x < 30 ? [255, 255, 255, 255] : [0, 0, 0, 0]))).png().toBuffer();
  const [r, , , alpha] = await pixelAt(await renditionOf(image, { ...PNG, adjustments: [blur] }), 30, 20);
  expect(r).toBeGreaterThan(245);
  expect(alpha).toBeLessThan(220);
});
