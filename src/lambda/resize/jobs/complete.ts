import { ClaimedRecord } from './claim';
import { deleteSource, endOvertaken } from './endings';
import { Identity } from './identity';
import { VersionJob } from './job';
import { Renditions } from './make-renditions';
import { isDeletable, placeName, supersededBy, sweep, without } from './sweep';
import { OriginalFacts } from '../../../contract';
import { Outcome } from '../endings/outcome';
import { Order } from '../objects/renditions';
import { ItemOf } from '../record/catalog';

/** What is needed to know of an image whose renditions are stored. */
export interface MadeImage {
  readonly job: VersionJob;
  readonly identity: Identity;
  readonly facts: OriginalFacts;
  readonly claim: Pick<ClaimedRecord, 'order' | 'etags' | 'former'>;
}

/** The last write of a success: everything that was planned is stored. */
export async function complete(image: MadeImage, renditions: Renditions): Promise<Outcome> {
  const { job, identity, facts, claim: { order, etags, former } } = image;
  const present = new Set(Object.values(renditions).map(placeName));
  const stale = without(former.outputs, present);
  const left = await sweep(job, stale, supersededBy(order), etags);
  const completed = await job.services.catalog.complete(identity.id, job.version, order.claim, {
    original: facts,
    renditions,
    outputs: [...present, ...left],
    swept: [...without(stale, new Set(left)), ...without(former.swept, present)],
  });
  if (completed.refusedBy && !isCompletedBy(completed.record, order)) return endClaim(job, identity, renditions);
  await deleteSource(job);
  return { outcome: 'completed', imageId: identity.id, original: facts, renditions };
}

/** Whether the write took place, where its answer was lost. */
export function isCompletedBy({ status, sourceSequencer, attempts }: ItemOf = {}, { sequencer, claim }: Order): boolean {
  return status === 'COMPLETED' && sourceSequencer === sequencer && attempts === claim;
}

/** Ends a claim that no longer stands. */
export async function endClaim(job: VersionJob, identity: Identity, renditions: Renditions): Promise<Outcome> {
  await takeBack(job, renditions);
  return endOvertaken(job, identity);
}

/** Deletes what was stored for nothing, unless it has been replaced. */
export async function takeBack({ services }: Pick<VersionJob, 'services'>, renditions: Renditions): Promise<void> {
  if (!services.config.processing.deleteRenditions) return;
  // A deployment may have moved the outputs since.
  const stored = Object.values(renditions).filter((place) => isDeletable(services, place));
  await Promise.all(stored.map(({ bucket, key, etag }) => services.renditions.take({ bucket, key }, etag!)));
}
