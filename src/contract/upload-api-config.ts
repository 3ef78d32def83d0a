/** The configuration that `ImageUploadApi` renders into its function's environment and that the function parses. */

import type { CatalogConfig, SourceConfig } from './config';
import { parseVariable } from './environment';

/** Environment variable that holds the configuration as JSON. */
export const IMAGE_API_VARIABLE = 'IMAGE_UPLOAD_API_CONFIG';

/** Raised when the shape of the configuration changes; both sides must agree. */
const IMAGE_API_VERSION = 1;

/** Ways to upload with what the API hands out. */
const UPLOAD_METHODS = ['POST', 'PUT'] as const;
export type UploadMethodName = (typeof UPLOAD_METHODS)[number];

/** Media types of the formats that the pipeline reads. */
export const INPUT_CONTENT_TYPES = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  avif: 'image/avif',
  gif: 'image/gif',
  tiff: 'image/tiff',
  svg: 'image/svg+xml',
  heic: 'image/heic',
  heif: 'image/heif',
} as const;

/** Paths of the routes beside that of the uploads. */
export const IMAGES_PATH = '/images';
export const IMAGE_PATH = `${IMAGES_PATH}/{imageId}`;

export interface ImageApiUploadConfig {
  readonly bucket: string;
  /** What the key of every upload begins with. */
  readonly prefix: string;
  /** Which keys the pipeline takes for images. */
  readonly source: Pick<SourceConfig, 'prefix' | 'include' | 'exclude'>;
  readonly path: string;
  readonly method: UploadMethodName;
  readonly maxBytes: number;
  readonly contentTypes: readonly string[];
  readonly expirySeconds: number;
  /** The most that may be asked for, in pixels; absent where no size may be asked for. */
  readonly requestedSize?: { readonly width: number; readonly height: number };
}

export interface ImageApiLinkConfig {
  readonly expirySeconds: number;
  /** Whether clients get links to the originals of uploads. */
  readonly originals?: boolean;
  /** Where the renditions are served, without a slash at the end; absent for presigned links. */
  readonly baseUrl?: string;
}

export interface ImageApiConfig {
  readonly version: number;
  /** Names the API in its logs. */
  readonly serviceName: string;
  readonly upload: ImageApiUploadConfig;
  readonly links: ImageApiLinkConfig;
  readonly catalog: Pick<CatalogConfig, 'table' | 'partitionKey' | 'shards'>;
  /** Whether images can be deleted. */
  readonly deletes: boolean;
}

/** The configuration as JSON-ready data. */
export function renderImageApiConfig(config: Omit<ImageApiConfig, 'version'>): ImageApiConfig {
  return { version: IMAGE_API_VERSION, ...config };
}

/**
 * Parses what `renderImageApiConfig` made.
 *
 * @throws Error see `parseVariable`
 */
export function parseImageApiConfig(environment: Readonly<Record<string, string | undefined>>): ImageApiConfig {
  return parseVariable(environment, IMAGE_API_VARIABLE, IMAGE_API_VERSION);
}
