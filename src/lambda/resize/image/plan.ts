import { PixelAdjustment, pixelAdjustments } from './adjust';
import { Colour, flattened, parseColour } from './colour';
import { encoderOptions, EncoderOptions, FORMATS, holdsAlpha, maxSide, resolveFormat, rivalOptions } from './formats';
import { Geometry, geometry, Part } from './geometry';
import { partOf, pointIn } from './part';
import { Probe } from './probe';
import { number, sideLimit, tooLargeRendition, tooManyFrames } from './words';
import { adjustmentOf, EncodedFormat, fileExtension, FocalPoint, OutputFormatName, ProcessingConfig, ProfileConfig, renditionName } from '../../../contract';
import { PermanentError } from '../endings/permanent-error';

/** A rendition that is to be made, exact to the pixel. */
export interface PlannedRendition extends Geometry {
  /** What of the image it is made of; absent for the whole. */
  readonly part?: Part;
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
  /** Others, where the smaller of the two encodings is kept. */
  readonly rivalOptions?: EncoderOptions;
  /** Whether alpha is flattened on the background, as the format has none. */
  readonly flatten: boolean;
  /** Colour of padding, and of what lies under flattened alpha; opaque where that is flattened. */
  readonly background: Colour;
  /** Those that change pixels. */
  readonly adjustments?: readonly PixelAdjustment[];
}

export interface PlanOptions {
  /** Of the source's key; kept by the format `original` where it fits. */
  readonly sourceExtension?: string;
  /** What `focal-point` crops around. @default - what `attention` chooses */
  readonly focalPoint?: FocalPoint;
  /** Takes the name of a rendition that cannot be, and why: `TOO_LARGE`, or what is wrong with the frames of an animation. */
  readonly onSkipped?: (name: string, error: PermanentError) => void;
}

/**
 * The renditions that an image can have, in the order of the profiles and their formats.
 *
 * @throws PermanentError when there is none
 */
export function plan(probe: Probe, profiles: readonly ProfileConfig[], processing: ProcessingConfig, given: PlanOptions = {}): PlannedRendition[] {
  const { sourceExtension = '', focalPoint, onSkipped } = given;
  const renditions = profiles.flatMap((profile) => profile.formats.map((config): PlannedRendition => {
    const written = (probe.format === 'heic' && config.heic) || config;
    const format = resolveFormat(written.format, probe.format);
    const part = partOf(probe, profile);
    const size = geometry(part ?? probe, profile, part && focalPoint ? pointIn(part, probe, focalPoint) : focalPoint);
    const encoded = { pixels: size.width * size.height, fromPalette: probe.palette, padded: size.pad !== undefined };
    const options = encoderOptions(written, format, encoded);
    const flatten = !holdsAlpha(format, options);
    const background = parseColour(profile.background);
    return {
      ...size,
      part,
      name: renditionName(profile.name, config.format),
      profile,
      configuredFormat: config.format,
      format,
      extension: fileExtension(written.format, format, sourceExtension),
      contentType: FORMATS[format].contentType,
      frames: keepsFrames(probe, profile, format) ? probe.frames : 1,
      options,
      rivalOptions: rivalOptions(written, format, encoded, options),
      flatten,
      background: flatten ? flattened(background) : background,
      adjustments: pixelAdjustments(profile.adjustments),
    };
  }));
  const refusals = new Map(renditions.map((rendition) => [rendition, refusalOf(probe, rendition, processing.maxInputPixels)]));
  const possible = renditions.filter((rendition) => !refusals.get(rendition));
  const [first] = refusals.values();
  if (possible.length === 0 && first) throw first;
  for (const [{ name }, refusal] of refusals) if (refusal) onSkipped?.(name, refusal);
  return possible;
}

/** What could be trimmed of one frame may be what another shows. */
function keepsFrames({ animated }: Probe, { adjustments }: ProfileConfig, format: EncodedFormat): boolean {
  return animated && FORMATS[format].animated && adjustmentOf(adjustments, 'trim') === undefined;
}

/** Why a rendition cannot be made. */
function refusalOf(probe: Probe, rendition: PlannedRendition, maxPixels: number): PermanentError | undefined {
  const isAnimated = keepsFrames(probe, rendition.profile, rendition.format);
  return (isAnimated ? framesRefusal(probe, rendition, maxPixels) : undefined) ?? sizeRefusal(rendition, maxPixels);
}

/** Only what is decoded counts: stills need the first frame alone. */
function framesRefusal({ width, height, stillOnly }: Probe, { frames }: PlannedRendition, maxPixels: number): PermanentError | undefined {
  const pixels = width * height * frames;
  if (pixels > maxPixels) {
    const received = `${width}x${height} pixels in ${frames} frames (${pixels})`;
    return tooManyFrames({ detail: `expected at most ${maxPixels} pixels, received ${received}` });
  }
  return stillOnly;
}

function sizeRefusal({ name, format, options, width, height, scaled, frames }: PlannedRendition, maxPixels: number): PermanentError | undefined {
  const limit = maxSide(format, options);
  if (Math.max(width, height) > limit) {
    const detail = `expected at most ${limit} pixels on a side of ${format} rendition ${name}, received ${width}x${height}`;
    return tooLargeRendition(name, { width, height }, sideLimit(format, limit), { detail });
  }
  // Enlarging and padding can ask for any size.
  const largest = width * height < scaled.width * scaled.height ? scaled : { width, height };
  const pixels = largest.width * largest.height * frames;
  if (pixels > maxPixels) {
    const received = `${largest.width}x${largest.height} pixels${frames > 1 ? ` in ${frames} frames` : ''} (${pixels})`;
    const detail = `expected at most ${maxPixels} pixels in rendition ${name}, received ${received}`;
    return tooLargeRendition(name, largest, `at most ${number(maxPixels)} in all are allowed`, { detail });
  }
  return undefined;
}
