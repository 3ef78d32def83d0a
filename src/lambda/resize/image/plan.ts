import { Colour, flattened, parseColour } from './colour';
import { encoderOptions, EncoderOptions, fileExtension, FORMATS, holdsAlpha, maxSide, resolveFormat } from './formats';
import { Geometry, geometry } from './geometry';
import { Probe } from './probe';
import { EncodedFormat, OutputFormatName, ProcessingConfig, ProfileConfig, renditionName } from '../../../contract';
import { PermanentError } from '../endings/permanent-error';

/** A rendition that is to be made, exact to the pixel. */
export interface PlannedRendition extends Geometry {
  /** `<profile>.<configured format>`. */
  readonly name: string;
  readonly profile: ProfileConfig;
  readonly configuredFormat: OutputFormatName;
  /** What is written; `original` is resolved. */
  readonly format: EncodedFormat;
  /** Extension that fits the format, without its dot. */
  readonly extension: string;
  readonly contentType: string;
  readonly frames: number;
  /** Options of sharp's encoder of the format. */
  readonly options: EncoderOptions;
  /** Whether alpha is flattened on the background, as the format has none. */
  readonly flatten: boolean;
  /** Colour of padding, and of what lies under flattened alpha; opaque where that is flattened. */
  readonly background: Colour;
}

/**
 * The renditions of an image, in the order of the profiles and their formats.
 *
 * @param sourceExtension of the source's key; kept by the format `original` where it fits
 * @throws PermanentError `TOO_LARGE` when a rendition is more than its format holds, or more pixels than an input may have
 */
export function plan(
  probe: Probe, profiles: readonly ProfileConfig[], processing: ProcessingConfig, sourceExtension = '',
): PlannedRendition[] {
  const renditions = profiles.flatMap((profile) => profile.formats.map((config): PlannedRendition => {
    const format = resolveFormat(config.format, probe.format);
    const size = geometry(probe, profile);
    const options = encoderOptions(config, format, size.width * size.height);
    const flatten = !holdsAlpha(format, options);
    const background = parseColour(profile.background);
    return {
      ...size,
      name: renditionName(profile.name, config.format),
      profile,
      configuredFormat: config.format,
      format,
      extension: fileExtension(config, format, sourceExtension),
      contentType: FORMATS[format].contentType,
      frames: probe.animated && FORMATS[format].animated ? probe.frames : 1,
      options,
      flatten,
      background: flatten ? flattened(background) : background,
    };
  }));
  renditions.filter(({ format }) => probe.animated && FORMATS[format].animated).forEach((rendition) => requireFrames(probe, rendition, processing.maxInputPixels));
  renditions.forEach((rendition) => requireSize(rendition, processing.maxInputPixels));
  return renditions;
}

/** Only what is decoded counts: stills need the first frame alone. */
function requireFrames({ width, height, stillOnly }: Probe, { frames }: PlannedRendition, maxPixels: number): void {
  const pixels = width * height * frames;
  if (pixels > maxPixels) {
    const received = `${width}x${height} pixels in ${frames} frames (${pixels})`;
    throw new PermanentError('TOO_LARGE', `expected at most ${maxPixels} pixels, received ${received}`);
  }
  if (stillOnly) throw stillOnly;
}

function requireSize({ name, format, options, width, height, scaled, frames }: PlannedRendition, maxPixels: number): void {
  const limit = maxSide(format, options);
  if (Math.max(width, height) > limit) {
    throw new PermanentError('TOO_LARGE', `expected at most ${limit} pixels on a side of ${format} rendition ${name}, received ${width}x${height}`);
  }
  // Enlarging and padding can ask for any size.
  const pixels = Math.max(width * height, scaled.width * scaled.height) * frames;
  if (pixels > maxPixels) {
    throw new PermanentError('TOO_LARGE', `expected at most ${maxPixels} pixels in rendition ${name}, received ${scaled.width}x${scaled.height} pixels${frames > 1 ? ` in ${frames} frames` : ''} (${pixels})`);
  }
}
