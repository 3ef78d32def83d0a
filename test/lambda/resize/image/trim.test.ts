import sharp from 'sharp';
import { AdjustmentConfig, ProcessingConfig } from '../../../../src/contract';
import { measure, plan, probe } from '../../../../src/lambda/resize/image';
import { GREEN, open, paint, photo, quadrants, RED, storedFor, WHITE } from '../../../helpers/images';
import { pixelAt, processing, profile, ProfileSpec, renditionOf, renditionsOf } from '../../../helpers/renditions';

const trim = (more: object = {}): AdjustmentConfig => ({ name: 'trim', threshold: 10, ...more });
const WHOLE: ProfileSpec = { scale: 1, formats: ['png'], adjustments: [trim()] };
const sizeOf = async (image: Buffer) => {
  const { width, height } = await sharp(image).metadata();
  return [width, height];
};
const near = (pixel: readonly number[], colour: readonly number[], by = 3) => colour.every((channel, at) => Math.abs(channel - pixel[at]) <= by);

/** Four colours, 40 x 30 pixels, in a frame: 12 pixels at the left, 7 above, 8 at the right, 3 below. */
const framed = (frame: readonly number[], inside = quadrants(40, 30)) => paint(60, 40, (x, y) => {
  const [u, v] = [x - 12, y - 7];
  const pixel = u >= 0 && v >= 0 && u < 40 && v < 30 ? [...inside.data.subarray((v * 40 + u) * 3, (v * 40 + u + 1) * 3)] : frame;
  return frame.length === 4 && pixel.length === 3 ? [...pixel, 255] : pixel;
});
// One whose corners are far from every frame below.
const picture = { ...quadrants(40, 30), data: Buffer.from([...quadrants(40, 30).data].map((value) => (value === WHITE[0] ? 120 : value))) };

describe.each([['shared pixels', {}], ['the original itself', { metadata: 'icc' }]] as const)('of %s', (_, changes: Partial<ProcessingConfig>) => {
  test.each([
    ['white', [255, 255, 255]],
    ['black', [0, 0, 0]],
    ['transparent', [0, 0, 0, 0]],
  ])('edges that are %s are cut off, to the pixel', async (__, frame) => {
    const image = await open(framed(frame, picture)).withIccProfile('srgb').png().toBuffer();
    const trimmed = await renditionOf(image, WHOLE, changes);
    expect(await sizeOf(trimmed)).toEqual([40, 30]);
    expect(near(await pixelAt(trimmed, 0, 0), RED)).toBe(true);
    expect(near(await pixelAt(trimmed, 39, 0), GREEN)).toBe(true);
    expect(near(await pixelAt(trimmed, 19, 0), RED)).toBe(true);
    expect(near(await pixelAt(trimmed, 20, 0), GREEN)).toBe(true);
  });

  test.each([1, 2, 3, 4, 5, 6, 7, 8])('what is left is upright, with orientation %i', async (orientation) => {
    const image = await open(storedFor(framed([255, 255, 255], picture), orientation)).withIccProfile('srgb').withMetadata({ orientation }).png().toBuffer();
    const trimmed = await renditionOf(image, WHOLE, changes);
    expect(await sizeOf(trimmed)).toEqual([40, 30]);
    expect(near(await pixelAt(trimmed, 0, 0), RED)).toBe(true);
    expect(near(await pixelAt(trimmed, 39, 0), GREEN)).toBe(true);
  });

  test('the profile fits what is left', async () => {
    const image = await open(framed([255, 255, 255], picture)).withIccProfile('srgb').png().toBuffer();
    expect(await sizeOf(await renditionOf(image, { ...WHOLE, scale: undefined, width: 20, height: 20 }, changes))).toEqual([20, 15]);
    expect(await sizeOf(await renditionOf(image, { ...WHOLE, scale: undefined, width: 50, height: 50 }, changes))).toEqual([40, 30]);
    const enlarged = await renditionOf(image, { ...WHOLE, scale: undefined, width: 80, height: 80, enlarge: true }, changes);
    expect(await sizeOf(enlarged)).toEqual([80, 60]);
    expect(near(await pixelAt(enlarged, 0, 0), RED, 8)).toBe(true);
  });
});

test('renditions of the whole and of what is left are made side by side, from one image', async () => {
  const image = await open(framed([255, 255, 255], picture)).png().toBuffer();
  const made = await renditionsOf(image, [
    { ...WHOLE, name: 'trimmed' }, { name: 'whole', scale: 1, formats: ['png'] }, { ...WHOLE, name: 'other', adjustments: [trim({ background: '#000000' })] },
    { ...WHOLE, name: 'half', scale: 0.5 },
  ]);
  expect(await Promise.all(['trimmed', 'whole', 'other', 'half'].map((name) => sizeOf(made[`${name}.png`])))).toEqual([[40, 30], [60, 40], [60, 40], [20, 15]]);
});

test('a threshold decides what is an edge', async () => {
  const image = await open(framed([255, 255, 255], { ...picture, data: Buffer.alloc(40 * 30 * 3, 240) })).png().toBuffer();
  expect(await sizeOf(await renditionOf(image, WHOLE))).toEqual([40, 30]);
  expect(await sizeOf(await renditionOf(image, { ...WHOLE, adjustments: [trim({ threshold: 20 })] }))).toEqual([60, 40]);
});

test.each([[60, 40], [2, 2], [1, 40]])('an image of one colour, %i x %i pixels, stays as it is', async (width, height) => {
  expect(await sizeOf(await renditionOf(await open(paint(width, height, () => [9, 9, 9])).png().toBuffer(), WHOLE))).toEqual([width, height]);
});

test('the edges of JPEG, whose colours vary, are found', async () => {
  const large = await open(framed([255, 255, 255], picture)).resize(480, 320, { kernel: 'nearest' }).png().toBuffer();
  const [width, height] = await sizeOf(await renditionOf(await sharp(large).jpeg({ quality: 80 }).toBuffer(), WHOLE));
  // Blocks of eight pixels, of which the colours of two are stored as one.
  expect(Math.abs(width - 320)).toBeLessThanOrEqual(16);
  expect(Math.abs(height - 240)).toBeLessThanOrEqual(16);
});

test('of an image of many pixels, a few of the edge may stay, and nothing else goes', async () => {
  const inside = await open(photo(50, 40)).resize(2400, 1900, { kernel: 'nearest' }).png().toBuffer();
  const image = await sharp({ create: { width: 3000, height: 2400, channels: 3, background: '#00ff00' } })
    .composite([{ input: inside, left: 401, top: 203 }]).png({ compressionLevel: 1 }).toBuffer();
  const config = processing();
  const { parts } = await measure(image, await probe(image, config), [profile(WHOLE)], { processing: config });
  const [{ left, top, width, height }] = Object.values(parts!);
  const edges = [401 - left, 203 - top, left + width - 2801, top + height - 2103];
  expect(edges.filter((edge) => edge < 0 || edge > 8)).toEqual([]);
});

test('a drawing is drawn as large as what is left of it is wanted', async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="100" height="80"><rect x="40" y="20" width="20" height="30" fill="#dc1e1e"/></svg>');
  const drawn = await renditionOf(svg, { ...WHOLE, scale: undefined, width: 200, height: 300, enlarge: true }, { acceptSvg: true });
  const [width, height] = await sizeOf(drawn);
  expect([Math.abs(width - 200) <= 8, Math.abs(height - 300) <= 12]).toEqual([true, true]);
  expect(near(await pixelAt(drawn, 100, 150), RED)).toBe(true);
  // Sharp edges: drawn in this size, and not enlarged.
  expect(near(await pixelAt(drawn, 14, 150), RED, 6)).toBe(true);
});

test('a drawing of which little is left is not drawn beyond the limit of pixels', async () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="1000" height="1000"><rect x="500" y="500" width="4" height="4" fill="#dc1e1e"/></svg>');
  const drawn = await renditionOf(svg, { ...WHOLE, scale: undefined, width: 400, height: 400, enlarge: true }, {
    acceptSvg: true, maxInputPixels: 4_000_000,
  });
  expect(near(await pixelAt(drawn, 200, 200), RED, 12)).toBe(true);
});

test('a focal point is that of the whole image', async () => {
  const config = processing();
  const image = await open(framed([255, 255, 255], picture)).png().toBuffer();
  const asked = [profile({ ...WHOLE, scale: undefined, width: 20, height: 30, fit: 'cover', position: 'focal-point' })];
  const probed = await measure(image, await probe(image, config), asked, { processing: config });
  // The last column of the part is the 52nd of the image's 60.
  expect(plan(probed, asked, config, { focalPoint: { x: 42 / 60, y: 0.5 } })[0]).toMatchObject({ crop: { left: 20, top: 0 } });
  expect(plan(probed, asked, config, { focalPoint: { x: 0, y: 0 } })[0]).toMatchObject({ crop: { left: 0, top: 0 } });
  expect(plan(probed, asked, config, { focalPoint: { x: 32 / 60, y: 0 } })[0]).toMatchObject({ crop: { left: 10, top: 0 } });
});
