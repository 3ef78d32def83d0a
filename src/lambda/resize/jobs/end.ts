import { closeFormer, Identity, point, recall } from './identity';
import { endOvertaken, Job } from './job';
import { removeOutputs, staleOutputs } from './leftovers';
import { Failure, ImageRecord, OriginalFacts } from '../../../contract';
import { Outcome } from '../endings/outcome';
import { Refused } from '../record/catalog';

export interface FailedFacts {
  readonly original?: OriginalFacts;
  /** Whether this is a try that no claim has counted. */
  readonly counts: boolean;
}

/** Ends the record as failed. The record of another object stays untouched: then this object gets its own. */
export async function endFailed(job: Job, identity: Identity, failure: Failure, facts: FailedFacts): Promise<Outcome> {
  const { services, source: { configDigest }, version } = job;
  const pointed = await point(services, version, identity);
  const write = pointed.refused ?? await services.catalog.fail(identity.id, version, failure, { ...facts, configDigest });
  const stale = pointed.refused ? [] : pointed.stale;
  if (write.result !== 'done') return endUnwritten(job, identity, write, stale);

  const isNewest = await removeEarlier(job, identity, failure, write.before, stale);
  return isNewest ? { outcome: 'failed', imageId: identity.id, original: facts.original, failure } : endOvertaken(job);
}

/**
 * Ends a job whose claim or failure the record did not take.
 *
 * @param stale outputs of former records of the object
 */
export async function endUnwritten(job: Job, identity: Identity, write: Refused, stale: readonly string[] = []): Promise<Outcome> {
  switch (write.result) {
    case 'overtaken':
      return endOvertaken(job);
    case 'taken': {
      const message = `image id ${JSON.stringify(identity.id)} is that of another object`;
      return endFailed(job, { ...identity, id: identity.derived }, { code: 'IMAGE_ID_TAKEN', message, retryable: false }, { counts: true });
    }
    case 'current':
      return endRepeated(job, identity, write.record, stale);
  }
}

/** An earlier delivery of the event may have ended between its last write and what comes after it. */
async function endRepeated(job: Job, identity: Identity, record: Partial<ImageRecord>, stale: readonly string[]): Promise<Outcome> {
  const { services, version } = job;
  if (record.status === 'COMPLETED' && services.config.processing.deleteSource) {
    await services.originals.delete(version.bucket, version.key, version.etag);
  }
  const isNewest = record.status === 'FAILED'
    ? await removeEarlier(job, identity, record.failure!, record, stale)
    : await removeAndCheck(job, staleOutputs({ ...record, outputs: new Set([...record.outputs ?? [], ...stale]) }));
  return isNewest ? { outcome: 'unchanged', imageId: identity.id } : endOvertaken(job);
}

/**
 * What earlier versions left must not pass for a version that failed for good.
 *
 * @returns see `removeAndCheck`
 */
async function removeEarlier(
  job: Job, identity: Identity, failure: Failure, item: Partial<ImageRecord> = {}, stale: readonly string[],
): Promise<boolean> {
  const former = identity.id === identity.derived ? await closeFormer(job.services, job.version, item, identity) : [];
  return failure.retryable || removeAndCheck(job, [...stale, ...former, ...item.outputs ?? []]);
}

/** @returns false when a later version arrived meanwhile, which may have lost renditions to the deletion */
async function removeAndCheck({ services, source, version }: Job, outputs: readonly string[]): Promise<boolean> {
  if (!await removeOutputs(services, outputs)) return true;
  const { sequencer } = await recall(services, source, version.key);
  return sequencer === version.sequencer;
}
