import { endFailed } from './endings';
import { recallRecord } from './identity';
import { Job } from './job';
import { identityOf, isDone, processMissing } from './no-image';
import { processRemoved } from './process-removed';
import { Failure } from '../../../contract';
import { Outcome } from '../endings/outcome';
import { ObjectEvent } from '../events/s3-events';
import { OriginalHead } from '../objects/originals';
import { recordedVersion, Version, versionOf } from '../record/version';

const EXHAUSTED: Failure = { code: 'RETRIES_EXHAUSTED', message: 'This image could not be processed, though it was tried several times. Try again later, or ask the operator.', retryable: true };

/**
 * The last deliveries of an event whose every try failed or was killed: the record says so, and the event goes to the
 * dead-letter queue.
 */
export async function giveUp(job: Job): Promise<Outcome> {
  // A deletion has no record to fail, and nothing that could kill the function.
  if (job.event.kind === 'removed') return processRemoved(job);

  const { services, event, source } = job;
  const head = await look(job);
  if (head === 'missing') return processMissing(job);

  const recalled = await recallRecord(job);
  const identity = head ? identityOf(job, head.metadata) : recalled.identity;
  const record = identity.id === recalled.identity.id ? recalled.record : await services.catalog.read(identity.id);
  // What a pointer says beside its id is of the record that it was before.
  const isOfEvent = record?.sourceKey === event.key && record.sourceSequencer === event.sequencer && record.pointsTo === undefined;
  const isOfOtherSettings = record?.status === 'COMPLETED' && record.configDigest !== source.configDigest;
  // A completed record stays. What it may lack, other settings or another version, the event in the dead-letter queue tells.
  if (isOfEvent ? isOfOtherSettings : !head && isDone(job, record)) {
    return { outcome: 'failed', imageId: identity.id, failure: EXHAUSTED, counted: false };
  }
  if (isOfEvent && record.status === 'DELETED') {
    // Another copy found that there is no image, or that it has another id, and may not have come to what it has there.
    if (record.replacedBy === undefined) return { outcome: 'unchanged', imageId: identity.id };
    const found = { ...triedVersion(event, head), isUnseen: !head };
    return endFailed({ ...job, version: found }, { ...identity, id: record.replacedBy }, EXHAUSTED, { counts: false });
  }
  if (isOfEvent && record.failure?.code === EXHAUSTED.code) {
    return { outcome: 'failed', imageId: identity.id, failure: record.failure, counted: false };
  }
  // What was tried, not what may have been stored since.
  const version = isOfEvent ? recordedVersion(event, record) : triedVersion(event, head);
  return endFailed({ ...job, version: { ...version, isUnseen: !head } }, identity, EXHAUSTED, { counts: false });
}

/** What is there, or, where S3 cannot be asked, what the event is about. */
function triedVersion(event: ObjectEvent, head: OriginalHead | undefined): Version {
  const version = versionOf(event, head);
  // S3's name for what was stored before there were versions.
  return head ? version : { ...version, etag: event.etag, versionId: event.versionId === 'null' ? undefined : event.versionId };
}

/** What can be said of the object now; undefined when it cannot be asked. */
async function look({ services, event: { bucket, key } }: Job): Promise<OriginalHead | 'missing' | undefined> {
  try {
    return await services.originals.head(bucket, key) ?? 'missing';
  } catch {
    return undefined;
  }
}
