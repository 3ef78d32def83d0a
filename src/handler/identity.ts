import type { ImageRecord } from '../contract';
import { SourceEvent, SourceVersion, WriteResult } from './catalog';
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

export interface Recalled extends Identity {
  /** The newest event that was accepted for the object. */
  readonly sequencer?: string;
  /** Other ids that the object was recorded under before. */
  readonly formerIds: readonly string[];
  /** What may be left of the time when the object had no named id. */
  readonly derivedOutputs: Iterable<string>;
}

/** The identity of an object that cannot be asked any more, or that has been replaced. */
export async function recall(services: Services, source: Source, key: string): Promise<Recalled> {
  const derived = derivedId(services.config.catalog.imageId, source, key);
  const item = await services.catalog.read(derived);
  const id = item?.pointsTo ?? derived;
  return {
    id,
    derived,
    sequencer: item?.sourceSequencer,
    formerIds: [...item?.namedIds ?? []].filter((named) => named !== id),
    derivedOutputs: (id !== derived && item?.outputs) || [],
  };
}

/**
 * Notes under the derived id which record is the object's from now on, and closes those of before.
 *
 * @param outputs see `removeFormer`
 * @returns the refused write when a later event was accepted; undefined otherwise
 */
export async function point(services: Services, version: SourceVersion, identity: Identity, outputs?: readonly string[]): Promise<WriteResult | undefined> {
  if (identity.id === identity.derived) return undefined;
  const pointer = await services.catalog.point(identity.derived, identity.id, version);
  if (pointer.result !== 'done') return pointer;
  await removeFormer(services, version, pointer.before, identity, outputs);
  return undefined;
}

/**
 * When the object under a key is replaced by one with another image id, the former image is gone. Repeats what an
 * earlier try may have left undone.
 *
 * @param item of the derived id, as it was before
 * @param outputs of the new image: where keys do not hold the image id, they are those of the former one as well
 * @returns whether renditions were deleted
 */
export async function removeFormer(
  services: Services, event: SourceEvent, item: Partial<ImageRecord> = {}, { id, derived }: Identity, outputs: readonly string[] = [],
): Promise<boolean> {
  const stale = id === derived ? [] : [...item.outputs ?? []];
  for (const former of item.namedIds ?? []) {
    if (former === id) continue;
    const closed = await services.catalog.close(former, event, id);
    if (closed.result === 'done') stale.push(...closed.before?.outputs ?? []);
  }
  const leftovers = services.config.processing.deleteRenditions ? stale.filter((output) => !outputs.includes(output)) : [];
  await services.renditions.delete(services.config.outputBucket, leftovers);
  return leftovers.length > 0;
}
