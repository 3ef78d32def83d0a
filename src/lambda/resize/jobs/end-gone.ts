import { endOvertaken } from './endings';
import { Identity, ownIdentity } from './identity';
import { Job } from './job';
import { closeFormer, release } from './renaming';
import { etagsOf, supersededBy, sweep } from './sweep';
import { ignored, Outcome } from '../endings/outcome';
import { ItemOf } from '../record/catalog';

/**
 * Closes the record of an object that is no image any more, and removes its renditions.
 *
 * @param reason why it is passed over where there was no image before
 */
export async function endGone(job: Job, identity: Identity, reason?: string): Promise<Outcome> {
  const { services, event } = job;
  const closed = await services.catalog.close(identity.id, event);
  if (closed.refusedBy === 'own') return endGone(job, ownIdentity(job, identity), reason);
  if (closed.refusedBy === 'notNamed') {
    const named = closed.record.pointsTo!;
    return await release(job, identity, named) ? { outcome: 'unchanged', imageId: named } : endGone(job, identity, reason);
  }
  if (closed.refusedBy) return endOvertaken(job, identity);

  const { pointsTo, outputs = [], renditions, attempts = 0 } = closed.before ?? {};
  await closeFormer(job, identity, closed.before, [], true);
  await sweep(job, outputs, supersededBy({ sequencer: event.sequencer, imageId: identity.id, claim: attempts }), etagsOf(renditions));
  return reason === undefined || endsImage(job, closed.before) ? { outcome: 'deleted', imageId: pointsTo ?? identity.id } : ignored(reason);
}

/** Whether the record spoke of an image that this event has ended, in this delivery or in one that ended before it could tell. */
function endsImage({ event }: Job, before: ItemOf | undefined): boolean {
  return before?.fileName !== undefined && (before.status !== 'DELETED' || before.sourceSequencer === event.sequencer);
}
