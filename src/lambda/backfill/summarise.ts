import { MetricUnit } from '@aws-lambda-powertools/metrics';
import { add, Counts, NO_COUNTS, NONE_SELECTED, select, Selected, WorkItem } from './counts';
import { Request } from './input';
import { planText } from './report-text';
import type { Plan } from './reported';
import { reportsOf, Services } from './services';
import { BackfillPrices, METRICS, REPORT_FOLDERS } from '../../contract';

export interface SummariseRequest {
  readonly execution: string;
  readonly request: Request;
}

/** Adds up what the batches of a plan found, and cuts what is to be made at the limits. */
export async function summarise(services: Services, { execution, request }: SummariseRequest): Promise<Plan> {
  const { config } = services;
  const reports = reportsOf(services, execution);
  const files = await reports.names(REPORT_FOLDERS.plan, (name) => name.endsWith('.jsonl'));
  let counts = NO_COUNTS;
  let work = NONE_SELECTED;
  let stoppedAt: Plan['stoppedAt'];
  // Listings name every object once; lists that people write may not.
  const listed = request.keys === undefined ? undefined : new Set<string>();

  async function* withinLimits(): AsyncGenerator<Pick<WorkItem, 'bucket' | 'key' | 'renditions'> & { retryFailed: boolean }> {
    for await (const line of reports.lines(files) as AsyncGenerator<WorkItem & { readonly counts?: Counts }>) {
      if (line.counts) {
        counts = add(counts, line.counts);
        continue;
      }
      if (stoppedAt) continue;
      const { bucket, key, renditions, retryFailed = false } = line;
      if (listed) {
        const place = `${bucket}/${key}`;
        if (listed.has(place)) continue;
        listed.add(place);
      }
      const next = select(work, line);
      const limit = exceeded(request, next);
      if (limit) {
        stoppedAt = { limit, bucket, key };
        continue;
      }
      work = next;
      yield { bucket, key, renditions, retryFailed };
    }
  }

  const key = await reports.writeLines('work.jsonl', withinLimits());
  const plan = {
    mode: request.mode,
    counts,
    work: { ...work, key },
    estimate: { dollars: rounded(work.dollars), seconds: secondsOf(work, config.concurrency) },
    planDollars: rounded(planDollars(counts, config.prices)),
    ...(stoppedAt && { stoppedAt }),
  };
  await reports.write('plan.md', planText(plan, request, services.pipeline.processing.deleteRenditions), 'text/markdown; charset=utf-8');
  const report = { bucket: config.reportBucket, key: reports.folder + 'plan.md' };
  await reports.write('plan.json', JSON.stringify({ ...plan, request, report }, null, 2));
  if (plan.mode === 'run') {
    services.metrics.addMetric(METRICS.backfillPlanned, MetricUnit.Count, work.images);
    services.metrics.publishStoredMetrics();
  }
  return { ...plan, report };
}

function exceeded({ maxObjects = Infinity, maxDollars = Infinity }: Request, { renditions, dollars }: Selected): 'maxObjects' | 'maxDollars' | undefined {
  if (renditions > maxObjects) return 'maxObjects';
  return dollars > maxDollars ? 'maxDollars' : undefined;
}

/** Listing, a share of a batched read of half a unit, and of its invocation. */
function planDollars({ originals, ignored }: Counts, prices: BackfillPrices): number {
  return (originals + ignored) * (prices.s3Put / 1000) + originals * (prices.dynamoReadUnit / 2);
}

function rounded(dollars: number): number {
  return Number(dollars.toFixed(6));
}

/** As many images at a time as may be. */
function secondsOf({ milliseconds, images }: Selected, concurrency: number): number {
  return Math.ceil(milliseconds / 1000 / Math.max(1, Math.min(concurrency, images)));
}
