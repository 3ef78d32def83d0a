import { ProfileConfig } from '../../contract';

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

/** How an image becomes a rendition: the whole is scaled, then cropped or padded to the rendition's size. */
export interface Geometry extends Size {
  readonly scaled: Size;
  /** Where the rendition lies in the scaled image, or the strategy that decides it by the pixels. */
  readonly crop?: Offset | CropStrategy;
  /** Where the scaled image lies in the rendition. */
  readonly pad?: Offset;
}

export const CROP_STRATEGIES = ['attention', 'entropy'] as const;
export type CropStrategy = (typeof CROP_STRATEGIES)[number];

/**
 * The geometry that sharp would give an image of this size, in whole pixels and always from the original's size,
 * so that resizing in two steps comes to the same.
 *
 * Unless the profile enlarges, no side grows. An image smaller than the profile then stays as it is, and
 * `cover` gives what of the box the image fills (100x300 in a box of 200x200 becomes 100x200),
 * `contain` the whole box with the image padded in it,
 * `fill` limits each side for itself.
 */
export function geometry(image: Size, profile: ProfileConfig): Geometry {
  const scaled = scaledSize(image, profile);
  const { fit, position, width = scaled.width, height = scaled.height } = profile;
  if (fit === 'contain') {
    const pad = { left: align(width - scaled.width, position, 'left'), top: align(height - scaled.height, position, 'top') };
    return { width, height, scaled, pad: width > scaled.width || height > scaled.height ? pad : undefined };
  }
  if (fit === 'cover') {
    const size = { width: Math.min(width, scaled.width), height: Math.min(height, scaled.height) };
    return { ...size, scaled, crop: crop(scaled, size, position) };
  }
  return { ...scaled, scaled };
}

function scaledSize(image: Size, profile: ProfileConfig): Size {
  const [across, down] = factors(image, profile);
  const limit = profile.enlarge ? Infinity : 1;
  return {
    width: Math.max(1, Math.round(image.width * Math.min(limit, across))),
    height: Math.max(1, Math.round(image.height * Math.min(limit, down))),
  };
}

/** By how much the profile multiplies each side. */
function factors(image: Size, { width, height, scale, fit }: ProfileConfig): [number, number] {
  if (scale !== undefined) return [scale, scale];
  const across = width === undefined ? undefined : width / image.width;
  const down = height === undefined ? undefined : height / image.height;
  if (fit === 'fill') return [across ?? 1, down ?? 1];

  const given = [across, down].filter((factor) => factor !== undefined);
  const factor = fit === 'cover' || fit === 'outside' ? Math.max(...given) : Math.min(...given);
  return [factor, factor];
}

function crop(scaled: Size, { width, height }: Size, position: string): Geometry['crop'] {
  if (width === scaled.width && height === scaled.height) return undefined;
  const strategy = CROP_STRATEGIES.find((name) => name === position);
  // sharp rounds the centre up where it crops and down where it pads.
  return strategy ?? {
    left: align(scaled.width - width, position, 'left', Math.ceil),
    top: align(scaled.height - height, position, 'top', Math.ceil),
  };
}

/** How much of the free space lies before the image, by sharp's words for positions and gravities. */
function align(space: number, position: string, side: 'left' | 'top', round = Math.floor): number {
  const [before, after] = side === 'left' ? [/left|west/, /right|east/] : [/top|north/, /bottom|south/];
  if (before.test(position)) return 0;
  return after.test(position) ? space : round(space / 2);
}
