import { adjustmentOf, FocalPoint, ProfileConfig } from '../../../contract';

export interface Size {
  /** Pixels. */
  readonly width: number;
  /** Pixels. */
  readonly height: number;
}

export interface Offset {
  readonly left: number;
  readonly top: number;
}

/** A part of an image, in pixels of the upright image. */
export interface Part extends Size, Offset {}

/** How an image becomes a rendition: the whole is scaled, then cropped, then padded to the rendition's size. */
export interface Geometry extends Size {
  readonly scaled: Size;
  /** What both sides are multiplied by, before rounding; absent when `fill` stretches them apart. */
  readonly factor?: number;
  /** Where the rendition lies in the scaled image, or the strategy that decides it by the pixels. */
  readonly crop?: Offset | CropStrategy;
  /** The scaled image's size, or what a crop leaves of it. */
  readonly cropped: Size;
  /** Where that lies in the rendition. */
  readonly pad?: Offset;
}

const CROP_STRATEGIES = ['attention', 'entropy'] as const;
export type CropStrategy = (typeof CROP_STRATEGIES)[number];

/** The position around the point that an image has, of which sharp does not know. */
export const FOCAL_POINT = 'focal-point';

/** The geometry of a profile's renditions; `extend` adds to what is fitted into width and height. */
export function geometry(image: Size, profile: ProfileConfig, focalPoint?: FocalPoint): Geometry {
  const extend = adjustmentOf(profile.adjustments, 'extend');
  const fitted = fittedGeometry(image, profile, focalPoint);
  if (!extend) return fitted;
  const { width, height, pad = { left: 0, top: 0 } } = fitted;
  return {
    ...fitted,
    width: width + extend.left + extend.right,
    height: height + extend.top + extend.bottom,
    pad: { left: pad.left + extend.left, top: pad.top + extend.top },
  };
}

/**
 * The geometry that sharp would give an image of this size, in whole pixels and always from the original's size,
 * so that resizing in two steps comes to the same.
 *
 * Unless the profile enlarges, no side grows. An image smaller than the profile then stays as it is, and
 * `cover` gives what of the box the image fills (100x300 in a box of 200x200 becomes 100x200),
 * `contain` the whole box with the image padded in it,
 * `fill` limits each side for itself.
 */
function fittedGeometry(image: Size, profile: ProfileConfig, focalPoint?: FocalPoint): Geometry {
  const [across, down] = factors(image, profile);
  const scaled = { width: scaledSide(image.width, across), height: scaledSide(image.height, down) };
  const factor = across === down ? across : undefined;

  const { position, width = scaled.width, height = scaled.height } = profile;
  if (profile.fit === 'contain') {
    const pad = { left: align(width - scaled.width, position, 'left'), top: align(height - scaled.height, position, 'top') };
    return { width, height, scaled, factor, cropped: scaled, pad: width > scaled.width || height > scaled.height ? pad : undefined };
  }
  if (profile.fit === 'cover') {
    const size = { width: Math.min(width, scaled.width), height: Math.min(height, scaled.height) };
    return { ...size, scaled, factor, cropped: size, crop: crop(scaled, size, position, focalPoint) };
  }
  return { ...scaled, scaled, factor, cropped: scaled };
}

/** By how much the profile multiplies each side. */
function factors(image: Size, { width, height, scale, fit, enlarge }: ProfileConfig): [number, number] {
  const limit = (factor: number) => Math.min(factor, enlarge ? Infinity : 1);
  if (scale !== undefined) return [limit(scale), limit(scale)];
  const across = width === undefined ? undefined : width / image.width;
  const down = height === undefined ? undefined : height / image.height;
  if (fit === 'fill') return [limit(across ?? 1), limit(down ?? 1)];

  const given = [across, down].filter((factor) => factor !== undefined);
  const factor = limit(fit === 'cover' || fit === 'outside' ? Math.max(...given) : Math.min(...given));
  return [factor, factor];
}

function scaledSide(side: number, factor: number): number {
  return Math.max(1, Math.round(side * factor));
}

function crop(scaled: Size, { width, height }: Size, position: string, focalPoint?: FocalPoint): Geometry['crop'] {
  if (width === scaled.width && height === scaled.height) return undefined;
  if (position === FOCAL_POINT) {
    return focalPoint ? { left: around(focalPoint.x, scaled.width, width), top: around(focalPoint.y, scaled.height, height) } : 'attention';
  }
  const strategy = CROP_STRATEGIES.find((name) => name === position);
  // sharp rounds the centre up where it crops and down where it pads.
  return strategy ?? {
    left: align(scaled.width - width, position, 'left', Math.ceil),
    top: align(scaled.height - height, position, 'top', Math.ceil),
  };
}

/** Where a part begins that has a point, given as a share of the whole, in its middle, or as near to that as the whole allows. */
function around(share: number, whole: number, part: number): number {
  return Math.min(Math.max(0, Math.round(share * whole - part / 2)), whole - part);
}

/** How much of the free space lies before the image, by sharp's words for positions and gravities. */
export function align(space: number, position: string, side: 'left' | 'top', round = Math.floor): number {
  const [before, after] = side === 'left' ? [/left|west/, /right|east/] : [/top|north/, /bottom|south/];
  if (before.test(position)) return 0;
  return after.test(position) ? space : round(space / 2);
}

/** By how much decoders of JPEG can divide the sides of an image while they read it. */
const JPEG_SHRINKS = [1, 2, 4, 8];
/** Pixels by which a side may miss a whole number and still be rounded to it, whatever way sharp computes it. */
const ROUNDING_MARGIN = 0.49;

/**
 * sharp's fit that scales an image to exactly the size and, where it can, both of its sides by `factor`.
 * `fill` always comes to the size, but stretches the side that was rounded: by half a pixel at most,
 * which in fine detail still costs more than a lossy encoder does.
 *
 * 400 x 299 by a half is 200 x 149.5, rounded to 200 x 150: `inside` scales by 0.5 and comes to 200 x 149.5, too far from
 * 150 to be certain, so the answer is `fill`. 400 x 300 comes to 200 x 150 either way, and the answer is `cover`.
 *
 * @param shrinksOnLoad whether the decoder of the image may divide its sides before sharp scales it
 */
export function exactFit(image: Size, size: Size, factor: number | undefined, shrinksOnLoad: boolean): 'cover' | 'inside' | 'fill' {
  if (factor === undefined) return 'fill';
  const [across, down] = [size.width / image.width, size.height / image.height];
  const [least, most] = [Math.min(across, down), Math.max(across, down)];
  const fit = Math.abs(least - factor) < Math.abs(most - factor) ? 'inside' : 'cover';
  const shrinks = shrinksOnLoad ? JPEG_SHRINKS.filter((shrink) => shrink * least <= 1) : [1];
  return shrinks.every((shrink) => roundsTo(size, image, shrink, fit)) ? fit : 'fill';
}

/** Whether sharp is certain to come to the size by scaling alone. */
function roundsTo(size: Size, image: Size, shrink: number, fit: 'cover' | 'inside'): boolean {
  const loaded = { width: Math.floor(image.width / shrink), height: Math.floor(image.height / shrink) };
  const scales = [size.width / loaded.width, size.height / loaded.height];
  const scale = fit === 'cover' ? Math.max(...scales) : Math.min(...scales);
  return Math.abs(loaded.width * scale - size.width) < ROUNDING_MARGIN && Math.abs(loaded.height * scale - size.height) < ROUNDING_MARGIN;
}
