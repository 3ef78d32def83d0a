/** What every original shows: plain patches, ramps and a disc, smooth enough for encoders and resampling to leave it as it is. */
import { paint, Painter, RawImage } from '../../helpers/images';

export const WIDTH = 96;
export const HEIGHT = 64;

const PATCHES = [[220, 30, 30], [30, 170, 50], [40, 60, 200], [235, 225, 190]] as const;

/** Channels from 0 to 255 at a place from 0 to 1. */
function colourAt(u: number, v: number): readonly number[] {
  if ((u - 0.5) ** 2 + ((v - 0.55) / 1.5) ** 2 < 0.02) return [250, 200, 20];
  if (v < 0.5) return PATCHES[Math.min(3, Math.floor(u * 4))];
  if (v < 0.75) return [255 * u, 255 * u, 255 * u];
  return [255 * u, 128, 255 * (1 - u)];
}

/** Opaque on the left, then ever less, with a window on the right. */
function alphaAt(u: number, v: number): number {
  if (u > 0.8 && v > 0.3 && v < 0.6) return 255;
  return 255 * Math.max(0, Math.min(1, 1.6 - 2 * u));
}

const at = (width: number, height: number, see: (u: number, v: number) => readonly number[]): Painter => (
  (x, y) => see((x + 0.5) / width, (y + 0.5) / height).map(Math.round)
);

const grey = ([r, g, b]: readonly number[]) => 0.299 * r + 0.587 * g + 0.114 * b;

export function picture(width = WIDTH, height = HEIGHT): RawImage {
  return paint(width, height, at(width, height, colourAt));
}

export function pictureWithAlpha(width = WIDTH, height = HEIGHT): RawImage {
  return paint(width, height, at(width, height, (u, v) => [...colourAt(u, v), alphaAt(u, v)]));
}

export function greyPicture(width = WIDTH, height = HEIGHT): RawImage {
  return paint(width, height, at(width, height, (u, v) => [grey(colourAt(u, v))]));
}

export function greyPictureWithAlpha(width = WIDTH, height = HEIGHT): RawImage {
  return paint(width, height, at(width, height, (u, v) => [grey(colourAt(u, v)), alphaAt(u, v)]));
}

/** The picture with a bar that moves from frame to frame. */
export function frame(number: number, width = WIDTH, height = HEIGHT): RawImage {
  const still = picture(width, height);
  return paint(width, height, (x, y) => (
    Math.floor((8 * x) / width) === number + 1 ? [20, 20, 20] : [...still.data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3)]
  ));
}

/** A pixel of an image: as many channels as it has. */
export function pixel({ data, width, channels }: RawImage, x: number, y: number): number[] {
  const start = (y * width + x) * channels;
  return [...data.subarray(start, start + channels)];
}
