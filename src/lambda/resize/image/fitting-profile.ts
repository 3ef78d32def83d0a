import { InputFormat } from './formats';
import { greyProfileFrom, plainCmykProfile, RENDERING_INTENT, withKnownIntent } from './icc';
import { jpegWithProfile } from './jpeg';
import { pngWithProfile } from './png-colour';
import { Metadata } from './sharp';
import { tiffWithProfile } from './tiff';

const WITH_PROFILE: Partial<Record<InputFormat, (data: Buffer, profile: Buffer) => Buffer>> = {
  jpeg: jpegWithProfile, png: pngWithProfile, tiff: tiffWithProfile, webp: webpWithProfile,
};

/** Instead of one that is as long. */
function webpWithProfile(data: Buffer, profile: Buffer): Buffer {
  const at = data.indexOf('ICCP', 0, 'latin1');
  if (at === -1 || at + 8 + profile.length > data.length || data.readUInt32LE(at + 4) !== profile.length) return data;
  const copy = Buffer.from(data);
  profile.copy(copy, at + 8);
  return copy;
}

interface Fitting {
  readonly profile: Buffer;
  /** The image with it. */
  insert(data: Buffer): Buffer;
}

/** The profile by which browsers show an image, where libvips would pass over the image's own, or take one of print. */
export function fittingProfile(format: InputFormat, { space, icc }: Pick<Metadata, 'space' | 'icc'>): Fitting | undefined {
  const insert = WITH_PROFILE[format];
  const profile = insert && profileFor(space, icc);
  return profile && { profile, insert: (data) => insert(data, profile) };
}

function profileFor(space: string, icc: Buffer | undefined): Buffer | undefined {
  const isWhole = icc?.toString('latin1', 36, 40) === 'acsp';
  const kind = isWhole ? icc.toString('latin1', 16, 20) : undefined;
  if (space === 'cmyk') return kind === 'CMYK' ? undefined : plainCmykProfile();
  // Renditions may keep it, and as PNG would be shown without it.
  if (kind === 'RGB ' && space === 'srgb' && icc!.readUInt32BE(RENDERING_INTENT) > 3) return withKnownIntent(icc!);
  return (space === 'b-w' || space === 'grey16') && kind === 'RGB ' ? greyProfileFrom(icc!) : undefined;
}
