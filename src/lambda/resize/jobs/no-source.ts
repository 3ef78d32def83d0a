import { hashedId } from '../../shared/derived-id';
import { ignored, Outcome } from '../endings/outcome';
import { ObjectEvent } from '../events/s3-events';
import { recordedVersion } from '../record/version';
import { Services } from '../services/services';

/** Ids that are keys are the rest of the key after the prefix of a source; that of a former source is not known any more. */
const MAX_CANDIDATES = 16;

/**
 * Ends an event of an object that is no image of any source. A record that an earlier configuration began would be left
 * as it is for ever.
 */
export async function processNoSource({ catalog, config }: Services, event: ObjectEvent): Promise<Outcome> {
  for (const id of candidates(config.catalog.imageId === 'key', event)) {
    const item = await catalog.read(id);
    if (!item || item.sourceBucket !== event.bucket || item.sourceKey !== event.key) continue;
    const recordId = item.pointsTo ?? id;
    const record = item.pointsTo === undefined ? item : await catalog.read(item.pointsTo);
    if (record?.status !== 'PROCESSING' || record.sourceKey !== event.key || record.sourceBucket !== event.bucket) break;
    const failure = { code: 'SOURCE_REMOVED', message: 'Images of this folder are no longer processed.', retryable: false } as const;
    const failed = await catalog.fail(recordId, recordedVersion(event, record), failure, { configDigest: '', counts: false });
    if (!failed.refusedBy) return { outcome: 'failed', imageId: recordId, failure };
    break;
  }
  return ignored('no source has this key');
}

function candidates(isKey: boolean, { bucket, key }: ObjectEvent): string[] {
  const hashed = hashedId(bucket, key);
  if (!isKey) return [hashed];
  const parts = key.split('/');
  return [...parts.map((_, at) => parts.slice(at).join('/')).filter((rest) => rest !== '').slice(0, MAX_CANDIDATES), hashed];
}
