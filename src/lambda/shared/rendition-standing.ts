import { renditionKey } from './rendition-key';
import { Source } from './sources';
import { fileExtension, HandlerConfig, ImageRecord, RenditionFacts, splitKey } from '../../contract';

/**
 * What a record says of a rendition that the configuration asks for: it is as it should be; it was made by other settings,
 * or is stored elsewhere; it is not there; or it cannot be made.
 */
export type Standing = 'current' | 'stale' | 'missing' | 'skipped';

/** An image as its record describes it. */
export interface RecordedImage extends Pick<ImageRecord, 'renditions' | 'skipped'> {
  readonly imageId: string;
  /** The key of the original. */
  readonly key: string;
}

/**
 * Compares a completed record with the configuration, by the names of renditions. Speaks of the version that the record
 * describes. A rendition that an uploader may ask for is there only where one was.
 */
export function standingOf(config: Pick<HandlerConfig, 'outputBucket' | 'outputKey'>, source: Source, image: RecordedImage): Map<string, Standing> {
  const { renditions = {}, skipped = {} } = image;
  const standing = new Map<string, Standing>();
  for (const [name, { settings, limits, isRequested }] of source.settings) {
    const facts = renditions[name];
    if (facts) standing.set(name, facts.settings === settings && isInPlace(config, source, image, name, facts) ? 'current' : 'stale');
    else if (skipped[name]) standing.set(name, skipped[name].settings === limits ? 'skipped' : 'missing');
    else if (!isRequested) standing.set(name, 'missing');
  }
  return standing;
}

/** Whether a completed record says that it cannot be brought to a configuration: then what it lacks by that is not to be tried again. */
export function isRefused({ status, refusal }: Pick<Partial<ImageRecord>, 'status' | 'refusal'>, { configDigest }: Source): boolean {
  return status === 'COMPLETED' && refusal?.configDigest === configDigest;
}

/** By settings that are the same, a rendition of the same image has the same size and format. */
function isInPlace(
  { outputBucket, outputKey }: Pick<HandlerConfig, 'outputBucket' | 'outputKey'>, source: Source, { imageId, key }: RecordedImage,
  name: string, facts: RenditionFacts,
): boolean {
  const { profile, width, height } = facts;
  const { format } = source.settings.get(name)!;
  const ext = fileExtension(format, facts.format, splitKey(key).sourceExt);
  return facts.bucket === outputBucket && facts.key === renditionKey(outputKey, source, key, { imageId, profile, format, ext, width, height });
}
