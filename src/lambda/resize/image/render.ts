import pLimit from 'p-limit';
import { canOrientStrip, chooseCrop, uprightFrames } from './animation';
import { inProfileOf } from './background';
import { encoderFailure, sourceFailure } from './failures';
import { Size } from './geometry';
import { keepMetadata, keepsProfile, needsSource } from './metadata';
import { PlannedRendition } from './plan';
import { Probe } from './probe';
import { Run, runner } from './run';
import { shapePixels, shapeSource } from './shape';
import { shareDecoding, within } from './sharing';
import { Sharp, sharp } from './sharp';
import { openPixels, openSource, Pixels, Source } from './source';
import { ProcessingConfig } from '../../../contract';
import { PermanentError } from '../endings/permanent-error';

export interface RenderOptions {
  readonly processing: ProcessingConfig;
  /** Seconds for all renditions together; 0 for no limit. */
  readonly timeoutSeconds?: number;
  /** Takes an encoded rendition with the frames that it has; others are encoded meanwhile. */
  readonly onRendition: (rendition: PlannedRendition, data: Buffer, frames: number) => Promise<void>;
  /** Takes an animation whose frames cannot all be decoded, which costs the stills nothing. @default - it is thrown */
  readonly onSkipped?: (rendition: PlannedRendition, error: PermanentError) => void;
}

/** Encoders at a time: uses a second core where there is one, and bounds memory. */
const ENCODERS = 2;

/** Renditions that are being encoded or taken at a time: bounds the encoded bytes held. */
const IN_FLIGHT = 4;

/**
 * Makes the renditions: each is encoded once, and all that come out as well from one decoding of the source share it.
 * After a failure no further rendition is begun, and those under way end before it is thrown.
 *
 * @throws PermanentError `CORRUPT_IMAGE`, `TOO_LARGE`, `UNSUPPORTED_FORMAT` or `TIMEOUT`, and whatever `onRendition` throws
 */
export async function render(data: Buffer, probe: Probe, renditions: readonly PlannedRendition[], options: RenderOptions): Promise<void> {
  const { processing, timeoutSeconds = 0, onRendition, onSkipped } = options;
  const source: Source = { data, probe, processing };
  const deadline = timeoutSeconds > 0 ? Date.now() + timeoutSeconds * 1000 : Infinity;
  const runSource = runner(deadline, (error) => sourceFailure(error, probe.format));
  const runPixels = runner(deadline, encoderFailure);

  const sharing = shareDecoding(source, renditions);
  const shared = sharing && await decode(source, sharing.size, runSource);

  const encode = async (rendition: PlannedRendition) => {
    const pixels = shared && sharing.renditions.has(rendition) ? shared : await decodeAlone(source, rendition, runSource);
    if (pixels) return runPixels(finish(shapePixels(openPixels(pixels), pixels, probe, rendition), rendition, source));
    const fitting = await withFittingBackground(source, rendition);
    const shaped = rendition.frames > 1 ? await shapeAnimation(source, fitting, runSource) : shapeSource(open(source, fitting), probe, fitting);
    return runSource(finish(shaped, fitting, source));
  };

  const encoders = pLimit(ENCODERS);
  await eachOf(renditions, IN_FLIGHT, async (rendition) => {
    let encoded: Buffer;
    try {
      encoded = (await encoders(encode, rendition)).data;
    } catch (error) {
      const isSkippable = rendition.frames > 1 && error instanceof PermanentError && error.code !== 'TIMEOUT';
      if (isSkippable && onSkipped) return onSkipped(rendition, error);
      throw error;
    }
    await onRendition(rendition, encoded, rendition.frames > 1 ? await framesOf(encoded) : 1);
  });
}

/** Encoders merge frames that are the same. */
async function framesOf(encoded: Buffer): Promise<number> {
  return (await sharp(encoded).metadata()).pages ?? 1;
}

async function decode(source: Source, size: Size, run: Run): Promise<Pixels> {
  const { data, info } = await run(openSource(source).resize({ ...size, fit: 'fill' }).raw());
  return { data, ...size, channels: info.channels, frames: 1 };
}

/**
 * The pixels for one rendition, where sharp would pad and flatten them in another space than sRGB, in which backgrounds are
 * given; none where it would not, or where the rendition keeps what pixels do not have.
 */
async function decodeAlone(source: Source, { format, frames, scaled }: PlannedRendition, run: Run): Promise<Pixels | undefined> {
  if (source.probe.space === 'srgb' || frames > 1 || needsSource(source, format)) return undefined;
  return decode(source, within(source.probe, scaled), run);
}

/** Pixels that stay in the space of a profile are padded and flattened in it. */
async function withFittingBackground(source: Source, rendition: PlannedRendition): Promise<PlannedRendition> {
  if (!showsBackground(source, rendition) || !keepsProfile(source, rendition.format)) return rendition;
  return { ...rendition, background: await inProfileOf(source.probe.still?.data ?? source.data, rendition.background) };
}

function showsBackground({ probe }: Source, { pad, flatten }: PlannedRendition): boolean {
  return pad !== undefined || (flatten && probe.alpha);
}

function open(source: Source, rendition: PlannedRendition): Sharp {
  return openSource(source, {
    animated: rendition.frames > 1,
    keepProfile: keepsProfile(source, rendition.format),
    colourful: showsBackground(source, rendition),
  });
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
