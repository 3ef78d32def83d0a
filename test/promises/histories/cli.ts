import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { checkHistories } from './check';
import { bundleChecker, Verdict } from './mutations/mutate';

/**
 * `npm run check:histories -- --runs N [--seed S]`: on every core a part of them, with a seed of its own. With `--path P`,
 * the one history of the seed that a failed run has named.
 */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '20000' }, seed: { type: 'string' }, path: { type: 'string' } } });
  const [runs, seed] = [Number(values.runs), Number(values.seed ?? Date.now() % 2 ** 31)];
  if (values.path !== undefined) return show(seed, values.path);
  const started = Date.now();
  const parts = await runParts(Math.ceil(runs / availableParallelism()), seed);
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  const total = parts.reduce((sum, { numRuns }) => sum + numRuns, 0);
  for (const [at, { failed, path }] of parts.entries()) if (failed) await show(seed + at, path!);
  console.log(`${total} histories, ${parts.filter((part) => part.failed).length} violations, seed ${seed}, ${seconds} s`);
}

/** What a history breaks, once it is as small as it gets. */
async function show(seed: number, path: string): Promise<void> {
  const { failed, errorInstance, counterexample } = await checkHistories({ numRuns: 1, seed, path });
  if (!failed) return console.log(`no violation in history ${path} of seed ${seed}`);
  process.exitCode = 1;
  const { tape, ...history } = counterexample![0];
  console.error(`${JSON.stringify(history)}\n\n${(errorInstance as Error).message}\n\nagain: npm run check:histories -- --seed ${seed} --path ${path}`);
}

async function runParts(runs: number, seed: number): Promise<Verdict[]> {
  const folder = mkdtempSync(join(tmpdir(), 'histories-'));
  try {
    const bundle = join(folder, 'checker.cjs');
    await bundleChecker(bundle);
    return await Promise.all(Array.from({ length: availableParallelism() }, async (_, at) => {
      const { stdout } = await promisify(execFile)(process.execPath, [bundle, String(runs), String(seed + at)]);
      return JSON.parse(stdout) as Verdict;
    }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
