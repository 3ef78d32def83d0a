import { setTimeout as sleep } from 'timers/promises';
import { FilledBucket } from './filled-bucket';
import type { Execution } from '../../../local-runner';

/** Milliseconds from an upload to its last rendition. */
export interface Latencies {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface Beside {
  readonly alone: Latencies;
  readonly beside: Latencies;
  /** Images that the lane made in the time of the uploads beside it. */
  readonly made: number;
}

/**
 * How long fresh uploads take alone, and then beside a lane that has work all the time, in one run of one app. Functions of the pipeline
 * and of the lane have processes of their own, as they have concurrency of their own in Lambda; processors they share here.
 *
 * @throws Error when the lane ran out of work before the uploads were over
 */
export async function freshBeside(filled: FilledBucket, uploads: number, everyMs: number): Promise<Beside> {
  // What starts once is no matter of the lane.
  await upload(filled, 'warm', 4, everyMs);
  const alone = await upload(filled, 'alone', uploads, everyMs);
  const execution = filled.machine.start({ mode: 'run', maxObjects: 1_000_000, maxDollars: 1000 });
  while (made(execution) < 4 && execution.status === 'RUNNING') await sleep(20);
  const before = made(execution);
  const beside = await upload(filled, 'beside', uploads, everyMs);
  const after = made(execution);
  if (execution.status !== 'RUNNING') throw new Error(`the lane must have work until the uploads are over: it was ${execution.status} after ${after} images`);
  execution.stop();
  await execution.ended;
  return { alone: latencies(alone), beside: latencies(beside), made: after - before };
}

function made(execution: Execution): number {
  return execution.mapRuns.find(({ state }) => state === 'Run')?.itemCounts.succeeded ?? 0;
}

async function upload(filled: FilledBucket, name: string, uploads: number, everyMs: number): Promise<number[]> {
  const taken: Promise<number>[] = [];
  for (let at = 0; at < uploads; at += 1) {
    taken.push(filled.uploadFresh(`fresh/${name}-${at}.jpg`));
    await sleep(everyMs);
  }
  return Promise.all(taken);
}

function latencies(taken: readonly number[]): Latencies {
  const sorted = [...taken].sort((a, b) => a - b);
  const percentile = (percent: number) => Math.round(sorted[Math.ceil((percent / 100) * sorted.length) - 1]);
  return { p50: percentile(50), p95: percentile(95), p99: percentile(99) };
}
