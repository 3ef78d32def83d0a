import sharp from 'sharp';
import { open, photo } from '../../../helpers/images';
import { renditionOf, renditionsOf } from '../../../helpers/renditions';

const pixels = async (image: Buffer) => sharp(image).removeAlpha().raw().toBuffer();

/** With EXIF that holds another JPEG, whose markers are no part of the image. */
async function withThumbnail(jpeg: Buffer): Promise<Buffer> {
  const payload = Buffer.concat([Buffer.from('Exif\0\0'), await open(photo(20, 15)).jpeg().toBuffer()]);
  const segment = Buffer.from([0xff, 0xe1, 0, 0]);
  segment.writeUInt16BE(payload.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), segment, payload, jpeg.subarray(2)]);
}

const kinds = {
  'baseline': (image: sharp.Sharp) => image.jpeg(),
  'baseline without subsampling': (image: sharp.Sharp) => image.jpeg({ chromaSubsampling: '4:4:4' }),
  'grey': (image: sharp.Sharp) => image.toColourspace('b-w').jpeg(),
  'progressive': (image: sharp.Sharp) => image.jpeg({ progressive: true }),
};

describe.each(Object.keys(kinds) as (keyof typeof kinds)[])('a JPEG, %s,', (kind) => {
  describe.each([['', false], [' with a thumbnail', true]])('of any height%s', (_, embeds) => {
    test.each([8, 9, 150, 160])('%i without its end marker is whole; fails as CORRUPT_IMAGE when more is missing', async (height) => {
      const encoded = await kinds[kind](open(photo(200, height))).toBuffer();
      const image = embeds ? await withThumbnail(encoded) : encoded;
      const profiles = [{ name: 'a', width: 100, formats: ['png' as const] }, { name: 'b', width: 50, formats: ['png' as const] }];
      const expected = await renditionsOf(image, profiles);
      const made = await renditionsOf(image.subarray(0, -2), profiles);
      for (const name of Object.keys(expected)) expect(await pixels(made[name])).toEqual(await pixels(expected[name]));

      for (const missing of [6, 12, 40, Math.floor(encoded.length / 4)]) {
        for (const width of [25, 100, 200]) {
          await expect(renditionOf(image.subarray(0, -missing), { width })).rejects.toMatchObject({ code: 'CORRUPT_IMAGE' });
        }
      }
    });
  });
});

test('fails as CORRUPT_IMAGE when a progressive JPEG ends between two scans', async () => {
  const image = await open(photo(200, 150)).jpeg({ progressive: true }).toBuffer();
  const lastScan = image.lastIndexOf(Buffer.from([0xff, 0xda]));
  const table = image.lastIndexOf(Buffer.from([0xff, 0xc4]));
  await expect(renditionOf(image.subarray(0, table), {})).rejects.toMatchObject({ code: 'CORRUPT_IMAGE' });
  await expect(renditionOf(image.subarray(0, lastScan), {})).rejects.toMatchObject({ code: 'CORRUPT_IMAGE' });
});
