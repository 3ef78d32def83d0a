import sharp from 'sharp';
import { FITS, FormatConfig } from '../../../../src/contract';
import { plan, probe } from '../../../../src/lambda/resize/image';
import { shareDecoding } from '../../../../src/lambda/resize/image/sharing';
import { open, orientedJpeg, photo } from '../../../helpers/images';
import { processing, profile, ProfileSpec, renditionOf, renditionsOf } from '../../../helpers/renditions';
import { decode, psnr, ssim } from '../../../helpers/similarity';
import { IMAGES, ImageName } from '../../../measure/bench/images';

const source = photo(1200, 800);
const jpeg: FormatConfig[] = [{ format: 'jpeg', options: { quality: 85 } }];
const png: FormatConfig[] = [{ format: 'png', options: { compressionLevel: 1 } }];
const largest: ProfileSpec = { name: 'largest', width: 400, formats: png };

/** What sharp makes of the source in one pipeline. */
async function bySharp(image: Buffer, { width, height, fit = 'inside', position }: ProfileSpec, lossless = false): Promise<Buffer> {
  const resized = sharp(image, { autoOrient: true }).resize({ width, height, fit, position, withoutEnlargement: true, background: '#ffffff' });
  const pipeline = resized.flatten({ background: '#ffffff' });
  return (lossless ? pipeline.png() : pipeline.jpeg({ quality: 85 })).toBuffer();
}

/** From all pixels of the source, without the shortcuts of a decoder. */
async function reference(image: Buffer, spec: ProfileSpec): Promise<Buffer> {
  return bySharp(await sharp(image, { autoOrient: true }).png({ compressionLevel: 1 }).toBuffer(), spec, true);
}

describe('a rendition that shares the decoding is as good as one that sharp makes straight from the source', () => {
  const positions = { cover: ['centre', 'left top', 'south', 'attention', 'entropy'], contain: ['centre', 'right bottom'] };
  const cases = FITS.flatMap((fit) => (fit in positions ? positions[fit as keyof typeof positions] : ['centre']).map((position) => [fit, position] as const));

  test.each(cases)('%s at %s', async (fit, position) => {
    const image = await open(source).jpeg({ quality: 92 }).toBuffer();
    for (const size of [{ width: 320, height: 300 }, { width: 150, height: 100 }, { width: 97, height: 152 }]) {
      const spec = { name: 'small', ...size, fit, position, formats: jpeg };
      const [truth, direct, derived] = await Promise.all([
        reference(image, spec), bySharp(image, spec), renditionsOf(image, [{ ...largest, width: 900 }, spec]).then((made) => made['small.jpeg']),
      ].map(async (made) => decode(await made)));
      expect(psnr(derived, truth)).toBeGreaterThan(psnr(direct, truth) - 0.5);
      expect(ssim(derived, truth)).toBeGreaterThan(ssim(direct, truth) * 0.995);
    }
  });

  // Small, but with the grain, the edges and the formats of the benchmark's images.
  test.each(Object.keys(IMAGES) as ImageName[])('for every fit of the benchmark\'s image %s', async (name) => {
    const image = await IMAGES[name].make(480 / IMAGES[name].width);
    for (const fit of FITS) {
      for (const size of [{ width: 300, height: 240 }, { width: 96, height: 152 }]) {
        const spec = { name: 'small', ...size, fit, formats: jpeg };
        const [truth, direct, derived] = await Promise.all([
          reference(image, spec), bySharp(image, spec), renditionsOf(image, [{ ...largest, width: 450 }, spec]).then((made) => made['small.jpeg']),
        ].map(async (made) => decode(await made)));
        expect(psnr(derived, truth)).toBeGreaterThan(psnr(direct, truth) - 0.5);
        expect(ssim(derived, truth)).toBeGreaterThan(ssim(direct, truth) * 0.995);
      }
    }
  });

  test('when the source is turned', async () => {
    const image = await orientedJpeg(photo(600, 400), 6);
    const spec = { name: 'small', width: 100, height: 100, fit: 'cover', formats: jpeg } as const;
    const [truth, direct] = await Promise.all([reference(image, spec), bySharp(image, spec)].map(async (made) => decode(await made)));
    const derived = await decode((await renditionsOf(image, [largest, spec]))['small.jpeg']);
    expect(psnr(derived, truth)).toBeGreaterThan(psnr(direct, truth) - 0.5);
    expect(ssim(derived, truth)).toBeGreaterThan(ssim(direct, truth) * 0.995);
  });

  test('and the same to the pixel when it is the largest and no side is rounded', async () => {
    const image = await open(source).jpeg().toBuffer();
    const spec = { ...largest, width: 450 };
    const { 'largest.png': made } = await renditionsOf(image, [spec, { name: 'small', width: 100 }]);
    for (const other of [await renditionOf(image, spec), await bySharp(image, spec, true)]) {
      expect(psnr(await decode(made), await decode(other))).toBe(Infinity);
    }
  });

  test.each([420, 375, 345, 225])('nor does one of %i pixels lose by it where the output is lossless', async (width) => {
    const image = await open(source).png({ compressionLevel: 1 }).toBuffer();
    const spec = { name: 'near', width, formats: png };
    const { 'near.png': derived } = await renditionsOf(image, [{ ...largest, width: 450 }, spec]);
    expect(ssim(await decode(derived), await decode(await bySharp(image, spec, true)))).toBeGreaterThan(0.995);
  });
});

describe('sharing', () => {
  const shared = async (image: Buffer, specs: ProfileSpec[], changes = {}) => {
    const config = processing(changes);
    const probed = await probe(image, config);
    const sharing = shareDecoding({ probe: probed, processing: config }, plan(probed, specs.map(profile), config));
    return sharing && { size: sharing.size, names: [...sharing.renditions].map(({ name }) => name).sort() };
  };
  const jpegOf = async (width: number, height: number) => open(photo(width, height)).jpeg().toBuffer();

  test('decodes at the size of the largest rendition', async () => {
    expect(await shared(await jpegOf(300, 200), [{ name: 'a', width: 150 }, { name: 'b', width: 60 }])).toEqual({ size: { width: 150, height: 100 }, names: ['a.jpeg', 'b.jpeg'] });
  });

  test('decodes no more than the source has', async () => {
    expect(await shared(await jpegOf(30, 20), [{ name: 'a', width: 150, enlarge: true }, { name: 'b', width: 60, enlarge: true }])).toMatchObject({ size: { width: 30, height: 20 } });
  });

  test('covers both sides when fill stretches them apart', async () => {
    const specs: ProfileSpec[] = [{ name: 'a', width: 300, height: 20, fit: 'fill' }, { name: 'b', width: 150 }];
    expect(await shared(await jpegOf(300, 200), specs)).toMatchObject({ size: { width: 300, height: 100 } });
  });

  test('is for one rendition too, as its pixels make the placeholder', async () => {
    expect(await shared(await jpegOf(30, 20), [{ name: 'a', width: 15 }])).toEqual({ names: ['a.jpeg'], size: { width: 15, height: 10 } });
  });

  test('leaves out what would hold too much memory', async () => {
    const image = await sharp({ create: { width: 6000, height: 4000, channels: 3, background: 'red' } }).jpeg().toBuffer();
    const specs = [{ name: 'whole', scale: 1 }, { name: 'a', width: 800 }, { name: 'b', width: 400 }];
    expect(await shared(image, specs)).toEqual({ size: { width: 800, height: 533 }, names: ['a.jpeg', 'b.jpeg'] });
  });

  test('leaves out what keeps the metadata of the source', async () => {
    expect(await shared(await jpegOf(30, 20), [{ name: 'a', width: 15 }, { name: 'b', width: 10 }], { metadata: 'all' })).toBeUndefined();
    expect(await shared(await jpegOf(30, 20), [{ name: 'a', width: 15 }, { name: 'b', width: 10 }], { metadata: 'icc' })).toBeDefined();
  });

  test('leaves out lossless renditions that are nearly as large as the largest', async () => {
    const near: ProfileSpec = { name: 'near', width: 140, formats: ['png'] };
    const specs: ProfileSpec[] = [{ name: 'a', width: 150 }, { name: 'b', width: 60 }];
    expect((await shared(await jpegOf(300, 200), [...specs, near]))?.names).toEqual(['a.jpeg', 'b.jpeg']);
    expect((await shared(await jpegOf(300, 200), [...specs, { ...near, formats: ['webp'] }]))?.names).toContain('near.webp');
  });
});
