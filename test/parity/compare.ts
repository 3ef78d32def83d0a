import type { Picture } from './views';
import { ssim } from '../helpers/similarity';

export interface Difference {
  /** Mean absolute error of the channels, from 0 to 255. */
  readonly error: number;
  /** Structural similarity of luma; 1 for the same. */
  readonly similarity: number;
}

export function compare(one: Picture, other: Picture): Difference {
  if (one.width !== other.width || one.height !== other.height) return { error: 255, similarity: 0 };
  let sum = 0;
  for (let at = 0; at < one.data.length; at += 1) sum += Math.abs(one.data[at] - other.data[at]);
  const [a, b] = [one, other].map(({ data, width, height }) => ({ data, info: { width, height, channels: 3 } }));
  // Nothing has a structure that is smaller than the window of the measure.
  const similarity = Math.min(one.width, one.height) < 8 ? 1 : ssim(a, b);
  return { error: sum / one.data.length, similarity };
}

/** How far apart each channel of each pixel is, so strong that little is seen. */
export function differenceOf(one: Picture, other: Picture): Picture {
  if (one.width !== other.width || one.height !== other.height) return one;
  return { ...one, data: Buffer.from(one.data.map((value, at) => Math.min(255, 4 * Math.abs(value - other.data[at])))) };
}
