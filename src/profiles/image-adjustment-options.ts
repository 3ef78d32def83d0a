import { ImagePosition } from './image-position';

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

/** How `ImageAdjustment.watermark` lays a picture over a rendition. */
export interface ImageWatermarkOptions {
  /**
   * Width of the watermark as a share of the rendition's, from 0.01 to 1. It is made smaller where it would be too high.
   *
   * @default 0.25
   */
  readonly scale?: number;
  /**
   * Where it lies: any position but `ENTROPY`, `ATTENTION` and `FOCAL_POINT`.
   *
   * @default ImagePosition.RIGHT_BOTTOM
   */
  readonly position?: ImagePosition;
  /**
   * Pixels of the rendition between it and the edge, or the next one with `tile`, from 0 to 1000. There is less where there is no room.
   *
   * @default 0
   */
  readonly margin?: number;
  /**
   * How much of it is seen, from 0.01 to 1.
   *
   * @default 1
   */
  readonly opacity?: number;
  /**
   * Whether it is repeated over the whole rendition, from the upper left corner on. Leave `position` out then.
   *
   * @default false
   */
  readonly tile?: boolean;
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
