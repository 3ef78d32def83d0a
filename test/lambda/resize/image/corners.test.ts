import sharp from 'sharp';
import { AdjustmentConfig } from '../../../../src/contract';
import { open, photo, quadrants, RED, solid } from '../../../helpers/images';
import { pixelAt, ProfileSpec, renditionOf } from '../../../helpers/renditions';

const rounded = (radius: number): AdjustmentConfig => ({ name: 'roundedCorners', radius });
const CARD: ProfileSpec = { width: 60, height: 40, formats: ['png'], background: '#0a64c8', adjustments: [rounded(10)] };
const GROUND = [10, 100, 200];
const near = (pixel: readonly number[], colour: readonly number[], by = 3) => colour.every((channel, at) => Math.abs(channel - pixel[at]) <= by);
const CORNERS = [[0, 0], [59, 0], [0, 39], [59, 39]] as const;
const red = (width = 60, height = 40) => open(solid(width, height, RED)).withIccProfile('srgb').png().toBuffer();

describe.each([['shared pixels', {}], ['the original itself', { metadata: 'icc' }]] as const)('of %s', (_, changes) => {
  test('corners are transparent along a circle, and nothing else is', async () => {
    const { data } = await sharp(await renditionOf(await red(), CARD, changes)).raw().toBuffer({ resolveWithObject: true });
    let gone = 0;
    for (let y = 0; y < 40; y += 1) {
      for (let x = 0; x < 60; x += 1) {
        // From the middle of the pixel to that of the nearest circle, in whose square the pixel may lie.
        const [across, down] = [Math.max(10 - x - 0.5, x + 0.5 - 50, 0), Math.max(10 - y - 0.5, y + 0.5 - 30, 0)];
        const inside = 10 - Math.hypot(across, down);
        const alpha = data[(y * 60 + x) * 4 + 3];
        if (inside > 0.75) expect(alpha).toBe(255);
        if (inside < -0.75) expect(alpha).toBe(0);
        gone += 1 - alpha / 255;
      }
    }
    // A square of twice the radius without the circle in it.
    expect(Math.abs(gone - (4 - Math.PI) * 100)).toBeLessThan(2);
  });

  test('where the format has no transparency, the background is seen', async () => {
    const options = { quality: 100, chromaSubsampling: '4:4:4' };
    const card = await renditionOf(await red(), { ...CARD, formats: [{ format: 'jpeg', options }] }, changes);
    for (const [x, y] of CORNERS) expect(near(await pixelAt(card, x, y), GROUND, 8)).toBe(true);
    expect(near(await pixelAt(card, 30, 20), RED, 4)).toBe(true);
  });

  test('with half of its side or more, a square becomes a circle', async () => {
    for (const radius of [20, 2048]) {
      const circle = await renditionOf(await red(40), { ...CARD, width: 40, adjustments: [rounded(radius)] }, changes);
      const alpha = async (x: number, y: number) => (await pixelAt(circle, x, y))[3];
      expect([await alpha(4, 4), await alpha(7, 7), await alpha(35, 35)]).toEqual([0, 255, 0]);
      for (const [x, y] of [[20, 0], [0, 20], [39, 20], [20, 39]]) expect(await alpha(x, y)).toBeGreaterThan(250);
    }
  });
});

test('what was transparent stays so', async () => {
  const card = await renditionOf(await open(solid(60, 40, [...RED, 100])).png().toBuffer(), CARD);
  expect([(await pixelAt(card, 0, 0))[3], (await pixelAt(card, 30, 20))[3]]).toEqual([0, 100]);
});

test.each(['gif', 'webp', 'avif', 'tiff'] as const)('of a %s too', async (format) => {
  const card = await renditionOf(await open(photo(60, 40)).png().toBuffer(), { ...CARD, formats: [{ format, options: format === 'tiff' ? { compression: 'lzw' } : {} }] });
  for (const [x, y] of CORNERS) expect((await pixelAt(card, x, y))[3]).toBeLessThan(8);
  expect((await pixelAt(card, 30, 20))[3]).toBeGreaterThan(247);
});

test('of a grey image, on a background that has a colour', async () => {
  const grey = await open(photo(60, 40)).greyscale().png().toBuffer();
  const card = await renditionOf(grey, { ...CARD, formats: [{ format: 'jpeg', options: { quality: 100, chromaSubsampling: '4:4:4' } }] });
  expect(near(await pixelAt(card, 0, 0), GROUND, 10)).toBe(true);
});

test('on a background in an image whose profile is kept', async () => {
  const p3 = await sharp(await red()).withIccProfile('p3').png().toBuffer();
  const card = await renditionOf(p3, { ...CARD, formats: [{ format: 'jpeg', options: { quality: 100, chromaSubsampling: '4:4:4' } }] }, { metadata: 'icc' });
  const { icc } = await sharp(card).metadata();
  expect(icc).toBeDefined();
  const shown = await sharp(card).toColourspace('srgb').png().toBuffer();
  expect(near(await pixelAt(shown, 0, 0), GROUND, 8)).toBe(true);
  expect(near(await pixelAt(shown, 30, 20), RED, 6)).toBe(true);
});

test('corners are those of the whole, padding included, and are not blurred', async () => {
  const card = await renditionOf(await open(quadrants(60, 40)).png().toBuffer(), {
    ...CARD, adjustments: [{ name: 'extend', top: 5, right: 5, bottom: 5, left: 5 }, { name: 'blur', sigma: 3 }, rounded(10)],
  });
  expect(await sharp(card).metadata()).toMatchObject({ width: 70, height: 50 });
  expect([(await pixelAt(card, 0, 0))[3], (await pixelAt(card, 0, 11))[3]]).toEqual([0, 255]);
  // The padding runs into the picture, as it is there when sharp blurs.
  expect(near(await pixelAt(card, 5, 25), RED, 20)).toBe(false);
});

test('a picture of one pixel has no corners', async () => {
  expect((await pixelAt(await renditionOf(await red(1, 1), CARD), 0, 0)).slice(0, 3)).toEqual([...RED]);
});
