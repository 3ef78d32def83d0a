import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { AdjustmentConfig, WatermarkConfig } from '../../../../src/contract';
import { watermark } from '../../../../src/lambda/resize/image/watermark';
import { animation, BLUE, GREEN, open, paint, photo, RED, solid } from '../../../helpers/images';
import { pixelAt, ProfileSpec, renditionOf } from '../../../helpers/renditions';

/** Where the function would find its layers. */
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watermarks-'));
  jest.spyOn(process, 'cwd').mockReturnValue(folder);
  const marks = join(folder, 'node_modules', 'image-resize-watermarks');
  mkdirSync(marks, { recursive: true });
  writeFileSync(join(marks, 'blue.png'), await open(solid(40, 20, [...BLUE, 255])).png().toBuffer());
  writeFileSync(join(marks, 'high.png'), await open(solid(10, 200, BLUE)).png().toBuffer());
  writeFileSync(join(marks, 'half.png'), await open(paint(40, 20, (x) => [...BLUE, x < 20 ? 255 : 0])).png().toBuffer());
  writeFileSync(join(marks, 'broken.png'), 'no picture');
});
afterAll(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const mark = (more: Partial<WatermarkConfig> = {}): WatermarkConfig => (
  { name: 'watermark', image: 'blue.png', scale: 0.2, margin: 0, opacity: 1, position: 'right bottom', tile: false, ...more }
);
const near = (pixel: readonly number[], colour: readonly number[], by = 3) => colour.every((channel, at) => Math.abs(channel - pixel[at]) <= by);
const PLAIN: ProfileSpec = { width: 100, height: 100, formats: ['png'] };
const red = () => open(solid(100, 80, RED)).withIccProfile('srgb').png().toBuffer();
const marked = async (adjustments: AdjustmentConfig[], spec: ProfileSpec = PLAIN, changes = {}) => (
  renditionOf(await red(), { ...spec, adjustments }, changes)
);

/** The part of a rendition that is blue: its upper left corner, and its size. */
async function blueIn(image: Buffer): Promise<number[]> {
  const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const points = Array.from({ length: info.width * info.height }, (_, at) => [at % info.width, Math.floor(at / info.width)])
    .filter((__, at) => near([...data.subarray(3 * at, 3 * at + 3)], BLUE));
  const [xs, ys] = [0, 1].map((axis) => points.map((point) => point[axis]));
  const [left, top, right, bottom] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
  expect(points).toHaveLength((right - left + 1) * (bottom - top + 1));
  return [left, top, right - left + 1, bottom - top + 1];
}

describe.each([['shared pixels', {}], ['the original itself', { metadata: 'icc' }]] as const)('of %s', (_, changes) => {
  test.each([
    ['right bottom', [80, 70]], ['left top', [0, 0]], ['centre', [40, 35]], ['top', [40, 0]], ['left', [0, 35]], ['right', [80, 35]],
  ] as const)('it lies at the %s, and is as wide as was asked for', async (position, corner) => {
    expect(await blueIn(await marked([mark({ position })], PLAIN, changes))).toEqual([...corner, 20, 10]);
  });

  test('in JPEG', async () => {
    const spec = { ...PLAIN, formats: [{ format: 'jpeg' as const, options: { quality: 100, chromaSubsampling: '4:4:4' } }] };
    const made = await marked([mark()], spec, changes);
    expect(near(await pixelAt(made, 90, 75), BLUE, 8)).toBe(true);
    expect(near(await pixelAt(made, 70, 60), RED, 8)).toBe(true);
  });
});

test('a margin keeps it from the edge, as far as there is room', async () => {
  expect(await blueIn(await marked([mark({ margin: 7 })]))).toEqual([73, 63, 20, 10]);
  expect(await blueIn(await marked([mark({ margin: 7, position: 'left top' })]))).toEqual([7, 7, 20, 10]);
  expect(await blueIn(await marked([mark({ margin: 39, scale: 1 })]))).toEqual([57, 39, 4, 2]);
});

test('a share is that of the rendition, whatever its size', async () => {
  expect(await blueIn(await marked([mark()], { ...PLAIN, width: 50, height: 50 }))).toEqual([40, 35, 10, 5]);
  expect(await blueIn(await marked([mark({ scale: 1 })]))).toEqual([0, 30, 100, 50]);
});

test('one that would be too high is made smaller', async () => {
  expect(await blueIn(await marked([mark({ image: 'high.png', scale: 1, position: 'left top' })]))).toEqual([0, 0, 4, 80]);
});

test('opacity mixes it with the picture', async () => {
  const pixel = await pixelAt(await marked([mark({ opacity: 0.5 })]), 90, 75);
  expect(near(pixel, RED.map((channel, at) => (channel + BLUE[at]) / 2), 2)).toBe(true);
});

test('what is transparent in it shows the picture', async () => {
  const made = await marked([mark({ image: 'half.png', position: 'left top' })]);
  expect([near(await pixelAt(made, 4, 5), BLUE), near(await pixelAt(made, 15, 5), RED)]).toEqual([true, true]);
});

test('as a tile it is repeated from the upper left corner, with the margin between', async () => {
  const made = await marked([mark({ tile: true, margin: 5 })]);
  for (const [x, y] of [[0, 0], [19, 9], [25, 15], [44, 24], [75, 60], [94, 69]]) expect(near(await pixelAt(made, x, y), BLUE)).toBe(true);
  for (const [x, y] of [[20, 0], [24, 9], [0, 10], [0, 14], [95, 0]]) expect(near(await pixelAt(made, x, y), RED)).toBe(true);
});

test('it lies on padding, takes no part in greyscale, and its corners are rounded', async () => {
  const made = await marked([
    { name: 'extend', top: 0, right: 20, bottom: 20, left: 0 }, { name: 'greyscale' }, mark({ scale: 0.5 }), { name: 'roundedCorners', radius: 12 },
  ]);
  expect(near(await pixelAt(made, 100, 80), BLUE)).toBe(true);
  const [r, g, b] = await pixelAt(made, 30, 30);
  expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThanOrEqual(1);
  expect((await pixelAt(made, 119, 99))[3]).toBe(0);
});

test('each frame of an animation has it', async () => {
  const image = await animation('webp', [solid(100, 80, [...RED, 255]), solid(100, 80, [...GREEN, 255])]);
  const made = await renditionOf(image, { ...PLAIN, formats: [{ format: 'webp', options: { lossless: true } }], adjustments: [mark()] });
  for (const page of [0, 1]) expect(near(await pixelAt(made, 90, 75, page), BLUE, 4)).toBe(true);
  expect(near(await pixelAt(made, 10, 10, 1), GREEN, 4)).toBe(true);
});

test('a grey image gets it in its colours', async () => {
  const grey = await open(photo(100, 80)).greyscale().png().toBuffer();
  expect(near(await pixelAt(await renditionOf(grey, { ...PLAIN, adjustments: [mark()] }), 90, 75), BLUE, 4)).toBe(true);
});

test.each([true, false])('a rendition of one pixel has one, tile %j', async (tile) => {
  const pixel = await open(solid(1, 1, RED)).png().toBuffer();
  const made = await renditionOf(pixel, { ...PLAIN, adjustments: [mark({ margin: 9, tile })] });
  expect(await sharp(made).metadata()).toMatchObject({ width: 1, height: 1 });
});

test.each([
  ['that is not there', 'gone.png', 'expected a layer of the function to hold the watermark nodejs/node_modules/image-resize-watermarks/gone.png'],
  ['that is no picture', 'broken.png', 'the watermark broken.png cannot be decoded: '],
])('fails for now with a watermark %s, which is not the fault of the image', async (_, image, message) => {
  const failure = await marked([mark({ image })]).catch((error) => error);
  expect(failure.name).toBe('Error');
  expect(failure.message).toContain(message);
});

test('one that cannot be decoded is read again for the next image', async () => {
  const forgotten: unknown[] = [];
  const files = { read: async () => Buffer.from('no picture'), forget: (image: unknown) => forgotten.push(image) };
  await expect(watermark({ width: 10, height: 10 }, mark(), files as never)).rejects.toThrow('the watermark blue.png cannot be decoded');
  expect(forgotten).toEqual(['blue.png']);
});
