import type { ImageRecord } from '../../../contract';
import { Refused, SourceEvent, SourceVersion } from '../record/catalog';
import { derivedId, namedId } from '../record/image-id';
import { Services } from '../services/services';
import { Source } from '../sources/sources';

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

export type Pointed =
  | { readonly refused: Refused }
  | { readonly refused?: undefined; readonly stale: readonly string[] };

/**
 * Notes under the derived id which record is the object's from now on, and closes those of before.
 *
 * @returns the outputs of the former records, or the write when a later event refused it
 */
export async function point(services: Services, version: SourceVersion, identity: Identity): Promise<Pointed> {
  if (identity.id === identity.derived) return { stale: [] };
  const pointer = await services.catalog.point(identity.derived, identity.id, version);
  if (pointer.result !== 'done') return { refused: pointer };
  return { stale: await closeFormer(services, version, pointer.before, identity) };
}

/**
 * When the object under a key is replaced by one with another image id, the former image is gone. Repeats what an
 * earlier try may have left undone.
 *
 * @param item of the derived id, as it was before
 * @returns the outputs of the former records. Where keys do not hold the image id, they are the new image's as well.
 */
export async function closeFormer(
  services: Services, event: SourceEvent, item: Partial<ImageRecord> = {}, { id, derived }: Identity,
): Promise<string[]> {
  const stale = id === derived ? [] : [...item.outputs ?? []];
  for (const former of item.namedIds ?? []) {
    if (former === id) continue;
    const closed = await services.catalog.close(former, event, id);
    if (closed.result === 'done') stale.push(...closed.before?.outputs ?? []);
  }
  return stale;
}
