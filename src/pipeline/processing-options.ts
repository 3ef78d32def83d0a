import { Size } from 'aws-cdk-lib';

/** What renditions keep of the metadata of the original. Orientation is applied to the pixels in any case. */
export enum MetadataPolicy {
  /** Nothing: no GPS position, no camera, no colour profile; colours are converted to sRGB. */
  STRIP = 'strip',
  /** The ICC colour profile, and with it the colour space of the original. */
  KEEP_ICC = 'icc',
  /** The EXIF tags `Copyright` and `Artist`. */
  KEEP_COPYRIGHT = 'copyright',
  /** Everything, including the GPS position. */
  KEEP_ALL = 'all',
}

/** What is accepted as an image, and how it is treated. */
export interface ProcessingOptions {
  /**
   * Largest input that is read, checked before the download. A larger one ends as `FAILED` with `TOO_LARGE`.
   *
   * @default Size.mebibytes(64)
   */
  readonly maxInputSize?: Size;
  /**
   * Most pixels x frames of an input, checked before pixels are decoded. More end as `FAILED` with `TOO_LARGE`, and so do
   * sides of more than 65535 pixels. Pixels of AVIF count twice, as its decoder takes most memory.
   * Raise the function's memory with it: see docs/limits.md of the package.
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
   * Whether SVG is accepted as input. SVG is a program for its renderer: accept it from trusted uploaders only.
   *
   * @default false
   */
  readonly acceptSvg?: boolean;
  /**
   * Whether renditions carry the user metadata of their source object.
   *
   * @default false
   */
  readonly copyUserMetadata?: boolean;
  /**
   * Whether the source object is deleted after every rendition was stored and recorded.
   * Not together with `deleteRenditions`.
   *
   * @default false
   */
  readonly deleteSource?: boolean;
  /**
   * Whether renditions are deleted when their source is deleted, and when a newer version of it no longer has them.
   * The record is then closed as `DELETED`.
   *
   * @default false
   */
  readonly deleteRenditions?: boolean;
}
