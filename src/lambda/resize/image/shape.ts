import { exactFit, FOCAL_POINT } from './geometry';
import { Pixels } from './input';
import { PlannedRendition } from './plan';
import { Probe } from './probe';
import { Sharp } from './sharp';
import { PIXEL_DENSITY } from './svg';

/** Scales, crops and pads a pipeline on decoded pixels of an input to the rendition's geometry. */
export function shapePixels(pipeline: Sharp, pixels: Pixels, probe: Probe, rendition: PlannedRendition): Sharp {
  const factor = rendition.factor && rendition.factor * (probe.width / pixels.width);
  return shape(pipeline, rendition, exactFit(pixels, rendition.scaled, factor, false));
}

/** The same straight from the input. */
export function shapeInput(pipeline: Sharp, probe: Probe, rendition: PlannedRendition): Sharp {
  const { scaled, factor, crop, cropped, frames, profile: { position } } = rendition;
  // An extract after the orientation would cost sharp its shrink-on-load. Several frames come with their crop.
  const chosen = typeof crop === 'string' ? crop : position;
  if (crop && frames === 1 && chosen !== FOCAL_POINT) return pad(pipeline.resize({ ...cropped, fit: 'cover', position: chosen }), rendition);
  // A drawing in units other than pixels is loaded with other sides.
  const isInUnits = (probe.still?.density ?? PIXEL_DENSITY) !== PIXEL_DENSITY;
  return shape(pipeline, rendition, exactFit(probe, scaled, isInUnits ? undefined : factor, probe.format === 'jpeg'));
}

function shape(pipeline: Sharp, rendition: PlannedRendition, fit: 'cover' | 'inside' | 'fill'): Sharp {
  const { scaled, crop, cropped } = rendition;
  if (typeof crop === 'string') return pad(pipeline.resize({ ...cropped, fit: 'cover', position: crop }), rendition);
  const resized = pipeline.resize({ ...scaled, fit });
  return pad(crop ? resized.extract({ ...crop, ...cropped }) : resized, rendition);
}

function pad(pipeline: Sharp, { width, height, cropped, pad: offset, background }: PlannedRendition): Sharp {
  if (!offset) return pipeline;
  return pipeline.extend({ ...offset, right: width - cropped.width - offset.left, bottom: height - cropped.height - offset.top, background });
}
