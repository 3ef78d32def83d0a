import { EncodedFormat, EXTENSIONS, FormatConfig } from '../../../contract';

/** Formats that are read, by content. */
export const INPUT_FORMATS = ['jpeg', 'png', 'webp', 'avif', 'gif', 'tiff', 'svg', 'heic'] as const;
export type InputFormat = (typeof INPUT_FORMATS)[number];

export type EncoderOptions = FormatConfig['options'];

interface FormatTraits {
  /** The first is the one that is written; the others are kept when the input's key has them. */
  readonly extensions: readonly string[];
  readonly contentType: string;
  /** Pixels of the longest side that can be written. */
  readonly maxSide: number;
  /** Whether it can hold several frames. */
  readonly animated: boolean;
  /** Whether it can hold an ICC profile and XMP, and all but TIFF (as libvips writes it) EXIF. */
  readonly metadata: boolean;
  readonly defaults: EncoderOptions;
  /** Options that may be given for the format `original`, whose encoder is known only with the input. */
  readonly originalOptions: readonly string[];
}

const UNLIMITED = Number.MAX_SAFE_INTEGER;

export const FORMATS: Readonly<Record<EncodedFormat, FormatTraits>> = {
  jpeg: {
    extensions: EXTENSIONS.jpeg,
    contentType: 'image/jpeg',
    maxSide: 65500,
    animated: false,
    metadata: true,
    defaults: {},
    originalOptions: ['quality', 'progressive', 'chromaSubsampling', 'mozjpeg'],
  },
  png: {
    extensions: EXTENSIONS.png,
    contentType: 'image/png',
    maxSide: UNLIMITED,
    animated: false,
    metadata: true,
    defaults: {},
    // Not quality: for PNG sharp takes it as a request for a palette.
    originalOptions: ['compressionLevel', 'progressive', 'palette'],
  },
  webp: {
    extensions: EXTENSIONS.webp,
    contentType: 'image/webp',
    maxSide: 16383,
    animated: true,
    metadata: true,
    defaults: {},
    originalOptions: ['quality', 'lossless', 'effort'],
  },
  avif: {
    extensions: EXTENSIONS.avif,
    contentType: 'image/avif',
    maxSide: 16384,
    animated: false,
    metadata: true,
    // sharp's 4 takes five times as long and saves under 2 % of bytes.
    defaults: { effort: 3 },
    originalOptions: ['quality', 'lossless', 'chromaSubsampling'],
  },
  gif: {
    extensions: EXTENSIONS.gif,
    contentType: 'image/gif',
    maxSide: 65535,
    animated: true,
    metadata: false,
    // sharp's 7 takes five to ten times as long and saves about 12 % of bytes.
    defaults: { effort: 3 },
    originalOptions: ['colours', 'dither'],
  },
  tiff: {
    extensions: EXTENSIONS.tiff,
    contentType: 'image/tiff',
    maxSide: UNLIMITED,
    animated: false,
    metadata: true,
    defaults: {},
    originalOptions: ['quality', 'compression'],
  },
};

/** Formats that are read and not written, and what `original` writes for them. */
const INSTEAD = { svg: 'png', heic: 'jpeg' } as const satisfies Partial<Record<InputFormat, EncodedFormat>>;

/** The format that is written for a configured one. */
export function resolveFormat(configured: FormatConfig['format'], input: InputFormat): EncodedFormat {
  if (configured !== 'original') return configured;
  return INSTEAD[input as keyof typeof INSTEAD] ?? input;
}

/**
 * JPEGs above it are coded in one pass. Two make photos one to seven percent smaller, take an eighth of the time of all
 * renditions, and hold 3 bytes per pixel.
 */
const MAX_TWO_PASS_PIXELS = 1_000_000;

/** What decides about an encoder's options beside the configuration. */
interface Encoded {
  readonly pixels: number;
  /** Whether the source is a PNG with a palette, which `original` then keeps: a screenshot would become ten times as large. */
  readonly fromPalette?: boolean;
  /** Whether it shows a background that the source does not have. */
  readonly padded?: boolean;
}

/** The options for sharp's encoder of `format`. */
export function encoderOptions(config: FormatConfig, format: EncodedFormat, encoded: Encoded): EncoderOptions {
  const { pixels, fromPalette = false, padded = false } = encoded;
  const { defaults, originalOptions } = FORMATS[format];
  const given = Object.entries(config.options).filter(([name]) => config.format !== 'original' || originalOptions.includes(name));
  const onePass: EncoderOptions = format === 'jpeg' && pixels > MAX_TWO_PASS_PIXELS ? { optimiseCoding: false } : {};
  const indexed: EncoderOptions = keepsPalette(config, format, fromPalette) ? { palette: true } : {};
  // The palette of a GIF does not have the background, which would be mixed from the nearest colours.
  const ownPalette: EncoderOptions = padded && format === 'gif' ? { reuse: false } : {};
  return { ...defaults, ...onePass, ...indexed, ...ownPalette, ...Object.fromEntries(given) };
}

function keepsPalette(config: FormatConfig, format: EncodedFormat, fromPalette: boolean): boolean {
  return fromPalette && format === 'png' && config.format === 'original' && config.options.palette === undefined;
}

/** Larger renditions with the palette of their source are not encoded twice. */
const MAX_TWICE_PIXELS = 4_000_000;

/**
 * Other options for the same rendition, of which the smaller is kept; undefined for most. A palette that the source has is
 * kept for its size: where smooth colours come out smaller without one, it is of no use.
 */
export function rivalOptions(
  config: FormatConfig, format: EncodedFormat, { pixels, fromPalette = false }: Encoded, options: EncoderOptions,
): EncoderOptions | undefined {
  return keepsPalette(config, format, fromPalette) && pixels <= MAX_TWICE_PIXELS ? { ...options, palette: false } : undefined;
}

/** Whether an encoder keeps transparency; where it does not, alpha is flattened. */
export function holdsAlpha(format: EncodedFormat, options: EncoderOptions): boolean {
  return format !== 'jpeg' && !isTiffJpeg(format, options);
}

/** Pixels of the longest side that an encoder takes. */
export function maxSide(format: EncodedFormat, options: EncoderOptions): number {
  return FORMATS[isTiffJpeg(format, options) ? 'jpeg' : format].maxSide;
}

/** Whether an encoder keeps every pixel as it is. */
export function isLossless(format: EncodedFormat, options: EncoderOptions): boolean {
  if (format === 'png') return !options.palette;
  if (format === 'tiff') return !isTiffJpeg(format, options);
  return options.lossless === true;
}

// JPEG is what sharp compresses TIFF with by default.
function isTiffJpeg(format: EncodedFormat, options: EncoderOptions): boolean {
  return format === 'tiff' && (options.compression ?? 'jpeg') === 'jpeg';
}
