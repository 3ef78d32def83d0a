import sharp from 'sharp';
import { FormatConfig } from '../../../../src/contract';
import { withPngProfile } from '../../../helpers/headers';
import { cmykJpeg, open, photo, png16, profileOf, RED, solid } from '../../../helpers/images';
import { pixelAt, renditionOf, renditionsOf } from '../../../helpers/renditions';
import { decode, psnr } from '../../../helpers/similarity';

const near = (colour: readonly number[]) => colour.map((channel) => expect.closeTo(channel, -1));
const lossless: FormatConfig[] = [{ format: 'png', options: {} }];

/** The same rendition from the source and from pixels that it shares with another. */
async function bothWays(image: Buffer): Promise<Buffer[]> {
  const one = { width: 24, formats: lossless };
  const shared = await renditionsOf(image, [{ name: 'one', ...one }, { name: 'other', width: 32, formats: lossless }]);
  return [await renditionOf(image, one), shared['one.png']];
}

describe('renditions are in sRGB with 8 bits', () => {
  // Display P3 (200, 100, 50), colour managed.
  const p3 = [200, 100, 50];
  const srgb = async () => {
    const tagged = await open(solid(4, 4, p3)).png().toBuffer();
    const managed = await sharp(withPngProfile(tagged, await profileOf('p3'))).toColourspace('srgb').png().toBuffer();
    return pixelAt(managed, 1, 1);
  };

  test('from an sRGB image', async () => {
    for (const image of await bothWays(await open(solid(48, 48, RED)).png().toBuffer())) expect(await pixelAt(image, 5, 5)).toEqual([...RED]);
  });

  test('from an image with a wide profile', async () => {
    const expected = await srgb();
    expect(expected[0]).toBeGreaterThan(p3[0]);
    const image = withPngProfile(await open(solid(48, 48, p3)).png().toBuffer(), await profileOf('p3'));
    for (const made of await bothWays(image)) expect(await pixelAt(made, 5, 5)).toEqual(near(expected));
  });

  test('from 16 bits', async () => {
    for (const image of await bothWays(await png16(solid(48, 48, RED)))) {
      expect(await pixelAt(image, 5, 5)).toEqual(near(RED));
      expect(await sharp(image).metadata()).toMatchObject({ depth: 'uchar', space: 'srgb' });
    }
  });

  test('from 16 bits with a profile', async () => {
    for (const image of await bothWays(await png16(solid(48, 48, RED), 'srgb'))) expect(await pixelAt(image, 5, 5)).toEqual(near(RED));
    for (const image of await bothWays(await png16(solid(48, 48, p3), 'p3'))) expect(await pixelAt(image, 5, 5)).toEqual(near(await srgb()));
  });

  test('from CMYK with a profile', async () => {
    for (const image of await bothWays(await cmykJpeg(solid(48, 48, [150, 120, 110]), { profile: true }))) {
      expect(await sharp(image).metadata()).toMatchObject({ channels: 3, space: 'srgb', hasProfile: false });
      expect(await pixelAt(image, 5, 5)).toEqual([150, 120, 110].map((channel) => expect.closeTo(channel, -1.3)));
    }
  });

  const COLOURS = [[150, 120, 110], [12, 8, 10], [10, 120, 200], [250, 20, 30], [255, 255, 255]];

  test.each(COLOURS)('from CMYK without one, as browsers reckon inks (%i, %i, %i)', async (...colour) => {
    const jpeg = await cmykJpeg(solid(48, 48, colour));
    const inks = await sharp(jpeg).pipelineColourspace('cmyk').toColourspace('cmyk').raw().toBuffer();
    const [c, m, y, k] = [...inks.subarray(0, 4)].map((ink) => 1 - ink / 255);
    const reckoned = [c, m, y].map((left) => expect.closeTo(255 * left * k, -0.5));
    for (const image of await bothWays(jpeg)) expect(await pixelAt(image, 5, 5)).toEqual(reckoned);
  });

  test('from greyscale, with alpha and with 16 bits', async () => {
    const grey = await open(solid(48, 48, [120])).toColourspace('b-w').png().toBuffer();
    const greyAlpha = await open(solid(48, 48, [120, 128])).png().toBuffer();
    const grey16 = await png16(solid(48, 48, [120]));
    for (const image of await bothWays(grey)) expect(await pixelAt(image, 5, 5)).toEqual(near([120, 120, 120]));
    for (const image of await bothWays(greyAlpha)) expect(await pixelAt(image, 5, 5)).toEqual(near([120, 120, 120, 128]));
    for (const image of await bothWays(grey16)) expect(await pixelAt(image, 5, 5)).toEqual(near([120, 120, 120]));
  });

  test('from a palette', async () => {
    const image = await open(photo(96, 96)).png({ palette: true }).toBuffer();
    const truth = await sharp(image).resize(24).png().toBuffer();
    for (const made of await bothWays(image)) expect(psnr(await decode(made), await decode(truth))).toBeGreaterThan(35);
  });

  test('from a black and white TIFF', async () => {
    const image = await open(solid(48, 48, [255])).toColourspace('b-w').tiff({ bitdepth: 1, compression: 'deflate', predictor: 'none' }).toBuffer();
    for (const made of await bothWays(image)) expect(await pixelAt(made, 5, 5)).toEqual([255, 255, 255]);
  });
});
