import exifReader from 'exif-reader';
import sharp from 'sharp';
import { EncodedFormat, MetadataPolicyName } from '../../../../src/contract';
import { withPngProfile } from '../../../helpers/headers';
import { cmykJpeg, open, photo, profileOf, quadrants, solid, storedFor } from '../../../helpers/images';
import { pixelAt, renditionOf, renditionsOf } from '../../../helpers/renditions';

const withEverything = async (orientation = 1) => open(storedFor(quadrants(80, 48), orientation))
  .withMetadata({ orientation })
  .withIccProfile('p3')
  .withExif({
    IFD0: { Copyright: '2024 Somebody', Artist: 'A. Nyone', Make: 'Camera' },
    IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '52/1 30/1 0/1' },
  })
  .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>')
  .jpeg({ quality: 95 })
  .toBuffer();

/** The rendition alone, which comes from the source, and beside another, with which it shares pixels if it may. */
async function bothWays(image: Buffer, metadata: MetadataPolicyName, format: EncodedFormat = 'jpeg'): Promise<Buffer[]> {
  const spec = { name: 'one', width: 40, formats: [format] };
  const beside = await renditionsOf(image, [spec, { name: 'other', width: 60 }], { metadata });
  return [await renditionOf(image, spec, { metadata }), beside[`one.${format}`]];
}

const exifOf = async (image: Buffer) => {
  const { exif } = await sharp(image).metadata();
  return exif && exifReader(exif);
};

test.each(['jpeg', 'png', 'webp', 'avif', 'tiff', 'gif'] as const)('strip leaves no metadata in %s', async (format) => {
  for (const image of await bothWays(await withEverything(), 'strip', format)) {
    const { exif, icc, xmp, iptc, orientation = 1 } = await sharp(image).metadata();
    expect({ exif, icc, xmp, iptc, orientation }).toEqual({ orientation: 1 });
  }
});

describe('icc', () => {
  test.each(['jpeg', 'png', 'webp', 'avif', 'tiff'] as const)('keeps the profile and the pixels in its space in %s, and nothing else', async (format) => {
    const image = withPngProfile(await open(solid(80, 80, [200, 100, 50])).png().toBuffer(), await profileOf('p3'));
    for (const made of await bothWays(image, 'icc', format)) {
      const { exif, icc, xmp } = await sharp(made).metadata();
      expect(icc?.equals(await profileOf('p3'))).toBe(true);
      expect({ exif, xmp }).toEqual({});
      const { data } = await sharp(made, { ignoreIcc: true }).raw().toBuffer({ resolveWithObject: true });
      expect([...data.subarray(0, 3)]).toEqual([200, 100, 50].map((channel) => expect.closeTo(channel, -1)));
    }
  });

  test('converts to sRGB where the output cannot hold a profile', async () => {
    const image = withPngProfile(await open(solid(80, 80, [200, 100, 50])).png().toBuffer(), await profileOf('p3'));
    expect((await pixelAt(await renditionOf(image, { formats: ['gif'] }, { metadata: 'icc' }), 5, 5))[0]).toBeGreaterThan(206);
  });

  test('converts to sRGB where the profile does not fit the pixels', async () => {
    const image = await cmykJpeg(solid(80, 80, [150, 120, 110]), { profile: true });
    for (const made of [...await bothWays(image, 'icc'), ...await bothWays(image, 'all')]) {
      const { icc, space } = await sharp(made).metadata();
      expect({ icc, space }).toEqual({ space: 'srgb' });
      expect(await pixelAt(made, 5, 5)).toEqual([150, 120, 110].map((channel) => expect.closeTo(channel, -1.3)));
    }
  });
});

describe('copyright', () => {
  test.each(['jpeg', 'png', 'webp', 'avif'] as const)('writes the credits to %s, and nothing else', async (format) => {
    for (const image of await bothWays(await withEverything(), 'copyright', format)) {
      const exif = await exifOf(image);
      expect(exif?.Image).toMatchObject({ Copyright: '2024 Somebody', Artist: 'A. Nyone' });
      expect(exif?.Image).not.toHaveProperty('Make');
      expect(exif?.GPSInfo).toBeUndefined();
      const { icc, xmp } = await sharp(image).metadata();
      expect({ icc, xmp }).toEqual({});
    }
  });

  test('writes nothing when the source has no credits', async () => {
    for (const image of await bothWays(await open(photo(80, 80)).jpeg().toBuffer(), 'copyright')) expect(await exifOf(image)).toBeUndefined();
  });

  test('writes nothing when the EXIF of the source cannot be read', async () => {
    const broken = Buffer.from(await withEverything());
    broken.fill(0xff, broken.indexOf('Exif\0\0') + 6, broken.indexOf('Exif\0\0') + 40);
    for (const image of await bothWays(broken, 'copyright')) expect((await exifOf(image))?.Image?.Copyright).toBeUndefined();
  });
});

describe('all', () => {
  test.each(['jpeg', 'webp', 'png', 'avif'] as const)('keeps EXIF, XMP and profile in %s', async (format) => {
    for (const image of await bothWays(await withEverything(), 'all', format)) {
      const exif = await exifOf(image);
      expect(exif?.Image).toMatchObject({ Copyright: '2024 Somebody', Make: 'Camera' });
      expect(exif?.GPSInfo).toMatchObject({ GPSLatitudeRef: 'N' });
      const { icc, xmp } = await sharp(image).metadata();
      expect(icc).toBeDefined();
      expect(xmp).toBeDefined();
    }
  });

  test.each([3, 6, 8])('applies orientation %i and resets it', async (orientation) => {
    for (const image of await bothWays(await withEverything(orientation), 'all')) {
      const { width, height, orientation: tag } = await sharp(image).metadata();
      expect([width, height]).toEqual([40, 24]);
      expect(tag ?? 1).toBe(1);
    }
  });
});
