import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { defaultReportMessage } from 'fast-check';
import { checkHistories } from './check';
import { bundleChecker, Verdict } from './mutations/mutate';

/** `npm run check:histories -- --runs N [--seed S]`: on every core a part of them, with a seed of its own. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '20000' }, seed: { type: 'string' } } });
  const [runs, seed] = [Number(values.runs), Number(values.seed ?? Date.now() % 2 ** 31)];
  const started = Date.now();
  const parts = await runParts(Math.ceil(runs / availableParallelism()), seed);
  const failed = parts.findIndex((part) => part.failed);
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  const total = parts.reduce((sum, { numRuns }) => sum + numRuns, 0);
  if (failed >= 0) {
    // Once more, to find the smallest history that does it.
    const result = await checkHistories(parts[failed].numRuns, seed + failed);
    console.error(`${defaultReportMessage(result)}\n\n${(result.errorInstance as Error | null)?.message}`);
  }
  console.log(`${total} histories, ${failed >= 0 ? 1 : 0} violations, seed ${seed}, ${seconds} s`);
  process.exitCode = failed >= 0 ? 1 : 0;
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
