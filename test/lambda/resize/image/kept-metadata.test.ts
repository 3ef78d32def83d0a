import sharp from 'sharp';
import { open, photo } from '../../../helpers/images';
import { renditionOf } from '../../../helpers/renditions';

const XMP = (orientation: string) => '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
  + `<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" ${orientation}</rdf:RDF></x:xmpmeta>`;
const keepAll = { metadata: 'all' as const };

/** EXIF whose second directory is a thumbnail, as cameras write it. */
async function withThumbnail(order: 'II' | 'MM'): Promise<{ image: Buffer; thumbnail: Buffer }> {
  const thumbnail = await open(photo(16, 12)).jpeg().toBuffer();
  const u16 = (value: number) => { const b = Buffer.alloc(2); if (order === 'II') b.writeUInt16LE(value); else b.writeUInt16BE(value); return b; };
  const u32 = (value: number) => { const b = Buffer.alloc(4); if (order === 'II') b.writeUInt32LE(value); else b.writeUInt32BE(value); return b; };
  const entry = (tag: number, type: number, value: Buffer) => Buffer.concat([u16(tag), u16(type), u32(1), value, Buffer.alloc(4 - value.length)]);
  const first = Buffer.concat([u16(1), entry(0x0112, 3, u16(1)), u32(8 + 2 + 12 + 4)]);
  const compression = entry(0x0103, 3, u16(6));
  const second = Buffer.concat([u16(3), compression, entry(0x0201, 4, u32(26 + 2 + 36 + 4)), entry(0x0202, 4, u32(thumbnail.length)), u32(0)]);
  const payload = Buffer.concat([Buffer.from('Exif\0\0'), Buffer.from(order), u16(42), u32(8), first, second, thumbnail]);
  const segment = Buffer.from([0xff, 0xe1, 0, 0]);
  segment.writeUInt16BE(payload.length + 2, 2);
  const jpeg = await open(photo(200, 150)).jpeg().toBuffer();
  return { image: Buffer.concat([jpeg.subarray(0, 2), segment, payload, jpeg.subarray(2)]), thumbnail };
}

describe('a rendition that keeps all metadata', () => {
  test.each(['II', 'MM'] as const)('has no thumbnail of what was cropped away (%s)', async (order) => {
    const { image, thumbnail } = await withThumbnail(order);
    expect((await sharp(image).metadata()).exif!.includes(thumbnail.subarray(-200))).toBe(true);
    const made = await renditionOf(image, { width: 50, height: 50, fit: 'cover' }, keepAll);
    expect((await sharp(made).metadata()).exif).toBeDefined();
    expect(made.includes(thumbnail.subarray(-200))).toBe(false);
  });

  test.each([
    ['an attribute', (value: number) => `tiff:Orientation="${value}"/>`],
    ['an element', (value: number) => `><tiff:Orientation>${value}</tiff:Orientation></rdf:Description>`],
  ])('says in XMP that it is upright, in %s', async (_, form) => {
    for (const format of ['jpeg', 'webp'] as const) {
      const image = await open(photo(60, 40)).withXmp(XMP(form(6))).withExif({ IFD0: { Orientation: '6' } }).toFormat(format).toBuffer();
      expect((await sharp(image).metadata()).xmp!.toString()).toContain(form(6));
      const made = await renditionOf(image, { scale: 1, formats: [format] }, keepAll);
      const xmp = (await sharp(made).metadata()).xmp!.toString();
      expect(xmp).toContain(form(1));
      expect(xmp).not.toContain(form(6));
    }
  });

  test('keeps the credits of XMP', async () => {
    const image = await open(photo(60, 40)).withXmp(XMP('tiff:Orientation="8" tiff:Copyright="2024 Somebody"/>')).jpeg().toBuffer();
    expect((await sharp(await renditionOf(image, {}, keepAll)).metadata()).xmp!.toString()).toContain('2024 Somebody');
  });
});
