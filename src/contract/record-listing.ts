/** How the index lists records: one definition for all who write them and all who list them. */

import { createHash } from 'node:crypto';
import { ImageStatus, LISTING_PARTITION, LISTING_SORT } from './record';

/** The statuses that are listed. */
export const LISTED_STATUSES = ['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED'] as const satisfies readonly ImageStatus[];
export type ListedStatus = (typeof LISTED_STATUSES)[number];

/**
 * The statuses by which images may be listed that have a status. While it is processed, an image stays listed as what it
 * was: one that was announced as `PENDING`, one that is made again as `COMPLETED` or `FAILED`.
 */
export function listedAs(status: ListedStatus): readonly ListedStatus[] {
  return status === 'PROCESSING' ? ['PROCESSING', 'PENDING'] : [status];
}

export function listingPartition(status: ImageStatus, shard: number): string {
  return `${status}#${shard}`;
}

/** The attributes by which the index lists a record: spread over shards, newest first within each. */
export function listingAttributes(id: string, status: ImageStatus, uploadedAt: string, shards: number): Record<string, string> {
  const shard = createHash('sha256').update(id).digest().readUInt32BE(0) % shards;
  return { [LISTING_PARTITION]: listingPartition(status, shard), [LISTING_SORT]: `${uploadedAt}#${sortableId(id)}` };
}

/** DynamoDB's limit for a sort key is 1024 bytes, which an id that is a key can exceed with the time before it. */
const MAX_ID_BYTES = 900;

/** The id, or as much of it as a sort key holds with a digest that keeps it unique. */
function sortableId(id: string): string {
  const bytes = Buffer.from(id);
  if (bytes.length <= MAX_ID_BYTES) return id;
  return `${bytes.subarray(0, MAX_ID_BYTES - 40).toString()}#${createHash('sha256').update(id).digest('hex').slice(0, 32)}`;
}
