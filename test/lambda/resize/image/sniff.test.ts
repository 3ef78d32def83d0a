import { sniff } from '../../../../src/lambda/resize/image/sniff';
import { ftyp, tiffHeader } from '../../../helpers/headers';
import { animation, open, photo, solid, trafficLight } from '../../../helpers/images';

const latin1 = (text: string) => Buffer.from(text, 'latin1');

describe('formats that are read', () => {
  test.each(['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff'] as const)('%s is recognised by its bytes', async (format) => {
    expect(sniff(await open(photo(16, 16)).toFormat(format).toBuffer())).toEqual({ format });
  });

  test('animations are recognised', async () => {
    expect(sniff(await animation('gif', trafficLight(8, 8)))).toEqual({ format: 'gif' });
    expect(sniff(await animation('webp', trafficLight(8, 8)))).toEqual({ format: 'webp' });
  });

  test.each([
    ['big endian TIFF', latin1('MM\0*\0\0\0\x08\0\0'), 'tiff'],
    ['BigTIFF', latin1('II+\0\x08\0\0\0'), 'tiff'],
    ['an AVIF sequence', ftyp('avis', 'msf1', 'miaf'), 'avif'],
    ['AVIF under a general brand', ftyp('mif1', 'avif', 'miaf'), 'avif'],
    ['GIF87a', latin1('GIF87a\x01\0\x01\0'), 'gif'],
  ])('%s is recognised', (_, data, format) => {
    expect(sniff(data)).toEqual({ format });
  });
});

describe('formats that are known and not read', () => {
  test.each([
    ['JPEG XL', latin1('\xff\x0a\xfa\x1f')],
    ['JPEG XL', latin1('\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14')],
    ['JPEG 2000', latin1('\0\0\0\x0cjP  \r\n\x87\n')],
    ['JPEG 2000', latin1('\xff\x4f\xff\x51\0\0')],
    ['Photoshop', latin1('8BPS\0\x01')],
    ['PDF', latin1('%PDF-1.7\n')],
    ['BMP', latin1('BM\x36\0\0\0')],
    ['icon (ICO)', latin1('\0\0\x01\0\x01\0')],
    ['cursor (CUR)', Buffer.from([0, 0, 2, 0, 1, 0, 32, 32, 0, 0, 1, 0, 1, 0, 48, 1, 0, 0, 22, 0])],
    ['Targa (TGA)', Buffer.from([0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 0, 48, 0, 24, 0])],
    ['Targa (TGA)', Buffer.from([0, 1, 9, 0, 0, 0, 1, 24, 0, 0, 0, 0, 64, 0, 48, 0, 8, 32])],
    ['camera raw (CR2)', latin1('II*\0\x10\0\0\0CR\x02\0')],
    ['camera raw (CR3)', ftyp('crx ', 'crx ', 'isom')],
    ['camera raw (DNG)', tiffHeader({ 254: 1, 50706: 0x00000401 })],
    ['camera raw', tiffHeader({ 254: 1, 271: 0, 330: 512 })],
    ['camera raw (RAF)', latin1('FUJIFILMCCD-RAW 0201')],
    ['MP4 or QuickTime video', ftyp('isom', 'mp42')],
    ['RIFF AVI', latin1('RIFF\0\0\0\0AVI LIST')],
    ['ZIP', latin1('PK\x03\x04')],
  ])('%s is named', (unsupported, data) => {
    expect(sniff(data)).toEqual({ unsupported });
  });

  test('a plain TIFF with a thumbnail flag alone is no camera raw', () => {
    expect(sniff(tiffHeader({ 254: 1 }))).toEqual({ format: 'tiff' });
  });
});

describe('SVG', () => {
  test.each([
    ['bare', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['after a byte order mark', '\uFEFF<svg/>'],
    ['after white space', ' \n\t<svg>'],
    ['after a declaration', '<?xml version="1.0"?>\n<svg>'],
    ['after comments', '<!-- <html> --><!-- > --><svg>'],
    ['after a doctype', '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "svg11.dtd">\n<svg>'],
    ['after a doctype with entities', '<!DOCTYPE svg [<!ENTITY a "b"> <!ENTITY c "d">]>\n<svg>'],
    ['with a namespace prefix', '<s:svg xmlns:s="http://www.w3.org/2000/svg">'],
  ])('is recognised %s', (_, text) => {
    expect(sniff(Buffer.from(text))).toEqual({ format: 'svg' });
  });

  test.each([
    ['HTML that holds an svg', '<html><body><svg></svg></body></html>'],
    ['an svg within a comment', '<!-- <svg> --><p>'],
    ['a name that begins like svg', '<svgx>'],
    ['text that mentions it', 'see <svg>'],
    ['an open comment', '<!-- <svg>'],
    ['an open doctype', '<!DOCTYPE svg [ <svg>'],
  ])('is not %s', (_, text) => {
    expect(sniff(Buffer.from(text))).toBeUndefined();
  });

  test('is told apart in linear time', () => {
    const started = Date.now();
    for (const piece of [' ', '<?a?>', '<!---->', '<!DOCTYPE a>', '<!DOCTYPE [', '<!--']) expect(sniff(Buffer.from(piece.repeat(60_000)))).toBeUndefined();
    expect(Date.now() - started).toBeLessThan(1000);
  });
});

test('nothing is recognised in text, zeros and short content', () => {
  for (const data of ['', 'a', 'hello', '{"a":1}', '\0'.repeat(64), '\xff\xd8', 'II*', '\0\0\0\x08ftyp']) {
    expect(sniff(latin1(data)) ?? 'nothing').not.toHaveProperty('format');
  }
});

test('an image is recognised whatever follows it', async () => {
  const image = await open(solid(4, 4, [1, 2, 3])).png().toBuffer();
  expect(sniff(Buffer.concat([image, Buffer.from('<svg/>')]))).toEqual({ format: 'png' });
});
