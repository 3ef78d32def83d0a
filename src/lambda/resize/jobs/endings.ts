import { Identity, isNamed, ownIdentity } from './identity';
import { Job, VersionJob } from './job';
import { closeFormer, point, release } from './renaming';
import { etagsOf, leftovers, supersededBy, sweep, sweepTries } from './sweep';
import { BACKFILL_EVENT, Failure, NOT_CHOSEN, OriginalFacts } from '../../../contract';
import { Outcome } from '../endings/outcome';
import { ItemOf, Refused } from '../record/catalog';
import { isEventOf } from '../record/version';
import { Guard } from '../record/writes';

/** How long after its last look at the original an invocation may claim: the longest of Lambda, and clocks that differ. */
const MAX_UNCLAIMED_MS = 2 * 3_600_000;

/** What follows when the record refuses a claim, a failure, or what goes before them. */
const ENDINGS: Partial<Record<Guard, (job: VersionJob, identity: Identity, refused: Refused) => Promise<Outcome | undefined>>> = {
  own: endTaken,
  notOvertaken: endOvertaken,
  notNamed: endNamed,
  notClosed: endRepeated,
  notFinal: endRepeated,
  notCompleted: endRepeated,
  notMade: endMade,
};

/** @returns undefined when the record is another by now: then the write is to be made again */
export function endRefused(job: VersionJob, identity: Identity, refused: Refused): Promise<Outcome | undefined> {
  return ENDINGS[refused.refusedBy]!(job, identity, refused);
}

/** A later event was accepted: it has work of its own, and an invocation that makes it. */
export async function endOvertaken(job: Job, { id }: Identity): Promise<Outcome> {
  await sweepTries(job);
  return { outcome: 'overtaken', imageId: id };
}

/** The object gets a record of its own, which says why. */
async function endTaken(job: VersionJob, identity: Identity): Promise<Outcome> {
  const message = 'This image was uploaded with the id of another one. Upload it with an id of its own.';
  const detail = `image id ${JSON.stringify(identity.id)} is that of another object`;
  const seen = { ...job, version: { ...job.version, isUnseen: false } };
  return endFailed(seen, ownIdentity(job, identity), { code: 'IMAGE_ID_TAKEN', message, detail, retryable: false }, { counts: true });
}

/** An earlier delivery of the event may have ended between its last write and what comes after it. */
async function endRepeated(job: VersionJob, identity: Identity, { id, record }: Refused): Promise<Outcome> {
  const { status, sourceSequencer = '', attempts = 0, outputs = new Set(), failure } = record;
  const pointer = isNamed(identity) ? await job.services.catalog.read(identity.derived) : record;
  // Else it is a record of its own again.
  if (pointer === record || pointer?.pointsTo === identity.id) await closeFormer(job, identity, pointer, [...etagsOf(record.renditions).keys()]);
  // What was found may be a later version, which has no renditions yet.
  if (status === 'COMPLETED' && record.sourceFingerprint === job.version.fingerprint) await deleteSource(job, record);
  if (!failure?.retryable) await sweep(job, status === 'COMPLETED' ? leftovers(record) : outputs, supersededBy({ sequencer: sourceSequencer, imageId: id, claim: attempts }));
  // Not always the id that was found now: an earlier try that could not read the metadata has ended the derived one.
  return { outcome: 'unchanged', imageId: id };
}

/** Another copy of the event found the object under another id: the first that completes one ends the event. */
async function endNamed(job: VersionJob, identity: Identity, { record }: Refused): Promise<Outcome | undefined> {
  const named = record.pointsTo!;
  const completed = await release(job, identity, named);
  return completed && endRepeated(job, { ...identity, id: named }, completed);
}

/** An earlier event came late and found this version: what is left is to say that this event was here. */
async function endMade(job: VersionJob, identity: Identity, refused: Refused): Promise<Outcome | undefined> {
  const { services: { catalog }, source: { configDigest }, version } = job;
  const adopted = await catalog.adopt(identity.id, version, configDigest);
  if (adopted.refusedBy === 'notOvertaken') return endOvertaken(job, identity);
  if (adopted.refusedBy) return undefined;
  return endRepeated(job, identity, { ...refused, record: { ...refused.record, sourceSequencer: version.sequencer } });
}

export interface FailedFacts {
  readonly original?: OriginalFacts;
  /** Whether this is a try that no claim has counted. */
  readonly counts: boolean;
}

/** Ends the record as failed. What earlier versions left must not pass for a version that failed for good. */
export async function endFailed(job: VersionJob, identity: Identity, failure: Failure, facts: FailedFacts): Promise<Outcome> {
  const { services: { catalog }, source: { configDigest }, version } = job;
  const again = async (refused: Refused) => (version.isUnseen && refused.refusedBy === 'notNamed'
    ? endFailed(job, { ...identity, id: refused.record.pointsTo! }, failure, facts)
    : await endRefused(job, identity, refused) ?? endFailed(job, identity, failure, facts));
  const pointed = await point(job, identity);
  if (pointed.refusedBy) return again(pointed);
  const failed = await catalog.fail(identity.id, version, failure, { ...facts, configDigest });
  if (failed.refusedBy === 'notCompleted' && !failure.retryable) return endKept(job, identity, failed, failure);
  if (failed.refusedBy) return again(failed);

  await closeFormer(job, identity, isNamed(identity) ? pointed.before : failed.before);
  if (!failure.retryable) {
    const { outputs = [], renditions, attempts = 0 } = failed.before ?? {};
    await sweep(job, outputs, supersededBy({ sequencer: version.sequencer, imageId: identity.id, claim: attempts }), etagsOf(renditions));
  }
  return { outcome: 'failed', imageId: identity.id, original: facts.original, failure };
}

/** What is complete stays so. Why it cannot be brought to the present settings is noted: by the same ones it need not be tried again. */
async function endKept(job: VersionJob, identity: Identity, refused: Refused, { code, message, detail }: Failure): Promise<Outcome> {
  const { services: { catalog }, source: { configDigest }, version } = job;
  const reason = { code, message, detail };
  const { refusedBy } = await catalog.refuse(identity.id, version, reason, configDigest);
  const outcome = await endRepeated(job, identity, refused);
  return outcome.outcome === 'unchanged' && !refusedBy ? { ...outcome, refusal: reason } : outcome;
}

/** Deletes the original that was processed, where the owner wants that: not one that was stored since, though its bytes are the same. */
export async function deleteSource(job: VersionJob, { skipped = {} }: Pick<ItemOf, 'skipped'>): Promise<void> {
  const { services: { config, originals }, version } = job;
  // What a rendition lacks, the original alone has. What the hook leaves out is not wanted.
  if (!config.processing.deleteSource || Object.values(skipped).some(({ code }) => code !== NOT_CHOSEN) || !isLastToClaim(job)) return;
  const { bucket, key, etag, fingerprint } = version;
  if (await originals.isUnchanged(bucket, key, fingerprint)) await originals.delete(bucket, key, etag);
}

/**
 * Whether nobody can claim the record any more for what was stored before. A late event may find a version whose own event
 * is still to come: one between the two may have read what was there before. The version's own event is after all of them.
 */
function isLastToClaim({ services: { now }, event, version }: VersionJob): boolean {
  const isAsked = event.context.name === BACKFILL_EVENT;
  const age = version.lastModified === undefined ? 0 : now().getTime() - Date.parse(version.lastModified);
  return age > MAX_UNCLAIMED_MS || (!isAsked && isEventOf(version, event));
}
