import { withoutPrefix } from './exif';
import { pngChunk } from './png';

interface Metadata {
  readonly exif?: Buffer;
  readonly xmp?: Buffer;
}

/**
 * The original without what would be false in a rendition that keeps all of its metadata: the thumbnail in its EXIF shows
 * what may be cropped away, and the orientation in its XMP would turn it once more.
 *
 * @returns undefined where there is neither
 */
export function withTrueMetadata(data: Buffer, format: string, { exif, xmp }: Metadata): Buffer | undefined {
  const mended = { exif: exif && withoutThumbnail(exif), xmp: xmp && uprightXmp(xmp) };
  if (!mended.exif && !mended.xmp) return undefined;
  if (format === 'png') return withPngMetadata(data, mended);
  const copy = Buffer.from(data);
  for (const [before, after] of [[exif, mended.exif], [xmp, mended.xmp]]) {
    const at = before ? data.indexOf(withoutPrefix(before)) : -1;
    if (at !== -1 && after) withoutPrefix(after).copy(copy, at);
  }
  return copy;
}

const [THUMBNAIL_OFFSET, THUMBNAIL_LENGTH] = [0x0201, 0x0202];
const MAX_ENTRIES = 1000;

/** As long as before: behind the entries of the first directory is where the second begins, which holds the thumbnail. */
export function withoutThumbnail(exif: Buffer): Buffer | undefined {
  const copy = Buffer.from(exif);
  const tiff = withoutPrefix(copy);
  const order = tiff.toString('latin1', 0, 2);
  if (!['II', 'MM'].includes(order)) return undefined;
  const number = (at: number, bytes: number) => {
    if (at + bytes > tiff.length) return 0;
    return order === 'II' ? tiff.readUIntLE(at, bytes) : tiff.readUIntBE(at, bytes);
  };
  const directory = number(4, 4);
  const next = directory + 2 + 12 * number(directory, 2);
  const second = number(next, 4);
  if (second === 0) return undefined;

  const tags = new Map<number, number>();
  const last = second + 2 + 12 * Math.min(number(second, 2), MAX_ENTRIES);
  for (let entry = second + 2; entry < last; entry += 12) tags.set(number(entry, 2), number(entry + 8, 4));
  const start = tags.get(THUMBNAIL_OFFSET) ?? 0;
  tiff.fill(0, Math.min(start, tiff.length), Math.min(start + (tags.get(THUMBNAIL_LENGTH) ?? 0), tiff.length));
  tiff.fill(0, next, next + 4);
  return copy;
}

/** As long as before. */
export function uprightXmp(xmp: Buffer): Buffer | undefined {
  const turns = [...xmp.toString('latin1').matchAll(/tiff:Orientation(?:\s{0,9}=\s{0,9}["']|>)\s{0,9}(?=[2-8])/g)];
  if (turns.length === 0) return undefined;
  const copy = Buffer.from(xmp);
  for (const { 0: { length }, index } of turns) copy.write('1', index + length, 'latin1');
  return copy;
}

const XMP_KEYWORD = 'XML:com.adobe.xmp\0';

/** Chunks have checksums, and XMP may be compressed. */
function withPngMetadata(data: Buffer, { exif, xmp }: Metadata): Buffer {
  const parts = [data.subarray(0, 8)];
  for (let at = 8; at + 12 <= data.length;) {
    const [end, type] = [at + 12 + data.readUInt32BE(at), data.toString('latin1', at + 4, at + 8)];
    const isXmp = ['iTXt', 'zTXt', 'tEXt'].includes(type) && data.toString('latin1', at + 8, at + 8 + XMP_KEYWORD.length) === XMP_KEYWORD;
    if (type === 'eXIf' && exif) parts.push(pngChunk('eXIf', withoutPrefix(exif)));
    else if (isXmp && xmp) parts.push(pngChunk('iTXt', Buffer.concat([Buffer.from(`${XMP_KEYWORD}\0\0\0\0`, 'latin1'), xmp])));
    else parts.push(data.subarray(at, end));
    at = end;
  }
  return Buffer.concat(parts);
}
