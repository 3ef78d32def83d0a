import { crc32, deflateSync } from 'node:zlib';
import { HeifPixels } from './libheif';
import { PngMetadata } from './protocol';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const COLOUR_TYPES = { 1: 0, 2: 4, 3: 2, 4: 6 } as const;
/** Most that a block of deflate holds as it is. */
const BLOCK_BYTES = 65_535;
/** As many bytes as can be summed up before Adler-32's sums exceed 32 bits. */
const ADLER_BYTES = 5552;
const ADLER_PRIME = 65_521;

/**
 * A PNG whose pixels are not compressed: the form in which libvips takes pixels with their profile and metadata, at the cost
 * of a copy.
 */
export function pngFile(pixels: HeifPixels, { icc, grey, exif, xmp }: PngMetadata): Uint8Array<ArrayBuffer> {
  const { width, height } = pixels;
  const alpha = pixels.channels === 4;
  const channels = grey ? (alpha ? 2 : 1) : (alpha ? 4 : 3);
  const bytes = (1 + width * channels) * height;
  const blocks = Math.ceil(bytes / BLOCK_BYTES);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, COLOUR_TYPES[channels]], 8);
  const before = [
    chunk('IHDR', header),
    ...(icc ? [chunk('iCCP', Buffer.from('icc\0\0', 'latin1'), deflateSync(icc))] : []),
    ...(exif ? [chunk('eXIf', exif)] : []),
    ...(xmp ? [chunk('iTXt', Buffer.from('XML:com.adobe.xmp\0\0\0\0\0', 'latin1'), xmp)] : []),
  ];
  const length = 2 + 5 * blocks + bytes + 4;
  const head = Buffer.concat([SIGNATURE, ...before]);
  const tail = chunk('IEND');
  const file = Buffer.from(new ArrayBuffer(head.length + 12 + length + tail.length));
  head.copy(file);
  file.writeUInt32BE(length, head.length);
  file.write('IDAT', head.length + 4, 'latin1');
  const end = writeStored(file, head.length + 8, bytes, rowsOf(pixels, channels));
  file.writeUInt32BE(crc32(file.subarray(head.length + 4, end)), end);
  tail.copy(file, end + 4);
  return file;
}

/** Rows with their filter, which is none. The buffer is the same for each. */
function* rowsOf({ data, width, height, stride, channels: from, premultiplied }: HeifPixels, channels: number): Iterable<Buffer> {
  const row = Buffer.alloc(1 + width * channels);
  for (let y = 0; y < height; y += 1) {
    const pixels = data.subarray(y * stride, y * stride + width * from);
    if (premultiplied) unmultiply(pixels);
    if (channels === from) {
      row.set(pixels, 1);
    } else {
      for (let x = 0; x < width; x += 1) {
        row[1 + x * channels] = pixels[x * from];
        if (channels === 2) row[2 + x * channels] = pixels[x * from + 3];
      }
    }
    yield row;
  }
}

/** Colours as they are without their transparency. */
function unmultiply(pixels: Uint8Array): void {
  for (let at = 0; at < pixels.length; at += 4) {
    const alpha = pixels[at + 3];
    if (alpha === 0 || alpha === 255) continue;
    for (let channel = at; channel < at + 3; channel += 1) pixels[channel] = Math.min(255, Math.round(pixels[channel] * 255 / alpha));
  }
}

/** A zlib stream of blocks that are stored as they are. @returns where it ends */
function writeStored(file: Buffer, start: number, total: number, parts: Iterable<Buffer>): number {
  file.set([0x78, 0x01], start);
  let [at, left, room] = [start + 2, total, 0];
  let [a, b] = [1, 0];
  for (const part of parts) {
    for (let from = 0; from < part.length;) {
      if (room === 0) {
        room = Math.min(BLOCK_BYTES, left);
        left -= room;
        file[at] = left === 0 ? 1 : 0;
        file.writeUInt16LE(room, at + 1);
        file.writeUInt16LE(0xffff - room, at + 3);
        at += 5;
      }
      const length = Math.min(room, part.length - from, ADLER_BYTES);
      part.copy(file, at, from, from + length);
      for (let index = from; index < from + length; index += 1) {
        a += part[index];
        b += a;
      }
      [a, b] = [a % ADLER_PRIME, b % ADLER_PRIME];
      [at, room, from] = [at + length, room - length, from + length];
    }
  }
  file.writeUInt32BE(b * 65_536 + a, at);
  return at + 4;
}

function chunk(type: string, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), ...parts]);
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}
