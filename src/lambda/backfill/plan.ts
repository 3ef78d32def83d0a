import { add, Category, Counts, NO_COUNTS, select, WorkItem } from './counts';
import { estimate } from './estimate';
import { nameOf } from './file-names';
import { Request } from './input';
import { ListedOriginal, originalOf } from './originals';
import { ItemOf } from './records';
import { reportsOf, Services } from './services';
import { BACKFILL_EVENT, OutputFormatName, REPORT_FOLDERS } from '../../contract';
import { derivedId, derivedIds } from '../shared/derived-id';
import { isRefused, Standing, standingOf } from '../shared/rendition-standing';
import { findSource, Source } from '../shared/sources';

/** What every batch of a plan is given. */
export interface PlanBatch {
  readonly execution: string;
  readonly startedAt: string;
  readonly request: Request;
  readonly bucket: string;
}

interface Candidate extends ListedOriginal {
  readonly source: Source;
  readonly id: string;
}

/** Compares originals with their records, and writes what is to be made, and what was found, to the report. */
export async function planBatch(services: Services, batch: PlanBatch, items: readonly unknown[]): Promise<Counts> {
  const { execution, startedAt, request, bucket } = batch;
  const originals = items.map((item) => originalOf(item, bucket));
  const candidates = originals.flatMap((original) => candidateOf(services, original, request, Date.parse(startedAt)));
  const records = await recordsOf(services, candidates);
  let counts: Counts = { ...NO_COUNTS, ignored: originals.length - candidates.length };
  const work: WorkItem[] = [];
  for (const candidate of candidates) {
    const found = judge(services, candidate, records(candidate));
    counts = add(counts, countsOf(found));
    const item = workOf(services, candidate, found, request);
    if (!item) continue;
    work.push(item);
    counts = { ...counts, selected: select(counts.selected, item) };
  }
  await reportsOf(services, execution).write(`${REPORT_FOLDERS.plan}${nameOf(originals)}.jsonl`, [{ counts }, ...work].map((line) => JSON.stringify(line)).join('\n'));
  return counts;
}

function candidateOf({ sources, pipeline: { catalog } }: Services, original: ListedOriginal, request: Request, startedAt: number): Candidate[] {
  const { bucket, key, bytes, modified = 0 } = original;
  const source = findSource(sources, bucket, key);
  if (!source || key.endsWith('/') || bytes === 0) return [];
  if (request.bucket !== undefined && bucket !== request.bucket) return [];
  if (request.prefix !== undefined && !key.startsWith(request.prefix)) return [];
  // What is stored after the start is the trigger's.
  if (modified > startedAt || (request.modifiedSince !== undefined && modified < Date.parse(request.modifiedSince))) return [];
  return [{ ...original, source, id: derivedId(catalog.imageId, source, key) }];
}

interface Known {
  readonly id: string;
  readonly record: ItemOf;
}

/** The record of an original: under its derived id, or where that points to. */
async function recordsOf(
  { records, pipeline: { catalog } }: Services, candidates: readonly Candidate[],
): Promise<(of: Candidate) => Known | undefined> {
  const derived = await records.read(candidates.map(({ id }) => id));
  const named = await records.read([...derived.values()].flatMap(({ pointsTo }) => pointsTo ?? []));
  // Where ids are keys, what is recorded keeps its id when the prefix changes.
  const formerIds = ({ id, bucket, key }: Candidate) => (catalog.imageId === 'key' && !derived.has(id) ? derivedIds('key', bucket, key) : []);
  const former = await records.read(candidates.flatMap(formerIds));
  const isOf = ({ bucket, key }: Candidate, record: ItemOf | undefined) => record?.sourceBucket === bucket && record.sourceKey === key;
  return (candidate) => {
    const { id, bucket, key } = candidate;
    const formerId = formerIds(candidate).find((each) => isOf(candidate, former.get(each)));
    if (formerId !== undefined) return { id: formerId, record: former.get(formerId)! };
    const pointsTo = derived.get(id)?.pointsTo;
    const record = pointsTo === undefined ? derived.get(id) : named.get(pointsTo);
    return record?.sourceBucket === bucket && record.sourceKey === key ? { id: pointsTo ?? id, record } : undefined;
  };
}

interface Found {
  readonly category: Category;
  /** What the configuration asks for of the image. */
  readonly renditions: ReadonlyMap<string, Standing>;
  readonly dropped: number;
  /** As the record has it, where the listing does not say. */
  readonly bytes?: number;
  /** Whether the record says `FAILED`, maybe of another version. */
  readonly hasFailed?: boolean;
}

/** How long an event is taken to be under way that has not come to its end. */
const UNDER_WAY_MS = 3_600_000;

function judge(services: Services, { source, etag, key, bytes }: Candidate, known: Known | undefined): Found {
  const missing: Found = { category: 'missing', renditions: standingOf(services.pipeline, source, { imageId: '', key }), dropped: 0 };
  if (!known || known.record.status === 'DELETED') return missing;
  const { id, record } = known;
  const { status, sourceETag, renditions = {}, original } = record;
  if (status === 'PROCESSING' || status === 'PENDING') {
    return isUnderWay(record, services.now()) ? { category: 'inProgress', renditions: new Map(), dropped: 0 } : missing;
  }
  // Another version than the recorded one: its event was lost, or is late.
  if (etag !== undefined && sourceETag !== undefined && etag !== sourceETag) return { ...missing, hasFailed: status === 'FAILED' };
  const facts = { bytes: bytes ?? original?.bytes };
  if (status === 'FAILED') return { ...missing, ...facts, category: 'failed', hasFailed: true };
  const standing = standingOf(services.pipeline, source, { ...record, imageId: id, key });
  const standings = new Set(standing.values());
  const lacks = standings.has('missing') ? 'missing' : standings.has('stale') ? 'stale' : undefined;
  const category = lacks && isRefused(record, source) ? 'failed' : lacks ?? 'current';
  const dropped = Object.keys(renditions).filter((name) => !source.settings.has(name)).length;
  return { category, renditions: standing, dropped, ...facts };
}

/** What a backfill began and did not end is its own to end. */
function isUnderWay({ event, processingStartedAt, updatedAt = '' }: ItemOf, now: number): boolean {
  return event?.name !== BACKFILL_EVENT && now - Date.parse(processingStartedAt ?? updatedAt) < UNDER_WAY_MS;
}

function countsOf({ category, renditions, dropped }: Found): Counts {
  const profiles: Record<string, { missing: number; stale: number }> = {};
  if (category === 'missing' || category === 'stale') {
    for (const [name, standing] of renditions) {
      if (isToDo(standing)) (profiles[profileOf(name)] ??= { missing: 0, stale: 0 })[standing] += 1;
    }
  }
  return { ...NO_COUNTS, originals: 1, [category]: 1, dropped, profiles };
}

function workOf({ config }: Services, { bucket, key, ...listed }: Candidate, found: Found, { only, profiles }: Request): WorkItem | undefined {
  const { category, renditions, bytes = listed.bytes, hasFailed } = found;
  const wanted = [...renditions].filter(([name]) => !profiles || profiles.includes(profileOf(name)));
  const isSelected = wanted.some(([, standing]) => isToDo(standing) && only.includes(category === 'failed' ? category : standing));
  if (!isSelected) return undefined;
  // Whichever profiles select an image, it is brought to the configuration as a whole.
  const formats = [...renditions].filter(([, standing]) => isToDo(standing)).map(([name]) => name.slice(name.lastIndexOf('.') + 1) as OutputFormatName);
  return { bucket, key, bytes, renditions: formats.length, ...estimate({ bytes, formats }, config), ...(hasFailed ? { retryFailed: true } : {}) };
}

function isToDo(standing: Standing): standing is 'missing' | 'stale' {
  return standing === 'missing' || standing === 'stale';
}

/** Names of formats have no dot. */
function profileOf(rendition: string): string {
  return rendition.slice(0, rendition.lastIndexOf('.'));
}
