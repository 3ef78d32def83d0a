import {
  CatalogConfig, digestOf, FinalStatus, IMAGE_EVENT_TYPES, IMAGE_EVENT_VERSION, ImageEventDetail, ImageRecord, RenditionFacts, VersionFacts,
} from '../../../contract';

/** EventBridge takes 256 KB of an event with everything around its detail. */
const MAX_DETAIL_BYTES = 240 * 1024;

/** What was given up can be completed by the same claim, and either is closed by the same event. */
const RANKS: Readonly<Record<FinalStatus, number>> = { FAILED: 0, COMPLETED: 1, DELETED: 2 };

export type Settled = Partial<ImageRecord> & { readonly status: FinalStatus };

/** Whether a record is in a state that is told. */
export function isSettled(record: Partial<ImageRecord> | undefined): record is Settled {
  return record?.status !== undefined && record.status in IMAGE_EVENT_TYPES && record.pointsTo === undefined;
}

/** What is told of an image, as its record says it. Whoever reads the record later tells the same. */
export function imageEvent(pipeline: string, { table, partitionKey }: CatalogConfig, imageId: string, record: Settled): ImageEventDetail {
  const { status, sourceSequencer = '', attempts = 0, renditions = {} } = record;
  const order = `${sourceSequencer}.${String(attempts).padStart(6, '0')}.${RANKS[status]}`;
  const detail: ImageEventDetail = {
    version: IMAGE_EVENT_VERSION,
    id: digestOf([pipeline, table, imageId, order, status, record.configDigest], 32),
    order,
    pipeline,
    imageId,
    status,
    time: record.processedAt ?? record.updatedAt ?? '',
    original: { bucket: record.sourceBucket ?? '', key: record.sourceKey ?? '', ...versionOf(record), ...record.original },
    renditionCount: Object.keys(renditions).length,
    renditions: Object.entries(renditions).map(([name, facts]) => ({ name, ...briefOf(facts) })),
    skipped: record.skipped && Object.entries(record.skipped).map(([name, { code, message }]) => ({ name, code, message })),
    former: formerOf(record),
    failure: record.failure && { code: record.failure.code, message: record.failure.message, retryable: record.failure.retryable },
    replacedBy: record.replacedBy,
    record: { table, key: { [partitionKey]: imageId } },
  };
  return bytesOf(detail) <= MAX_DETAIL_BYTES ? detail : { ...detail, renditions: undefined, skipped: undefined };
}

function versionOf({ sourceETag: etag, sourceVersionId: versionId }: Partial<ImageRecord>): VersionFacts {
  return { etag, versionId };
}

/** The version that the state has replaced. */
function formerOf({ status, completedVersion, formerVersion, ...record }: Partial<ImageRecord>): VersionFacts | undefined {
  const former = status === 'COMPLETED' ? formerVersion : completedVersion;
  const { etag, versionId } = versionOf(record);
  const isOther = former?.etag !== undefined && (former.etag !== etag || former.versionId !== versionId);
  return isOther || (former?.etag !== undefined && status === 'DELETED') ? former : undefined;
}

function briefOf({ profile, bucket, key, width, height, format, contentType, bytes }: RenditionFacts) {
  return { profile, bucket, key, width, height, format, contentType, bytes };
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
