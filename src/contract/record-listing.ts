/** How the index lists records: one definition for all who write them and all who list them. */

import { createHash } from 'node:crypto';
import { ImageStatus, LISTING_PARTITION, LISTING_SORT } from './record';

/** The statuses that are listed. */
export const LISTED_STATUSES = ['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED'] as const satisfies readonly ImageStatus[];
export type ListedStatus = (typeof LISTED_STATUSES)[number];

export function listingPartition(status: ImageStatus, shard: number): string {
  return `${status}#${shard}`;
}

/** The attributes by which the index lists a record: spread over shards, newest first within each. */
export function listingAttributes(id: string, status: ImageStatus, uploadedAt: string, shards: number): Record<string, string> {
  const shard = createHash('sha256').update(id).digest().readUInt32BE(0) % shards;
  return { [LISTING_PARTITION]: listingPartition(status, shard), [LISTING_SORT]: `${uploadedAt}#${id}` };
}
