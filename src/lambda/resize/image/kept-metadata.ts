/**
 * The original with those bytes of its metadata overwritten that would be false in a rendition which keeps all of it: the
 * thumbnail in its EXIF shows what may be cropped away, and the orientation in its XMP would turn it once more.
 * Lengths stay as they are.
 *
 * @returns undefined when there are none
 */
export function withTrueMetadata(data: Buffer, exif: Buffer | undefined, xmp: Buffer | undefined): Buffer | undefined {
  const edits = [...(exif ? thumbnailEdits(data, exif) : []), ...(xmp ? orientationEdits(data, xmp) : [])];
  if (edits.length === 0) return undefined;
  const edited = Buffer.from(data);
  for (const { at, bytes } of edits) bytes.copy(edited, at);
  return edited;
}

interface Edit {
  readonly at: number;
  readonly bytes: Buffer;
}

/** Behind the entries of the first directory is where the second begins, which holds the thumbnail. */
function thumbnailEdits(data: Buffer, exif: Buffer): Edit[] {
  const start = data.indexOf(exif);
  const tiff = exif.toString('latin1', 0, 4) === 'Exif' ? 6 : 0;
  const order = exif.toString('latin1', tiff, tiff + 2);
  if (start === -1 || exif.length < tiff + 8 || !['II', 'MM'].includes(order)) return [];
  const directory = tiff + (order === 'II' ? exif.readUInt32LE(tiff + 4) : exif.readUInt32BE(tiff + 4));
  if (directory + 2 > exif.length) return [];
  const next = directory + 2 + 12 * (order === 'II' ? exif.readUInt16LE(directory) : exif.readUInt16BE(directory));
  const isThere = next + 4 <= exif.length && exif.readUInt32LE(next) !== 0;
  return isThere ? [{ at: start + next, bytes: Buffer.alloc(4) }] : [];
}

function orientationEdits(data: Buffer, xmp: Buffer): Edit[] {
  const start = data.indexOf(xmp);
  if (start === -1) return [];
  return [...xmp.toString('latin1').matchAll(/tiff:Orientation(?:\s{0,9}=\s{0,9}["']|>)\s{0,9}(?=[2-8])/g)]
    .map(({ 0: { length }, index }) => ({ at: start + index + length, bytes: Buffer.from('1') }));
}
