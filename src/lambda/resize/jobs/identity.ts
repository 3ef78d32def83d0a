import { Job } from './job';
import { hashedId } from '../../shared/derived-id';
import { ItemOf } from '../record/catalog';
import { namedId } from '../record/image-id';

/** Under which ids an object is recorded. */
export interface Identity {
  /** The id of the record. */
  readonly id: string;
  /** The id that the object has where its uploader names none. Where another is named, it points to that. */
  readonly derived: string;
}

/** @throws PermanentError with INVALID_IMAGE_ID */
export function identify({ services: { config }, derived }: Job, metadata: Readonly<Record<string, string>> = {}): Identity {
  return { id: namedId(config.catalog.imageId, metadata) ?? derived, derived };
}

export function isNamed({ id, derived }: Identity): boolean {
  return id !== derived;
}

/** The identity of an object whose id is that of another object. Where ids are keys, even the derived one can be. */
export function ownIdentity({ source, event }: Job, { id, derived }: Identity): Identity {
  const own = id === derived ? hashedId(source.bucket, event.key) : derived;
  if (own === id) throw new Error(`image id ${JSON.stringify(id)} is that of another object, and cannot be`);
  return { id: own, derived: own };
}

export interface Recalled extends Identity {
  /** The item of the derived id: the record itself, or a pointer to it. */
  readonly item?: ItemOf;
  /** Every other id that may hold a record of the object. */
  readonly others: readonly string[];
}

/** The identity of an object that cannot be asked any more, or that has been replaced. */
export async function recall(job: Job): Promise<Recalled> {
  const { derived } = identify(job);
  const item = await job.services.catalog.read(derived);
  if (item && !isOf(job, item)) {
    const own = ownIdentity(job, { id: derived, derived });
    return { ...own, item: await job.services.catalog.read(own.id), others: [] };
  }
  const id = item?.pointsTo ?? derived;
  const others = new Set([...item?.namedIds ?? [], ...item?.closedIds ?? [], id]);
  others.delete(derived);
  return { id, derived, item, others: [...others] };
}

/** The record of the object as it is now, with the id that it has, and the item of the derived id. */
export async function recallRecord(job: Job): Promise<{ readonly identity: Identity; readonly record?: ItemOf; readonly item?: ItemOf }> {
  const { id, derived, item } = await recall(job);
  const record = id === derived ? item : await job.services.catalog.read(id);
  // A pointer is written before its record is claimed, and may name one that turns out to be another object's.
  return record && !isOf(job, record) ? { identity: { id: derived, derived }, record: item, item } : { identity: { id, derived }, record, item };
}

/** Whether a record is the object's, or free for it. */
export function isOf({ event: { bucket, key } }: Job, { sourceBucket, sourceKey }: ItemOf): boolean {
  return sourceKey === undefined || (sourceBucket === bucket && sourceKey === key);
}
