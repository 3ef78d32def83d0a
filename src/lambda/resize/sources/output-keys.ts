import { expandOutputKey, splitKey } from '../../../contract';
import { PermanentError } from '../endings/permanent-error';
import type { PlannedRendition } from '../image';
import { Source } from './sources';

/** S3's limit for a key in UTF-8. */
const MAX_KEY_BYTES = 1024;

/** @throws PermanentError with OUTPUT_KEY_TOO_LONG */
export function outputKey(template: string, source: Source, key: string, imageId: string, rendition: PlannedRendition): string {
  const output = source.outputPrefix + expandOutputKey(template, {
    ...splitKey(key),
    imageId,
    profile: rendition.profile.name,
    format: rendition.configuredFormat,
    ext: rendition.extension,
    width: rendition.width,
    height: rendition.height,
  });
  const bytes = Buffer.byteLength(output);
  if (bytes > MAX_KEY_BYTES) {
    throw new PermanentError('OUTPUT_KEY_TOO_LONG', `the key of rendition ${rendition.name} would have ${bytes} bytes, and S3 allows ${MAX_KEY_BYTES}`);
  }
  return output;
}
