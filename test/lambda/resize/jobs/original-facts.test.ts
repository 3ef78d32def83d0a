import sharp from 'sharp';
import { exifBlock, PHONE, withExif } from '../../../helpers/exif';
import { LocalHandler } from '../../../helpers/handler';
import { pngChunk, withPngChunks } from '../../../helpers/headers';
import { coded, exifItem, heif, picture } from '../../../helpers/heif';
import { alphaRamp, open, photo } from '../../../helpers/images';
import { LocalImageApi } from '../../upload-api/local-image-api';

const FACTS = { takenAt: '2026-05-01T14:03:22+02:00', cameraMake: 'Maker', cameraModel: 'Phone 3', hasPosition: true };

let handler: LocalHandler;

beforeAll(async () => { handler = await LocalHandler.start(); });
afterAll(() => handler.stop());

async function factsOf(key: string, image: Buffer) {
  await handler.deliver(await handler.upload(key, image));
  return (await handler.recordOf(key))!.original!;
}

const jpeg = async () => withExif(await open(photo(64, 48)).jpeg().toBuffer(), PHONE);

const FORMATS: [string, () => Promise<Buffer>][] = [
  ['jpeg', jpeg],
  ['webp', async () => sharp(await jpeg()).keepExif().webp().toBuffer()],
  ['avif', async () => sharp(await jpeg()).keepExif().avif({ effort: 0 }).toBuffer()],
  ['png', async () => withPngChunks(await open(photo(64, 48)).png().toBuffer(), pngChunk('eXIf', exifBlock(PHONE)))],
  ['tiff', async () => tiffWithExif(await open(photo(64, 48)).tiff({ compression: 'none' }).toBuffer())],
  ['heic', async () => heif({ items: [picture(coded('quadrants')), exifItem(exifBlock(PHONE))], references: [{ type: 'cdsc', from: 2, to: [1] }] })],
];

/** The directory of EXIF, and what it names, as that of a TIFF: with the tags of the TIFF before them. */
function tiffWithExif(tiff: Buffer): Buffer {
  const exif = exifBlock(PHONE);
  const [own, others] = [tiff.readUInt32LE(4), 8];
  const entry = (data: Buffer, at: number) => Buffer.from(data.subarray(at, at + 12));
  const entriesOf = (data: Buffer, at: number) => Array.from({ length: data.readUInt16LE(at) }, (_, nth) => entry(data, at + 2 + 12 * nth));
  const added = entriesOf(exif, others);
  // What was at an offset of the block lies behind the TIFF now.
  const relocate = (one: Buffer) => {
    const isPlace = one.readUInt16LE(2) === 4 || one.readUInt16LE(2) === 5 || one.readUInt32LE(4) > 4;
    if (isPlace) one.writeUInt32LE(one.readUInt32LE(8) + tiff.length, 8);
    return one;
  };
  const block = Buffer.from(exif);
  for (const pointer of added.filter((one) => one.readUInt16LE(2) === 4)) {
    const at = pointer.readUInt32LE(8);
    entriesOf(exif, at).map(relocate).forEach((one, nth) => one.copy(block, at + 2 + 12 * nth));
  }
  const entries = [...entriesOf(tiff, own), ...added.map(relocate)].sort((one, other) => one.readUInt16LE(0) - other.readUInt16LE(0));
  const count = Buffer.alloc(2);
  count.writeUInt16LE(entries.length);
  const file = Buffer.concat([tiff, block, count, ...entries, Buffer.alloc(4)]);
  file.writeUInt32LE(tiff.length + block.length, 4);
  return file;
}

describe('where the owner asks for it', () => {
  beforeEach(() => handler.reset({ catalog: { exif: true }, processing: { acceptHeic: true } }));

  test.each(FORMATS)('a record has what the EXIF of a %s says of the photograph', async (format, make) => {
    expect(await factsOf(`photo.${format}`, await make())).toMatchObject({ format, exif: FACTS });
  });

  test('the position is in no part of the record', async () => {
    const position = { ...PHONE, position: PHONE.position!.map(([tag, type]) => [tag, type, Buffer.from('zzzzzzzzzzzzzzzzzzzzzzzz')] as const) };
    await factsOf('photo.jpg', withExif(await open(photo(64, 48)).jpeg().toBuffer(), position));
    expect(JSON.stringify(await handler.recordOf('photo.jpg'))).not.toMatch(/zz|2054847098/);
  });

  test('an image without EXIF has none', async () => {
    expect(await factsOf('photo.jpg', await open(photo(64, 48)).jpeg().toBuffer())).not.toHaveProperty('exif');
  });

  test('one image of the upload API has them, and no list', async () => {
    const original = await factsOf('photo.jpg', await jpeg());
    const api = new LocalImageApi(handler);
    const { bytes, thumbHash, dominantColour } = original;
    const brief = { width: 64, height: 48, format: 'jpeg', bytes, thumbHash, dominantColour };
    expect((await api.get(handler.idOf('photo.jpg'))).body.original).toEqual({ ...brief, hasAlpha: false, exif: FACTS });
    expect((await api.list()).body.images[0].original).toEqual(brief);
  });
});

describe('where nobody asks for it', () => {
  beforeEach(() => handler.reset());

  test('a record has nothing of the EXIF', async () => {
    await factsOf('photo.jpg', await jpeg());
    expect(JSON.stringify(await handler.recordOf('photo.jpg'))).not.toMatch(/Maker|Phone 3|2026-05-01|hasPosition/);
  });

  test('a record says whether there is alpha, and how large a palette is', async () => {
    expect(await factsOf('a.png', await open(alphaRamp(32, 16)).png().toBuffer())).toMatchObject({ hasAlpha: true });
    expect(await factsOf('b.png', await open(photo(32, 16)).png().toBuffer())).toMatchObject({ hasAlpha: false });
    expect(await factsOf('c.png', await open(photo(32, 16)).png({ palette: true, colours: 16, dither: 0 }).toBuffer())).toMatchObject({ paletteSize: 16 });
    expect(await factsOf('d.gif', await open(photo(32, 16)).gif({ colours: 16 }).toBuffer())).toMatchObject({ paletteSize: 16 });
    expect(await factsOf('e.jpg', await open(photo(32, 16)).jpeg().toBuffer())).not.toHaveProperty('paletteSize');
  });
});
