/** Decoding once, and scaling to the largest size: what has to be done before anything is encoded. */
import sharp from 'sharp';
import type { Work } from './job';
import { measure } from './measure';

void measure(async ({ sizes: [largest] }): Promise<Work> => async (image) => {
  const pixels = await sharp(image, { sequentialRead: true })
    .resize({ width: largest, height: largest, fit: 'inside', withoutEnlargement: true }).raw().toBuffer();
  return pixels.length;
});
