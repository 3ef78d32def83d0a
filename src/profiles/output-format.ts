import { FormatConfig, OutputFormatName } from '../contract';
import { invalid, requireInteger, requireNumber } from '../support/checks';

/** How much colour is stored in relation to brightness. */
export enum ChromaSubsampling {
  /** A quarter of the colour samples: smaller files. */
  HALVED = '4:2:0',
  /** All colour samples: sharp coloured edges, such as red text. */
  FULL = '4:4:4',
}

/** How TIFF data is compressed. */
export enum TiffCompression {
  /** Not at all. */
  NONE = 'none',
  /** JPEG within TIFF: lossy. */
  JPEG = 'jpeg',
  /** LZW: lossless. */
  LZW = 'lzw',
  /** Deflate: lossless, smaller than LZW. */
  DEFLATE = 'deflate',
}

/** Options of JPEG renditions. */
export interface JpegOptions {
  /**
   * From 1 (smallest) to 100 (best).
   *
   * @default 80
   */
  readonly quality?: number;
  /**
   * Whether the image builds up from coarse to fine while it loads.
   *
   * @default false
   */
  readonly progressive?: boolean;
  /**
   * How colour is sampled.
   *
   * @default ChromaSubsampling.HALVED
   */
  readonly chromaSubsampling?: ChromaSubsampling;
  /**
   * Whether to encode as mozjpeg does: about 10 % smaller for several times the encoding time.
   *
   * @default false
   */
  readonly mozjpeg?: boolean;
}

/** Options of PNG renditions. */
export interface PngOptions {
  /**
   * From 0 (fastest) to 9 (smallest).
   *
   * @default 6
   */
  readonly compressionLevel?: number;
  /**
   * Whether the image is interlaced.
   *
   * @default false
   */
  readonly progressive?: boolean;
  /**
   * Whether colours are reduced to a palette of at most 256: much smaller and lossy.
   *
   * @default false
   */
  readonly palette?: boolean;
}

/** Options of WebP renditions. */
export interface WebpOptions {
  /**
   * From 1 (smallest) to 100 (best).
   *
   * @default 80
   */
  readonly quality?: number;
  /**
   * Whether no pixel is changed.
   *
   * @default false
   */
  readonly lossless?: boolean;
  /**
   * CPU effort from 0 (fastest) to 6 (smallest).
   *
   * @default 4
   */
  readonly effort?: number;
}

/** Options of AVIF renditions. */
export interface AvifOptions {
  /**
   * From 1 (smallest) to 100 (best).
   *
   * @default 50
   */
  readonly quality?: number;
  /**
   * Whether no pixel is changed.
   *
   * @default false
   */
  readonly lossless?: boolean;
  /**
   * CPU effort from 0 (fastest) to 9 (smallest). AVIF is slow to encode: sharp's default of 4 takes about five times
   * as long as 3 and saves less than 2 % of the bytes.
   *
   * @default 3
   */
  readonly effort?: number;
  /**
   * How colour is sampled.
   *
   * @default ChromaSubsampling.FULL
   */
  readonly chromaSubsampling?: ChromaSubsampling;
}

/** Options of GIF renditions. */
export interface GifOptions {
  /**
   * Colours of the palette, from 2 to 256.
   *
   * @default 256
   */
  readonly colours?: number;
  /**
   * CPU effort from 1 (fastest) to 10 (smallest). sharp's default of 7 takes five to ten times as long as 3 and saves
   * about 12 % of the bytes.
   *
   * @default 3
   */
  readonly effort?: number;
  /**
   * Floyd-Steinberg error diffusion, from 0 (none) to 1 (most).
   *
   * @default 1
   */
  readonly dither?: number;
}

/** Options of TIFF renditions. */
export interface TiffOptions {
  /**
   * From 1 (smallest) to 100 (best). Counts for `TiffCompression.JPEG` only.
   *
   * @default 80
   */
  readonly quality?: number;
  /**
   * How data is compressed.
   *
   * @default TiffCompression.JPEG
   */
  readonly compression?: TiffCompression;
}

/** Options of renditions in the format of their input. */
export interface OriginalFormatOptions {
  /**
   * From 1 (smallest) to 100 (best), for those formats that have a quality.
   *
   * @default - the default of the format
   */
  readonly quality?: number;
  /**
   * What is written for HEIC, which cannot be written itself. Counts with `processing.acceptHeic` only.
   *
   * @default OutputFormat.jpeg()
   */
  readonly heic?: OutputFormat;
}

/**
 * A format of renditions with its encoder's options.
 *
 * @see https://sharp.pixelplumbing.com/api-output
 *
 * @example
 * import { ImageProfile, OutputFormat } from 'cdk-image-resize-pipeline';
 *
 * const hero = ImageProfile.of('hero', { width: 1600, formats: [OutputFormat.avif(), OutputFormat.jpeg({ quality: 82 })] });
 */
export class OutputFormat {
  /**
   * JPEG (`.jpg`). It has no transparency: alpha is flattened on the profile's background.
   *
   * @param options of the encoder
   */
  public static jpeg(options: JpegOptions = {}): OutputFormat {
    requireQuality('OutputFormat.jpeg', options);
    return new OutputFormat('jpeg', { ...options });
  }

  /**
   * PNG (`.png`): lossless, with transparency.
   *
   * @param options of the encoder
   */
  public static png(options: PngOptions = {}): OutputFormat {
    requireInteger('OutputFormat.png: compressionLevel', options.compressionLevel, 0, 9);
    return new OutputFormat('png', { ...options });
  }

  /**
   * WebP (`.webp`): smaller than JPEG, with transparency and animation.
   *
   * @param options of the encoder
   */
  public static webp(options: WebpOptions = {}): OutputFormat {
    requireQuality('OutputFormat.webp', options);
    requireInteger('OutputFormat.webp: effort', options.effort, 0, 6);
    return new OutputFormat('webp', { ...options });
  }

  /**
   * AVIF (`.avif`): the smallest files and the slowest encoder, with transparency.
   *
   * @param options of the encoder
   */
  public static avif(options: AvifOptions = {}): OutputFormat {
    requireQuality('OutputFormat.avif', options);
    requireInteger('OutputFormat.avif: effort', options.effort, 0, 9);
    return new OutputFormat('avif', { ...options });
  }

  /**
   * GIF (`.gif`): at most 256 colours, with animation.
   *
   * @param options of the encoder
   */
  public static gif(options: GifOptions = {}): OutputFormat {
    requireInteger('OutputFormat.gif: colours', options.colours, 2, 256);
    requireInteger('OutputFormat.gif: effort', options.effort, 1, 10);
    requireNumber('OutputFormat.gif: dither', options.dither, 0, 1);
    return new OutputFormat('gif', { ...options });
  }

  /**
   * TIFF (`.tiff`).
   *
   * @param options of the encoder
   */
  public static tiff(options: TiffOptions = {}): OutputFormat {
    requireQuality('OutputFormat.tiff', options);
    return new OutputFormat('tiff', { ...options });
  }

  /**
   * The format of the input, with the extension of its key where that fits. SVG becomes PNG, and HEIC becomes JPEG or what
   * `heic` says.
   *
   * @param options of the encoder
   */
  public static original(options: OriginalFormatOptions = {}): OutputFormat {
    requireQuality('OutputFormat.original', options);
    const { heic, ...ofEncoder } = options;
    if (heic?.name === 'original') throw invalid('OutputFormat.original: heic', 'a format that can be written', heic.name);
    return new OutputFormat('original', ofEncoder, heic);
  }

  private constructor(
    /** Name of the format as it stands in records and output keys: sharp's name, or `original`. */
    public readonly name: string,
    private readonly options: Record<string, string | number | boolean | undefined>,
    private readonly heic?: OutputFormat,
  ) {}

  /** @internal */
  public _render(): FormatConfig {
    // In one order, whatever the order in which they were given, or in which another language passes them on.
    const given = Object.entries(this.options).filter(([, value]) => value !== undefined).sort(([one], [other]) => (one < other ? -1 : 1));
    return {
      format: this.name as OutputFormatName,
      options: Object.fromEntries(given) as FormatConfig['options'],
      ...(this.heic && { heic: this.heic._render() }),
    };
  }
}

function requireQuality(path: string, options: { readonly quality?: number }): void {
  requireInteger(`${path}: quality`, options.quality, 1, 100);
}
