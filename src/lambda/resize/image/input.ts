import { Part, Size } from './geometry';
import { Probe } from './probe';
import { Readable } from './readable';
import { Sharp, sharp } from './sharp';
import { ProcessingConfig } from '../../../contract';

/** An image with what is known of it, and what may be done with it. */
export interface Input {
  readonly data: Buffer;
  readonly probe: Probe;
  readonly processing: ProcessingConfig;
  /** What of the image is seen, where it is not all; `probe` then has its size, and `whole` that of the image. */
  readonly part?: Part;
  readonly whole?: Size;
}

export interface OpenOptions {
  /** All frames instead of the first. */
  readonly animated?: boolean;
  /** The pixels stay in the space of the ICC profile. */
  readonly keepProfile?: boolean;
  /** The pixels stay as they lie in the file. */
  readonly ignoreOrientation?: boolean;
  /** Grey pixels become colour before anything else, which costs JPEG its shrinking on load. */
  readonly colourful?: boolean;
}

const SVG_HEADROOM = 2;

/** A pipeline on the input itself: upright and in sRGB unless told otherwise. */
export function openInput({ data, probe, processing, part }: Input, options: OpenOptions = {}): Sharp {
  const { animated = false, keepProfile = false, ignoreOrientation = false, colourful = false } = options;
  const readable: Readable = (animated ? probe.moving : probe.still) ?? { data };
  const opened = sharp(readable.data, {
    animated,
    page: readable.page,
    density: readable.density,
    autoOrient: !ignoreOrientation,
    // Truncated data is an error; libjpeg's warnings are not, as many cameras and phones cause them.
    // Of a PNG, whose pixels have a check of their own, the checksums of its chunks do not count, as in browsers.
    failOn: readable.strict ? 'warning' : probe.format === 'png' ? 'truncated' : 'error',
    // Of a drawing, what it would have is counted before what it is scaled to.
    limitInputPixels: probe.format === 'svg' ? processing.maxInputPixels * SVG_HEADROOM : processing.maxInputPixels,
    sequentialRead: true,
  });
  const pipeline = part ? opened.extract({ left: part.left, top: part.top, width: part.width, height: part.height }) : opened;
  // It would leave them there.
  const endsInDisplayP3 = worksInDisplayP3(probe) && !keepProfile;
  // It passes over the profile of grey with 16 bits.
  if (probe.space === 'grey16' && probe.profile === 'GRAY') return pipeline.pipelineColourspace('b-w');
  return endsInDisplayP3 ? pipeline.withIccProfile('srgb', { attach: false }) : colourful ? inColour(pipeline, probe) : pipeline;
}

/** sharp brings 16-bit pixels with a profile to Display P3. */
export function worksInDisplayP3({ space, profile }: Probe): boolean {
  return space === 'rgb16' && profile !== undefined;
}

/** sharp pads and flattens grey pixels with a grey. A profile makes them colour. */
function inColour(pipeline: Sharp, { space, profile }: Probe): Sharp {
  if (profile !== undefined) return pipeline;
  const colour = { 'b-w': 'srgb', 'grey16': 'rgb16' }[space];
  return colour ? pipeline.pipelineColourspace(colour) : pipeline;
}

/** Decoded pixels, 8 bits a channel; frames lie below one another. */
export interface Pixels {
  readonly data: Buffer;
  readonly width: number;
  /** Of one frame. */
  readonly height: number;
  readonly channels: 1 | 2 | 3 | 4;
  readonly frames: number;
}

export function openPixels({ data, width, height, channels, frames }: Pixels): Sharp {
  const raw = { width, height: height * frames, channels };
  // A page height on one frame would cut what is later padded into frames.
  return frames > 1 ? sharp(data, { raw: { ...raw, pageHeight: height }, animated: true }) : sharp(data, { raw });
}
