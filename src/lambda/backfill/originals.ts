import { InvalidInput } from './invalid-input';

/** An original as a plan knows it: from a listing, or from a list of keys. */
export interface ListedOriginal {
  readonly bucket: string;
  readonly key: string;
  readonly bytes?: number;
  readonly etag?: string;
  /** Epoch millisecond. */
  readonly modified?: number;
}

/** An item of the state machine: an object of a listing, an entry of a list, or just a key. */
export function originalOf(item: unknown, bucket: string): ListedOriginal {
  if (typeof item === 'string' && item !== '') return { bucket, key: item };
  const { Key, Etag, ETag = Etag, Size, LastModified, key = Key, bucket: named } = (item ?? {}) as Record<string, unknown>;
  if (typeof key !== 'string' || key === '') throw wrongEntry('must be a key or an object with a key', item);
  // Of rows, the column is empty.
  const isNamed = named !== undefined && named !== null && named !== '';
  if (isNamed && typeof named !== 'string') throw wrongEntry('must name its bucket by a text', item);
  return {
    bucket: isNamed ? named : bucket,
    key,
    ...(typeof Size === 'number' ? { bytes: Size } : {}),
    ...(typeof ETag === 'string' ? { etag: ETag.replaceAll('"', '') } : {}),
    ...(LastModified === undefined ? {} : { modified: typeof LastModified === 'number' ? LastModified * 1000 : Date.parse(String(LastModified)) }),
  };
}

function wrongEntry(rule: string, item: unknown): InvalidInput {
  return new InvalidInput(`an entry of the list ${rule}, received ${JSON.stringify(item).slice(0, 200)}`);
}
