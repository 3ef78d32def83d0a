import { FORMATS } from './formats';
import { Input } from './input';
import { Sharp } from './sharp';
import { EncodedFormat } from '../../../contract';

/** What decides about metadata. */
type Origin = Pick<Input, 'probe' | 'processing'>;

/**
 * Whether a rendition keeps the ICC profile of the input, and its pixels stay in that space.
 * Other than RGB profiles do not fit the pixels that are written, nor do those of 16 bits, which sharp brings to Display P3: those images are
 * converted to sRGB under any policy.
 */
export function keepsProfile({ probe, processing: { metadata: policy } }: Origin, format: EncodedFormat): boolean {
  return (policy === 'icc' || policy === 'all') && FORMATS[format].metadata && probe.profile === 'RGB' && /^s?rgb$/.test(probe.space);
}

/** Whether a rendition must be made from the input itself, because decoded pixels no longer have what it keeps. */
export function needsInput(origin: Origin, format: EncodedFormat): boolean {
  return keepsProfile(origin, format) || (origin.processing.metadata === 'all' && FORMATS[format].metadata);
}

/** Makes a pipeline write what the policy keeps. */
export function keepMetadata(pipeline: Sharp, origin: Origin, format: EncodedFormat): Sharp {
  const { probe: { credits, profile, hasLargeExif }, processing: { metadata: policy } } = origin;
  if (!FORMATS[format].metadata) return pipeline;
  if (policy === 'copyright' && Object.keys(credits).length > 0) return pipeline.withExif({ IFD0: credits });
  if (policy === 'all') {
    const withProfile = profile === undefined || keepsProfile(origin, format);
    const kept = withProfile ? pipeline.keepMetadata() : pipeline.keepExif().keepXmp();
    return hasLargeExif ? kept.withExifMerge({ IFD0: credits }) : kept;
  }
  return keepsProfile(origin, format) ? pipeline.keepIccProfile() : pipeline;
}
