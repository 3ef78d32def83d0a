import { Colour } from './colour';
import { roundedCorners } from './corners';
import { Size } from './geometry';
import { Sharp } from './sharp';
import { AdjustmentConfig, ExtendConfig, TrimConfig } from '../../../contract';

/** A picture that is adjusted: one frame, in its final size. */
export interface Adjustable extends Size {
  readonly adjustments?: readonly PixelAdjustment[];
  /** Whether the format has no transparency; `background` is seen in its place. */
  readonly flatten: boolean;
  readonly background: Colour;
}

/** What is no part of the geometry. */
export type PixelAdjustment = Exclude<AdjustmentConfig, TrimConfig | ExtendConfig>;

type Operation<Name extends PixelAdjustment['name']> = (
  pipeline: Sharp, adjustment: Extract<PixelAdjustment, { readonly name: Name }>, picture: Adjustable,
) => Sharp;

/** Whatever the order of the calls, sharp does it in its own: that of `ADJUSTMENTS`. */
const OPERATIONS: { readonly [Name in PixelAdjustment['name']]: Operation<Name> } = {
  blur: (pipeline, { sigma }) => pipeline.blur(sigma),
  // Not sharp's own: it leaves one channel, which an RGB profile that is kept does not fit.
  greyscale: (pipeline) => pipeline.modulate({ saturation: 0 }),
  sharpen: (pipeline, { sigma }) => pipeline.sharpen({ sigma }),
  roundedCorners: (pipeline, { radius }, { flatten, background, ...size }) => (
    pipeline.composite(roundedCorners(size, radius, flatten ? background : undefined))
  ),
};

/** Changes of the pixels of a picture, after everything that decides their number. */
export function adjust(pipeline: Sharp, picture: Adjustable): Sharp {
  const { adjustments = [] } = picture;
  return adjustments.reduce((changed, adjustment) => (OPERATIONS[adjustment.name] as Operation<PixelAdjustment['name']>)(changed, adjustment, picture), pipeline);
}

/** Those of a profile that change pixels; the others decide which there are, as part of the geometry. */
export function pixelAdjustments(adjustments: readonly AdjustmentConfig[] = []): readonly PixelAdjustment[] | undefined {
  const changing = adjustments.filter((adjustment): adjustment is PixelAdjustment => adjustment.name !== 'trim' && adjustment.name !== 'extend');
  return changing.length > 0 ? changing : undefined;
}
