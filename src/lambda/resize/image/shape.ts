import { exactFit } from './geometry';
import { PlannedRendition } from './plan';
import { Probe } from './probe';
import { Sharp } from './sharp';
import { Pixels } from './source';

/** Scales, crops and pads a pipeline on decoded pixels of a source to the rendition's geometry. */
export function shapePixels(pipeline: Sharp, pixels: Pixels, source: Probe, rendition: PlannedRendition): Sharp {
  const factor = rendition.factor && rendition.factor * (source.width / pixels.width);
  return shape(pipeline, rendition, exactFit(pixels, rendition.scaled, factor, false));
}

/** The same straight from the source. */
export function shapeSource(pipeline: Sharp, source: Probe, rendition: PlannedRendition): Sharp {
  const { width, height, scaled, factor, crop, frames, profile: { position } } = rendition;
  // An extract after the orientation would cost sharp its shrink-on-load. Several frames come with their crop.
  if (crop && frames === 1) return pipeline.resize({ width, height, fit: 'cover', position });
  return shape(pipeline, rendition, exactFit(source, scaled, factor, source.format === 'jpeg'));
}

function shape(pipeline: Sharp, rendition: PlannedRendition, fit: 'cover' | 'inside' | 'fill'): Sharp {
  const { width, height, scaled, crop, pad, background } = rendition;
  if (typeof crop === 'string') return pipeline.resize({ width, height, fit: 'cover', position: crop });

  const resized = pipeline.resize({ ...scaled, fit });
  if (crop) return resized.extract({ ...crop, width, height });
  return pad ? resized.extend({ ...pad, right: width - scaled.width - pad.left, bottom: height - scaled.height - pad.top, background }) : resized;
}
