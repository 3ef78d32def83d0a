import { Identity, isNamed } from './identity';
import { Job, VersionJob } from './job';
import { etagsOf, supersededBy, sweep } from './sweep';
import { ImageRecord } from '../../../contract';
import { ItemOf, Refused, WriteResult } from '../record/catalog';

/** Notes under the derived id which record is the object's from now on. */
export async function point(job: VersionJob, identity: Identity): Promise<WriteResult> {
  const { services: { catalog }, source: { configDigest }, version } = job;
  if (!isNamed(identity)) return {};
  return catalog.point(identity.derived, identity.id, version, configDigest);
}

/**
 * Takes back the id that another copy of the event has given the object, which it found in another state.
 *
 * @returns what the other copy has completed, which stays
 */
export async function release({ services: { catalog }, event }: Job, { id, derived }: Identity, named: string): Promise<Refused | undefined> {
  const replaced = await catalog.replace(named, event, id);
  if (replaced.refusedBy === 'notCompleted') return replaced;
  await catalog.release(derived, event, named);
  return undefined;
}

/**
 * When the object under a key is replaced by one with another image id, or removed, the former images are gone. Repeats
 * what an earlier try may have left undone.
 *
 * @param item of the derived id, as it was before
 * @param kept names of places. Where keys do not hold the image id, they are the new image's as well.
 */
export async function closeFormer(
  job: Job, { id, derived }: Identity, item: ItemOf | undefined, kept: readonly string[] = [], isGone = false,
): Promise<void> {
  const { services: { catalog, announcements }, event } = job;
  if (!item) return;
  const closed: string[] = [];
  const left: (readonly [id: string, record: ItemOf])[] = [];
  for (const former of item.namedIds ?? []) {
    if (former === id) continue;
    const write = isGone ? await catalog.close(former, event) : await catalog.replace(former, event, id);
    if (write.refusedBy === 'notOvertaken' || write.refusedBy === 'notCompleted') continue;
    closed.push(former);
    const record = write.refusedBy ? write.record : write.before;
    if (record && write.refusedBy !== 'own') left.push([former, record]);
  }
  if (id !== derived) left.push([derived, item]);
  // Only when all are closed: one that is still complete may have renditions under the keys of another.
  for (const [former, record] of left) await sweepRecord(job, former, record, kept);
  // Before they are forgotten: a try after that would not know of them.
  for (const former of closed) await announcements.tell(former);
  if (closed.length > 0) await catalog.forget(derived, event, closed, item);
}

/** Deletes the renditions of a record that is closed, or that has become a pointer. */
async function sweepRecord(job: Job, imageId: string, record: Partial<ImageRecord>, kept: readonly string[]): Promise<void> {
  const { outputs = new Set(), renditions, attempts = 0 } = record;
  const stale = [...outputs].filter((name) => !kept.includes(name));
  await sweep(job, stale, supersededBy({ sequencer: job.event.sequencer, imageId, claim: attempts }), etagsOf(renditions));
}

