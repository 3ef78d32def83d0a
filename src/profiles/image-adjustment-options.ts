/** What `ImageAdjustment.trim` takes for an edge. */
export interface ImageTrimOptions {
  /**
   * How far a channel may be from the colour of the edge to be part of it, from 0 to 255. JPEG needs some, as its colours vary a little.
   *
   * @default 10
   */
  readonly threshold?: number;
  /**
   * Colour of the edge: `#rrggbb`, `#rrggbbaa` or `transparent`.
   *
   * @default - that of the pixel in the upper left corner
   */
  readonly background?: string;
}

/** What `ImageAdjustment.extend` adds, in pixels of the rendition. */
export interface ImageExtendOptions {
  /**
   * Pixels above, from 0 to 16383.
   *
   * @default 0
   */
  readonly top?: number;
  /**
   * Pixels at the right, from 0 to 16383.
   *
   * @default 0
   */
  readonly right?: number;
  /**
   * Pixels below, from 0 to 16383.
   *
   * @default 0
   */
  readonly bottom?: number;
  /**
   * Pixels at the left, from 0 to 16383.
   *
   * @default 0
   */
  readonly left?: number;
}
