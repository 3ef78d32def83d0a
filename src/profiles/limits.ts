import { ImagePosition } from './image-position';

/** The longest side a rendition can be asked for: what WebP can hold. */
export const MAX_SIDE = 16383;

/** Positions by which the image decides, which only crops can follow. */
export const CROP_POSITIONS: readonly ImagePosition[] = [ImagePosition.ATTENTION, ImagePosition.ENTROPY, ImagePosition.FOCAL_POINT];
