import { endOvertaken } from './endings';
import { Identity, ownIdentity } from './identity';
import { Job } from './job';
import { closeFormer, release } from './renaming';
import { etagsOf, supersededBy, sweep } from './sweep';
import { Outcome } from '../endings/outcome';

/** Closes the record of an object that is no image any more, and removes its renditions. */
export async function endGone(job: Job, identity: Identity): Promise<Outcome> {
  const { services, event } = job;
  const closed = await services.catalog.close(identity.id, event);
  if (closed.refusedBy === 'own') return endGone(job, ownIdentity(job, identity));
  if (closed.refusedBy === 'notNamed') {
    const named = closed.record.pointsTo!;
    return await release(job, identity, named) ? { outcome: 'unchanged', imageId: named } : endGone(job, identity);
  }
  if (closed.refusedBy) return endOvertaken(job, identity);

  const { pointsTo, outputs = [], renditions, attempts = 0 } = closed.before ?? {};
  await closeFormer(job, identity, closed.before, [], true);
  await sweep(job, outputs, supersededBy({ sequencer: event.sequencer, imageId: identity.id, claim: attempts }), etagsOf(renditions));
  return { outcome: 'deleted', imageId: pointsTo ?? identity.id };
}
