import { recordsOf } from './derived';
import { derivedIds } from '../../shared/derived-id';
import { ignored, Outcome } from '../endings/outcome';
import { ObjectEvent } from '../events/s3-events';
import { recordedVersion } from '../record/version';
import { Services } from '../services/services';

/**
 * Ends an event of an object that is no image of any source. A record that an earlier configuration began would be left
 * as it is for ever.
 */
export async function processNoSource({ catalog, config }: Services, event: ObjectEvent): Promise<Outcome> {
  const items = await recordsOf({ catalog }, derivedIds(config.catalog.imageId, event.bucket, event.key), event);
  for (const [id, item] of items) {
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
