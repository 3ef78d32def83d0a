import { parseColour } from './colour';
import { decode } from './decode';
import { sourceFailure } from './failures';
import { Part, Size } from './geometry';
import { openPixels, Pixels } from './input';
import { partKey } from './part';
import { Probe } from './probe';
import { Run, runner } from './run';
import { withPixels } from './still';
import { adjustmentOf, ProcessingConfig, ProfileConfig, TrimConfig } from '../../../contract';

/** Pixels in which the edges are looked for: of larger images in a smaller copy, in which a pixel is a few of theirs. */
const MAX_PIXELS = 2_000_000;
/** sharp's, which compares a pixel with those around it. */
const MIN_SIDE = 3;

export interface MeasureOptions {
  readonly processing: ProcessingConfig;
  /** 0 for no limit. */
  readonly timeoutSeconds?: number;
}

/**
 * Looks at the pixels as far as has to be known before renditions are planned: what `trim` leaves of the image.
 *
 * @throws PermanentError as `render` does
 */
export async function measure(data: Buffer, probe: Probe, profiles: readonly ProfileConfig[], options: MeasureOptions): Promise<Probe> {
  const { processing, timeoutSeconds = 0 } = options;
  const trims = new Map(profiles.flatMap(({ adjustments }) => adjustmentOf(adjustments, 'trim') ?? []).map((trim) => [partKey(trim), trim]));
  if (trims.size === 0) return probe;
  const deadline = timeoutSeconds > 0 ? Date.now() + timeoutSeconds * 1000 : Infinity;
  const run = runner(deadline, (error) => sourceFailure(error, probe.format));
  const measured = await withPixels(data, probe, deadline);
  const pixels = await decode({ data, probe: measured, processing }, within(measured, MAX_PIXELS), run);
  const parts: Record<string, Part> = {};
  for (const [key, trim] of trims) parts[key] = await partLeft(pixels, trim, measured, run);
  return { ...measured, parts };
}

function within({ width, height }: Size, pixels: number): Size {
  const scale = Math.min(1, Math.sqrt(pixels / (width * height)));
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
}

/** In pixels of the whole image; where those of the copy are several of them, all of these. */
async function partLeft(pixels: Pixels, { threshold, background }: TrimConfig, whole: Size, run: Run): Promise<Part> {
  if (Math.min(pixels.width, pixels.height) < MIN_SIDE) return { left: 0, top: 0, width: whole.width, height: whole.height };
  const colour = background === undefined ? undefined : parseColour(background);
  const { info } = await run(openPixels(pixels).trim({ threshold, background: colour }).raw());
  const [left, width] = scaled(-(info.trimOffsetLeft ?? 0), info.width, whole.width / pixels.width, whole.width);
  const [top, height] = scaled(-(info.trimOffsetTop ?? 0), info.height, whole.height / pixels.height, whole.height);
  return { left, top, width, height };
}

function scaled(start: number, length: number, factor: number, limit: number): [start: number, length: number] {
  const from = Math.floor(start * factor);
  return [from, Math.min(Math.ceil((start + length) * factor), limit) - from];
}
