/**
 * How an image is fitted into a profile that has both a width and a height, in sharp's words.
 *
 * @see https://sharp.pixelplumbing.com/api-resize
 */
export enum ImageFit {
  /** Crop to fill width and height exactly, keeping the aspect ratio. A smaller image is cropped, and enlarged only with `enlarge`. */
  COVER = 'cover',
  /** Show the whole image within width and height, padded with the background to exactly that size. */
  CONTAIN = 'contain',
  /** Stretch to width and height, ignoring the aspect ratio. */
  FILL = 'fill',
  /** As large as fits within width and height, keeping the aspect ratio. */
  INSIDE = 'inside',
  /** As small as covers width and height, keeping the aspect ratio. */
  OUTSIDE = 'outside',
}
