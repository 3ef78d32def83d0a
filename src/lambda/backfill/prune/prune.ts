import pLimit from 'p-limit';
import { parsePruneInput, PruneInput } from './input';
import { deleteObject, forgetRendition, metadataOf } from './objects';
import { prunedText, prunePlanText } from './report-text';
import type { PruneCounts, Pruned, PrunePlan } from './reported';
import { imageIdOf, isOfPipeline, Reason, StoredObject, Verdict, verdictOf } from './verdict';
import { Listing, LISTINGS, REPORT_FOLDERS } from '../../../contract';
import { add } from '../counts';
import { nameOf } from '../file-names';
import { originalOf } from '../originals';
import { reportsOf, Services } from '../services';

const PARALLEL = 16;
const MARKDOWN = 'text/markdown; charset=utf-8';

export interface PruneItem extends StoredObject {
  readonly imageId: string;
  readonly reason: Reason;
}

/** Says where renditions may be: one place after the other. */
export function beginPrune({ config, pipeline, sources }: Services, { input, at }: { readonly input: unknown; readonly at: number }) {
  const request = parsePruneInput(input);
  const present = sources.map(({ outputPrefix }) => ({ bucket: pipeline.outputBucket, prefix: outputPrefix }));
  const all = [...present, ...config.formerOutputs ?? []];
  // What is within another place is listed with it.
  const places = all.filter((place, index) => !all.some((other, otherIndex) => (
    other.bucket === place.bucket && place.prefix.startsWith(other.prefix) && (other.prefix !== place.prefix || otherIndex < index)
  )));
  const place = places[at] ?? { bucket: '', prefix: '' };
  return { request, listing: (at < places.length ? LISTINGS.objects : LISTINGS.none) satisfies Listing, ...place, at: at + 1 };
}

export interface JudgeBatch {
  readonly execution: string;
  readonly startedAt: string;
  readonly request: PruneInput;
  readonly bucket: string;
}

/** Judges stored objects by their metadata and records, and writes what may be deleted to the report. */
export async function judge(services: Services, batch: JudgeBatch, items: readonly unknown[]): Promise<PruneCounts> {
  const { execution, startedAt, request, bucket } = batch;
  const listed = items.map((item) => originalOf(item, bucket));
  const youngest = Date.parse(startedAt) - request.minAgeHours * 3_600_000;
  const old = listed.filter(({ modified = 0 }) => modified <= youngest).map(({ key, etag = '', bytes = 0 }) => ({ bucket, key, etag, bytes }));
  const limit = pLimit(PARALLEL);
  const owned = (await Promise.all(old.map((object) => limit(async () => {
    const metadata = await metadataOf(services.s3, object);
    return metadata && isOfPipeline(metadata, services.pipeline.pipelineName) ? [{ object, imageId: imageIdOf(metadata) }] : [];
  })))).flat();
  const records = await services.records.read(owned.map(({ imageId }) => imageId));

  const kept = { recent: listed.length - old.length, foreign: old.length - owned.length };
  let counts: PruneCounts = { objects: listed.length, kept, deletable: {} };
  const work: PruneItem[] = [];
  for (const { object, imageId } of owned) {
    const verdict = judged(services, object, records.get(imageId));
    counts = add<PruneCounts>(counts, { objects: 0, ...countOf(object, verdict) });
    if ('reason' in verdict) work.push({ ...object, imageId, reason: verdict.reason });
  }
  const lines = [{ counts }, ...work].map((line) => JSON.stringify(line));
  await reportsOf(services, execution).write(`${REPORT_FOLDERS.plan}${nameOf(listed)}.jsonl`, lines.join('\n'));
  return counts;
}

function judged({ sources, pipeline: { catalog } }: Services, object: StoredObject, record: Parameters<typeof verdictOf>[1]): Verdict {
  return verdictOf(object, record, sources, catalog.expireAfter > 0);
}

function countOf({ bytes }: StoredObject, verdict: Verdict): Omit<PruneCounts, 'objects'> {
  return 'kept' in verdict ? { kept: { [verdict.kept]: 1 }, deletable: {} } : { kept: {}, deletable: { [verdict.reason]: { objects: 1, bytes } } };
}

export interface SummarisePruneRequest {
  readonly execution: string;
  readonly request: PruneInput;
}

/** Adds up what the batches found, and cuts it at the limit. */
export async function summarisePrune(services: Services, { execution, request }: SummarisePruneRequest): Promise<PrunePlan> {
  const reports = reportsOf(services, execution);
  const files = await reports.names(REPORT_FOLDERS.plan, (name) => name.endsWith('.jsonl'));
  let counts: PruneCounts = { objects: 0, kept: {}, deletable: {} };
  let objects = 0;
  let stoppedAt: PrunePlan['stoppedAt'];

  async function* withinLimit(): AsyncGenerator<PruneItem> {
    for await (const line of reports.lines(files) as AsyncGenerator<PruneItem & { readonly counts?: PruneCounts }>) {
      if (line.counts) {
        counts = add(counts, line.counts);
        continue;
      }
      if (stoppedAt) continue;
      if (objects >= (request.maxObjects ?? Infinity)) {
        stoppedAt = { limit: 'maxObjects', bucket: line.bucket, key: line.key };
        continue;
      }
      objects += 1;
      yield line;
    }
  }

  const key = await reports.writeLines('work.jsonl', withinLimit());
  const plan = { mode: request.mode, counts, work: { objects, key }, ...(stoppedAt && { stoppedAt }) };
  const report = { bucket: reports.bucket, key: await reports.write('plan.md', prunePlanText(plan, request), MARKDOWN) };
  await reports.write('plan.json', JSON.stringify({ ...plan, request, report }, null, 2));
  return { ...plan, report };
}

/** Deletes what is still to be deleted. The record of each is looked at once more. */
export async function prune(services: Services, items: readonly PruneItem[]): Promise<Pruned> {
  const limit = pLimit(PARALLEL);
  const records = await services.records.read(items.map(({ imageId }) => imageId), true);
  const deleted = await Promise.all(items.map((item) => limit(async () => {
    const verdict = judged(services, item, records.get(item.imageId));
    if (!('reason' in verdict)) return false;
    const { name } = verdict;
    if (name !== undefined && !await forgetRendition(services.dynamodb, services.pipeline.catalog, item, name)) return false;
    return deleteObject(services.s3, item);
  })));
  const gone = items.filter((_, at) => deleted[at]);
  return { deleted: gone.length, bytes: gone.reduce((sum, { bytes }) => sum + bytes, 0), changed: items.length - gone.length };
}

export interface PruneReportRequest {
  readonly execution: string;
  readonly plan: PrunePlan & { readonly error?: { readonly Error?: string; readonly Cause?: string } };
}

/** Says what became of all. What was deleted is in the files of results. */
export async function reportPrune(services: Services, { execution, plan }: PruneReportRequest) {
  const reports = reportsOf(services, execution);
  const files = await reports.names(REPORT_FOLDERS.results, (name) => name.endsWith('.jsonl'));
  let pruned: Pruned = { deleted: 0, bytes: 0, changed: 0 };
  for await (const { Output } of reports.lines(files) as AsyncGenerator<{ readonly Output?: string }>) {
    if (Output !== undefined) pruned = add(pruned, JSON.parse(Output) as Pruned);
  }
  const { stoppedAt, error } = plan;
  const reason = error?.Error && { error: `${error.Error}: ${error.Cause ?? ''}`.slice(0, 500) };
  const result = { mode: 'run', ...pruned, ...(stoppedAt && { stoppedAt }), ...reason };
  const report = { bucket: reports.bucket, key: await reports.write('summary.md', prunedText(result, plan), MARKDOWN) };
  await reports.write('summary.json', JSON.stringify({ ...result, counts: plan.counts, report }, null, 2));
  return { ...result, report };
}
