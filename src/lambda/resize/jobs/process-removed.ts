import { closeFormer, identify, recall } from './identity';
import { Budget } from './job';
import { removeOutputs } from './leftovers';
import { remaker } from './process-created';
import { settle } from './settle';
import { Outcome } from '../endings/outcome';
import { ObjectEvent } from '../events/s3-events';
import { Services } from '../services/services';
import { Source } from '../sources/sources';

/** Removes the renditions of an object that is gone and closes its record. */
export async function processRemoved(services: Services, source: Source, event: ObjectEvent, budget: Budget): Promise<Outcome> {
  const remake = remaker(services, source, budget);

  // An old version was deleted, or the key was written again: an earlier try of this may have deleted too much.
  if (await services.originals.head(event.bucket, event.key)) return settle(services, source, event.key, remake);

  const { derived } = identify(services, source, event.key, {});
  const closed = await services.catalog.close(derived, event);
  if (closed.result === 'overtaken') return settle(services, source, event.key, remake);
  if (closed.result !== 'done') return { outcome: 'unchanged', imageId: derived };

  const former = await closeFormer(services, event, closed.before, { id: derived, derived });
  await removeOutputs(services, [...former, ...closed.before?.outputs ?? []]);
  // A version that was uploaded meanwhile may have lost renditions to the deletion.
  const { sequencer } = await recall(services, source, event.key);
  if (sequencer !== event.sequencer) return settle(services, source, event.key, remake);
  return { outcome: 'deleted', imageId: closed.before?.pointsTo ?? derived };
}
