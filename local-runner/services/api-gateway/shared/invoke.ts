import { setTimeout as sleep } from 'timers/promises';
import type { InvocationResult, LocalFunction } from '../../lambda/local-function';

/** Lambda's limit of the event and of the answer of a synchronous invocation. */
const MAX_PAYLOAD_BYTES = 6 * 1024 ** 2;

/** What came of the invocation of a function by an API. */
export type Outcome = { readonly payload: unknown } | 'failed' | 'too large' | 'timed out';

/** Waits for the function as long as the integration may; the function goes on after that. */
export async function invoke(target: LocalFunction, event: object, timeoutMs: number): Promise<Outcome> {
  if (Buffer.byteLength(JSON.stringify(event)) > MAX_PAYLOAD_BYTES) return 'too large';
  const waiting = new AbortController();
  const timeout = sleep(timeoutMs, undefined, { signal: waiting.signal }).then(() => undefined, () => undefined);
  const result = await Promise.race<InvocationResult | undefined>([target.invoke(event), timeout]);
  waiting.abort();
  if (!result) return 'timed out';
  if (result.error || Buffer.byteLength(JSON.stringify(result.payload) ?? '') > MAX_PAYLOAD_BYTES) return 'failed';
  return { payload: result.payload };
}
