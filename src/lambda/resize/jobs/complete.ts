import { ClaimedRecord } from './claim';
import { deleteSource, endFailed, endOvertaken } from './endings';
import { Identity } from './identity';
import { Renditions, Skipped, VersionJob } from './job';
import { Kept } from './kept';
import { Made } from './make-renditions';
import { etagsOf, isDeletable, placeName, supersededBy, sweep, without } from './sweep';
import { NOT_CHOSEN, OriginalFacts, SkippedFacts } from '../../../contract';
import { Outcome } from '../endings/outcome';
import { Order } from '../objects/renditions';
import { ItemOf } from '../record/catalog';
import { Services } from '../services/services';

/** What is needed to know of an image whose renditions are stored. */
export interface MadeImage {
  readonly job: VersionJob;
  readonly identity: Identity;
  readonly facts: OriginalFacts;
  /** What could not be planned. */
  readonly skipped: Skipped;
  readonly claim: Pick<ClaimedRecord, 'order' | 'etags' | 'former'> & { readonly kept: Pick<Kept, 'renditions'> };
}

/** The last write of a success: everything that can be made is stored. Where that is nothing, it is none. */
export async function complete(image: MadeImage, made: Pick<Made, 'renditions' | 'skipped' | 'placeholder' | 'left'>): Promise<Outcome> {
  const { job, identity, claim: { order, etags, former, kept } } = image;
  const facts = { ...image.facts, ...made.placeholder };
  const renditions = inOrder(job, { ...kept.renditions, ...made.renditions });
  const reasons = { ...image.skipped, ...made.skipped };
  const reason = Object.values(reasons).find(({ code }) => code !== NOT_CHOSEN);
  if (reason && Object.keys(renditions).length === 0) {
    return endFailed(job, identity, { ...reason, retryable: false }, { original: facts, counts: false });
  }
  const skipped = withSettings(job, reasons);
  const present = new Set(Object.values(renditions).map(placeName));
  const stale = without([...former.outputs, ...made.left ?? []], present);
  const left = await sweep(job, stale, supersededBy(order), etags);
  const completed = await job.services.catalog.complete(identity.id, job.version, order.claim, {
    configDigest: job.source.configDigest,
    original: facts,
    renditions,
    skipped,
    outputs: [...present, ...left],
    swept: [...without(stale, new Set(left)), ...without(former.swept, present)],
  });
  if (completed.refusedBy && !isCompletedBy(completed.record, order)) return endClaim(job, identity, made.renditions);
  await deleteSource(job, { skipped });
  return { outcome: 'completed', imageId: identity.id, original: facts, renditions, skipped, made: Object.keys(made.renditions) };
}

/** As the configuration has them. */
function inOrder({ source }: VersionJob, renditions: Renditions): Renditions {
  return Object.fromEntries([...source.settings.keys()].flatMap((name) => (name in renditions ? [[name, renditions[name]]] : [])));
}

/** What cannot be made by the present settings and limits may be possible by others. */
function withSettings({ source }: VersionJob, skipped: Skipped): Readonly<Record<string, SkippedFacts>> {
  return Object.fromEntries(Object.entries(skipped).map(([name, reason]) => [name, { ...reason, settings: source.settings.get(name)?.limits }]));
}

/** Whether the write took place, where its answer was lost. */
export function isCompletedBy({ status, sourceSequencer, attempts }: ItemOf = {}, { sequencer, claim }: Order): boolean {
  return status === 'COMPLETED' && sourceSequencer === sequencer && attempts === claim;
}

/** Ends a claim that no longer stands. */
export async function endClaim(job: VersionJob, identity: Identity, renditions: Renditions): Promise<Outcome> {
  await takeBack(job.services, identity.id, renditions);
  return endOvertaken(job, identity);
}

/** Deletes what was stored for nothing, unless it has been replaced. What the record names is not: the answer to its completion may have been lost. */
export async function takeBack(services: Services, imageId: string, renditions: Renditions): Promise<void> {
  if (!services.config.processing.deleteRenditions) return;
  const named = etagsOf((await services.catalog.read(imageId))?.renditions);
  // A deployment may have moved the outputs since.
  const stored = Object.values(renditions).filter((place) => isDeletable(services, place) && named.get(placeName(place)) !== place.etag);
  await Promise.all(stored.map(({ bucket, key, etag }) => services.renditions.take({ bucket, key }, etag!)));
}
