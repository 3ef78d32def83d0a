/** sharp the obvious way: a pipeline per size, with sharp's own settings and the handler's encoder options. */
import sharp from 'sharp';
import type { Work } from './job';
import { measure } from './measure';
import { FORMATS } from '../../../../src/lambda/resize/image/formats';

void measure(async ({ sizes, format }): Promise<Work> => async (image) => {
  const animated = format === 'webp';
  const made = await Promise.all(sizes.map((size) => sharp(image, { animated, autoOrient: true })
    .resize({ width: size, height: size, fit: 'inside', withoutEnlargement: true })[format](FORMATS[format].defaults).toBuffer()));
  return made.reduce((sum, { length }) => sum + length, 0);
});
