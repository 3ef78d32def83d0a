import { uint32 } from './bytes';
import { pngChunk } from './png';
import { EncodedFormat } from '../../../contract';

/**
 * The same image in other bytes: with a mark where its format has a place for what decoders pass over.
 *
 * S3's ETag follows from the bytes. Where two writers may meet under a key, what the later one stores must not look like
 * what was there before, or the earlier one's conditional write would still find what it expects.
 */
export function distinguish(encoded: Buffer, format: EncodedFormat, mark: Buffer): Buffer {
  return MARKED[format](encoded, mark);
}

const MARKED: Record<EncodedFormat, (encoded: Buffer, mark: Buffer) => Buffer> = {
  // A comment, after the application segments, which readers expect first.
  jpeg: (encoded, mark) => insert(encoded, afterApplicationSegments(encoded), Buffer.from([0xff, 0xfe]), uint16(mark.length + 2), mark),
  // An ancillary, private chunk before the last one, IEND.
  png: (encoded, mark) => insert(encoded, encoded.length - 12, pngChunk('vrSn', mark)),
  // A chunk of an unknown name, within the length that the header states.
  webp(encoded, mark) {
    const marked = Buffer.concat([encoded, Buffer.from('VRSN'), uint32LE(mark.length), mark, Buffer.alloc(mark.length % 2)]);
    marked.writeUInt32LE(marked.length - 8, 4);
    return marked;
  },
  avif: (encoded, mark) => Buffer.concat([encoded, uint32(mark.length + 8), Buffer.from('free'), mark]),
  // A comment before the trailer.
  gif: (encoded, mark) => insert(encoded, encoded.length - 1, Buffer.from([0x21, 0xfe, mark.length]), mark, Buffer.from([0])),
  // Every part is found by its offset: what none points to is passed over.
  tiff: (encoded, mark) => Buffer.concat([encoded, mark]),
};

function afterApplicationSegments(jpeg: Buffer): number {
  let at = 2;
  while (jpeg[at] === 0xff && jpeg[at + 1] >= 0xe0 && jpeg[at + 1] <= 0xef) at += 2 + jpeg.readUInt16BE(at + 2);
  return at;
}

function insert(buffer: Buffer, at: number, ...parts: Buffer[]): Buffer {
  return Buffer.concat([buffer.subarray(0, at), ...parts, buffer.subarray(at)]);
}

function uint16(value: number): Buffer {
  const buffer = Buffer.alloc(2);
  buffer.writeUInt16BE(value);
  return buffer;
}

function uint32LE(value: number): Buffer {
  return uint32(value).reverse();
}
