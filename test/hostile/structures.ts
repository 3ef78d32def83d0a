/** Files that are nothing but structure: as many of the smallest blocks as fit, or blocks that lead back to themselves. */
import { deflateSync } from 'node:zlib';
import { uint32 } from '../helpers/bytes';
import { ftyp, pngChunk } from '../helpers/headers';

export interface Structure {
  readonly name: string;
  readonly data: Buffer;
}

const BYTES = 8 * 1024 * 1024;

function filled(head: Buffer, unit: Buffer, tail: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([head, Buffer.alloc(Math.floor(BYTES / unit.length) * unit.length, unit), tail]);
}

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const PNG_HEAD = Buffer.concat([latin1('\x89PNG\r\n\x1a\n'), pngChunk('IHDR', Buffer.from([0, 0, 0, 8, 0, 0, 0, 8, 8, 2, 0, 0, 0]))]);
const GIF_HEAD = latin1('GIF89a\x08\0\x08\0\x80\0\0\0\0\0\xff\xff\xff');
const GIF_FRAME = latin1('\x21\xf9\x04\x08\x0a\0\0\0\x2c\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0');
const JPEG_HEAD = latin1('\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0');

function box(type: string, data: Buffer, size = 8 + data.length): Buffer {
  return Buffer.concat([uint32(size), latin1(type), data]);
}

function nested(type: string, depth: number): Buffer {
  const boxes = Buffer.alloc(depth * 8);
  for (let level = 0; level < depth; level += 1) {
    boxes.writeUInt32BE((depth - level) * 8, level * 8);
    boxes.write(type, level * 8 + 4, 'latin1');
  }
  return boxes;
}

/** A TIFF whose first directory has so many entries of a tag, at `offset`. */
function tiff(entries: number, tag: number, count: number, offset: number): Buffer {
  const file = Buffer.alloc(Math.max(BYTES, 14 + entries * 12));
  file.write('II*\0\x08\0\0\0', 'latin1');
  file.writeUInt16LE(entries, 8);
  for (let entry = 0; entry < entries; entry += 1) {
    const at = 10 + entry * 12;
    file.writeUInt16LE(tag, at);
    file.writeUInt16LE(4, at + 2);
    file.writeUInt32LE(count, at + 4);
    file.writeUInt32LE(offset, at + 8);
  }
  file.writeUInt32LE(8, 10 + entries * 12);
  return file;
}

/** An EXIF block whose directory has so many entries that point at itself. */
function exif(entries: number): Buffer {
  return Buffer.concat([latin1('Exif\0\0'), tiff(entries, 0x8769, 1, 8).subarray(0, 14 + entries * 12)]);
}

function jpegSegment(code: number, data: Buffer): Buffer {
  const head = Buffer.from([0xff, code, 0, 0]);
  head.writeUInt16BE(data.length + 2, 2);
  return Buffer.concat([head, data]);
}

export const STRUCTURES: readonly Structure[] = [
  { name: 'a PNG of empty chunks', data: filled(PNG_HEAD, pngChunk('tEXt', Buffer.alloc(0))) },
  { name: 'a PNG of colour chunks', data: filled(PNG_HEAD, pngChunk('gAMA', uint32(45_455))) },
  { name: 'a PNG of pixel chunks without pixels', data: filled(PNG_HEAD, pngChunk('IDAT', Buffer.alloc(0))) },
  { name: 'a PNG of frame controls', data: filled(PNG_HEAD, pngChunk('fcTL', Buffer.alloc(26))) },
  { name: 'a PNG whose chunk claims four gigabytes', data: filled(Buffer.concat([PNG_HEAD, uint32(2 ** 32 - 1), latin1('iCCP')]), Buffer.alloc(64, 0x41)) },
  {
    name: 'a PNG whose EXIF claims values without end',
    data: Buffer.concat([PNG_HEAD, pngChunk('eXIf', tiff(65_000, 0x9286, 2 ** 31, 8).subarray(0, 1e6)), pngChunk('IDAT', deflateSync(Buffer.alloc(200))), pngChunk('IEND', Buffer.alloc(0))]),
  },
  { name: 'a GIF of extensions', data: filled(GIF_HEAD, latin1('\x21\xfe\0')) },
  { name: 'a GIF of blocks of one byte', data: filled(Buffer.concat([GIF_HEAD, latin1('\x21\xfe')]), latin1('\x01A'), latin1('\0;')) },
  { name: 'a GIF of frames of one pixel', data: filled(GIF_HEAD, GIF_FRAME, latin1(';')) },
  { name: 'a JPEG of empty segments', data: filled(JPEG_HEAD, latin1('\xff\xe5\0\x02')) },
  { name: 'a JPEG of restart markers', data: filled(JPEG_HEAD, latin1('\xff\xd0')) },
  { name: 'a JPEG of fill bytes', data: filled(JPEG_HEAD, latin1('\xff')) },
  { name: 'a JPEG of segments without length', data: filled(JPEG_HEAD, latin1('\xff\xe5\0\0')) },
  { name: 'a JPEG of EXIF blocks', data: filled(JPEG_HEAD, jpegSegment(0xe1, exif(5000))) },
  { name: 'a JPEG of XMP', data: filled(JPEG_HEAD, jpegSegment(0xe1, latin1(`http://ns.adobe.com/xap/1.0/\0${'<x tiff:Orientation="6">'.repeat(2000)}`))) },
  { name: 'a JPEG of profile pieces', data: filled(JPEG_HEAD, jpegSegment(0xe2, latin1(`ICC_PROFILE\0\x01\xff${'acsp'.repeat(10_000)}`))) },
  { name: 'a TIFF of 65,535 tags', data: tiff(65_535, 254, 1, 0) },
  { name: 'a TIFF of sub-directories that are the first', data: tiff(1000, 330, 1, 8) },
  { name: 'a TIFF of strips without end', data: tiff(20, 273, 2 ** 32 - 1, 8) },
  { name: 'a TIFF of bits without end', data: tiff(20, 258, 2 ** 31, 8) },
  { name: 'an AVIF of free boxes', data: filled(ftyp('avif', 'avif', 'mif1').subarray(0, 24), box('free', Buffer.alloc(0))) },
  { name: 'an AVIF of boxes without size', data: filled(ftyp('avif', 'avif', 'mif1').subarray(0, 24), latin1('\0\0\0\0meta')) },
  { name: 'an AVIF of boxes of one byte', data: filled(ftyp('avif', 'avif', 'mif1').subarray(0, 24), latin1('\0\0\0\x01colr\0\0\0\0\0\0\0\x01')) },
  { name: 'an AVIF of nested boxes', data: Buffer.concat([ftyp('avif', 'avif', 'mif1').subarray(0, 24), nested('meta', BYTES / 8)]) },
  {
    name: 'an AVIF of properties',
    data: Buffer.concat([
      ftyp('avif', 'avif', 'mif1').subarray(0, 24),
      box('meta', Buffer.concat([Buffer.alloc(4), box('iprp', box('ipco', filled(Buffer.alloc(0), box('colr', latin1('nclx\0\x01\0\x0d\0\x06\x80')))))])),
    ]),
  },
  { name: 'an AVIF sequence of tracks', data: filled(ftyp('avis', 'avis', 'avif').subarray(0, 24), box('moov', box('trak', Buffer.alloc(0)))) },
  { name: 'a WebP of empty chunks', data: filled(latin1('RIFF\xff\xff\x7f\0WEBPVP8X\x0a\0\0\0\0\0\0\0\x07\0\0\x07\0\0'), latin1('EXIF\0\0\0\0')) },
  { name: 'an SVG of units', data: filled(latin1('<svg xmlns="http://www.w3.org/2000/svg" width="'), latin1('1'), latin1('mm" height="10mm"/>')) },
  { name: 'an SVG of attributes', data: filled(latin1('<svg xmlns="http://www.w3.org/2000/svg" '), latin1('a="" '), latin1('width="1in"/>')) },
  { name: 'an SVG of text', data: filled(latin1('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8">'), latin1('<text></text>'), latin1('</svg>')) },
  { name: 'an SVG of comments', data: filled(Buffer.alloc(0), latin1('<!---->'), latin1('<svg xmlns="http://www.w3.org/2000/svg"/>')) },
];
