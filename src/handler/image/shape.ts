import { Geometry } from './geometry';
import { PlannedRendition } from './plan';
import { Sharp } from './sharp';

/** Scales, crops and pads a pipeline to the rendition's geometry. */
export function shape(pipeline: Sharp, rendition: PlannedRendition): Sharp {
  const { width, height, scaled, crop, pad, background } = rendition;
  if (typeof crop === 'string') return pipeline.resize({ width, height, fit: 'cover', position: crop });

  const resized = pipeline.resize({ ...scaled, fit: 'fill' });
  if (crop) return resized.extract({ ...crop, width, height });
  return pad ? resized.extend({ ...pad, ...farSides(rendition, pad), background }) : resized;
}

/** The same straight from a source, where an extract after the orientation would cost sharp its shrink-on-load. */
export function shapeSource(pipeline: Sharp, rendition: PlannedRendition): Sharp {
  const { width, height, crop, profile: { position } } = rendition;
  return crop ? pipeline.resize({ width, height, fit: 'cover', position }) : shape(pipeline, rendition);
}

function farSides({ width, height, scaled }: Geometry, { left, top }: { left: number; top: number }): { right: number; bottom: number } {
  return { right: width - scaled.width - left, bottom: height - scaled.height - top };
}
