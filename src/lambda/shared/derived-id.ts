import { createHash } from 'node:crypto';
import { Source } from './sources';
import { DERIVED_ID_PREFIX, ImageIdSourceName } from '../../contract';

/** The id of an object whose uploader named none. With `key`, an object under another prefix can have the same. */
export function derivedId(idSource: ImageIdSourceName, source: Source, key: string): string {
  // A key that is just the prefix: an id cannot be empty.
  if (idSource === 'key') return key.slice(source.prefix.length) || key;
  return hashedId(source.bucket, key);
}

/** An id that no uploader can choose and no other object has. */
export function hashedId(bucket: string, key: string): string {
  return DERIVED_ID_PREFIX + createHash('sha256').update(`${bucket}\n${key}`).digest('hex').slice(0, 32);
}

/** Of prefixes that a source had before, those count that ended with a slash. */
const MAX_SEGMENTS = 16;

/** Every id that may have been derived of an object, under whichever prefix its source had. */
export function derivedIds(idSource: ImageIdSourceName, bucket: string, key: string): string[] {
  const hashed = hashedId(bucket, key);
  if (idSource !== 'key') return [hashed];
  const parts = key.split('/');
  return [...parts.map((_, at) => parts.slice(at).join('/')).filter((rest) => rest !== '').slice(0, MAX_SEGMENTS), hashed];
}
