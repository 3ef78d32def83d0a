import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { picture, RunningApp } from '../../helpers/running-app';

jest.setTimeout(120_000);

const POISON = 'poison.jpg';
const HOLD = 'hold-';
const MAX_TRIES = 2;
const NEIGHBOURS = ['first.jpg', 'second.jpg', 'third.jpg', 'fourth.jpg'];
/** Where the poison is in its batch. */
const BATCH = [...NEIGHBOURS.slice(0, 2), POISON, ...NEIGHBOURS.slice(2)];

let code: string;
let app: RunningApp;
beforeEach(() => { code = mkdtempSync(join(tmpdir(), 'poisoned-handler-')); });
afterEach(async () => {
  await app.stop();
  rmSync(code, { recursive: true });
});

/**
 * The packaged handler, in whose process something happens when it is about to store the rendition of the poison.
 * Events of what holds it wait until a batch is complete.
 */
function packagedWith(happening: string): string {
  cpSync(join(__dirname, '..', '..', '..', 'assets', 'resize-handler', 'linux-arm64'), code, { recursive: true });
  renameSync(join(code, 'index.mjs'), join(code, 'packaged.mjs'));
  writeFileSync(join(code, 'index.mjs'), `import { subscribe } from 'node:diagnostics_channel';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { handler as packaged } from './packaged.mjs';
subscribe('http.client.request.start', ({ request }) => {
  if (request.method === 'PUT' && request.path.includes('${POISON}')) { ${happening} }
});
export async function handler(event, context) {
  while (JSON.stringify(event).includes('${HOLD}') && !existsSync(${JSON.stringify(complete())})) await sleep(10);
  console.log(JSON.stringify({ message: 'batch', size: event.Records.length }));
  return packaged(event, context);
}
`);
  return code;
}

/** A file that is there once the batch is complete. */
function complete(): string {
  return join(code, 'complete');
}

/** Puts the images while every process is held, so that one of them gets all as a batch. */
async function processBatch(): Promise<void> {
  const image = await picture();
  // S3 tests the notification first.
  await app.app.idle();
  const holds = Array.from({ length: availableParallelism() }, (_, at) => `${HOLD}${at}.jpg`);
  for (const key of [...holds, ...BATCH]) await app.put(key, image);
  while (app.queue.size < holds.length + BATCH.length) await sleep(10);
  writeFileSync(complete(), '');
  await app.app.idle();
}

/** How often a rendition of each key was stored. */
function storedRenditions(): Record<string, number> {
  const keys = app.events.filter(({ s3 }) => s3.bucket.name === app.output).map(({ s3 }) => s3.object.key.split('/')[0]);
  return Object.fromEntries(BATCH.map((key) => [key, keys.filter((each) => each === key).length]));
}

describe.each([
  ['whose connection breaks', 'request.destroy();', undefined],
  ['that is killed for lack of memory', "process.kill(process.pid, 'SIGKILL');", undefined],
  ['that never returns', 'for (;;);', 10],
])('an image on a function %s each time', (_, happening, timeoutSeconds) => {
  test('ends in the dead-letter queue after all tries, its record says so, and its neighbours are done once each', async () => {
    app = await RunningApp.pipeline({ maxTries: MAX_TRIES, batchSize: 5, code: packagedWith(happening), timeoutSeconds });
    await processBatch();

    expect(await app.record(POISON)).toMatchObject({ status: 'FAILED', attempts: MAX_TRIES, failure: { code: 'RETRIES_EXHAUSTED', retryable: true } });
    expect(app.deadLetters).toHaveLength(1);
    expect(JSON.stringify(app.deadLetters)).toContain(POISON);
    expect(app.logs('batch')).toContainEqual(expect.objectContaining({ size: BATCH.length }));
    for (const key of NEIGHBOURS) expect([key, await app.record(key)]).toEqual([key, expect.objectContaining({ status: 'COMPLETED', attempts: 1 })]);
    expect(storedRenditions()).toMatchObject(Object.fromEntries(NEIGHBOURS.map((key) => [key, 1])));
  });
});
