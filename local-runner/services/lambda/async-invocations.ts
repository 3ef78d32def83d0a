import { randomUUID } from 'crypto';
import { setTimeout as sleep } from 'timers/promises';
import { InvocationResult, LocalFunction } from './local-function';

/** Lambda waits one minute before the first retry and two before the second. */
const RETRY_WAITS_MS = [60_000, 120_000];

export interface AsyncInvocationsOptions {
  readonly target: LocalFunction;
  /** From 0 to 2. */
  readonly maxRetries: number;
  /** Gets what is known of an event whose every try failed. */
  readonly onFailure?: (record: object) => void;
  /** Share of the real time that waits for retries take. */
  readonly waitFactor: number;
}

/** Asynchronous invocations of a function. */
export class AsyncInvocations {
  private readonly running = new Set<Promise<void>>();
  private readonly stopped = new AbortController();

  constructor(private readonly options: AsyncInvocationsOptions) {}

  /** Events that are neither handled nor given up. */
  get pending(): number {
    return this.running.size;
  }

  send(payload: unknown): void {
    const run = this.run(payload).catch((error: unknown) => {
      if (!this.stopped.signal.aborted) throw error;
    }).finally(() => this.running.delete(run));
    this.running.add(run);
  }

  async stop(): Promise<void> {
    this.stopped.abort();
    await Promise.all(this.running);
  }

  private async run(payload: unknown): Promise<void> {
    const { target, maxRetries, onFailure, waitFactor } = this.options;
    const requestId = randomUUID();
    for (let invocation = 1; ; invocation += 1) {
      const result = await target.invoke(payload, requestId);
      if (!result.error || this.stopped.signal.aborted) return;
      if (invocation > maxRetries) return onFailure?.(failureRecord(target, requestId, invocation, payload, result));
      await sleep(RETRY_WAITS_MS[invocation - 1] * waitFactor, undefined, { signal: this.stopped.signal });
    }
  }
}

/** What Lambda sends to the destination of failed asynchronous invocations. */
function failureRecord(target: LocalFunction, requestId: string, invokeCount: number, requestPayload: unknown, { error }: InvocationResult): object {
  return {
    version: '1.0',
    timestamp: new Date().toISOString(),
    requestContext: { requestId, functionArn: `${target.arn}:$LATEST`, condition: 'RetriesExhausted', approximateInvokeCount: invokeCount },
    requestPayload,
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: error,
  };
}
