import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import pLimit from 'p-limit';
import { Mutation, MUTATIONS } from './list';
import { bundleChecker, Verdict } from './mutate';
import { bundleTest, passes, TestName } from './regressions';

/** `npm run check:mutations -- [--runs N] [--seed S] [--only TEXT]`: breaks one rule of the handler after the other, which the checker must notice. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' }, only: { type: 'string', default: '' } },
  });
  const mutations = MUTATIONS.filter(({ name }) => name.includes(values.only));
  const folder = mkdtempSync(join(tmpdir(), 'mutations-'));
  const limit = pLimit(availableParallelism());
  const judge = (at: number, mutation?: Mutation) => limit(async () => {
    const bundle = join(folder, `${at}.test.cjs`);
    const verdict = await (mutation?.test ? judgeByTest(bundle, mutation.test, mutation) : judgeByHistories(bundle, values, mutation));
    if (mutation) console.log(`${verdict.failed ? 'noticed' : 'MISSED '}  ${mutation.name}: ${verdict.words}`);
    return verdict;
  });
  try {
    const unchanged = await judge(0);
    console.log(`${unchanged.failed ? 'BROKEN ' : 'unchanged'}  ${unchanged.words}`);
    const verdicts = await Promise.all(mutations.map((mutation, at) => judge(at + 1, mutation)));
    // A test that fails anyway tells nothing.
    const tests = [...new Map(mutations.flatMap(({ test }) => (test ? [[test.join(), test] as const] : []))).values()];
    const broken = await Promise.all(tests.map((test, at) => limit(async () => {
      const { failed } = await judgeByTest(join(folder, `unchanged-${at}.test.cjs`), test);
      if (failed) console.log(`BROKEN   ${test.join(': ')}`);
      return failed;
    })));
    const missed = verdicts.filter(({ failed }) => !failed).length;
    console.log(`${verdicts.length - missed} mutations noticed, ${missed} missed, seed ${values.seed}`);
    process.exitCode = missed > 0 || unchanged.failed || broken.includes(true) ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Judgement {
  readonly failed: boolean;
  readonly words: string;
}

interface Amount {
  readonly runs: string;
  readonly seed: string;
}

async function judgeByHistories(bundle: string, { runs, seed }: Amount, mutation?: Mutation): Promise<Judgement> {
  await bundleChecker(bundle, mutation);
  const verdictOf = async (count: string) => {
    // Long enough for what never ends: some mutations make the handler wait for itself.
    const { stdout } = await promisify(execFile)(process.execPath, [bundle, count, seed, mutation?.name ?? ''], { timeout: 1_800_000 });
    return JSON.parse(stdout) as Verdict;
  };
  const inScenes = await verdictOf('scenes');
  if (inScenes.failed) return { failed: true, words: `${inScenes.violation}, in a scene` };
  const { failed, numRuns, violation } = await verdictOf(runs);
  return { failed, words: failed ? `${violation}, after ${numRuns} histories` : `nothing in ${inScenes.numRuns} scenes and ${numRuns} histories` };
}

async function judgeByTest(bundle: string, test: TestName, mutation?: Mutation): Promise<Judgement> {
  await bundleTest(bundle, test, mutation);
  return { failed: !await passes(bundle, test), words: test.join(': ') };
}

void main();
