import { ImageProfile } from '../profiles/image-profile';

/** Which objects of a bucket are images of the pipeline, and what becomes of them. */
export interface ImageSourceOptions {
  /**
   * Only objects whose key begins with this are images, such as `uploads/`. Without `*` and `?`, which IAM would take as wildcards.
   *
   * @default - every object of the bucket
   */
  readonly prefix?: string;
  /**
   * Patterns of the keys, after the prefix, that are images. `*` and `?` match within one path segment,
   * `**` across segments; all else is literal, also the segments `.` and `..`.
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
   * Profiles for this source, with `requestedSize` at most 200 renditions of an image, whose keys may
   * have 1024 bytes with up to 100 of them, 362 with 200.
   *
   * @default - the pipeline's `profiles`
   */
  readonly profiles?: ImageProfile[];
  /**
   * Profile of one more rendition, whose size the uploader asks for with the object's metadata `requested-width`,
   * `requested-height` or both, in pixels. The profile's own width and height, which it must have, are the most that can be
   * asked for; a request beyond them ends the image as `FAILED` with `INVALID_REQUESTED_SIZE`. With one side only the
   * other follows from the image's aspect ratio, within the limits. Images without a request get no such rendition.
   *
   * @default - the pipeline's `requestedSize`
   */
  readonly requestedSize?: ImageProfile;
  /**
   * Prefix of the renditions of this source in the output bucket. Without `*` and `?`, which IAM would take as wildcards.
   *
   * @default - the pipeline's `outputPrefix`
   */
  readonly outputPrefix?: string;
}
