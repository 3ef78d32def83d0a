import { createHash } from 'node:crypto';

interface ObjectPlace {
  readonly bucket: string;
  readonly key: string;
}

/** Bytes of a name that are kept in order, as two digits each: S3 allows 1024 for the whole key. */
const NAME_DIGITS = 800;

/** By what is in the batch: tried again, it writes the same file. In the order of the first keys, so that limits cut at a key. */
export function nameOf(objects: readonly ObjectPlace[]): string {
  const places = objects.map(({ bucket, key }) => `${bucket}/${key}`);
  const digest = createHash('sha256').update(JSON.stringify(places)).digest('hex').slice(0, 16);
  return `${Buffer.from(places[0] ?? '').toString('hex').slice(0, NAME_DIGITS)}-${digest}`;
}
