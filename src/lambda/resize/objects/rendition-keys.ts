import { renditionKey } from '../../shared/rendition-key';
import { Source } from '../../shared/sources';
import { PermanentError } from '../endings/permanent-error';
import type { PlannedRendition } from '../image';

/** S3's limit for a key in UTF-8. */
const MAX_KEY_BYTES = 1024;
/** What is noted of a rendition beside its key. */
const NOTED_BYTES = 300;
/** What all renditions of an image may take of a record (400 KB) and of the state of an execution (256 KiB), each of which names keys more than once. */
const MAX_NOTED_BYTES = 100 * (MAX_KEY_BYTES + NOTED_BYTES);

/** @throws PermanentError with OUTPUT_KEY_TOO_LONG */
export function outputKey(template: string, source: Source, key: string, imageId: string, rendition: PlannedRendition): string {
  const output = renditionKey(template, source, key, {
    imageId,
    profile: rendition.profile.name,
    format: rendition.configuredFormat,
    ext: rendition.extension,
    width: rendition.width,
    height: rendition.height,
  });
  const bytes = Buffer.byteLength(output);
  if (bytes > MAX_KEY_BYTES) {
    throw tooLong(`the key of rendition ${rendition.name} would have ${bytes} bytes, and S3 allows ${MAX_KEY_BYTES}`);
  }
  const count = renditionsOf(source);
  const allowed = Math.floor(MAX_NOTED_BYTES / count) - NOTED_BYTES;
  const noted = Buffer.byteLength(JSON.stringify(output)) - 2;
  if (noted > allowed) {
    throw tooLong(`the key of rendition ${rendition.name} would have ${noted} bytes in JSON, and a record of ${count} renditions has room for ${allowed}`);
  }
  return output;
}

function tooLong(detail: string): PermanentError {
  return new PermanentError('OUTPUT_KEY_TOO_LONG', 'The name of this file is too long. Upload it under a shorter name.', { detail });
}

function renditionsOf({ profiles, requested }: Source): number {
  return [...profiles, ...requested ? [requested] : []].reduce((sum, { formats }) => sum + formats.length, 0);
}
