import { EncodedFormat, expandOutputKey, EXTENSIONS, splitKey } from '../contract';
import { PermanentError } from './errors';
import { PlannedRendition } from './image';
import { Source } from './sources';

/** S3's limit for a key in UTF-8. */
const MAX_KEY_BYTES = 1024;

/** Other extensions that a format goes by. */
const ALIASES: Partial<Record<EncodedFormat, readonly string[]>> = { jpeg: ['jpg', 'jpeg', 'jpe', 'jfif'], tiff: ['tif', 'tiff'] };

/** @throws PermanentError with OUTPUT_KEY_TOO_LONG */
export function outputKey(template: string, source: Source, key: string, imageId: string, rendition: PlannedRendition): string {
  const parts = splitKey(key);
  const output = source.outputPrefix + expandOutputKey(template, {
    ...parts,
    imageId,
    profile: rendition.profile.name,
    format: rendition.configuredFormat,
    ext: extension(rendition, parts.sourceExt),
    width: rendition.width,
    height: rendition.height,
  });
  const bytes = Buffer.byteLength(output);
  if (bytes > MAX_KEY_BYTES) {
    throw new PermanentError('OUTPUT_KEY_TOO_LONG', `the key of rendition ${rendition.name} would have ${bytes} bytes, and S3 allows ${MAX_KEY_BYTES}`);
  }
  return output;
}

/** A rendition in its original's format keeps the extension as its uploader wrote it, where it fits. */
function extension({ configuredFormat, format }: PlannedRendition, sourceExt: string): string {
  const fits = (ALIASES[format] ?? [EXTENSIONS[format]]).includes(sourceExt.toLowerCase());
  return configuredFormat === 'original' && fits ? sourceExt : EXTENSIONS[format];
}
