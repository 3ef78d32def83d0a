/**
 * Which part of an image `ImageFit.COVER` keeps, or where `ImageFit.CONTAIN` puts the image.
 *
 * @see https://sharp.pixelplumbing.com/api-resize
 */
export enum ImagePosition {
  /** The centre. */
  CENTRE = 'centre',
  /** The middle of the top edge. */
  TOP = 'top',
  /** The top right corner. */
  RIGHT_TOP = 'right top',
  /** The middle of the right edge. */
  RIGHT = 'right',
  /** The bottom right corner. */
  RIGHT_BOTTOM = 'right bottom',
  /** The middle of the bottom edge. */
  BOTTOM = 'bottom',
  /** The bottom left corner. */
  LEFT_BOTTOM = 'left bottom',
  /** The middle of the left edge. */
  LEFT = 'left',
  /** The top left corner. */
  LEFT_TOP = 'left top',
  /** The region with the highest entropy, for `ImageFit.COVER` only. */
  ENTROPY = 'entropy',
  /** The region with skin tones, saturated colours and edges, for `ImageFit.COVER` only. */
  ATTENTION = 'attention',
  /**
   * The region around the point that the uploader named, for `ImageFit.COVER` only; as with `ATTENTION` where none was named.
   *
   * The object metadata `focal-point` names it as two numbers from 0 to 1, such as `0.25,0.4`: how far from the left and from the top
   * of the upright image, as shares of its width and height. `ImageUploadApi` takes it as `focalPoint`.
   */
  FOCAL_POINT = 'focal-point',
}
