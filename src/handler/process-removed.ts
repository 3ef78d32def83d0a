import { ObjectEvent } from './events';
import { recall } from './identity';
import { Outcome } from './outcome';
import { Budget, processCreated } from './process-created';
import { Services } from './services';
import { settle } from './settle';
import { Source } from './sources';

/** Removes the renditions of an object that is gone and closes its record. */
export async function processRemoved(services: Services, source: Source, event: ObjectEvent, budget: Budget): Promise<Outcome> {
  const remake = (newest: ObjectEvent) => processCreated(services, source, newest, budget, true);

  // An old version was deleted, or the key was written again: an earlier try of this may have deleted too much.
  if (await services.originals.head(event.bucket, event.key)) return settle(services, source, event.key, remake);

  const { id } = await recall(services, source, event.key);
  const closed = await services.catalog.close(id, event);
  if (closed.result === 'overtaken') return settle(services, source, event.key, remake);
  if (closed.result !== 'done') return { outcome: 'unchanged', imageId: id };

  await services.renditions.delete(services.config.outputBucket, closed.before?.outputs ?? []);
  // A version that was uploaded meanwhile may have lost renditions to the deletion.
  const record = await services.catalog.read(id);
  if (record?.sourceSequencer !== event.sequencer) return settle(services, source, event.key, remake);
  return { outcome: 'deleted', imageId: id };
}
