import { endGone } from './end-gone';
import { identify, Identity, recallRecord } from './identity';
import { Job, VersionJob } from './job';
import { processCreated } from './process-created';
import { point } from './renaming';
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
  if (!present) return endGone(job, identify(job));

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
