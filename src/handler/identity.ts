import { SourceVersion, WriteResult } from './catalog';
import { derivedId, namedId } from './image-id';
import { Services } from './services';
import { Source } from './sources';

/** Under which ids an object is recorded. */
export interface Identity {
  /** The id of the record. */
  readonly id: string;
  /** The id that follows from bucket and key. Where the uploader named another, it points to that. */
  readonly derived: string;
}

/** @throws PermanentError with INVALID_IMAGE_ID */
export function identify(services: Services, source: Source, key: string, metadata: Readonly<Record<string, string>>): Identity {
  const { imageId } = services.config.catalog;
  const derived = derivedId(imageId, source, key);
  return { id: namedId(imageId, metadata) ?? derived, derived };
}

/** The identity of an object that cannot be asked any more. */
export async function recall(services: Services, source: Source, key: string): Promise<Identity> {
  const derived = derivedId(services.config.catalog.imageId, source, key);
  const record = await services.catalog.read(derived);
  return { id: record?.pointsTo ?? derived, derived };
}

/**
 * When the object under a key is replaced by one with another image id, the former image is gone.
 *
 * @param write the result of a write to the derived id's item
 * @param id under which the object is recorded from now on
 */
export async function removeFormer(services: Services, version: SourceVersion, write: WriteResult, id: string): Promise<void> {
  if (write.result !== 'done') return;
  const former = write.before?.pointsTo;
  if (former === undefined || former === id) return;
  const closed = await services.catalog.close(former, version);
  if (closed.result !== 'done' || !services.config.processing.deleteRenditions) return;
  // Keys that do not hold the image id are those of the new image as well, which is about to write them.
  await services.renditions.delete(services.config.outputBucket, closed.before?.outputs ?? []);
}
