import { BT2020, BT709, Curve, DISPLAY_P3, Point, Primaries, rgbProfile, SRGB_CURVE } from './icc';
import { highDynamicRange } from './words';

/** Coding-independent code points: how PNG (cICP) and AVIF (nclx) name a colour space without a profile. */
export interface CodePoints {
  readonly primaries: number;
  readonly transfer: number;
}

const C: Point = [0.31, 0.316];
const BT601_525: Primaries = { white: BT709.white, red: [0.63, 0.34], green: [0.31, 0.595], blue: [0.155, 0.07] };

const PRIMARIES: Readonly<Record<number, Primaries>> = {
  1: BT709,
  4: { white: C, red: [0.67, 0.33], green: [0.21, 0.71], blue: [0.14, 0.08] },
  5: { white: BT709.white, red: [0.64, 0.33], green: [0.29, 0.6], blue: [0.15, 0.06] },
  6: BT601_525,
  7: BT601_525,
  8: { white: C, red: [0.681, 0.319], green: [0.243, 0.692], blue: [0.145, 0.049] },
  9: BT2020,
  11: { ...DISPLAY_P3, white: [0.314, 0.351] },
  12: DISPLAY_P3,
  22: { white: BT709.white, red: [0.63, 0.34], green: [0.295, 0.605], blue: [0.155, 0.077] },
};

/** What broadcasts are graded for, rather than what cameras encode. */
const BROADCAST: Curve = { gamma: 2.4 };

const CURVES: Readonly<Record<number, Curve>> = {
  1: BROADCAST,
  4: { gamma: 2.2 },
  5: { gamma: 2.8 },
  6: BROADCAST,
  7: { gamma: 1 / 0.45, slope: { a: 1 / 1.1115, b: 0.1115 / 1.1115, linear: 1 / 4, from: 0.0913 } },
  8: { gamma: 1 },
  11: BROADCAST,
  13: SRGB_CURVE,
  14: BROADCAST,
  15: BROADCAST,
};

const HIGH_DYNAMIC_RANGE: Readonly<Record<number, string>> = { 16: 'PQ', 18: 'HLG' };

/** Primaries and curve of the code points; undefined where browsers do not know them either. */
export function spaceOf({ primaries, transfer }: CodePoints): { readonly primaries: Primaries; readonly curve: Curve } | undefined {
  const [space, curve] = [PRIMARIES[primaries], CURVES[transfer]];
  return space && curve && { primaries: space, curve };
}

/** The profile that says the same; undefined for sRGB, and for what nobody knows. */
export function profileOf(points: CodePoints): Buffer | undefined {
  const space = spaceOf(points);
  if (!space || isSrgb(points)) return undefined;
  return rgbProfile(space.primaries, space.curve);
}

export function isSrgb({ primaries, transfer }: CodePoints): boolean {
  return primaries === 1 && transfer === 13;
}

/** @throws PermanentError `UNSUPPORTED_FORMAT` for what only screens of high dynamic range show, and others by guesswork */
export function requireStandardRange({ transfer }: CodePoints, format: string): void {
  const name = HIGH_DYNAMIC_RANGE[transfer];
  if (name) throw highDynamicRange(format, name, { detail: `the ${format} image has high dynamic range (${name}), which cannot be brought to sRGB: expected an image of standard range` });
}
