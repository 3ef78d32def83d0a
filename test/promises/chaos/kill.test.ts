import { setTimeout as sleep } from 'node:timers/promises';
import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import type { SQSEvent } from 'aws-lambda';
import { contentBytes } from './pictures';
import { killDelays, Operation, planOf } from './plan';
import { fatesOf, unfinishedViolations, violations } from './promises';
import type { S3EventRecord } from '../../../local-runner/services/s3';
import { RunningApp } from '../../helpers/running-app';

jest.setTimeout(600_000);

const KEYS = 500;
const MAX_TRIES = 2;
/** Operations wait while so many events do, so that the later ones of a key meet its earlier ones on their way. */
const MAX_WAITING = 25;
const KILL_DELAY_MS = { min: 0, max: 500 };

const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 2 ** 31);

test('processes that are killed at any moment lose nothing', async () => {
  const app = await RunningApp.pipeline({ maxTries: MAX_TRIES, batchSize: 3, deleteRenditions: true });
  try {
    const operations = planOf(seed, KEYS);
    const killer = new Killer(app);
    await carryOut(app, operations);
    await app.app.idle();
    const kills = await killer.stop();
    const fates = fatesOf(operations, uploadEvents(app));

    const unfinished = deadEvents(app);
    const unfinishedFates = fates.filter(({ content, sequencer }) => content && unfinished.has(sequencer));
    expectNone(await unfinishedViolations(app, unfinishedFates), 'after the kills');

    await redrive(app);
    await app.app.idle();
    expectNone(await violations(app, fates), 'after the dead-letter queue was redriven');
    // With few kills, or without an image whose every try was killed, nothing would have been at stake.
    const stakes = { seed, manyKills: kills > 20, unfinished: unfinishedFates.length > 0, deadLetters: app.deadLetters };
    expect(stakes).toEqual({ seed, manyKills: true, unfinished: true, deadLetters: [] });
  } finally {
    await app.stop();
  }
});

/** Kills the function's processes at random moments, until it is stopped. */
class Killer {
  private readonly stopped = new AbortController();
  private readonly kills = this.run();

  constructor(private readonly app: RunningApp) {}

  /** @returns how many processes were killed */
  async stop(): Promise<number> {
    this.stopped.abort();
    return this.kills;
  }

  private async run(): Promise<number> {
    let kills = 0;
    for (const delay of killDelays(seed, KILL_DELAY_MS)) {
      await sleep(delay);
      if (this.stopped.signal.aborted) break;
      if (this.app.app.killFunction(mayBeKilled)) kills += 1;
    }
    return kills;
  }
}

/** Of the two deliveries in which a failure is recorded, one has to get through. */
function mayBeKilled(event: unknown): boolean {
  return (event as SQSEvent).Records.every(({ attributes }) => Number(attributes.ApproximateReceiveCount) < MAX_TRIES + 2);
}

async function carryOut(app: RunningApp, operations: readonly Operation[]): Promise<void> {
  const copies: { readonly at: number; readonly body: string }[] = [];
  const sendCopies = (until: number) => {
    const due = copies.filter(({ at }) => at <= until);
    for (const copy of due) {
      copies.splice(copies.indexOf(copy), 1);
      app.queue.send(copy.body);
    }
  };
  for (const [at, { key, content, copyAfter }] of operations.entries()) {
    while (app.queue.size >= MAX_WAITING) await sleep(5);
    if (content) await app.put(key, await contentBytes(content));
    else await app.app.s3.send(new DeleteObjectCommand({ Bucket: app.input, Key: key }));
    if (copyAfter !== undefined) copies.push({ at: at + copyAfter, body: JSON.stringify({ Records: [uploadEvents(app)[at]] }) });
    sendCopies(at);
  }
  sendCopies(Infinity);
}

/** What happened to the originals, in the order of the operations. */
function uploadEvents(app: RunningApp): S3EventRecord[] {
  return app.events.filter(({ s3 }) => s3.bucket.name === app.input);
}

/** Sequencers of the events in the dead-letter queue. */
function deadEvents(app: RunningApp): Set<string> {
  const records = app.deadLetters.flatMap((body) => (body as { Records: S3EventRecord[] }).Records);
  return new Set(records.map(({ s3 }) => s3.object.sequencer));
}

/** Moves everything in the dead-letter queue back to where it came from. */
async function redrive(app: RunningApp): Promise<void> {
  const { queue } = app;
  while (queue.deadLetterQueue!.size > 0) {
    for (const { body, receiptHandle } of await queue.deadLetterQueue!.receive(10)) {
      queue.send(body);
      queue.deadLetterQueue!.delete(receiptHandle);
    }
  }
}

function expectNone(problems: readonly string[], when: string): void {
  if (problems.length > 0) throw new Error(`seed ${seed}, ${when}: ${problems.length} problems\n${problems.slice(0, 50).join('\n')}`);
}
