import { AdjustmentConfig } from '../contract';
import { requireNumber } from '../support/checks';

/**
 * A change of a rendition's pixels after it was resized.
 *
 * @see https://sharp.pixelplumbing.com/api-operation
 *
 * @example
 * import { ImageAdjustment, ImageProfile } from 'cdk-image-resize-pipeline';
 *
 * const backdrop = ImageProfile.of('backdrop', { width: 800, adjustments: [ImageAdjustment.greyscale(), ImageAdjustment.blur(12)] });
 */
export class ImageAdjustment {
  /** Takes the colour out of everything, padding included. */
  public static greyscale(): ImageAdjustment {
    return new ImageAdjustment({ name: 'greyscale' });
  }

  /**
   * Blurs, with a Gaussian.
   *
   * @param sigma of the Gaussian in pixels of the rendition, from 0.3 to 1000
   */
  public static blur(sigma: number): ImageAdjustment {
    requireNumber('ImageAdjustment.blur: sigma', sigma, 0.3, 1000);
    return new ImageAdjustment({ name: 'blur', sigma });
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

  private constructor(private readonly config: AdjustmentConfig) {}

  /** @internal */
  public _render(): AdjustmentConfig {
    return this.config;
  }
}
