import sharp from 'sharp';
import { AdjustmentConfig } from '../../../../src/contract';
import { animation, GREEN, open, orientedJpeg, paint, photo, quadrants, RED, solid } from '../../../helpers/images';
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

describe.each(['gif', 'webp'] as const)('of an animated %s', (format) => {
  const red = solid(20, 20, [...RED, 255]);
  const green = solid(20, 20, [...GREEN, 255]);
  const made = async (...adjustments: AdjustmentConfig[]) => renditionOf(
    await animation(format, [red, green, red]), { width: 20, formats: [{ format, options: format === 'webp' ? { lossless: true } : {} }], adjustments },
  );
  const isLike = (pixel: readonly number[], colour: readonly number[]) => colour.every((channel, at) => Math.abs(channel - pixel[at]) <= 8);

  test('each frame is blurred by itself', async () => {
    const blurred = await made(blur);
    expect((await sharp(blurred).metadata()).pages).toBe(3);
    for (const [page, colour] of [RED, GREEN, RED].entries()) {
      for (const y of [0, 10, 19]) expect(isLike(await pixelAt(blurred, 10, y, page), colour)).toBe(true);
    }
  });

  test('each frame loses its colour', async () => {
    const grey = await made(greyscale);
    expect((await sharp(grey).metadata()).pages).toBe(3);
    for (const page of [0, 1, 2]) expect(isGrey((await pixelAt(grey, 10, 10, page)).slice(0, 3))).toBe(true);
  });

  test('each frame is extended', async () => {
    const extended = await made({ name: 'extend', top: 3, right: 0, bottom: 2, left: 1 });
    expect(await sharp(extended, { animated: true }).metadata()).toMatchObject({ pages: 3, width: 21, pageHeight: 25 });
    for (const [page, colour] of [RED, GREEN, RED].entries()) {
      for (const [x, y] of [[10, 2], [0, 10], [10, 23]]) expect(isLike(await pixelAt(extended, x, y, page), [255, 255, 255])).toBe(true);
      expect(isLike(await pixelAt(extended, 10, 4, page), colour)).toBe(true);
    }
  });

  test('each frame gets round corners', async () => {
    const rounded = await made({ name: 'roundedCorners', radius: 8 });
    expect((await sharp(rounded).metadata()).pages).toBe(3);
    for (const page of [0, 1, 2]) {
      expect((await pixelAt(rounded, 0, 0, page))[3]).toBe(0);
      expect((await pixelAt(rounded, 19, 19, page))[3]).toBe(0);
      expect((await pixelAt(rounded, 10, 10, page))[3]).toBe(255);
    }
  });

  test('what is trimmed is the first frame', async () => {
    expect((await sharp(await made({ name: 'trim', threshold: 10 })).metadata()).pages ?? 1).toBe(1);
  });
});

test('transparency does not darken what is blurred beside it', async () => {
  const image = await open(paint(60, 40, (x) => (x < 30 ? [255, 255, 255, 255] : [0, 0, 0, 0]))).png().toBuffer();
  const [r, , , alpha] = await pixelAt(await renditionOf(image, { ...PNG, adjustments: [blur] }), 30, 20);
  expect(r).toBeGreaterThan(245);
  expect(alpha).toBeLessThan(220);
});

test('all together are what one after the other gives, in their order', async () => {
  const isEdge = (x: number, y: number) => x < 10 || y < 6 || x >= 84 || y >= 60;
  const image = await open(paint(90, 70, (x, y) => (isEdge(x, y) ? [250, 250, 250] : [3 * x, 3 * y, (x * y) % 256]))).png().toBuffer();
  const all: AdjustmentConfig[] = [
    { name: 'trim', threshold: 10 }, { name: 'extend', top: 2, right: 3, bottom: 4, left: 5 }, { name: 'blur', sigma: 1.5 }, greyscale, sharpen,
    { name: 'roundedCorners', radius: 9 },
  ];
  const made = await sharp(await renditionOf(image, { width: 37, background: '#0a64c8', formats: ['png'], adjustments: all })).raw().toBuffer({ resolveWithObject: true });

  const steps: ((step: sharp.Sharp) => sharp.Sharp)[] = [
    (step) => step.trim(),
    (step) => step.resize({ width: 37 }),
    (step) => step.extend({ top: 2, right: 3, bottom: 4, left: 5, background: '#0a64c8' }),
    (step) => step.blur(1.5),
    (step) => step.modulate({ saturation: 0 }),
    (step) => step.sharpen({ sigma: 1 }),
  ];
  let expected = image;
  for (const step of steps) expected = await step(sharp(expected)).png().toBuffer();
  const { data, info } = await sharp(expected).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  expect([made.info.width, made.info.height]).toEqual([info.width, info.height]);

  let farthest = 0;
  for (let pixel = 0; pixel < info.width * info.height; pixel += 1) {
    const alpha = made.data[4 * pixel + 3];
    // Where a corner is round is seen elsewhere.
    if (alpha < 255) continue;
    for (const channel of [0, 1, 2]) farthest = Math.max(farthest, Math.abs(made.data[4 * pixel + channel] - data[3 * pixel + channel]));
  }
  expect(farthest).toBeLessThanOrEqual(3);
  expect(made.data[3]).toBe(0);
});
