/** What the authors of a hook write against: a hook is an ES module whose default export is a `ResizeHookFunction`. */

import { AttributeValue, ExifFacts, FocalPoint } from './record';

/** Where a layer holds the hook. Lambda looks for modules there. */
export const HOOK_MODULE = 'image-resize-hook/index.mjs';
export const HOOK_LAYER_FILE = `nodejs/node_modules/${HOOK_MODULE}`;

/** An original that is about to become renditions. */
export interface HookImage {
  readonly imageId: string;
  readonly bucket: string;
  /** As S3 stores it, not encoded. */
  readonly key: string;
  readonly versionId?: string;
  /** User metadata of the object; names are in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The content of the object. Do not change it: renditions are made of it. */
  readonly data: Uint8Array;
  /** What it is, whatever its name says: `jpeg`, `png`, `webp`, `avif`, `gif`, `tiff`, `svg` or `heic`. */
  readonly format: string;
  /** Pixels, after the orientation was applied. */
  readonly width: number;
  /** Pixels, after the orientation was applied; of one frame. */
  readonly height: number;
  /** Frames or pages. */
  readonly frames: number;
  readonly hasAlpha: boolean;
  readonly focalPoint?: FocalPoint;
  /** Also where records do not have it. */
  readonly exif?: ExifFacts;
  /** The names of the profiles by which renditions would be made. */
  readonly profiles: readonly string[];
  /** Aborted when the time is up, which is half of what the image has. */
  readonly signal: AbortSignal;
}

/** What a hook says of an image; nothing lets it pass as it is. */
export interface HookAnswer {
  /** The image gets no renditions and its record is `FAILED` with this code and sentence. It is not tried again. */
  readonly refuse?: {
    /** 3 to 64 capital letters, digits and underscores, such as `NO_FACES`; none of the pipeline's own. Each is a dimension of a metric: take few. */
    readonly code: string;
    /** A sentence for the uploader: what is wrong, and what to do. At most 500 characters. */
    readonly message: string;
  };
  /** Recorded as `original.attributes`, also of a refused image. At most 4 KB as JSON. What is undefined is left out. */
  readonly attributes?: Readonly<Record<string, AttributeValue | undefined>>;
  /** Those of the image's `profiles` by which renditions are made, at least one. @default - all */
  readonly profiles?: readonly string[];
}

/** What is thrown, or rejects, counts as passing: the image is tried again, and is `FAILED` with `RETRIES_EXHAUSTED` in the end. */
export type ResizeHookFunction = (image: HookImage) => HookAnswer | undefined | void | Promise<HookAnswer | undefined | void>;
