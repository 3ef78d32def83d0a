/** Watermarks are files in a layer of the function, so that it needs no right and no call to read them; or objects in S3. */

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pngChunks, pngHeader } from './png-chunks';

const PACKAGE = 'image-resize-watermarks';

/** Where the files stand in the layer. Lambda looks for modules there. */
export const WATERMARK_LAYER_FOLDER = `nodejs/node_modules/${PACKAGE}`;

export const MAX_WATERMARK_BYTES = 2 * 1024 * 1024;
export const MAX_WATERMARK_SIDE = 4096;

/** A watermark that stands in S3. */
export interface WatermarkObject {
  readonly bucket: string;
  /** As S3 stores it, not encoded. */
  readonly key: string;
  readonly versionId?: string;
}

/** @throws Error when the function has no such layer */
export function watermarkPath(image: string): string {
  try {
    return createRequire(join(process.cwd(), 'index.js')).resolve(`${PACKAGE}/${image}`);
  } catch (cause) {
    throw new Error(`expected a layer of the function to hold the watermark ${WATERMARK_LAYER_FOLDER}/${image}`, { cause });
  }
}

/** How messages call it. */
export function watermarkName(image: string | WatermarkObject): string {
  if (typeof image === 'string') return image;
  return `s3://${image.bucket}/${image.key}${image.versionId === undefined ? '' : ` (version ${image.versionId})`}`;
}

/** A rule that a watermark breaks. */
export interface WatermarkProblem {
  readonly rule: string;
  /** What breaks it; absent for the file as a whole. */
  readonly received?: number | string;
  /** What is wrong with the file. */
  readonly detail?: string;
}

/** What is wrong with the content of a watermark, as far as it can be told without decoding its pixels. */
export function watermarkProblem(content: Buffer): WatermarkProblem | undefined {
  if (content.length > MAX_WATERMARK_BYTES) return { rule: `a file of at most ${MAX_WATERMARK_BYTES} bytes`, received: content.length };
  try {
    const { width, height } = pngHeader(pngChunks(content)[0].body);
    if (Math.max(width, height) <= MAX_WATERMARK_SIDE) return undefined;
    return { rule: `at most ${MAX_WATERMARK_SIDE} pixels a side`, received: `${width}x${height}` };
  } catch (error) {
    return { rule: 'a whole PNG', detail: (error as Error).message };
  }
}
