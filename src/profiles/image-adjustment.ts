import { AdjustmentConfig } from '../contract';
import { COLOUR, COLOUR_RULE } from './colour';
import { ImageExtendOptions, ImageTrimOptions, ImageWatermarkOptions } from './image-adjustment-options';
import { ImagePosition } from './image-position';
import { ImageWatermark } from './image-watermark';
import { CROP_POSITIONS, MAX_SIDE } from './limits';
import { invalid, requireInteger, requireMatch, requireNumber } from '../support/checks';

/** What sharp takes for the same colour. */
const DEFAULT_THRESHOLD = 10;
/** Of each corner, the pixels of a square are held. */
const MAX_RADIUS = 2048;

/**
 * A change of what a rendition shows beside its size, in sharp's words.
 *
 * Whatever the order in which a profile lists its adjustments, they are done in this one: the image is trimmed; then it is resized,
 * cropped and padded as the profile says; then it is extended, blurred, made grey, sharpened, marked, and its corners are rounded. Each is done
 * to every frame of an animation, except that renditions with `trim` show the first frame.
 *
 * docs/adjustments.md of the package has a picture of each.
 *
 * @see https://sharp.pixelplumbing.com/api-operation
 *
 * @example
 * import { ImageAdjustment, ImageProfile } from 'cdk-image-resize-pipeline';
 *
 * const backdrop = ImageProfile.of('backdrop', { width: 800, adjustments: [ImageAdjustment.greyscale(), ImageAdjustment.blur(12)] });
 */
export class ImageAdjustment {
  /**
   * Cuts off edges of one colour before the image is resized, such as the white around a product or a logo.
   *
   * An image of one colour stays as it is. In images of more than 2 megapixels the edges are found in a smaller copy, and a few
   * pixels of them can stay. Sizes in records are those of what is left.
   *
   * @param options what counts as an edge
   */
  public static trim(options: ImageTrimOptions = {}): ImageAdjustment {
    const { threshold = DEFAULT_THRESHOLD, background } = options;
    requireNumber('ImageAdjustment.trim: threshold', threshold, 0, 255);
    requireMatch('ImageAdjustment.trim: background', background, COLOUR, COLOUR_RULE);
    return new ImageAdjustment({ name: 'trim', threshold, ...background === undefined ? {} : { background } });
  }

  /**
   * Adds edges in the profile's `background` after the image was resized: the rendition is larger than the profile's width and
   * height by them.
   *
   * @param options pixels of the rendition on each side, at least one of them
   */
  public static extend(options: ImageExtendOptions): ImageAdjustment {
    const { top = 0, right = 0, bottom = 0, left = 0 } = options;
    const sides = { top, right, bottom, left };
    for (const [name, pixels] of Object.entries(sides)) requireInteger(`ImageAdjustment.extend: ${name}`, pixels, 0, MAX_SIDE, ' pixels');
    if (Object.values(sides).every((pixels) => pixels === 0)) throw invalid('ImageAdjustment.extend', 'given pixels on at least one side', options);
    return new ImageAdjustment({ name: 'extend', ...sides });
  }

  /**
   * Blurs, with a Gaussian.
   *
   * @param sigma of the Gaussian in pixels of the rendition, from 0.3 to 250: beyond that, libvips takes minutes
   */
  public static blur(sigma: number): ImageAdjustment {
    requireNumber('ImageAdjustment.blur: sigma', sigma, 0.3, 250);
    return new ImageAdjustment({ name: 'blur', sigma });
  }

  /** Takes the colour out of everything, padding included. */
  public static greyscale(): ImageAdjustment {
    return new ImageAdjustment({ name: 'greyscale' });
  }

  /**
   * Sharpens, which makes up for what resizing takes: 0.5 to 1 is usual.
   *
   * @param sigma of the Gaussian mask in pixels of the rendition, from 0.1 to 10
   */
  public static sharpen(sigma: number): ImageAdjustment {
    requireNumber('ImageAdjustment.sharpen: sigma', sigma, 0.1, 10);
    return new ImageAdjustment({ name: 'sharpen', sigma });
  }

  /**
   * Lays a picture over the rendition, padding included.
   *
   * Another picture of `ImageWatermark.fromAsset`, or another key or `objectVersion` of `ImageWatermark.fromBucket`, counts as other
   * settings: new uploads get it, and a backfill makes the others anew. An object that is replaced under its key does not.
   *
   * @param image the picture
   * @param options its size, place and opacity
   */
  public static watermark(image: ImageWatermark, options: ImageWatermarkOptions = {}): ImageAdjustment {
    const at = 'ImageAdjustment.watermark';
    const { scale = 0.25, position, margin = 0, opacity = 1, tile = false } = options;
    requireNumber(`${at}: scale`, scale, 0.01, 1);
    requireInteger(`${at}: margin`, margin, 0, 1000, ' pixels');
    requireNumber(`${at}: opacity`, opacity, 0.01, 1);
    if (position !== undefined && CROP_POSITIONS.includes(position)) throw invalid(`${at}: position`, 'a place, which no image decides', position);
    if (position !== undefined && tile) throw invalid(`${at}: position`, 'left out with tile', position);
    const place = position ?? ImagePosition.RIGHT_BOTTOM;
    return new ImageAdjustment({ name: 'watermark', image: image._source.image, scale, margin, opacity, position: place, tile }, image);
  }

  /**
   * Rounds the corners of the whole rendition, padding included. They are transparent, or in the profile's `background` where the format
   * has no transparency, such as JPEG. GIF has no half transparent pixels: its corners have steps. A radius of more than half of the
   * shorter side counts as half of it, with which a square becomes a circle.
   *
   * @param radius in pixels of the rendition, from 1 to 2048
   */
  public static roundedCorners(radius: number): ImageAdjustment {
    requireInteger('ImageAdjustment.roundedCorners: radius', radius, 1, MAX_RADIUS, ' pixels');
    return new ImageAdjustment({ name: 'roundedCorners', radius });
  }

  private constructor(
    private readonly config: AdjustmentConfig,
    /** @internal */
    public readonly _watermark?: ImageWatermark,
  ) {}

  /** @internal */
  public _render(): AdjustmentConfig {
    return this.config;
  }
}
