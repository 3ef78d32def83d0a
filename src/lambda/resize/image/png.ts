import { crc32, inflateSync } from 'node:zlib';

/** Bytes that all compressed texts and profiles of a PNG may unpack to. libpng limits each of them, and no number of them. */
const MAX_UNPACKED_BYTES = 16 * 1024 * 1024;

/**
 * Whether the texts and profiles of a PNG unpack to more than any of them is worth: a megabyte of texts can hold
 * gigabytes of memory, before the first pixel.
 */
export function unpacksTooMuch(data: Buffer): boolean {
  let left = MAX_UNPACKED_BYTES;
  for (let at = 8; at + 12 <= data.length;) {
    const end = at + 8 + data.readUInt32BE(at);
    const packed = compressedPart(data.toString('latin1', at + 4, at + 8), data.subarray(at + 8, end));
    if (packed) left -= unpackedBytes(packed, left);
    if (left < 0) return true;
    at = end + 4;
  }
  return false;
}

/** What is compressed behind the keyword of a chunk: `zTXt` and `iCCP` always, `iTXt` where a flag says so. */
function compressedPart(type: string, body: Buffer): Buffer | undefined {
  const keyword = body.indexOf(0);
  if (keyword < 0) return undefined;
  if (type === 'zTXt' || type === 'iCCP') return body.subarray(keyword + 2);
  if (type !== 'iTXt' || body[keyword + 1] !== 1) return undefined;
  const language = body.indexOf(0, keyword + 3);
  const translated = language < 0 ? -1 : body.indexOf(0, language + 1);
  return translated < 0 ? undefined : body.subarray(translated + 1);
}

/** What a damaged chunk counts, which does not tell how far it unpacked. */
const DAMAGED_BYTES = 1024 * 1024;

/** @returns more than `limit` when it would be */
function unpackedBytes(packed: Buffer, limit: number): number {
  try {
    return inflateSync(packed, { maxOutputLength: Math.max(1, limit) }).length;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? limit + 1 : DAMAGED_BYTES;
  }
}

/** Entries of the palette, whichever of them the pixels use. */
export function paletteSizeOfPng(data: Buffer): number | undefined {
  for (let at = 8; at + 12 <= data.length;) {
    const [length, type] = [data.readUInt32BE(at), data.toString('latin1', at + 4, at + 8)];
    if (type === 'PLTE') return Math.floor(length / 3);
    if (type === 'IDAT') return undefined;
    at += 12 + length;
  }
  return undefined;
}

export function pngChunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const chunk = Buffer.alloc(named.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  named.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(named), 4 + named.length);
  return chunk;
}
