import { isLossless } from './formats';
import { Size } from './geometry';
import { Input } from './input';
import { needsInput } from './metadata';
import { PlannedRendition } from './plan';
import { Probe } from './probe';

/** Renditions that are derived from one decoding of the input at `size`. */
export interface Sharing {
  readonly size: Size;
  readonly renditions: ReadonlySet<PlannedRendition>;
}

/** Bytes of decoded pixels that are held: 22 megapixels, and little beside what Node and libvips take. */
const MAX_SHARED_BYTES = 64 * 1024 * 1024;

/** Below this ratio a second resampling shows in lossless output, by more than 0.5 % of SSIM. */
const MIN_LOSSLESS_RATIO = 1.25;

/**
 * Which renditions share one decoding, and its size: that of the largest, as more costs time and is not better.
 * Those that do not fit the budget, keep several frames, or keep what only the input has, are made from the input.
 */
export function shareDecoding(input: Pick<Input, 'probe' | 'processing'>, renditions: readonly PlannedRendition[]): Sharing | undefined {
  const { probe } = input;
  const fromLargest = renditions
    .filter(({ frames, format }) => frames === 1 && !needsInput(input, format))
    .sort((one, other) => area(other.scaled) - area(one.scaled));

  let size: Size = { width: 0, height: 0 };
  const fitting: PlannedRendition[] = [];
  for (const rendition of fromLargest) {
    const { scaled } = rendition;
    const grown = within(probe, { width: Math.max(size.width, scaled.width), height: Math.max(size.height, scaled.height) });
    if (area(grown) * (probe.alpha ? 4 : 3) > MAX_SHARED_BYTES) continue;
    size = grown;
    fitting.push(rendition);
  }

  const shared = fitting.filter((rendition) => !losesDetail(rendition, size, probe));
  return shared.length > 0 ? { size, renditions: new Set(shared) } : undefined;
}

/** The size to decode for a rendition: pixels beyond the input's own add nothing, except that SVG is drawn at any size. */
export function within(probe: Probe, { width, height }: Size): Size {
  if (probe.format === 'svg') return { width, height };
  return { width: Math.min(width, probe.width), height: Math.min(height, probe.height) };
}

function losesDetail({ format, options, scaled }: PlannedRendition, from: Size, probe: Probe): boolean {
  const isNear = (side: keyof Size) => from[side] > scaled[side] && from[side] < scaled[side] * MIN_LOSSLESS_RATIO;
  const isWhole = from.width === probe.width && from.height === probe.height;
  return !isWhole && isLossless(format, options) && (isNear('width') || isNear('height'));
}

function area({ width, height }: Size): number {
  return width * height;
}
