import { BACKFILL_EVENT, Failure } from '../../../contract';
import { findSource } from '../../shared/sources';
import { ignored, Outcome } from '../endings/outcome';
import { ObjectEvent } from '../events/s3-events';
import { derivedIdOf } from '../jobs/derived';
import { giveUp } from '../jobs/give-up';
import { Budget, Job } from '../jobs/job';
import { processNoSource } from '../jobs/no-source';
import { processCreated } from '../jobs/process-created';
import { processRemoved } from '../jobs/process-removed';
import { Services } from '../services/services';

/** What the trigger knows of an event beside the event. */
export interface Tries {
  /** Whether there are none left. */
  readonly givenUp?: boolean;
  /** Whether there was one before. */
  readonly isRepeated?: boolean;
}

/** Handles one event, says in the log what became of it, and counts it. */
export function processEvent(services: Services, event: ObjectEvent, budget: Budget, { givenUp, isRepeated }: Tries = {}): Promise<Outcome> {
  return observed(services, event, () => forImage<Outcome>(services, event, budget, (job) => {
    if (givenUp) return giveUp(job);
    const tried = { ...job, isRepeated, takesLong: isRepeated };
    return event.kind === 'created' ? processCreated(tried) : processRemoved(tried);
  }));
}

/** Does the work for what may be an image of a source. */
export async function forImage<T>(services: Services, event: ObjectEvent, budget: Budget, work: (job: Job) => Promise<T>): Promise<T | Outcome> {
  if (event.key.endsWith('/')) return ignored('folder marker');
  const source = findSource(services.sources, event.bucket, event.key);
  return source ? work({ services, source, event, budget, derived: await derivedIdOf(services, source, event) }) : processNoSource(services, event);
}

/** Says in the log what became of an event, or of a step of it, and counts what ended. */
export async function observed<T extends { readonly outcome: string }>(
  services: Services, event: ObjectEvent, work: () => Promise<T | Outcome>,
): Promise<T | Outcome> {
  const started = Date.now();
  const facts = { sourceBucket: event.bucket, sourceKey: event.key, event: event.context.name };
  let outcome: T | Outcome;
  try {
    outcome = await work();
    // Before the event is acknowledged: whoever dies before is followed by a delivery that tells.
    if (isTold(outcome as Outcome)) await services.announcements.tell((outcome as Outcome & { imageId: string }).imageId);
  } catch (error) {
    services.logger.error('image not processed, to be tried again', { ...facts, durationMs: Date.now() - started, error: error as Error });
    throw error;
  }
  const now = Date.now();
  // Clocks differ: an event is never of the future. What was only asked for has waited for nobody.
  const sinceEventMs = event.context.name === BACKFILL_EVENT ? NaN : Math.max(0, now - Date.parse(event.context.time));
  report(services, outcome as Outcome, { ...facts, durationMs: now - started, sinceEventMs });
  return outcome;
}

/** What is overtaken is told by the later event; what is no image has nothing to tell. */
function isTold({ outcome }: Outcome): boolean {
  return outcome === 'completed' || outcome === 'failed' || outcome === 'deleted' || outcome === 'unchanged';
}

function report({ logger, telemetry }: Services, outcome: Outcome, facts: { durationMs: number; sinceEventMs: number }): void {
  switch (outcome.outcome) {
    case 'completed': {
      const renditions = Object.entries(outcome.renditions).map(([name, { width, height, bytes, key }]) => ({ name, width, height, bytes, key }));
      const bytesOut = outcome.made.reduce((sum, name) => sum + outcome.renditions[name].bytes, 0);
      telemetry.processed({ ...facts, renditions: outcome.made.length, bytesIn: outcome.made.length > 0 ? outcome.original.bytes : 0, bytesOut });
      return logger.info('image completed', { ...facts, ...outcome, renditions });
    }
    case 'failed':
      if (outcome.counted === false) return logger.info('event given up', { ...facts, ...outcome });
      telemetry.failed((outcome.failure satisfies Failure).code);
      return logger.warn('image failed', { ...facts, ...outcome });
    default:
      return logger.info(`event ${outcome.outcome}`, { ...facts, ...outcome });
  }
}
