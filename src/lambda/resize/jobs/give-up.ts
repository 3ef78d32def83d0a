import { endFailed } from './end';
import { identify, Identity, recall } from './identity';
import { Budget, isCompleted, versionOf } from './job';
import { createdJob, processCreated } from './process-created';
import { Failure, ImageRecord } from '../../../contract';
import { Outcome } from '../endings/outcome';
import { ObjectEvent } from '../events/s3-events';
import { OriginalHead } from '../objects/originals';
import { Services } from '../services/services';
import { Source } from '../sources/sources';

const EXHAUSTED: Failure = { code: 'RETRIES_EXHAUSTED', message: 'every try to process the image failed', retryable: true };

/**
 * The last deliveries of an event whose every try failed or was killed: the record says so, and the event goes to the
 * dead-letter queue.
 *
 * @param delivery of the message, counted from 1
 */
export async function giveUp(services: Services, source: Source, event: ObjectEvent, budget: Budget, delivery: number): Promise<Outcome> {
  if (event.kind === 'removed') {
    const { id } = await recall(services, source, event.key);
    return { outcome: 'failed', imageId: id, failure: EXHAUSTED, counted: false };
  }
  const head = await services.originals.head(event.bucket, event.key).catch(() => undefined);
  const identity = await identityOf(services, source, event.key, head);
  const record = await services.catalog.read(identity.id);
  if (isCompleted(record, event)) return { outcome: 'unchanged', imageId: identity.id };
  if (isGivenUp(record, event)) {
    // Recorded before and delivered for the first time: somebody took it out of the dead-letter queue to try again.
    if (delivery === 1) return processCreated(services, source, event, budget);
    return { outcome: 'failed', imageId: identity.id, failure: record!.failure!, counted: false };
  }
  const job = { ...createdJob(services, source, event, budget), version: versionOf(event, head) };
  return endFailed(job, identity, EXHAUSTED, { counts: false });
}

function isGivenUp(record: Partial<ImageRecord> | undefined, event: ObjectEvent): boolean {
  return record?.failure?.code === 'RETRIES_EXHAUSTED' && record.sourceKey === event.key && record.sourceSequencer === event.sequencer;
}

async function identityOf(services: Services, source: Source, key: string, head: OriginalHead | undefined): Promise<Identity> {
  if (!head) {
    const { id, derived } = await recall(services, source, key);
    const record = await services.catalog.read(id);
    // It may point to a record that was found to be another object's, or would have been.
    const isTaken = record?.sourceKey !== undefined && (record.sourceBucket !== source.bucket || record.sourceKey !== key);
    return { id: isTaken ? derived : id, derived };
  }
  try {
    return identify(services, source, key, head.metadata);
  } catch {
    return identify(services, source, key, {});
  }
}
