import { endFailed } from './endings';
import { recallRecord } from './identity';
import { Job } from './job';
import { identityOf } from './no-image';
import { processRemoved } from './process-removed';
import { Failure } from '../../../contract';
import { Outcome } from '../endings/outcome';
import { OriginalHead } from '../objects/originals';
import { recordedVersion, versionOf } from '../record/version';

const EXHAUSTED: Failure = { code: 'RETRIES_EXHAUSTED', message: 'This image could not be processed, though it was tried several times. Try again later, or ask the operator.', retryable: true };

/**
 * The last deliveries of an event whose every try failed or was killed: the record says so, and the event goes to the
 * dead-letter queue.
 */
export async function giveUp(job: Job): Promise<Outcome> {
  // A deletion has no record to fail, and nothing that could kill the function.
  if (job.event.kind === 'removed') return processRemoved(job);

  const { services, event, source } = job;
  const looked = await look(job);
  const recalled = await recallRecord(job);
  const identity = looked.head ? identityOf(job, looked.head.metadata) : recalled.identity;
  const record = identity.id === recalled.identity.id ? recalled.record : await services.catalog.read(identity.id);
  const isOfEvent = record?.sourceKey === event.key && record.sourceSequencer === event.sequencer;
  // A completed record stays. Where that is of other settings, the event in the dead-letter queue tells that these were not applied.
  if (isOfEvent && record.status === 'COMPLETED' && record.configDigest !== source.configDigest && !looked.isMissing) {
    return { outcome: 'failed', imageId: identity.id, failure: EXHAUSTED, counted: false };
  }
  if (isOfEvent && record.failure?.code === EXHAUSTED.code) {
    return { outcome: 'failed', imageId: identity.id, failure: record.failure, counted: false };
  }
  // What was tried, not what may have been stored since.
  const version = isOfEvent ? recordedVersion(event, record) : versionOf(event, looked.head);
  return endFailed({ ...job, version }, identity, EXHAUSTED, { counts: false });
}

/** What can be said of the object now; nothing, when it cannot be asked. */
async function look({ services, event: { bucket, key } }: Job): Promise<{ readonly head?: OriginalHead; readonly isMissing: boolean }> {
  try {
    const head = await services.originals.head(bucket, key);
    return { head, isMissing: !head };
  } catch {
    return { isMissing: false };
  }
}
