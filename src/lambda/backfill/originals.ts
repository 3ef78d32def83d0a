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
  if (typeof item === 'string') return { bucket, key: item };
  const { Key, Etag, ETag = Etag, Size, LastModified, key = Key, bucket: named } = item as Record<string, unknown>;
  if (typeof key !== 'string' || key === '') throw new Error(`expected a key or an object with a key, received ${JSON.stringify(item)}`);
  return {
    bucket: typeof named === 'string' && named !== '' ? named : bucket,
    key,
    ...(typeof Size === 'number' ? { bytes: Size } : {}),
    ...(typeof ETag === 'string' ? { etag: ETag.replaceAll('"', '') } : {}),
    ...(LastModified === undefined ? {} : { modified: typeof LastModified === 'number' ? LastModified * 1000 : Date.parse(String(LastModified)) }),
  };
}
