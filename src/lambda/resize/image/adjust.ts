import { Colour } from './colour';
import { roundedCorners } from './corners';
import { Size } from './geometry';
import { Overlay } from './overlay';
import { Sharp } from './sharp';
import { watermark, WatermarkFiles } from './watermark';
import { AdjustmentConfig, ExtendConfig, TrimConfig } from '../../../contract';

/** What is no part of the geometry. */
export type PixelAdjustment = Exclude<AdjustmentConfig, TrimConfig | ExtendConfig>;

/** A picture that is adjusted: one frame, in its final size. */
export interface Adjustable extends Size {
  readonly adjustments?: readonly PixelAdjustment[];
  /** Whether the format has no transparency; `background` is seen in its place. */
  readonly flatten: boolean;
  readonly background: Colour;
}

export type Adjust = (pipeline: Sharp) => Sharp;

/**
 * What changes the pixels of a picture, after everything that decides their number.
 *
 * @throws Error when something that is needed for it is not there
 */
export async function adjuster(picture: Adjustable, watermarks: WatermarkFiles = NO_WATERMARKS): Promise<Adjust> {
  const { adjustments = [] } = picture;
  const overlays = (await Promise.all(adjustments.map((adjustment) => overlaysOf(picture, adjustment, watermarks)))).flat();
  return (pipeline) => {
    const changed = adjustments.reduce(change, pipeline);
    return overlays.length > 0 ? changed.composite(overlays) : changed;
  };
}

const NO_WATERMARKS: WatermarkFiles = {
  read: () => Promise.reject(new Error('no watermark can be read here')),
  forget: () => undefined,
};

/** Whatever the order of the calls, sharp does it in its own: that of `ADJUSTMENTS`. */
function change(pipeline: Sharp, adjustment: PixelAdjustment): Sharp {
  switch (adjustment.name) {
    case 'blur': return pipeline.blur(adjustment.sigma);
    // Not sharp's own: it leaves one channel, which an RGB profile that is kept does not fit.
    case 'greyscale': return pipeline.modulate({ saturation: 0 });
    case 'sharpen': return pipeline.sharpen({ sigma: adjustment.sigma });
    default: return pipeline;
  }
}

async function overlaysOf(
  { width, height, flatten, background }: Adjustable, adjustment: PixelAdjustment, watermarks: WatermarkFiles,
): Promise<Overlay[]> {
  switch (adjustment.name) {
    case 'watermark': return [await watermark({ width, height }, adjustment, watermarks)];
    case 'roundedCorners': return roundedCorners({ width, height }, adjustment.radius, flatten ? background : undefined);
    default: return [];
  }
}

/** Those of a profile that change pixels; the others decide which there are, as part of the geometry. */
export function pixelAdjustments(adjustments: readonly AdjustmentConfig[] = []): readonly PixelAdjustment[] | undefined {
  const changing = adjustments.filter((adjustment): adjustment is PixelAdjustment => adjustment.name !== 'trim' && adjustment.name !== 'extend');
  return changing.length > 0 ? changing : undefined;
}
