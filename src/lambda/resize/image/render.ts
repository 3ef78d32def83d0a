import pLimit from 'p-limit';
import { canOrientStrip, chooseCrop, uprightFrames } from './animation';
import { encoderFailure, sourceFailure } from './failures';
import { Size } from './geometry';
import { keepMetadata, keepsProfile } from './metadata';
import { PlannedRendition } from './plan';
import { Probe } from './probe';
import { Run, runner } from './run';
import { shapePixels, shapeSource } from './shape';
import { shareDecoding } from './sharing';
import { Sharp } from './sharp';
import { openPixels, openSource, Pixels, Source } from './source';
import { ProcessingConfig } from '../../../contract';

export interface RenderOptions {
  readonly processing: ProcessingConfig;
  /** Seconds for all renditions together; 0 for no limit. */
  readonly timeoutSeconds?: number;
  /** Takes an encoded rendition; others are encoded meanwhile. */
  readonly onRendition: (rendition: PlannedRendition, data: Buffer) => Promise<void>;
}

/** Encoders at a time: uses a second core where there is one, and bounds memory. */
const ENCODERS = 2;

/** Renditions that are being encoded or taken at a time: bounds the encoded bytes held. */
const IN_FLIGHT = 4;

/**
 * Makes the renditions: each is encoded once, and all that come out as well from one decoding of the source share it.
 * After a failure no further rendition is begun, and those under way end before it is thrown.
 *
 * @throws PermanentError `CORRUPT_IMAGE`, `TOO_LARGE` or `TIMEOUT`, and whatever `onRendition` throws
 */
export async function render(data: Buffer, probe: Probe, renditions: readonly PlannedRendition[], options: RenderOptions): Promise<void> {
  const { processing, timeoutSeconds = 0, onRendition } = options;
  const source: Source = { data, probe, processing };
  const deadline = timeoutSeconds > 0 ? Date.now() + timeoutSeconds * 1000 : Infinity;
  const runSource = runner(deadline, (error) => sourceFailure(error, probe.format));
  const runPixels = runner(deadline, encoderFailure);

  const sharing = shareDecoding(source, renditions);
  const shared = sharing && await decode(source, sharing.size, runSource);

  const encode = async (rendition: PlannedRendition) => {
    if (shared && sharing.renditions.has(rendition)) {
      return runPixels(finish(shapePixels(openPixels(shared), shared, probe, rendition), rendition, source));
    }
    const shaped = rendition.frames > 1 ? await shapeAnimation(source, rendition, runSource) : shapeSource(open(source, rendition), probe, rendition);
    return runSource(finish(shaped, rendition, source));
  };

  const encoders = pLimit(ENCODERS);
  await eachOf(renditions, IN_FLIGHT, async (rendition) => {
    const encoded = await encoders(encode, rendition);
    await onRendition(rendition, encoded.data);
  });
}

async function decode(source: Source, size: Size, run: Run): Promise<Pixels> {
  const { data, info } = await run(openSource(source).resize({ ...size, fit: 'fill' }).raw());
  return { data, ...size, channels: info.channels, frames: 1 };
}

function open(source: Source, { format, frames }: PlannedRendition): Sharp {
  return openSource(source, { animated: frames > 1, keepProfile: keepsProfile(source, format) });
}

async function shapeAnimation(source: Source, rendition: PlannedRendition, run: Run): Promise<Sharp> {
  const crop = typeof rendition.crop === 'string' ? await chooseCrop(source, rendition, run) : rendition.crop;
  const cropped = { ...rendition, crop };
  if (canOrientStrip(source.probe.orientation)) return shapeSource(open(source, rendition), source.probe, cropped);
  const frames = await uprightFrames(source, rendition, run);
  return shapePixels(openPixels(frames), frames, source.probe, cropped);
}

/** Everything after the geometry: colour, metadata and encoder. */
function finish(pipeline: Sharp, rendition: PlannedRendition, source: Source): Sharp {
  const { format, options, flatten, background, frames } = rendition;
  const { delay, loop } = source.probe;
  const opaque = flatten ? pipeline.flatten({ background }) : pipeline;
  const timing = frames > 1 ? { delay: delay?.map(withinTiming), loop: loop && withinTiming(loop) } : {};
  return keepMetadata(opaque, source, format)[format]({ ...timing, ...options });
}

/** sharp's limit of milliseconds and of turns; GIF and WebP can hold more. */
function withinTiming(value: number): number {
  return Math.min(value, 65_535);
}

/** Calls `action` for each item, `limit` at a time and none after a failure, and waits for all it called. */
async function eachOf<T>(items: readonly T[], limit: number, action: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const failures: unknown[] = [];
  const worker = async () => {
    for (const item of queue) {
      if (failures.length > 0) return;
      await action(item).catch((error) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failures.length > 0) throw failures[0];
}
