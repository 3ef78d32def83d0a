import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { pngChunk, withPngChunks } from '../../../helpers/headers';
import { open, photo } from '../../../helpers/images';
import { renditionOf } from '../../../helpers/renditions';

const XMP = (orientation: string) => '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
  + `<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" ${orientation}</rdf:RDF></x:xmpmeta>`;
const keepAll = { metadata: 'all' as const };
const FORMATS = ['jpeg', 'png', 'webp', 'avif'] as const;

type Order = 'II' | 'MM';

/** EXIF whose second directory is a thumbnail, as cameras write it. */
function exifWith(order: Order, thumbnail: Buffer): Buffer {
  const { u16, u32, entry } = writers(order);
  const first = Buffer.concat([u16(1), entry(0x0112, 3, u16(1)), u32(8 + 2 + 12 + 4)]);
  const place = [entry(0x0201, 4, u32(26 + 2 + 36 + 4)), entry(0x0202, 4, u32(thumbnail.length))];
  const second = Buffer.concat([u16(3), entry(0x0103, 3, u16(6)), ...place, u32(0)]);
  return Buffer.concat([Buffer.from(order), u16(42), u32(8), first, second, thumbnail]);
}

function writers(order: Order) {
  const u16 = (value: number) => { const b = Buffer.alloc(2); if (order === 'II') b.writeUInt16LE(value); else b.writeUInt16BE(value); return b; };
  const u32 = (value: number) => { const b = Buffer.alloc(4); if (order === 'II') b.writeUInt32LE(value); else b.writeUInt32BE(value); return b; };
  const entry = (tag: number, type: number, value: Buffer, count = 1) => (
    Buffer.concat([u16(tag), u16(type), u32(count), value, Buffer.alloc(4 - value.length)])
  );
  return { u16, u32, entry };
}

async function jpegWith(exif: Buffer): Promise<Buffer> {
  const payload = Buffer.concat([Buffer.from('Exif\0\0'), exif]);
  const segment = Buffer.from([0xff, 0xe1, 0, 0]);
  segment.writeUInt16BE(payload.length + 2, 2);
  const jpeg = await open(photo(64, 48)).jpeg().toBuffer();
  return Buffer.concat([jpeg.subarray(0, 2), segment, payload, jpeg.subarray(2)]);
}

async function originalWith(format: (typeof FORMATS)[number], exif: Buffer): Promise<Buffer> {
  const jpeg = await jpegWith(exif);
  if (format === 'jpeg') return jpeg;
  // libvips writes EXIF with its thumbnail.
  if (format !== 'png') return sharp(jpeg).keepExif().toFormat(format).toBuffer();
  return withPngChunks(await open(photo(64, 48)).png().toBuffer(), pngChunk('eXIf', exif));
}

describe('a rendition that keeps all metadata', () => {
  const ORIGINALS = FORMATS.flatMap((format) => (['II', 'MM'] as const).map((order) => [format, order] as const));

  test.each(ORIGINALS)('of a %s has no thumbnail of what was cropped away (%s)', async (format, order) => {
    const thumbnail = await open(photo(16, 12)).jpeg().toBuffer();
    const image = await originalWith(format, exifWith(order, thumbnail));
    expect(image.includes(thumbnail.subarray(-200))).toBe(true);
    for (const rendition of FORMATS) {
      const made = await renditionOf(image, { width: 24, height: 24, fit: 'cover', formats: [rendition] }, keepAll);
      expect((await sharp(made).metadata()).exif).toBeDefined();
      expect(made.includes(thumbnail.subarray(-200))).toBe(false);
    }
  });

  const FORMS: [string, (value: number) => string][] = [
    ['an attribute', (value) => `tiff:Orientation="${value}"/>`],
    ['an element', (value) => `><tiff:Orientation>${value}</tiff:Orientation></rdf:Description>`],
  ];

  test.each(FORMS)('says in XMP that it is upright, in %s', async (_, form) => {
    for (const format of [...FORMATS, 'tiff'] as const) {
      const image = await open(photo(60, 40)).withXmp(XMP(form(6))).withExif({ IFD0: { Orientation: '6' } }).toFormat(format).toBuffer();
      expect((await sharp(image).metadata()).xmp!.toString()).toContain(form(6));
      const made = await renditionOf(image, { scale: 1, formats: [format] }, keepAll);
      const xmp = (await sharp(made).metadata()).xmp!.toString();
      expect(xmp).toContain(form(1));
      expect(xmp).not.toContain(form(6));
    }
  });

  test('says so also where a PNG had compressed it', async () => {
    const text = Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\x01\0\0\0', 'latin1'), deflateSync(XMP('tiff:Orientation="6"/>'))]);
    const image = withPngChunks(await open(photo(60, 40)).png().toBuffer(), pngChunk('iTXt', text));
    const { xmp } = await sharp(await renditionOf(image, { formats: ['png'] }, keepAll)).metadata();
    expect(xmp!.toString()).toContain('tiff:Orientation="1"');
  });

  test('keeps the credits of XMP', async () => {
    const image = await open(photo(60, 40)).withXmp(XMP('tiff:Orientation="8" tiff:Copyright="2024 Somebody"/>')).jpeg().toBuffer();
    expect((await sharp(await renditionOf(image, {}, keepAll)).metadata()).xmp!.toString()).toContain('2024 Somebody');
  });

  test.each(FORMATS)('of EXIF that is longer than a %s can hold has its credits', async (format) => {
    const { u16, u32, entry } = writers('II');
    const credit = Buffer.from('2024 Somebody\0');
    // The first directory stands behind a block that fills what is looked at.
    const start = 70_000;
    const directory = Buffer.concat([u16(1), entry(0x8298, 2, u32(start + 18), credit.length), u32(0), credit]);
    const exif = Buffer.concat([Buffer.from('II'), u16(42), u32(start), Buffer.alloc(start - 8, 0x55), directory]);
    const image = withPngChunks(await open(photo(60, 40)).png().toBuffer(), pngChunk('eXIf', exif));
    const made = await renditionOf(image, { formats: [format] }, keepAll);
    expect(made.includes('2024 Somebody')).toBe(true);
    expect(made.length).toBeLessThan(20_000);
  });

  test('ends, one way or another, wherever its EXIF is damaged', async () => {
    const exif = exifWith('II', await open(photo(16, 12)).jpeg().toBuffer());
    for (let at = 0; at < 70; at += 2) {
      const damaged = Buffer.from(exif);
      damaged[at] = 255 - damaged[at];
      const made = await renditionOf(await jpegWith(damaged), { width: 20 }, keepAll);
      expect((await sharp(made).metadata()).width).toBe(20);
    }
  });
});
