import pLimit from 'p-limit';
import { adjust } from './adjust';
import { alike } from './alike';
import { canOrientStrip, chooseCrop, uprightFrames } from './animation';
import { inDisplayP3, inProfileOf } from './background';
import { encoderFailure, sourceFailure } from './failures';
import { Size } from './geometry';
import { makeExact } from './gif';
import { heicAsPng } from './heic';
import { openPixels, openInput, Pixels, Input, worksInDisplayP3 } from './input';
import { keepMetadata, keepsProfile, needsInput } from './metadata';
import { placeholderOf } from './placeholder';
import { PlannedRendition } from './plan';
import { Probe } from './probe';
import { Run, runner } from './run';
import { shapePixels, shapeInput } from './shape';
import { shareDecoding, within } from './sharing';
import { Sharp, sharp } from './sharp';
import { PlaceholderFacts, ProcessingConfig } from '../../../contract';
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
  const { processing, timeoutSeconds = 0, onRendition, onSkipped, onPlaceholder } = options;
  const deadline = timeoutSeconds > 0 ? Date.now() + timeoutSeconds * 1000 : Infinity;
  const still = probe.heic && { data: await heicAsPng(data, probe.heic, deadline) };
  const input: Input = { data, probe: still ? { ...probe, still } : probe, processing };
  const runInput = runner(deadline, (error) => sourceFailure(error, probe.format));
  const runPixels = runner(deadline, encoderFailure);

  const groups = alike(renditions);
  const sharing = shareDecoding(input, groups.map(([first]) => first));
  const shared = sharing && await decode(input, sharing.size, runInput);
  const likeness = shared || !onPlaceholder ? undefined : likenessAmong(groups.map(([first]) => first), input.probe);
  if (onPlaceholder && !likeness) onPlaceholder(placeholderOf(shared ?? await decode(input, smallest(input.probe), runInput)));

  const encode = async (rendition: PlannedRendition, encoder = rendition.options) => {
    const pixels = shared && sharing.renditions.has(rendition) ? shared : await decodeAlone(input, rendition, runInput);
    if (pixels) return runPixels(finish(shapePixels(openPixels(pixels), pixels, probe, rendition), { ...rendition, options: encoder }, input));
    const fitting = await withFittingBackground(input, rendition);
    const shaped = rendition.frames > 1 ? await shapeAnimation(input, fitting, runInput) : shapeInput(open(input, fitting), probe, fitting);
    return runInput(finish(shaped, { ...fitting, options: encoder }, input));
  };

  const encoders = pLimit(ENCODERS);
  await eachOf(groups, IN_FLIGHT, async (group) => {
    const [rendition] = group;
    let encoded: Buffer;
    try {
      encoded = (await encoders(encode, rendition)).data;
      const rival = rendition.rivalOptions && (await encoders(encode, rendition, rendition.rivalOptions)).data;
      if (rival && rival.length <= encoded.length) encoded = rival;
      if (rendition.format === 'gif' && rendition.pad) makeExact(encoded, rendition.background);
    } catch (error) {
      const isSkippable = rendition.frames > 1 && error instanceof PermanentError && error.code !== 'TIMEOUT';
      if (isSkippable && onSkipped) return group.forEach((each) => onSkipped(each, error));
      throw error;
    }
    if (rendition === likeness) onPlaceholder!(placeholderOf(await decodeRendition(encoded, rendition, runPixels)));
    const frames = rendition.frames > 1 ? await framesOf(encoded) : 1;
    await eachOf(group, IN_FLIGHT, (each) => onRendition(each, encoded, frames));
  });
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

async function decode(input: Input, size: Size, run: Run): Promise<Pixels> {
  const { data, info } = await run(openInput(input).resize({ ...size, fit: 'fill' }).raw());
  return { data, ...size, channels: info.channels, frames: 1 };
}

/**
 * The pixels for one rendition, where sharp would pad and flatten them in another space than sRGB, in which backgrounds are
 * given; none where it would not, or where the rendition keeps what pixels do not have.
 */
async function decodeAlone(input: Input, { format, frames, scaled }: PlannedRendition, run: Run): Promise<Pixels | undefined> {
  if (input.probe.space === 'srgb' || frames > 1 || needsInput(input, format)) return undefined;
  return decode(input, within(input.probe, scaled), run);
}

/** Pixels that stay in the space of a profile, or are in another one meanwhile, are padded and flattened in it. */
async function withFittingBackground(input: Input, rendition: PlannedRendition): Promise<PlannedRendition> {
  if (!showsBackground(input, rendition)) return rendition;
  const { background, format } = rendition;
  const { data, probe } = input;
  if (keepsProfile(input, format)) return { ...rendition, background: await inProfileOf(probe.still?.data ?? data, background) };
  return worksInDisplayP3(probe) ? { ...rendition, background: await inDisplayP3(background) } : rendition;
}

function showsBackground({ probe }: Input, { pad, flatten }: PlannedRendition): boolean {
  return pad !== undefined || (flatten && probe.alpha);
}

function open(input: Input, rendition: PlannedRendition): Sharp {
  return openInput(input, {
    animated: rendition.frames > 1,
    keepProfile: keepsProfile(input, rendition.format),
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

/** Everything after the geometry: colour, metadata and encoder. */
function finish(pipeline: Sharp, rendition: PlannedRendition, input: Input): Sharp {
  const { format, options, flatten, background, frames } = rendition;
  const { delay, loop } = input.probe;
  const opaque = adjust(flatten ? pipeline.flatten({ background }) : pipeline, rendition.adjustments);
  const timing = frames > 1 ? { delay: delay?.map(withinTiming), loop: loop && withinTiming(loop) } : {};
  return keepMetadata(opaque, input, format)[format]({ ...timing, ...options });
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
