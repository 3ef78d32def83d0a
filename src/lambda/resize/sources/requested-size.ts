import { ProfileConfig, REQUESTED_SIZE_METADATA } from '../../../contract';
import { Source } from '../../shared/sources';
import { PermanentError } from '../endings/permanent-error';

/**
 * The profiles of an object's renditions: those of its source, and the one that its uploader asked for, where the owner
 * allows it.
 *
 * @throws PermanentError with INVALID_REQUESTED_SIZE
 */
export function profilesFor({ profiles, requested }: Source, metadata: Readonly<Record<string, string>>): readonly ProfileConfig[] {
  if (!requested) return profiles;
  const width = requestedSide(metadata, REQUESTED_SIZE_METADATA.width, requested.width!);
  const height = requestedSide(metadata, REQUESTED_SIZE_METADATA.height, requested.height!);
  if (width === undefined && height === undefined) return profiles;
  if (width !== undefined && height !== undefined) return [...profiles, { ...requested, width, height }];
  // The side that was not asked for follows from the image, and stays within its limit.
  return [...profiles, { ...requested, width: width ?? requested.width, height: height ?? requested.height, fit: 'inside' }];
}

function requestedSide(metadata: Readonly<Record<string, string>>, name: string, max: number): number | undefined {
  const text = metadata[name];
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,4}$/.test(text) && Number(text) <= max) return Number(text);
  const detail = `expected metadata ${name} to be a whole number of pixels from 1 to ${max}, received ${JSON.stringify(text.slice(0, 200))}`;
  throw new PermanentError('INVALID_REQUESTED_SIZE', `The size that was asked for is not possible: ask for 1 to ${max} pixels.`, { detail });
}
