/**
 * The configuration that the construct renders into the function's environment and that the handler parses.
 *
 * Values that equal the default may be left out by the construct to keep the environment small
 * (Lambda allows 4 KB for all variables); `parseConfig` puts them back, so the handler sees every field.
 * What is still too large is in a layer (`config-layer.ts`).
 */

import { joinConfig, readConfigLayer } from './config-layer';
import { parseVariable } from './environment';
import type { WatermarkObject } from './watermark';

/** Environment variable that holds the configuration as JSON. */
export const CONFIG_VARIABLE = 'IMAGE_RESIZE_CONFIG';

/** Raised when the shape of the configuration changes; both sides must agree. */
export const CONFIG_VERSION = 1;

/** sharp's resize fits. */
export const FITS = ['cover', 'contain', 'fill', 'inside', 'outside'] as const;
export type Fit = (typeof FITS)[number];

/** Formats that renditions can have; `original` is the format of the input. */
export const OUTPUT_FORMATS = ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff', 'original'] as const;
export type OutputFormatName = (typeof OUTPUT_FORMATS)[number];

/** A format that can be written, after `original` was resolved against the input. */
export type EncodedFormat = Exclude<OutputFormatName, 'original'>;

/** What is kept of the metadata of the input. */
export const METADATA_POLICIES = ['strip', 'icc', 'copyright', 'all'] as const;
export type MetadataPolicyName = (typeof METADATA_POLICIES)[number];

/** Where the image id of a record comes from. */
export const IMAGE_ID_SOURCES = ['metadata', 'key'] as const;
export type ImageIdSourceName = (typeof IMAGE_ID_SOURCES)[number];

export interface FormatConfig {
  readonly format: OutputFormatName;
  /** Options of sharp's encoder of that format, in sharp's names. */
  readonly options: Readonly<Record<string, string | number | boolean>>;
  /** What `original` writes for HEIC, which has no encoder. */
  readonly heic?: FormatConfig;
}

/** Adjustments in sharp's names and order: between `trim` and `extend`, the image is resized, cropped and padded. */
export const ADJUSTMENTS = ['trim', 'extend', 'blur', 'greyscale', 'sharpen', 'watermark', 'roundedCorners'] as const;
export type AdjustmentName = (typeof ADJUSTMENTS)[number];

export interface TrimConfig {
  readonly name: 'trim';
  /** How far a channel may be from the background, from 0 to 255. */
  readonly threshold: number;
  /** As that of profiles. @default - the colour of the pixel in the upper left corner */
  readonly background?: string;
}

export interface ExtendConfig {
  readonly name: 'extend';
  /** Pixels, as all four. */
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  readonly left: number;
}

export interface WatermarkConfig {
  readonly name: 'watermark';
  /** Name of its file in a layer, which follows from its content; or an object. See `watermark.ts`. */
  readonly image: string | WatermarkObject;
  /** Width as a share of the rendition's. */
  readonly scale: number;
  /** Pixels between it and the edge, or the next one. */
  readonly margin: number;
  /** From 0 to 1. */
  readonly opacity: number;
  /** sharp's position or gravity. */
  readonly position: string;
  /** Whether it is repeated over the rendition. */
  readonly tile: boolean;
}

/** Sigma and radius are in pixels of the rendition. */
export type AdjustmentConfig =
  | TrimConfig
  | ExtendConfig
  | { readonly name: 'blur'; readonly sigma: number }
  | { readonly name: 'greyscale' }
  | { readonly name: 'sharpen'; readonly sigma: number }
  | WatermarkConfig
  | { readonly name: 'roundedCorners'; readonly radius: number };

/** The adjustment of that name, where a profile has it. */
export function adjustmentOf<Name extends AdjustmentName>(
  adjustments: readonly AdjustmentConfig[] | undefined, name: Name,
): Extract<AdjustmentConfig, { readonly name: Name }> | undefined {
  return adjustments?.find((adjustment): adjustment is Extract<AdjustmentConfig, { readonly name: Name }> => adjustment.name === name);
}

export interface ProfileConfig {
  readonly name: string;
  /** Pixels. */
  readonly width?: number;
  /** Pixels. */
  readonly height?: number;
  /** Factor for both sides; excludes width and height. */
  readonly scale?: number;
  readonly fit: Fit;
  /** sharp's position, gravity or strategy, for the fits `cover` and `contain`; or `focal-point`, which the image has. */
  readonly position: string;
  /** Whether an input smaller than the profile is enlarged. */
  readonly enlarge: boolean;
  /** `#rrggbb`, `#rrggbbaa` or `transparent`: padding of `contain`, and what lies under flattened alpha. */
  readonly background: string;
  readonly formats: readonly FormatConfig[];
  /** At most one of each, in the order of `ADJUSTMENTS`. */
  readonly adjustments?: readonly AdjustmentConfig[];
  readonly cacheControl?: string;
  readonly storageClass?: string;
  /** User metadata of every rendition of the profile. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface SourceConfig {
  readonly bucket: string;
  /** Only keys with this prefix are images of this source; empty for the whole bucket. */
  readonly prefix: string;
  /** Glob patterns on the key after the prefix; when there are any, one must match. */
  readonly include: readonly string[];
  /** Glob patterns on the key after the prefix; none may match. */
  readonly exclude: readonly string[];
  readonly outputPrefix: string;
  /** Index into `profileSets`. */
  readonly profileSet: number;
  /** Profile of the size that an uploader may ask for; its width and height are the most. */
  readonly requested?: ProfileConfig;
}

export interface ProcessingConfig {
  /** Bytes of the largest input that is read. */
  readonly maxInputBytes: number;
  /** Pixels x frames of the largest input that is decoded. */
  readonly maxInputPixels: number;
  readonly metadata: MetadataPolicyName;
  /** Whether animated inputs stay animated where the output format can hold it. */
  readonly animation: boolean;
  readonly acceptSvg: boolean;
  readonly acceptHeic: boolean;
  /** Whether renditions carry the user metadata of the source object. */
  readonly copyUserMetadata: boolean;
  /** Delete the source object once every rendition is stored. */
  readonly deleteSource: boolean;
  /** Delete renditions when their source is deleted or a newer version no longer has them. */
  readonly deleteRenditions: boolean;
}

export interface CatalogConfig {
  readonly table: string;
  readonly partitionKey: string;
  readonly imageId: ImageIdSourceName;
  /** Shards per status of the listing index. */
  readonly shards: number;
  /** Seconds after the last change of a record at which it expires; 0 keeps it for good. */
  readonly expireAfter: number;
  /** Whether records have what the EXIF of originals says. */
  readonly exif?: boolean;
}

/** Keys of a bucket that begin with a prefix, where the pipeline wrote renditions before. */
export interface FormerOutput {
  readonly bucket: string;
  readonly prefix: string;
}

export interface EventsConfig {
  /** Name or ARN of the event bus. */
  readonly bus: string;
}

export interface HandlerConfig {
  readonly version: number;
  readonly outputBucket: string;
  readonly outputKey: string;
  /** Where renditions of earlier configurations may still be, and may be deleted; none with `deleteRenditions` off. */
  readonly formerOutputs: readonly FormerOutput[];
  readonly profileSets: readonly (readonly ProfileConfig[])[];
  readonly sources: readonly SourceConfig[];
  readonly processing: ProcessingConfig;
  readonly catalog: CatalogConfig;
  /** Deliveries of one queue message that try to process it; 0 where the trigger does not count deliveries. */
  readonly maxTries: number;
  /** Where final states are told; absent where nobody asked for them. */
  readonly events?: EventsConfig;
  /** Whether a layer of the function holds a hook. */
  readonly hook?: boolean;
  /** Tells the metrics and renditions of this pipeline from others. */
  readonly pipelineName: string;
}

export const PROFILE_DEFAULTS = {
  fit: 'inside',
  position: 'centre',
  enlarge: false,
  background: '#ffffff',
  metadata: {},
} as const satisfies Partial<ProfileConfig>;

export const PROCESSING_DEFAULTS: ProcessingConfig = {
  maxInputBytes: 64 * 1024 * 1024,
  maxInputPixels: 100_000_000,
  metadata: 'strip',
  animation: true,
  acceptSvg: false,
  acceptHeic: false,
  copyUserMetadata: false,
  deleteSource: false,
  deleteRenditions: false,
};

/** The configuration as JSON-ready data, without the values that are defaults. */
export function renderConfig(config: HandlerConfig): Record<string, unknown> {
  return {
    ...withoutDefaults(config, { formerOutputs: [] }),
    profileSets: config.profileSets.map((set) => set.map(renderProfile)),
    sources: config.sources.map(({ requested, ...source }) => ({
      ...withoutDefaults(source, { include: [], exclude: [] }),
      ...(requested && { requested: renderProfile(requested) }),
    })),
    processing: withoutDefaults(config.processing, PROCESSING_DEFAULTS),
  };
}

/** The environment's part of a configuration that is in a layer, as JSON-ready data. */
export function renderLayerValues(values: readonly unknown[]): LayerValues {
  return { version: CONFIG_VERSION, layerValues: values };
}

/**
 * Parses what `renderConfig` made.
 *
 * @param readLayer reads what is in the layer, if anything is
 * @throws Error see `parseVariable`
 */
export function parseConfig(environment: Readonly<Record<string, string | undefined>>, readLayer: () => unknown = readConfigLayer): HandlerConfig {
  const found = parseVariable<RenderedConfig | LayerValues>(environment, CONFIG_VARIABLE, CONFIG_VERSION);
  const rendered = 'layerValues' in found ? joinConfig({ fixed: readLayer(), values: found.layerValues }) as RenderedConfig : found;
  return {
    formerOutputs: [],
    ...rendered,
    profileSets: rendered.profileSets.map((set) => set.map(parseProfile)),
    sources: rendered.sources.map(({ requested, ...source }) => ({
      include: [],
      exclude: [],
      ...source,
      ...(requested && { requested: parseProfile(requested) }),
    })),
    processing: { ...PROCESSING_DEFAULTS, ...rendered.processing },
  };
}

type Sparse<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>;

interface RenderedConfig extends Omit<Sparse<HandlerConfig, 'formerOutputs'>, 'profileSets' | 'sources' | 'processing'> {
  readonly profileSets: readonly (readonly RenderedProfile[])[];
  readonly sources: readonly RenderedSource[];
  readonly processing: Partial<ProcessingConfig>;
}

interface LayerValues {
  readonly version: number;
  readonly layerValues: readonly unknown[];
}

interface RenderedSource extends Omit<Sparse<SourceConfig, 'include' | 'exclude'>, 'requested'> {
  readonly requested?: RenderedProfile;
}

interface RenderedProfile extends Omit<Sparse<ProfileConfig, keyof typeof PROFILE_DEFAULTS>, 'formats'> {
  readonly formats: readonly Sparse<FormatConfig, 'options'>[];
}

function renderProfile(profile: ProfileConfig): Record<string, unknown> {
  return {
    ...withoutDefaults(profile, PROFILE_DEFAULTS),
    formats: profile.formats.map((format) => withoutDefaults(format, { options: {} })),
  };
}

function parseProfile(profile: RenderedProfile): ProfileConfig {
  return { ...PROFILE_DEFAULTS, ...profile, formats: profile.formats.map((format) => ({ options: {}, ...format })) };
}

function withoutDefaults<T extends object>(value: T, defaults: Partial<T>): Partial<T> {
  const isDefault = (key: string) => JSON.stringify(value[key as keyof T]) === JSON.stringify(defaults[key as keyof T]);
  return Object.fromEntries(Object.entries(value).filter(([key]) => !(key in defaults && isDefault(key)))) as Partial<T>;
}
