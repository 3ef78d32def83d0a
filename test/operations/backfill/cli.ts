import { createRequire } from 'module';
import { parseArgs } from 'util';
import { freshBeside } from './beside';
import { FilledBucket } from './filled-bucket';
import { checkBackfill } from './scenario';
import { generator } from '../../measure/bench/images';

// What the tests have from their runner.
Object.assign(globalThis, { expect: (createRequire(require.resolve('jest'))('expect') as { expect: unknown }).expect });

const FRESH_UPLOADS = 100;
/** Fewer than a processor makes, so that those that wait do so for the lane. */
const FRESH_EVERY_MS = 1000;
/** More than a lane makes while they are uploaded. */
const BESIDE_ORIGINALS = 2000;

/** `npm run check:backfill`: the scenario of the tests with as many originals as wanted, and fresh uploads beside a full lane. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { originals: { type: 'string', default: '2000' }, kills: { type: 'string', default: '10' }, seed: { type: 'string' }, beside: { type: 'boolean', default: false } } });
  if (values.beside) return compareFresh();
  const [originals, kills, seed] = [values.originals, values.kills, values.seed ?? String(Date.now() % 100_000)].map(Number);
  console.log(`${originals} originals, ${kills} kills, --seed ${seed}`);
  const filled = await FilledBucket.start(originals, '200,800');
  let last = Date.now();
  try {
    await checkBackfill(filled, originals, kills, generator(seed), (what, ran) => {
      const requests = Object.entries(ran?.requests ?? {}).map(([name, count]) => `${count} ${name}`).join(', ');
      console.log(`${((Date.now() - last) / 1000).toFixed(1)} s  ${what}: ${ran?.execution.status}, ${ran?.stored.length} objects stored; ${requests}`);
      last = Date.now();
    });
    console.log('everything is as it should be');
  } finally {
    await filled.stop();
  }
}

/** Fresh uploads alone, and beside a lane that has work all the time. */
async function compareFresh(): Promise<void> {
  // A process for each function, so that on two processors they have one each.
  const filled = await FilledBucket.start(BESIDE_ORIGINALS, '200,800', 1);
  try {
    const { alone, beside, made } = await freshBeside(filled, FRESH_UPLOADS, FRESH_EVERY_MS);
    console.log(`${FRESH_UPLOADS} uploads, one every ${FRESH_EVERY_MS} ms; milliseconds to the last rendition`);
    console.log(`alone              p50 ${alone.p50}, p95 ${alone.p95}, p99 ${alone.p99}`);
    console.log(`beside a full lane p50 ${beside.p50}, p95 ${beside.p95}, p99 ${beside.p99}; the lane made ${made} images meanwhile`);
    console.log(`ratio              p50 ${(beside.p50 / alone.p50).toFixed(2)}, p95 ${(beside.p95 / alone.p95).toFixed(2)}, p99 ${(beside.p99 / alone.p99).toFixed(2)}`);
  } finally {
    await filled.stop();
  }
}

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

main().catch((error: Error) => {
  console.error(error);
  process.exitCode = 1;
});
