import { Probe } from './probe';
import { Sharp, sharp } from './sharp';
import { ProcessingConfig } from '../../../contract';

/** An image with what is known of it, and what may be done with it. */
export interface Source {
  readonly data: Buffer;
  readonly probe: Probe;
  readonly processing: ProcessingConfig;
}

export interface OpenOptions {
  /** All frames instead of the first. */
  readonly animated?: boolean;
  /** The pixels stay in the space of the ICC profile. */
  readonly keepProfile?: boolean;
  /** The pixels stay as they lie in the file. */
  readonly ignoreOrientation?: boolean;
}

/** A pipeline on the source itself: upright and in sRGB unless told otherwise. */
export function openSource({ data, probe, processing }: Source, options: OpenOptions = {}): Sharp {
  const { animated = false, keepProfile = false, ignoreOrientation = false } = options;
  const pipeline = sharp(data, {
    animated,
    autoOrient: !ignoreOrientation,
    // Truncated data is an error; libjpeg's warnings are not, as many cameras and phones cause them.
    // The tiles of a TIFF that cannot be read are black unless warnings fail as well.
    failOn: probe.format === 'tiff' ? 'warning' : 'error',
    limitInputPixels: processing.maxInputPixels,
    sequentialRead: true,
  });
  // sharp brings 16-bit pixels with a profile to Display P3 and would leave them there.
  const endsInDisplayP3 = probe.space === 'rgb16' && probe.profile !== undefined && !keepProfile;
  return endsInDisplayP3 ? pipeline.withIccProfile('srgb', { attach: false }) : pipeline;
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
