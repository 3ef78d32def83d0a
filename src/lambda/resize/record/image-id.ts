import { DERIVED_ID_PREFIX, IMAGE_ID_METADATA, IMAGE_ID_PATTERN, ImageIdSourceName } from '../../../contract';
import { PermanentError } from '../endings/permanent-error';

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
