import sharp from 'sharp';
import { AdjustmentConfig } from '../../../../src/contract';
import { BLUE, open, quadrants, RED, solid, WHITE } from '../../../helpers/images';
import { pixelAt, ProfileSpec, renditionOf } from '../../../helpers/renditions';

const extend: AdjustmentConfig = { name: 'extend', top: 3, right: 5, bottom: 7, left: 11 };
const PADDED: ProfileSpec = { width: 40, height: 40, formats: ['png'], background: '#0a64c8', adjustments: [extend] };
const GROUND = [10, 100, 200];
const near = (pixel: readonly number[], colour: readonly number[], by = 3) => colour.every((channel, at) => Math.abs(channel - pixel[at]) <= by);
const image = () => open(quadrants(80, 40)).withIccProfile('srgb').png().toBuffer();

/** The picture in the rendition, from the corner outward: its corners, and what is next to them. */
async function expectFrame(made: Buffer, [left, top, width, height]: readonly number[], total: readonly number[], by = 3) {
  const metadata = await sharp(made).metadata();
  expect([metadata.width, metadata.height]).toEqual(total);
  const [right, bottom] = [left + width - 1, top + height - 1];
  expect(near(await pixelAt(made, left, top), RED, by)).toBe(true);
  expect(near(await pixelAt(made, left, bottom), BLUE, by)).toBe(true);
  expect(near(await pixelAt(made, right, bottom), WHITE, by)).toBe(true);
  for (const [x, y] of [[left - 1, top], [left, top - 1], [right + 1, bottom], [right, bottom + 1], [0, 0], [total[0] - 1, total[1] - 1]]) {
    if (x >= 0 && y >= 0 && x < total[0] && y < total[1]) expect(near(await pixelAt(made, x, y), GROUND, by)).toBe(true);
  }
}

describe.each([['shared pixels', {}], ['the original itself', { metadata: 'icc' }]] as const)('of %s', (_, changes) => {
  test('edges are added to what the profile fits', async () => {
    await expectFrame(await renditionOf(await image(), PADDED, changes), [11, 3, 40, 20], [56, 30]);
  });

  test('edges are added to padding', async () => {
    await expectFrame(await renditionOf(await image(), { ...PADDED, fit: 'contain' }, changes), [11, 13, 40, 20], [56, 50]);
  });

  test.each(['centre', 'attention', 'focal-point'])('edges are added to a crop by %s', async (position) => {
    await expectFrame(await renditionOf(await image(), { ...PADDED, width: 40, height: 19, fit: 'cover', position }, changes), [11, 3, 40, 19], [56, 29]);
  });

  test('an image smaller than the profile gets as much', async () => {
    await expectFrame(await renditionOf(await image(), { ...PADDED, width: 500, height: 500 }, changes), [11, 3, 80, 40], [96, 50]);
  });

  test('in JPEG', async () => {
    const options = { quality: 100, chromaSubsampling: '4:4:4' };
    await expectFrame(await renditionOf(await image(), { ...PADDED, formats: [{ format: 'jpeg', options }] }, changes), [11, 3, 40, 20], [56, 30], 6);
  });
});

test('edges can be transparent', async () => {
  const made = await renditionOf(await image(), { ...PADDED, background: 'transparent' });
  expect([(await pixelAt(made, 0, 0))[3], (await pixelAt(made, 20, 10))[3]]).toEqual([0, 255]);
});

test('an edge around an image with a profile that is kept has the colour that was asked for', async () => {
  const p3 = await sharp(await image()).withIccProfile('p3').png().toBuffer();
  const made = await renditionOf(p3, PADDED, { metadata: 'icc' });
  expect((await sharp(made).metadata()).icc).toBeDefined();
  const shown = await sharp(made).toColourspace('srgb').png().toBuffer();
  expect(near(await pixelAt(shown, 0, 0), GROUND, 4)).toBe(true);
});

test('fails as TOO_LARGE where the edges make more pixels than are allowed', async () => {
  await expect(renditionOf(await image(), { ...PADDED, adjustments: [{ ...extend, top: 200 }] }, { maxInputPixels: 10_000 }))
    .rejects.toMatchObject({ code: 'TOO_LARGE', detail: 'expected at most 10000 pixels in rendition test.png, received 56x227 pixels (12712)' });
});

describe.each([
  ['shared pixels', { metadata: 'strip' }], ['the original itself, with its profile', { metadata: 'icc' }], ['the original itself, with its metadata', { metadata: 'all' }],
] as const)('of %s', (_, changes) => {
  const jpeg = () => open(solid(80, 80, RED)).withIccProfile('srgb').withExif({ IFD0: { Artist: 'Ada' } }).jpeg({ quality: 100, chromaSubsampling: '4:4:4' }).toBuffer();
  const made = async (original: Buffer, adjustment: AdjustmentConfig) => (
    renditionOf(original, { ...PADDED, background: 'transparent', adjustments: [extend, adjustment] }, changes)
  );
  const pixelsOf = async (rendition: Buffer) => {
    const { data, info } = await sharp(rendition).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    return Array.from({ length: info.width * info.height }, (__, at) => [...data.subarray(4 * at, 4 * at + 4)]);
  };

  test('edges that are transparent mix no black into what is blurred', async () => {
    const blurred = await made(await jpeg(), { name: 'blur', sigma: 3 });
    const seen = (await pixelsOf(blurred)).filter(([, , , alpha]) => alpha > 30);
    expect(seen.length).toBeGreaterThanOrEqual(40 * 40);
    expect(seen.filter((pixel) => !near(pixel, RED, 12))).toEqual([]);
    const { icc, exif, hasAlpha } = await sharp(blurred).metadata();
    expect([hasAlpha, icc !== undefined, exif !== undefined]).toEqual([true, changes.metadata !== 'strip', changes.metadata === 'all']);
  });

  test.each<AdjustmentConfig>([{ name: 'blur', sigma: 3 }, { name: 'sharpen', sigma: 3 }])('an image with transparency comes out the same as one without, with $name', async (adjustment) => {
    const plain = await jpeg();
    const [one, other] = [await made(plain, adjustment), await made(await sharp(plain).keepMetadata().ensureAlpha().png().toBuffer(), adjustment)];
    const expected = await pixelsOf(other);
    expect((await pixelsOf(one)).filter((pixel, at) => expected[at][3] > 30 && !near(pixel, expected[at], 8))).toEqual([]);
  });
});
