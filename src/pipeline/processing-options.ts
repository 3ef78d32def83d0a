import { Size } from 'aws-cdk-lib';

/** What renditions keep of the metadata of the original. Orientation is applied to the pixels in any case. */
export enum MetadataPolicy {
  /** Nothing: no GPS position, no camera, no colour profile. Colours are converted to sRGB. */
  STRIP = 'strip',
  /** The ICC colour profile, and with it the colour space of the original. */
  KEEP_ICC = 'icc',
  /** The EXIF tags `Copyright` and `Artist`. */
  KEEP_COPYRIGHT = 'copyright',
  /** Everything, including the GPS position. */
  KEEP_ALL = 'all',
}

/** Which originals are accepted, and how they are treated. */
export interface ProcessingOptions {
  /**
   * Largest original that is read, checked before it is downloaded. The record of a larger one is `FAILED` with `TOO_LARGE`.
   *
   * @default Size.mebibytes(64)
   */
  readonly maxInputSize?: Size;
  /**
   * Most pixels of an original, counted over all frames, and checked before pixels are decoded. The record of an image with more, or
   * with a side of more than 65535 pixels, is `FAILED` with `TOO_LARGE`. Pixels of AVIF and HEIC count twice, because their decoders
   * take most memory. If you raise this, raise the function's memory as well: see docs/limits.md of the package.
   *
   * @default 100000000
   */
  readonly maxInputPixels?: number;
  /**
   * What renditions keep of the original's metadata.
   *
   * @default MetadataPolicy.STRIP
   */
  readonly metadata?: MetadataPolicy;
  /**
   * Whether animated GIF and WebP stay animated where the rendition's format can hold it.
   * Otherwise the first frame is taken.
   *
   * @default true
   */
  readonly keepAnimation?: boolean;
  /**
   * Whether SVG is accepted. An SVG is a program for its renderer: accept it from uploaders that you trust only.
   *
   * @default false
   */
  readonly acceptSvg?: boolean;
  /**
   * Whether HEIC is accepted, the format of the photos of iPhones. It is off by default because its codec, HEVC, is covered by
   * patents in many countries: whether you need a licence to decode it is for you to find out.
   * HEIC is decoded by WebAssembly, which takes about a second of processor time for 12 megapixels.
   *
   * @default false
   */
  readonly acceptHeic?: boolean;
  /**
   * Whether renditions carry the user metadata of their original.
   *
   * @default false
   */
  readonly copyUserMetadata?: boolean;
  /**
   * Whether the original is deleted after all renditions are stored and recorded. It stays where a rendition is missing.
   * You cannot set this together with `deleteRenditions`.
   *
   * @default false
   */
  readonly deleteSource?: boolean;
  /**
   * Whether renditions are deleted when their original is deleted, or when the image is made again and no longer has them: of a newer
   * version, without a profile that you dropped, or under other keys. An upload or a backfill that makes the image again deletes them at
   * once. The record of a deleted original is `DELETED`.
   *
   * @default false
   */
  readonly deleteRenditions?: boolean;
}
