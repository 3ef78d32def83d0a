import { forImage, observed } from './process-event';
import { BACKFILL_EVENT, BackfillAnswer, BackfillRequest, NOT_CHOSEN } from '../../../contract';
import { standingOf } from '../../shared/rendition-standing';
import { Outcome } from '../endings/outcome';
import { ObjectEvent } from '../events/s3-events';
import { LOWEST_SEQUENCER } from '../events/sequencer';
import { giveUp } from '../jobs/give-up';
import { recallRecord } from '../jobs/identity';
import { Budget, Job } from '../jobs/job';
import { processCreated } from '../jobs/process-created';
import { sweepLeft } from '../jobs/sweep';
import { ItemOf } from '../record/catalog';
import { Services } from '../services/services';

/** How long the message of an event is taken to be under way, whose record is `PROCESSING`. */
const UNDER_WAY_MS = 3_600_000;

export function isBackfillRequest(payload: unknown): payload is BackfillRequest {
  const { backfill } = (payload ?? {}) as Partial<BackfillRequest>;
  return typeof backfill === 'object' && typeof backfill.bucket === 'string' && typeof backfill.key === 'string';
}

/**
 * Brings an object that exists to what the configuration says. It is handled as a copy of the event that its record names, so
 * that every fresh event is later, and of an event before all others where there is no record.
 *
 * @throws Error for what is passing: the request is to be repeated
 */
export async function runBackfill(services: Services, { backfill }: BackfillRequest, budget: Budget): Promise<BackfillAnswer> {
  const { bucket, key, retryFailed, giveUp: givesUp } = backfill;
  const now = services.now();
  const asked: ObjectEvent = { kind: 'created', bucket, key, sequencer: LOWEST_SEQUENCER, context: { name: BACKFILL_EVENT, time: now.toISOString() } };
  let known: ItemOf = {};
  const outcome = await observed(services, asked, () => forImage<Outcome>(services, asked, budget, async (job) => {
    const ended = await handle(job);
    if (ended.outcome !== 'completed') await sweepLeft(job);
    return ended;
  }));
  const answer = answerOf(outcome, known);
  services.telemetry.backfilled({ renditions: answer.made.length, hasFailed: answer.outcome === 'failed' });
  return answer;

  async function handle(job: Job): Promise<Outcome> {
    const { identity: { id: imageId }, record = {}, item = {} } = await recallRecord(job);
    known = record;
    if (isUnderWay(record, now)) return { outcome: 'overtaken', imageId };
    if (record.status === 'FAILED' && !retryFailed) return { outcome: 'unchanged', imageId };
    // Where a pointer has no record yet, its event has come no further.
    const sequencer = record.sourceSequencer ?? item.sourceSequencer ?? LOWEST_SEQUENCER;
    const event = { ...asked, sequencer, retriesFailed: retryFailed };
    const copy = { ...job, event, isRepeated: isMade(job, imageId, record) };
    return givesUp ? giveUp(copy) : processCreated(copy);
  }
}

function isUnderWay({ status, event, processingStartedAt = '' }: ItemOf, now: Date): boolean {
  return status === 'PROCESSING' && event?.name !== BACKFILL_EVENT && now.getTime() - Date.parse(processingStartedAt) < UNDER_WAY_MS;
}

function isMade({ services: { config }, source, event: { key } }: Job, imageId: string, record: ItemOf): boolean {
  const standings = [...standingOf(config, source, { imageId, key, ...record }).values()];
  return record.status === 'COMPLETED' && standings.every((standing) => standing === 'current' || standing === 'skipped');
}

function answerOf(outcome: Outcome, { failure }: ItemOf): BackfillAnswer {
  const nothing = { outcome: outcome.outcome, made: [], bytesIn: 0, bytesOut: 0 };
  switch (outcome.outcome) {
    case 'completed': {
      const { imageId, made, original, renditions } = outcome;
      const skipped = Object.entries(outcome.skipped).flatMap(([name, { code }]) => (code === NOT_CHOSEN ? [] : [[name, code]]));
      const bytesOut = made.reduce((sum, name) => sum + renditions[name].bytes, 0);
      const reasons = skipped.length > 0 && { skipped: Object.fromEntries(skipped) as BackfillAnswer['skipped'] };
      return { ...nothing, imageId, made, ...reasons, bytesIn: made.length > 0 ? original.bytes : 0, bytesOut };
    }
    case 'failed': return { ...nothing, imageId: outcome.imageId, failure: briefOf(outcome.failure) };
    case 'ignored': return { ...nothing, reason: outcome.reason };
    case 'unchanged': {
      const reason = outcome.refusal ?? failure;
      return { ...nothing, imageId: outcome.imageId, ...reason && { failure: briefOf({ retryable: false, ...reason }) } };
    }
    default: return { ...nothing, imageId: outcome.imageId };
  }
}

function briefOf({ code, message, retryable }: NonNullable<ItemOf['failure']>): BackfillAnswer['failure'] {
  return { code, message, retryable };
}
