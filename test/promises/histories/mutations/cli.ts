import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import pLimit from 'p-limit';
import { Mutation, MUTATIONS } from './list';
import { bundleChecker } from './mutate';

interface Verdict {
  readonly failed: boolean;
  readonly numRuns: number;
}

/** `npm run check:mutations -- [--runs N] [--seed S] [--only TEXT]`: breaks one guard of the handler after the other, which the checker must notice. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' }, only: { type: 'string', default: '' } },
  });
  const mutations = MUTATIONS.filter(({ name }) => name.includes(values.only));
  const folder = mkdtempSync(join(tmpdir(), 'mutations-'));
  const limit = pLimit(availableParallelism());
  const judge = (at: number, mutation?: Mutation) => limit(async (): Promise<Verdict> => {
    const bundle = join(folder, `${at}.cjs`);
    await bundleChecker(bundle, mutation);
    // Long enough for what never ends: some mutations make the handler wait for itself.
    const { stdout } = await promisify(execFile)(process.execPath, [bundle, values.runs, values.seed], { timeout: 600_000 });
    return JSON.parse(stdout) as Verdict;
  });
  try {
    const [unchanged, ...verdicts] = await Promise.all([judge(0), ...mutations.map((mutation, at) => judge(at + 1, mutation))]);
    mutations.forEach(({ name }, at) => {
      const { failed, numRuns } = verdicts[at];
      console.log(`${failed ? 'caught' : 'MISSED'}  after ${String(numRuns).padStart(5)} histories  ${name}`);
    });
    const missed = verdicts.filter(({ failed }) => !failed).length;
    console.log(`unchanged: ${unchanged.numRuns} histories, ${unchanged.failed ? 'a violation' : 'no violation'}`);
    console.log(`${verdicts.length - missed} mutations caught, ${missed} missed, seed ${values.seed}`);
    process.exitCode = missed > 0 || unchanged.failed ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
