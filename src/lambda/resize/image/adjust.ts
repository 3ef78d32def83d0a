import { Sharp } from './sharp';
import { AdjustmentConfig } from '../../../contract';

/** Changes of the pixels, after everything that decides their number. sharp has an order of its own. */
const OPERATIONS: Readonly<Record<AdjustmentConfig['name'], (pipeline: Sharp, adjustment: AdjustmentConfig) => Sharp>> = {
  // Not sharp's own: it leaves one channel, which an RGB profile that is kept does not fit.
  greyscale: (pipeline) => pipeline.modulate({ saturation: 0 }),
  blur: (pipeline, { sigma }) => pipeline.blur(sigma),
  sharpen: (pipeline, { sigma }) => pipeline.sharpen({ sigma: sigma! }),
};

export function adjust(pipeline: Sharp, adjustments: readonly AdjustmentConfig[] = []): Sharp {
  return adjustments.reduce((changed, adjustment) => OPERATIONS[adjustment.name](changed, adjustment), pipeline);
}
