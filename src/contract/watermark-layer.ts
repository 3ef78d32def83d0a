/** Watermarks are files in a layer of the function, so that it needs no right and no call to read them. */

import { createRequire } from 'node:module';
import { join } from 'node:path';

const PACKAGE = 'image-resize-watermarks';

/** Where the files stand in the layer. Lambda looks for modules there. */
export const WATERMARK_LAYER_FOLDER = `nodejs/node_modules/${PACKAGE}`;

/** @throws Error when the function has no such layer */
export function watermarkPath(image: string): string {
  try {
    return createRequire(join(process.cwd(), 'index.js')).resolve(`${PACKAGE}/${image}`);
  } catch (cause) {
    throw new Error(`expected a layer of the function to hold the watermark ${WATERMARK_LAYER_FOLDER}/${image}`, { cause });
  }
}
