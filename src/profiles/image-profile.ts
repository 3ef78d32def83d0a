import { Token } from 'aws-cdk-lib';
import { StorageClass } from 'aws-cdk-lib/aws-s3';
import { adjustmentOf, ADJUSTMENTS, Fit, PROFILE_DEFAULTS, ProfileConfig, RENDITION_METADATA } from '../contract';
import { COLOUR, COLOUR_RULE } from './colour';
import { ImageAdjustment } from './image-adjustment';
import { ImageFit } from './image-fit';
import { ImagePosition } from './image-position';
import { ImageWatermark } from './image-watermark';
import { CROP_POSITIONS, MAX_SIDE } from './limits';
import { OutputFormat } from './output-format';
import { CheckError, invalid, requireInteger, requireMatch, requireNumber } from '../support/checks';

const MAX_SCALE = 10;

/** What the renditions of a profile look like, and how they are stored. */
export interface ImageProfileOptions {
  /**
   * Width in pixels, from 1 to 16383.
   *
   * @default - follows from the height and the image's aspect ratio
   */
  readonly width?: number;
  /**
   * Height in pixels, from 1 to 16383.
   *
   * @default - follows from the width and the image's aspect ratio
   */
  readonly height?: number;
  /**
   * Factor for both sides instead of width and height: 0.5 halves them, 1 only converts the format.
   * From 0.01 to 10; more than 1 needs `enlarge`.
   *
   * @default - width and height decide
   */
  readonly scale?: number;
  /**
   * How the image is fitted into width and height when both are given.
   *
   * @default ImageFit.INSIDE
   */
  readonly fit?: ImageFit;
  /**
   * Which part `ImageFit.COVER` keeps, or where `ImageFit.CONTAIN` puts the image.
   *
   * @default ImagePosition.CENTRE
   */
  readonly position?: ImagePosition;
  /**
   * Whether an image smaller than the profile is enlarged.
   *
   * @default false
   */
  readonly enlarge?: boolean;
  /**
   * Colour of padding, and of what lies under transparency where the format has none:
   * `#rrggbb`, `#rrggbbaa` or `transparent`.
   *
   * @default '#ffffff'
   */
  readonly background?: string;
  /**
   * Formats of the renditions: each format is a rendition of its own.
   *
   * @default - one JPEG
   */
  readonly formats?: OutputFormat[];
  /**
   * What else is done to the image, at most one of each, as `ImageAdjustment` describes them. Their order is that of sharp, whatever the order here:
   * trim, then resizing, then extend, blur, greyscale, sharpen, watermark, rounded corners.
   *
   * @default - none
   */
  readonly adjustments?: ImageAdjustment[];
  /**
   * `Cache-Control` header of the renditions, such as `public, max-age=31536000, immutable`.
   *
   * @default - none
   */
  readonly cacheControl?: string;
  /**
   * Storage class of the renditions.
   *
   * @default StorageClass.STANDARD
   */
  readonly storageClass?: StorageClass;
  /**
   * User metadata of the renditions, beside what the pipeline writes.
   * Names are lower case letters, digits and dashes; values are printable ASCII.
   *
   * @default - none
   */
  readonly metadata?: { [name: string]: string };
}

/**
 * A named size: what is made of every image of a source.
 *
 * @example
 * import { ImageFit, ImagePosition, ImageProfile } from 'cdk-image-resize-pipeline';
 *
 * const avatar = ImageProfile.of('avatar', { width: 256, height: 256, fit: ImageFit.COVER, position: ImagePosition.ATTENTION });
 */
export class ImageProfile {
  /** `thumbnail`: JPEG within 200 x 200 pixels. */
  public static readonly THUMBNAIL = ImageProfile.of('thumbnail', { width: 200, height: 200 });
  /** `medium`: JPEG within 800 x 800 pixels. */
  public static readonly MEDIUM = ImageProfile.of('medium', { width: 800, height: 800 });
  /** `large`: JPEG within 1600 x 1600 pixels. */
  public static readonly LARGE = ImageProfile.of('large', { width: 1600, height: 1600 });

  /**
   * A profile.
   *
   * @param name letters, digits, dashes and underscores, as it stands in output keys and records
   * @param options at least one of width, height and scale
   */
  public static of(name: string, options: ImageProfileOptions): ImageProfile {
    return new ImageProfile(name, options);
  }

  private readonly config: ProfileConfig;
  private readonly watermarks: ImageWatermark[];

  private constructor(
    /** Name of the profile. */
    public readonly name: string,
    options: ImageProfileOptions,
  ) {
    const at = `ImageProfile.of(${JSON.stringify(name)})`;
    requireMatch(`${at}: name`, name, /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/, '1 to 64 letters, digits, dashes and underscores, beginning with a letter or digit');
    requireSize(at, options);
    requirePosition(at, options);
    requireMatch(`${at}: background`, options.background, COLOUR, COLOUR_RULE);
    requireMatch(`${at}: cacheControl`, options.cacheControl, /^[\x20-\x7e]+$/, 'printable ASCII');
    requireMetadata(at, options.metadata ?? {});

    this.watermarks = (options.adjustments ?? []).flatMap(({ _watermark }) => _watermark ?? []);
    this.config = {
      ...PROFILE_DEFAULTS,
      name,
      ...definedOnly({
        width: options.width,
        height: options.height,
        scale: options.scale,
        fit: options.fit as Fit | undefined,
        position: options.position,
        enlarge: options.enlarge,
        background: options.background,
        adjustments: renderAdjustments(at, options),
        cacheControl: options.cacheControl,
        storageClass: options.storageClass?.value,
        metadata: options.metadata && Object.fromEntries(Object.entries(options.metadata).sort(([one], [other]) => (one < other ? -1 : 1))),
      }),
      formats: renderFormats(at, options.formats ?? [OutputFormat.jpeg()]),
    };
  }

  /**
   * The pictures that its renditions need.
   *
   * @internal
   */
  public get _watermarks(): ImageWatermark[] {
    return this.watermarks;
  }

  /** @internal */
  public _render(): ProfileConfig {
    return this.config;
  }
}

function requireSize(at: string, { width, height, scale, fit, enlarge }: ImageProfileOptions): void {
  const hasSide = width !== undefined || height !== undefined;
  if (scale === undefined && !hasSide) {
    throw new CheckError(`${at} must have width, height or scale, received none of them: use scale 1 to keep the size`);
  }
  if (scale !== undefined && hasSide) throw invalid(at, 'given either scale or width and height', { width, height, scale });
  if (scale !== undefined && fit !== undefined) throw invalid(`${at}: fit`, 'left out beside scale, which keeps the aspect ratio', fit);
  requireInteger(`${at}: width`, width, 1, MAX_SIDE, ' pixels');
  requireInteger(`${at}: height`, height, 1, MAX_SIDE, ' pixels');
  requireNumber(`${at}: scale`, scale, 0.01, MAX_SCALE);
  if (scale !== undefined && !Token.isUnresolved(scale) && scale > 1 && !enlarge) {
    throw invalid(`${at}: scale`, 'at most 1 unless enlarge is true', scale);
  }
}

function requirePosition(at: string, { fit, position }: ImageProfileOptions): void {
  if (position === undefined) return;
  const fits = CROP_POSITIONS.includes(position) ? [ImageFit.COVER] : [ImageFit.COVER, ImageFit.CONTAIN];
  if (!fits.includes(fit ?? ImageFit.INSIDE)) {
    throw invalid(`${at}: position`, `used with fit ${fits.join(' or ')}`, position, `set fit, which is ${JSON.stringify(fit ?? ImageFit.INSIDE)}`);
  }
}

function requireMetadata(at: string, metadata: { [name: string]: string }): void {
  const reserved: readonly string[] = Object.values(RENDITION_METADATA);
  for (const [name, value] of Object.entries(metadata)) {
    if (reserved.includes(name)) throw invalid(`${at}: metadata name`, `other than ${reserved.join(', ')}, which the pipeline writes`, name);
    requireMatch(`${at}: metadata name`, name, /^[a-z0-9-]+$/, 'lower case letters, digits and dashes');
    requireMatch(`${at}: metadata[${JSON.stringify(name)}]`, value, /^[\x20-\x7e]*$/, 'printable ASCII');
  }
}

function renderAdjustments(at: string, { adjustments = [], width, height }: ImageProfileOptions): ProfileConfig['adjustments'] {
  const rendered = adjustments.map((adjustment) => adjustment._render());
  const names = rendered.map(({ name }) => name);
  if (new Set(names).size < names.length) throw invalid(`${at}: adjustments`, 'different adjustments', names, 'leave one of them out');
  const extend = adjustmentOf(rendered, 'extend');
  if (extend) {
    requireSum(`${at}: width with what extend adds`, [width, extend.left, extend.right]);
    requireSum(`${at}: height with what extend adds`, [height, extend.top, extend.bottom]);
  }
  return rendered.length > 0 ? rendered.sort((one, other) => ADJUSTMENTS.indexOf(one.name) - ADJUSTMENTS.indexOf(other.name)) : undefined;
}

/** What is known at synth counts. */
function requireSum(path: string, parts: readonly (number | undefined)[]): void {
  const sum = parts.reduce<number>((total, part = 0) => total + (Token.isUnresolved(part) ? 0 : part), 0);
  requireInteger(path, sum, 0, MAX_SIDE, ' pixels');
}

function renderFormats(at: string, formats: OutputFormat[]): ProfileConfig['formats'] {
  if (formats.length === 0) throw invalid(`${at}: formats`, 'at least one format', formats);
  const names = formats.map((format) => format.name);
  if (new Set(names).size < names.length) throw invalid(`${at}: formats`, 'different formats', names, 'put the second into a profile of its own');
  return formats.map((format) => format._render());
}

function definedOnly<T extends object>(values: T): Partial<{ [K in keyof T]: NonNullable<T[K]> }> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<{ [K in keyof T]: NonNullable<T[K]> }>;
}
