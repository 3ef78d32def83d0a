import sharp from 'sharp';
import { EncodedFormat, FormatConfig, METADATA_POLICIES, MetadataPolicyName } from '../../../../src/contract';
import { withPngProfile } from '../../../helpers/headers';
import { animation, cmykJpeg, open, png16, profileOf, solid } from '../../../helpers/images';
import { renditionOf, renditionsOf } from '../../../helpers/renditions';
import { decode } from '../../../helpers/similarity';

const BACKGROUND = '#d02030';
const COLOUR = [208, 32, 48];
const SIZE = [40, 20] as const;

const p3 = async (png: Buffer) => withPngProfile(png, await profileOf('p3'));

/** One of each kind of pixels that decoders hand on. */
const SOURCES: Record<string, () => Promise<Buffer>> = {
  'sRGB': async () => open(solid(...SIZE, [10, 120, 200])).png().toBuffer(),
  'sRGB with alpha': async () => open(solid(...SIZE, [10, 120, 200, 0])).png().toBuffer(),
  'Display P3': async () => p3(await open(solid(...SIZE, [10, 120, 200])).png().toBuffer()),
  'Display P3 with alpha': async () => p3(await open(solid(...SIZE, [10, 120, 200, 0])).png().toBuffer()),
  'a palette with alpha': async () => open(solid(...SIZE, [10, 120, 200, 0])).png({ palette: true }).toBuffer(),
  'grey JPEG': async () => open(solid(...SIZE, [120])).toColourspace('b-w').jpeg().toBuffer(),
  'grey PNG': async () => open(solid(...SIZE, [120])).toColourspace('b-w').png().toBuffer(),
  'grey with alpha': async () => open(solid(...SIZE, [120, 0])).toColourspace('b-w').png().toBuffer(),
  'grey TIFF': async () => open(solid(...SIZE, [120])).toColourspace('b-w').tiff({ compression: 'deflate', predictor: 'none' }).toBuffer(),
  'grey of 16 bits': async () => png16(solid(...SIZE, [120])),
  'grey of 16 bits with alpha': async () => png16(solid(...SIZE, [120, 0])),
  '16 bits': async () => png16(solid(...SIZE, [10, 120, 200])),
  '16 bits with alpha': async () => png16(solid(...SIZE, [10, 120, 200, 0])),
  '16 bits of Display P3': async () => png16(solid(...SIZE, [10, 120, 200]), 'p3'),
  '16 bits of Display P3 with alpha': async () => png16(solid(...SIZE, [10, 120, 200, 0]), 'p3'),
  'AVIF of 10 bits': async () => open(solid(...SIZE, [10, 120, 200])).avif({ bitdepth: 10 }).toBuffer(),
  'CMYK': async () => cmykJpeg(solid(...SIZE, [10, 120, 200])),
  'CMYK with a profile': async () => cmykJpeg(solid(...SIZE, [10, 120, 200]), { profile: true }),
  'a grey GIF': async () => open(solid(...SIZE, [120, 120, 120])).gif().toBuffer(),
  'an animation': async () => animation('gif', [solid(...SIZE, [10, 120, 200]), solid(...SIZE, [200, 120, 10])]),
};

/** The first pixel, which is padding or flattened alpha, as a viewer shows it that knows profiles. */
async function firstPixel(image: Buffer): Promise<number[]> {
  const [r, g, b] = await sharp(image, { page: 0 }).toColourspace('srgb').removeAlpha().raw().toBuffer();
  return [r, g, b];
}

/** The rendition alone and beside one that is larger, with which it shares pixels if it may. */
async function bothWays(image: Buffer, format: EncodedFormat, metadata: MetadataPolicyName): Promise<Buffer[]> {
  const options: FormatConfig['options'] = format === 'jpeg' ? { quality: 100, chromaSubsampling: '4:4:4' } : {};
  const spec = { name: 'one', width: 30, height: 30, fit: 'contain', background: BACKGROUND, formats: [{ format, options }] } as const;
  const beside = await renditionsOf(image, [spec, { ...spec, name: 'other', width: 38, height: 38 }], { metadata });
  return [await renditionOf(image, spec, { metadata }), beside[`one.${format}`]];
}

const farthest = (one: readonly number[], other: readonly number[]) => Math.max(...one.map((channel, at) => Math.abs(channel - other[at])));

describe.each(METADATA_POLICIES)('the background is the given colour under the metadata policy %s', (metadata) => {
  test.each(Object.keys(SOURCES))('around and under %s, alone and among others', async (name) => {
    const image = await SOURCES[name]();
    // Pixels that keep a profile have its whole numbers, which are not those of sRGB.
    const rounding = metadata === 'strip' || metadata === 'copyright' ? 0 : 2;
    for (const made of await bothWays(image, 'png', metadata)) expect(farthest(await firstPixel(made), COLOUR)).toBeLessThanOrEqual(rounding);
    for (const made of await bothWays(image, 'jpeg', metadata)) expect(farthest(await firstPixel(made), COLOUR)).toBeLessThanOrEqual(rounding + 1);
  });

  test.each(Object.keys(SOURCES))('the pixels of %s are the same alone and among others', async (name) => {
    const [alone, among] = await Promise.all((await bothWays(await SOURCES[name](), 'png', metadata)).map(decode));
    expect(among.info).toMatchObject({ width: alone.info.width, channels: alone.info.channels });
    expect(farthest([...alone.data], [...among.data])).toBeLessThanOrEqual(1);
  });
});
