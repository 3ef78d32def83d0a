import { ImageProfile } from '../profiles/image-profile';

/** Which objects of a bucket are originals of the pipeline, and which renditions are made of them. */
export interface ImageSourceOptions {
  /**
   * Only objects whose key begins with this are originals, such as `uploads/`. It must have neither `*` nor `?`, which IAM would take as
   * wildcards.
   *
   * @default - every object of the bucket
   */
  readonly prefix?: string;
  /**
   * Only objects whose key matches one of these patterns are originals. A pattern is compared with the key after the prefix.
   * `*` and `?` match within one path segment, `**` across segments. Everything else is literal, also the segments `.` and `..`.
   *
   * @default - the pipeline's `include`
   */
  readonly include?: string[];
  /**
   * Objects whose key matches one of these patterns are left alone, even if `include` matches as well.
   *
   * @default - the pipeline's `exclude`
   */
  readonly exclude?: string[];
  /**
   * Profiles for this source. With `requestedSize` an image has at most 200 renditions: their keys may have 1024 bytes with up to
   * 100 renditions, and 362 bytes with 200.
   *
   * @default - the pipeline's `profiles`
   */
  readonly profiles?: ImageProfile[];
  /**
   * Profile of one more rendition. The uploader asks for its size in pixels, with the original's metadata `requested-width`,
   * `requested-height` or both. The profile must have a width and a height: they are the most that can be asked for. The record
   * of an image that asks for more is `FAILED` with `INVALID_REQUESTED_SIZE`. With one side only, the other follows from the
   * image's aspect ratio, within the limits. An image that asks for nothing gets no such rendition.
   *
   * @default - the pipeline's `requestedSize`
   */
  readonly requestedSize?: ImageProfile;
  /**
   * Prefix of the renditions of this source in the output bucket. It must have neither `*` nor `?`, which IAM would take as wildcards.
   *
   * @default - the pipeline's `outputPrefix`
   */
  readonly outputPrefix?: string;
}
