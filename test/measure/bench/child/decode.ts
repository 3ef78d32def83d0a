/** The floor: decoding once, with the shrinking in the decoder that the largest size allows, and nothing else. */
import sharp from 'sharp';
import type { Work } from './job';
import { measure } from './measure';

const SHRINKS = [8, 4, 2];

void measure(async ({ sizes: [largest] }): Promise<Work> => async (image) => {
  const { format, width, height } = await sharp(image).metadata();
  const shrink = format === 'jpeg' ? SHRINKS.find((factor) => factor * largest <= Math.max(width, height)) ?? 1 : 1;
  // Where sharp would come to the size by the decoder alone, it lets it shrink by half as much: so ask for a bit less.
  const divisor = shrink > 1 ? shrink + 1 : 1;
  const size = { width: Math.round(width / divisor), height: Math.round(height / divisor) };
  // The last row needs all before it to be decoded, and next to none of it to be scaled.
  const lastRow = { left: 0, top: size.height - 1, width: size.width, height: 1 };
  const pixels = await sharp(image, { sequentialRead: true }).resize({ ...size, fit: 'fill' }).extract(lastRow).raw().toBuffer();
  return pixels.length;
});
