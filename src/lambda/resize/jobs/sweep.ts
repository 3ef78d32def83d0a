import pLimit from 'p-limit';
import { recall, isOf } from './identity';
import { Job } from './job';
import { ImageRecord, RenditionFacts } from '../../../contract';
import { isMadeFrom, Order, Place, supersedes } from '../objects/renditions';
import { ItemOf } from '../record/catalog';
import { Services } from '../services/services';

const PARALLEL_DELETIONS = 8;

/** A place as records list it. Names of buckets have no slash. */
export function placeName({ bucket, key }: Place): string {
  return `${bucket}/${key}`;
}

function placeOf(name: string): Place {
  const slash = name.indexOf('/');
  return { bucket: name.slice(0, slash), key: name.slice(slash + 1) };
}

type Renditions = Readonly<Record<string, RenditionFacts>>;

/** ETags of renditions by the names of their places. */
export function etagsOf(renditions: Renditions = {}): Map<string, string | undefined> {
  return new Map(Object.values(renditions).map(({ etag, ...place }) => [placeName(place), etag]));
}

/**
 * Deletes renditions of this object, where the owner wants that.
 *
 * @param names of their places
 * @param mayDelete by whose they are
 * @param known ETags that they are likely to have, which saves a look at each
 * @returns the names of those that may not be deleted
 */
export async function sweep(
  job: Job, names: Iterable<string>, mayDelete: (found: Order) => boolean, known: ReadonlyMap<string, string | undefined> = new Map(),
): Promise<string[]> {
  const { services, event } = job;
  if (!services.config.processing.deleteRenditions) return [...names];
  const left: string[] = [];
  const limit = pLimit(PARALLEL_DELETIONS);
  await Promise.all([...new Set(names)].map((name) => limit(async () => {
    const place = placeOf(name);
    if (!isDeletable(services, place)) {
      services.logger.warn('rendition left where this pipeline may not delete: see formerOutputs', { sourceKey: event.key, ...place });
      left.push(name);
      return;
    }
    await services.renditions.delete(place, known.get(name), (found) => isMadeFrom(found, event) && (!found.order || mayDelete(found.order)));
  })));
  return left;
}

/** What `order` may take the place of. */
export const supersededBy = (order: Order) => (found: Order): boolean => supersedes(order, found);

/** Where the pipeline writes, or says that it once wrote. */
export function isDeletable({ config, sources }: Services, { bucket, key }: Place): boolean {
  const present = sources.map(({ outputPrefix }) => ({ bucket: config.outputBucket, prefix: outputPrefix }));
  return [...present, ...config.formerOutputs].some((output) => output.bucket === bucket && key.startsWith(output.prefix));
}

/** What a record lists that are none of its renditions: left by earlier versions, or by tries that were cut short, also after it was looked for. */
export function leftovers({ outputs = new Set(), sweptOutputs = [], renditions }: Partial<ImageRecord>): string[] {
  return without([...outputs, ...sweptOutputs], etagsOf(renditions));
}

/** Names of places but for those of an image's present renditions. */
export function without(names: Iterable<string>, present: ReadonlyMap<string, unknown> | ReadonlySet<string>): string[] {
  return [...names].filter((name) => !present.has(name));
}

/**
 * Deletes what earlier tries of an overtaken event may have left: they were cut short before they took it back. What
 * others are writing meanwhile is theirs.
 */
export async function sweepTries(job: Job): Promise<void> {
  const { services, event: { sequencer } } = job;
  if (!services.config.processing.deleteRenditions) return;
  for (const [imageId, record] of await recordsOf(job)) {
    // An event of which a record has not heard was never claimed for it.
    if ((record.sourceSequencer ?? '') < sequencer) continue;
    const { outputs = [], sweptOutputs = [], renditions } = record;
    const claim = record.sourceSequencer === sequencer ? lastEndedClaim(record) : Infinity;
    // Those of other events are theirs: older ones may be current, where a late event completed the newest version.
    const isOfTries = (found: Order) => found.sequencer === sequencer && supersedes({ sequencer, imageId, claim }, found);
    await sweep(job, without([...outputs, ...sweptOutputs], etagsOf(renditions)), isOfTries);
  }
}

/**
 * Deletes what records list and none has any more. A request does not know in the name of which event a try of it before was made that was
 * cut short, and what that left.
 */
export async function sweepLeft(job: Job): Promise<void> {
  if (!job.services.config.processing.deleteRenditions) return;
  const records = await recordsOf(job);
  const present = new Set(records.flatMap(([, { renditions }]) => [...etagsOf(renditions).keys()]));
  for (const [imageId, { outputs = [], sweptOutputs = [], sourceSequencer = '', ...record }] of records) {
    const order = { sequencer: sourceSequencer, imageId, claim: lastEndedClaim(record) };
    // What a passing failure has left is made again, with what is being made.
    if (order.claim === (record.attempts ?? 0)) await sweep(job, without([...outputs, ...sweptOutputs], present), supersededBy(order));
  }
}

/** The records that the object has, or had. */
async function recordsOf(job: Job): Promise<(readonly [id: string, record: ItemOf])[]> {
  const { derived, item, others } = await recall(job);
  const records = [[derived, item] as const, ...await Promise.all(others.map(async (id) => [id, await job.services.catalog.read(id)] as const))];
  return records.flatMap(([id, record]) => (record && isOf(job, record) ? [[id, record] as const] : []));
}

function lastEndedClaim({ status, failure, attempts = 0 }: Partial<ImageRecord>): number {
  return status === 'PROCESSING' || failure?.retryable ? attempts - 1 : attempts;
}
