import type { ImageRecord } from './record';

/** Every attribute of a record, whose names no partition key may have; by the compiler's word none is missing, and none is too much. */
const ATTRIBUTES: Readonly<Record<keyof ImageRecord, true>> = {
  status: true,
  sourceBucket: true,
  sourceKey: true,
  sourceVersionId: true,
  sourceETag: true,
  sourceFingerprint: true,
  sourceSequencer: true,
  fileName: true,
  uploadedAt: true,
  processingStartedAt: true,
  processedAt: true,
  updatedAt: true,
  attempts: true,
  original: true,
  renditions: true,
  skipped: true,
  failure: true,
  refusal: true,
  completedVersion: true,
  formerVersion: true,
  event: true,
  outputs: true,
  sweptOutputs: true,
  configDigest: true,
  pointsTo: true,
  replacedBy: true,
  namedIds: true,
  closedIds: true,
  listingPartition: true,
  listingSort: true,
  expiresAt: true,
};

/** The names of a record's attributes, beside its key. */
export const RECORD_ATTRIBUTES: readonly string[] = Object.keys(ATTRIBUTES);
