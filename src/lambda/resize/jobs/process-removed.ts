import { endOvertaken } from './endings';
import { identify, Identity, ownIdentity, recallRecord } from './identity';
import { Job, VersionJob } from './job';
import { processCreated } from './process-created';
import { closeFormer, point } from './renaming';
import { etagsOf, supersededBy, sweep } from './sweep';
import { Outcome } from '../endings/outcome';
import { PermanentError } from '../endings/permanent-error';
import { OriginalHead } from '../objects/originals';
import { versionOf } from '../record/version';

/** Handles the deletion of an object: whole, also where it leaves an older version current. */
export async function processRemoved(job: Job): Promise<Outcome> {
  return await endRemoved(job) ?? processCreated(job);
}

/**
 * Removes the renditions of an object that is gone and closes its record.
 *
 * @returns undefined when there is an object that the record does not speak of: then its renditions are to be made
 */
export async function endRemoved(job: Job): Promise<Outcome | undefined> {
  const present = await headOf(job);
  if (!present) return close(job, identify(job));

  // An old version was deleted; or the newest was, or a delete marker, and an older one is current again.
  const { record, identity } = await recallRecord(job);
  // What this very event has begun, it goes on with.
  if (present === 'unreadable' || record?.status !== 'COMPLETED' || record.sourceSequencer === job.event.sequencer) return undefined;
  return adopt({ ...job, version: versionOf(job.event, present) }, identity);
}

/**
 * Leaves a mark where the record is of the version that is there: an event before this one may have read another.
 *
 * @returns undefined when it is of another version, or was made with other settings
 */
async function adopt(job: VersionJob, identity: Identity): Promise<Outcome | undefined> {
  const pointed = await point(job, identity);
  if (pointed.refusedBy) return undefined;
  const adopted = await job.services.catalog.adopt(identity.id, job.version, job.source.configDigest);
  return adopted.refusedBy ? undefined : { outcome: 'unchanged', imageId: identity.id };
}

async function headOf({ services: { originals }, event: { bucket, key } }: Job): Promise<OriginalHead | 'unreadable' | undefined> {
  try {
    return await originals.head(bucket, key);
  } catch (error) {
    if (error instanceof PermanentError) return 'unreadable';
    throw error;
  }
}

async function close(job: Job, identity: Identity): Promise<Outcome> {
  const { services, event } = job;
  const closed = await services.catalog.close(identity.id, event);
  if (closed.refusedBy === 'own') return close(job, ownIdentity(job, identity));
  if (closed.refusedBy) return endOvertaken(job, identity);

  const { pointsTo, outputs = [], renditions, attempts = 0 } = closed.before ?? {};
  await closeFormer(job, identity, closed.before, [], true);
  await sweep(job, outputs, supersededBy({ sequencer: event.sequencer, imageId: identity.id, claim: attempts }), etagsOf(renditions));
  return { outcome: 'deleted', imageId: pointsTo ?? identity.id };
}
