import { createHash } from 'node:crypto';
import { ImageStatus, LISTING_PARTITION, LISTING_SORT } from '../contract';

/** The attributes by which the index lists a record: spread over shards, newest first within each. */
export function listingAttributes(id: string, status: ImageStatus, uploadedAt: string, shards: number): Record<string, string> {
  const shard = createHash('sha256').update(id).digest().readUInt32BE(0) % shards;
  return { [LISTING_PARTITION]: `${status}#${shard}`, [LISTING_SORT]: `${uploadedAt}#${id}` };
}
