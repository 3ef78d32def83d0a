import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import pLimit from 'p-limit';
import { isBackfillRequest, runBackfill } from './backfill';
import { processEvent } from './process-event';
import { isStepRequest, runStep, StepResult } from './steps';
import { BackfillAnswer } from '../../../contract';
import { Outcome } from '../endings/outcome';
import { parsePayload } from '../events/s3-events';
import { Budget } from '../jobs/job';
import { Services } from '../services/services';

/** The time that is left, as Lambda tells it. */
export type Clock = Pick<Context, 'getRemainingTimeInMillis'>;

/**
 * Handles whatever the trigger sends: a batch of queue messages, one event of S3 or EventBridge, a step of a state machine, or
 * a request for an object that exists.
 *
 * @returns for a batch, the messages that are to be delivered again; for a step or a request, what it came to
 */
export async function dispatch(
  services: Services, payload: unknown, clock: Clock, parallel: number,
): Promise<SQSBatchResponse | StepResult | BackfillAnswer | undefined> {
  const budgetOf = budgets(clock);
  try {
    if (isBackfillRequest(payload)) return await runBackfill(services, payload, budgetOf());
    if (isStepRequest(payload)) return await runStep(services, payload, budgetOf());
    if (isBatch(payload)) return await processBatch(services, payload.Records, budgetOf, parallel);
    const { events } = parsePayload(payload);
    await all(events.map((event) => () => processEvent(services, event, budgetOf())), parallel);
    return undefined;
  } finally {
    services.telemetry.flush();
  }
}

async function processBatch(services: Services, batch: readonly SQSRecord[], budgetOf: () => Budget, parallel: number): Promise<SQSBatchResponse> {
  const records = inOrder(batch, services.config.maxTries);
  const limit = pLimit(parallel);
  const results = await Promise.allSettled(records.map((record) => limit(() => processMessage(services, record, budgetOf))));
  const failed = records.filter((_, at) => results[at].status === 'rejected');
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/**
 * What kills the function takes along the rest of its batch. So (1) messages that only have a failure recorded go first,
 * then (2) what was tried least often, and (3) every other try goes the other way round: no message is always behind the
 * same one.
 */
function inOrder(batch: readonly SQSRecord[], maxTries: number): SQSRecord[] {
  const rank = (record: SQSRecord) => (isBeyondTries(record, maxTries) ? 0 : receiveCount(record));
  const byId = (a: SQSRecord, b: SQSRecord) => (a.messageId < b.messageId ? -1 : 1);
  return [...batch].sort((a, b) => rank(a) - rank(b) || (rank(a) % 2 ? byId(a, b) : byId(b, a)));
}

function receiveCount({ attributes }: SQSRecord): number {
  return Number(attributes.ApproximateReceiveCount);
}

/** Whether the queue has delivered a message more often than it is to be tried. */
function isBeyondTries(record: SQSRecord, maxTries: number): boolean {
  return maxTries > 0 && receiveCount(record) > maxTries;
}

async function processMessage(services: Services, record: SQSRecord, budgetOf: () => Budget): Promise<void> {
  try {
    const payload = parsePayload(JSON.parse(record.body));
    // What Lambda gave up is tried once more, so that a message that comes from the dead-letter queue is.
    const givenUp = isBeyondTries(record, payload.givenUp ? 1 : services.config.maxTries);
    const tries = { givenUp, isRepeated: receiveCount(record) > 1 };
    const outcomes = await all(payload.events.map((event) => () => processEvent(services, event, budgetOf(), tries)), 1);
    // Reported as failed, so that the queue moves it to the dead-letter queue.
    if (givenUp && outcomes.some((one) => one.outcome === 'failed' && one.failure.retryable)) throw new Error('gave up after all tries');
  } catch (error) {
    services.logger.error('message not processed', { messageId: record.messageId, error: error as Error });
    throw error;
  }
}

/** Runs every task, also when one fails, and then throws what the first of them threw. */
async function all(tasks: readonly (() => Promise<Outcome>)[], parallel: number): Promise<Outcome[]> {
  const limit = pLimit(parallel);
  const results = await Promise.allSettled(tasks.map((task) => limit(task)));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
  return results.map((result) => (result as PromiseFulfilledResult<Outcome>).value);
}

/** What is left of the invocation's time when an image's turn comes. */
function budgets(clock: Clock): () => Budget {
  const total = clock.getRemainingTimeInMillis();
  return () => {
    const left = clock.getRemainingTimeInMillis();
    return { deadline: Date.now() + left, full: left > total / 2 };
  };
}

function isBatch(payload: unknown): payload is SQSEvent {
  const [first] = (payload as Partial<SQSEvent> | null)?.Records ?? [];
  return first?.eventSource === 'aws:sqs';
}
