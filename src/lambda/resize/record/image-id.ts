import { createHash } from 'node:crypto';
import { DERIVED_ID_PREFIX, IMAGE_ID_METADATA, IMAGE_ID_PATTERN, ImageIdSourceName } from '../../../contract';
import { PermanentError } from '../endings/permanent-error';
import { Source } from '../sources/sources';

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

/**
 * The id that the uploader named in the object's metadata; undefined for none.
 *
 * @throws PermanentError with INVALID_IMAGE_ID
 */
export function namedId(idSource: ImageIdSourceName, metadata: Readonly<Record<string, string>>): string | undefined {
  const named = metadata[IMAGE_ID_METADATA];
  if (named === undefined || idSource === 'key') return undefined;
  if (IMAGE_ID_PATTERN.test(named)) return named;
  throw new PermanentError('INVALID_IMAGE_ID', 'This image was uploaded with an id that is not possible. Upload it with another one.', {
    detail: `expected metadata ${IMAGE_ID_METADATA} to be 1 to 128 letters, digits, dashes and underscores not beginning with "${DERIVED_ID_PREFIX}", `
      + `received ${JSON.stringify(named.slice(0, 200))}`,
  });
}
