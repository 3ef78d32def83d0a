import pLimit from 'p-limit';
import { Adjust, adjuster } from './adjust';
import { alike } from './alike';
import { canOrientStrip, chooseCrop, eachFrame, uprightFrames } from './animation';
import { inDisplayP3, inProfileOf } from './background';
import { decode } from './decode';
import { encoderFailure, sourceFailure } from './failures';
import { Size } from './geometry';
import { makeExact } from './gif';
import { openPixels, openInput, Pixels, Input, worksInDisplayP3 } from './input';
import { keepMetadata, keepsProfile, needsInput } from './metadata';
import { viewsOf } from './part';
import { placeholderOf } from './placeholder';
import { PlannedRendition } from './plan';
import { Probe } from './probe';
import { Run, runner } from './run';
import { shapePixels, shapeInput } from './shape';
import { shareDecoding, within } from './sharing';
import { Sharp, sharp } from './sharp';
import { withPixels } from './still';
import type { WatermarkFiles } from './watermark';
import { PlaceholderFacts, ProcessingConfig } from '../../../contract';
import { releaseMemory } from '../../shared/release-memory';
import { PermanentError } from '../endings/permanent-error';

export interface RenderOptions {
  readonly processing: ProcessingConfig;
  /** Seconds for all renditions together; 0 for no limit. */
  readonly timeoutSeconds?: number;
  /** Takes an encoded rendition with the frames that it has; others are encoded meanwhile. */
  readonly onRendition: (rendition: PlannedRendition, data: Buffer, frames: number) => Promise<void>;
  /** Takes an animation whose frames cannot all be decoded, which costs the stills nothing. @default - it is thrown */
  readonly onSkipped?: (rendition: PlannedRendition, error: PermanentError) => void;
  /** Takes what stands for the image until it is there. @default - none is made */
  readonly onPlaceholder?: (placeholder: PlaceholderFacts) => void;
  /** What is laid over renditions. What it throws is thrown. @default - no rendition has a watermark */
  readonly watermarks?: WatermarkFiles;
}

/** Encoders at a time: uses a second core where there is one, and bounds memory. */
const ENCODERS = 2;

/** Where nothing else is decoded that it could be made of. */
const PLACEHOLDER_SIDE = 64;

/** Renditions that are being encoded or taken at a time: bounds the encoded bytes held. */
const IN_FLIGHT = 4;

/**
 * Makes the renditions: those that come out the same are encoded once, and all that come out as well from one decoding of the
 * input share it.
 * After a failure no further rendition is begun, and those under way end before it is thrown.
 *
 * @throws PermanentError `CORRUPT_IMAGE`, `TOO_LARGE`, `UNSUPPORTED_FORMAT` or `TIMEOUT`, and whatever `onRendition` throws
 */
export async function render(data: Buffer, probe: Probe, renditions: readonly PlannedRendition[], options: RenderOptions): Promise<void> {
  const { processing, timeoutSeconds = 0, onRendition, onSkipped, watermarks } = options;
  const deadline = timeoutSeconds > 0 ? Date.now() + timeoutSeconds * 1000 : Infinity;
  const whole: Input = { data, probe: await withPixels(data, probe, deadline), processing };
  const runs: Runs = { input: runner(deadline, (error) => sourceFailure(error, probe.format)), pixels: runner(deadline, encoderFailure) };
  for (const [input, ofView] of viewsOf(whole, renditions)) {
    await renderView(input, ofView, runs, input === whole ? options : { onRendition, onSkipped, watermarks });
  }
}

interface Runs {
  readonly input: Run;
  /** Of what only encodes decoded pixels. */
  readonly pixels: Run;
}

/** Makes the renditions of an image, or of one part of it; a placeholder also where there are none. */
async function renderView(
  input: Input, renditions: readonly PlannedRendition[], runs: Runs, { onRendition, onSkipped, onPlaceholder, watermarks }: Omit<RenderOptions, 'processing'>,
): Promise<void> {
  const { probe } = input;
  const groups = alike(renditions);
  const sharing = shareDecoding(input, groups.map(([first]) => first));
  const shared = sharing && await decode(input, sharing.size, runs.input);
  const likeness = shared || !onPlaceholder ? undefined : likenessAmong(groups.map(([first]) => first), probe);
  if (onPlaceholder && !likeness) onPlaceholder(placeholderOf(shared ?? await decode(input, smallest(probe), runs.input)));

  const make = async (rendition: PlannedRendition, encoder = rendition.options) => {
    const pixels = shared && sharing.renditions.has(rendition) ? shared : await decodeAlone(input, rendition, runs.input);
    const fitting = pixels ? rendition : await withFittingBackground(input, rendition);
    const adjust = await adjuster(fitting, watermarks);
    if (!pixels && rendition.frames > 1) {
      return runs.input(await finishFrames(await shapeAnimation(input, fitting, runs.input), fitting, input, adjust, runs));
    }
    const run = pixels ? runs.pixels : runs.input;
    const shaped = pixels ? shapePixels(openPixels(pixels), pixels, probe, rendition) : shapeInput(open(input, fitting), probe, fitting);
    const encoded = { ...fitting, options: encoder };
    if (!fades(input, fitting)) return run(finish(shaped, encoded, input, adjust));
    return runs.pixels(finish(sharp(await withAlpha(shaped, encoded, input, run)), encoded, input, adjust));
  };

  const encoders = pLimit(ENCODERS);
  await eachOf(groups, IN_FLIGHT, async (group) => {
    const [rendition] = group;
    let encoded: Buffer;
    try {
      encoded = (await encoders(make, rendition)).data;
      const rival = rendition.rivalOptions && (await encoders(make, rendition, rendition.rivalOptions)).data;
      if (rival && rival.length <= encoded.length) encoded = rival;
      if (rendition.format === 'gif' && rendition.pad && !rendition.adjustments) makeExact(encoded, rendition.background);
    } catch (error) {
      const isSkippable = rendition.frames > 1 && error instanceof PermanentError && error.code !== 'TIMEOUT';
      if (isSkippable && onSkipped) return group.forEach((each) => onSkipped(each, error));
      throw error;
    }
    if (rendition === likeness) onPlaceholder!(placeholderOf(await decodeRendition(encoded, rendition, runs.pixels)));
    const frames = rendition.frames > 1 ? await framesOf(encoded) : 1;
    await eachOf(group, IN_FLIGHT, (each) => onRendition(each, encoded, frames));
  });
  // All that was made of it has ended.
  if (shared) releaseMemory(shared.data);
}

/** Encoders merge frames that are the same. */
async function framesOf(encoded: Buffer): Promise<number> {
  return (await sharp(encoded).metadata()).pages ?? 1;
}

/** The smallest rendition that shows all of the image: where no pixels are shared, a placeholder is made of it. */
function likenessAmong(renditions: readonly PlannedRendition[], { alpha }: Probe): PlannedRendition | undefined {
  const area = ({ width, height }: Size) => width * height;
  return renditions
    .filter(({ frames, crop, pad, flatten, adjustments }) => frames === 1 && !crop && !pad && !(alpha && flatten) && !adjustments)
    .sort((one, other) => area(one) - area(other))[0];
}

async function decodeRendition(encoded: Buffer, rendition: Size, run: Run): Promise<Pixels> {
  const size = smallest(rendition);
  const { data, info } = await run(sharp(encoded).resize({ ...size, fit: 'fill' }).raw());
  return { data, ...size, channels: info.channels, frames: 1 };
}

/** As small as a placeholder takes: decoders of JPEG and WebP then divide the image before it is decoded. */
function smallest({ width, height }: Size): Size {
  const scale = Math.min(1, PLACEHOLDER_SIDE / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/**
 * The pixels for one rendition, where sharp would pad and flatten them in another space than sRGB, in which backgrounds are
 * given; none where it would not, or where the rendition keeps what pixels do not have.
 */
async function decodeAlone(input: Input, { format, frames, scaled }: PlannedRendition, run: Run): Promise<Pixels | undefined> {
  const isPartOfDrawing = input.part !== undefined && input.probe.format === 'svg';
  if (!isPartOfDrawing && (input.probe.space === 'srgb' || frames > 1 || needsInput(input, format))) return undefined;
  return decode(input, within(input.probe, scaled), run);
}

/** Pixels that stay in the space of a profile, or are in another one meanwhile, are padded and flattened in it. */
async function withFittingBackground(input: Input, rendition: PlannedRendition): Promise<PlannedRendition> {
  if (!showsBackground(input, rendition)) return rendition;
  const { background } = rendition;
  const { data, probe } = input;
  if (keepsSpace(input, rendition)) return { ...rendition, background: await inProfileOf(probe.still?.data ?? data, background) };
  return worksInDisplayP3(probe) ? { ...rendition, background: await inDisplayP3(background) } : rendition;
}

function showsBackground({ probe }: Input, { pad, flatten, adjustments }: PlannedRendition): boolean {
  return pad !== undefined || (flatten && (probe.alpha || adjustments?.some(({ name }) => name === 'roundedCorners') === true));
}

/** Frames that are adjusted become pixels without a profile. */
function keepsSpace(input: Input, rendition: PlannedRendition): boolean {
  return keepsProfile(input, rendition.format) && !(rendition.frames > 1 && rendition.adjustments);
}

function open(input: Input, rendition: PlannedRendition): Sharp {
  return openInput(input, {
    animated: rendition.frames > 1,
    keepProfile: keepsSpace(input, rendition),
    colourful: showsBackground(input, rendition),
  });
}

async function shapeAnimation(input: Input, rendition: PlannedRendition, run: Run): Promise<Sharp> {
  const { crop } = rendition;
  const cropped = { ...rendition, crop: typeof crop === 'string' ? await chooseCrop(input, rendition, crop, run) : crop };
  if (canOrientStrip(input.probe.orientation)) return shapeInput(open(input, rendition), input.probe, cropped);
  const frames = await uprightFrames(input, rendition, run);
  return shapePixels(openPixels(frames), frames, input.probe, cropped);
}

/** Whether a picture without transparency gets padding that has some, and is blurred or sharpened then: sharp would mix in the black that lies under it. */
function fades({ probe }: Input, { pad, flatten, background, adjustments }: PlannedRendition): boolean {
  const isMixed = adjustments?.some(({ name }) => name === 'blur' || name === 'sharpen') === true;
  return isMixed && pad !== undefined && !flatten && background.alpha < 1 && !probe.alpha;
}

/** A picture that has its transparency from the start, and its metadata still. */
async function withAlpha(shaped: Sharp, { format }: PlannedRendition, input: Input, run: Run): Promise<Buffer> {
  return (await run(keepMetadata(shaped, input, format).ensureAlpha().png({ compressionLevel: 0 }))).data;
}

/** Everything after the geometry: colour, metadata and encoder. */
function finish(pipeline: Sharp, rendition: PlannedRendition, input: Input, adjust: Adjust): Sharp {
  const { flatten, background } = rendition;
  return encode(adjust(flatten ? pipeline.flatten({ background }) : pipeline), rendition, input);
}

/** The same for an animation, in whose strip one frame would run into the next: each is adjusted by itself. */
async function finishFrames(pipeline: Sharp, rendition: PlannedRendition, input: Input, adjust: Adjust, runs: Runs): Promise<Sharp> {
  if (!rendition.adjustments) return finish(pipeline, rendition, input, adjust);
  return encode(openPixels(await eachFrame(pipeline, rendition, runs, adjust)), rendition, input);
}

function encode(pipeline: Sharp, { format, options, frames }: PlannedRendition, input: Input): Sharp {
  const { delay, loop } = input.probe;
  const timing = frames > 1 ? { delay: delay?.map(withinTiming), loop: loop && withinTiming(loop) } : {};
  return keepMetadata(pipeline, input, format)[format]({ ...timing, ...options });
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
