import { begin, BeginRequest } from './begin';
import { PlanBatch, planBatch } from './plan';
import { beginPrune, judge, JudgeBatch, prune, PruneItem, PruneReportRequest, reportPrune, summarisePrune } from './prune/prune';
import { report, ReportRequest } from './report';
import { Services } from './services';
import { summarise, SummariseRequest } from './summarise';
import { BACKFILL_STEPS, PRUNE_STEPS } from '../../contract';

/** What the state machine sends. */
export type StepRequest =
  | BeginRequest & { readonly step: typeof BACKFILL_STEPS.begin }
  | { readonly step: typeof BACKFILL_STEPS.plan; readonly batch: PlanBatch; readonly items: readonly unknown[] }
  | SummariseRequest & { readonly step: typeof BACKFILL_STEPS.summarise }
  | ReportRequest & { readonly step: typeof BACKFILL_STEPS.report }
  | Parameters<typeof beginPrune>[1] & { readonly step: typeof PRUNE_STEPS.beginPrune }
  | { readonly step: typeof PRUNE_STEPS.judge; readonly batch: JudgeBatch; readonly items: readonly unknown[] }
  | Parameters<typeof summarisePrune>[1] & { readonly step: typeof PRUNE_STEPS.summarisePrune }
  | { readonly step: typeof PRUNE_STEPS.prune; readonly items: readonly PruneItem[] }
  | PruneReportRequest & { readonly step: typeof PRUNE_STEPS.reportPrune };

/** Does one step of a backfill. */
export async function dispatch(services: Services, payload: unknown): Promise<unknown> {
  const request = payload as StepRequest;
  const result = await stepOf(services, request);
  services.logger.info(`backfill: ${request.step}`, { result });
  return result;
}

async function stepOf(services: Services, request: StepRequest): Promise<unknown> {
  switch (request.step) {
    case BACKFILL_STEPS.begin: return begin(services, request);
    case BACKFILL_STEPS.plan: return planBatch(services, request.batch, request.items);
    case BACKFILL_STEPS.summarise: return summarise(services, request);
    case BACKFILL_STEPS.report: return report(services, request);
    case PRUNE_STEPS.beginPrune: return beginPrune(services, request);
    case PRUNE_STEPS.judge: return judge(services, request.batch, request.items);
    case PRUNE_STEPS.summarisePrune: return summarisePrune(services, request);
    case PRUNE_STEPS.prune: return prune(services, request.items);
    case PRUNE_STEPS.reportPrune: return reportPrune(services, request);
    default: throw new Error(`expected a step of a backfill, received ${JSON.stringify(payloadOf(request))}`);
  }
}

function payloadOf(request: never): unknown {
  return request;
}
