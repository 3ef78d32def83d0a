import { ImageProfile } from './image-profile';

/** Which objects of a bucket are images of the pipeline, and what becomes of them. */
export interface ImageSourceOptions {
  /**
   * Only objects whose key begins with this are images, such as `uploads/`.
   *
   * @default - every object of the bucket
   */
  readonly prefix?: string;
  /**
   * Patterns of the keys, after the prefix, that are images. `*` and `?` match within one path segment,
   * `**` across segments.
   *
   * @default - the pipeline's `include`
   */
  readonly include?: string[];
  /**
   * Patterns of the keys, after the prefix, that are no images.
   *
   * @default - the pipeline's `exclude`
   */
  readonly exclude?: string[];
  /**
   * Profiles for this source.
   *
   * @default - the pipeline's `profiles`
   */
  readonly profiles?: ImageProfile[];
  /**
   * Prefix of the renditions of this source in the output bucket.
   *
   * @default - the pipeline's `outputPrefix`
   */
  readonly outputPrefix?: string;
}
