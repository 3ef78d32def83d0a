import { createRequire } from 'module';
import { parseArgs } from 'util';
import { FilledBucket } from './filled-bucket';
import { checkBackfill } from './scenario';
import { generator } from '../../measure/bench/images';

// What the tests have from their runner.
Object.assign(globalThis, { expect: (createRequire(require.resolve('jest'))('expect') as { expect: unknown }).expect });

/** `npm run check:backfill`: the scenario of the tests with as many originals as wanted. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { originals: { type: 'string', default: '2000' }, kills: { type: 'string', default: '10' }, seed: { type: 'string' } } });
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

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

main().catch((error: Error) => {
  console.error(error);
  process.exitCode = 1;
});
