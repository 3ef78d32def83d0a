import { inflateSync } from 'zlib';
import { PngHeader, pngChunks, pngHeader } from '../contract';

/** Samples of a pixel, by colour type. */
const SAMPLES: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };
/** Where the pixels of the seven passes of an interlaced PNG begin, and how far apart they are. */
const PASSES = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]] as const;
const WHOLE = [[0, 0, 1, 1]] as const;
const LAST_FILTER = 4;

/**
 * Whether the pixels of a PNG can be unpacked and are as many as its header says: all on which a decoder can fail after its chunks.
 *
 * @param file a PNG whose chunks are whole, and whose sides are bounded
 * @returns what is wrong with them
 */
export function pixelsProblem(file: Buffer): string | undefined {
  const [{ body }, ...chunks] = pngChunks(file);
  const rows = rowsOf(pngHeader(body));
  const expected = rows.reduce((sum, { bytes, count }) => sum + bytes * count, 0);
  let pixels: Buffer;
  try {
    pixels = inflateSync(Buffer.concat(chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.body)), { maxOutputLength: expected + 1 });
  } catch (error) {
    return `its pixels cannot be unpacked: ${(error as Error).message}`;
  }
  if (pixels.length !== expected) return `its pixels are ${pixels.length} bytes, and its header says ${expected}`;
  let at = 0;
  for (const { bytes, count } of rows) {
    for (let row = 0; row < count; row += 1, at += bytes) if (pixels[at] > LAST_FILTER) return 'its pixels have an unknown filter';
  }
  return undefined;
}

/** Rows with the byte that names their filter, for each pass that has pixels. */
function rowsOf({ width, height, bitDepth, colourType, isInterlaced }: PngHeader): { readonly bytes: number; readonly count: number }[] {
  const bits = SAMPLES[colourType] * bitDepth;
  return (isInterlaced ? PASSES : WHOLE).flatMap(([left, top, across, down]) => {
    const [columns, count] = [Math.ceil((width - left) / across), Math.ceil((height - top) / down)];
    return columns > 0 && count > 0 ? [{ bytes: 1 + Math.ceil(columns * bits / 8), count }] : [];
  });
}
