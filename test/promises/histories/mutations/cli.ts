import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import pLimit from 'p-limit';
import { Mutation, MUTATIONS, UNNOTICED } from './list';
import { bundleChecker, Verdict } from './mutate';

/** `npm run check:mutations -- [--runs N] [--seed S] [--only TEXT]`: breaks one guard of the handler after the other, which the checker must notice. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' }, only: { type: 'string', default: '' } },
  });
  const mutations = MUTATIONS.filter(({ name }) => name.includes(values.only));
  const folder = mkdtempSync(join(tmpdir(), 'mutations-'));
  const limit = pLimit(availableParallelism());
  const verdictOf = async (bundle: string, runs: string, mutation?: Mutation) => {
    // Long enough for what never ends: some mutations make the handler wait for itself.
    const { stdout } = await promisify(execFile)(process.execPath, [bundle, runs, values.seed, mutation?.name ?? ''], { timeout: 900_000 });
    return JSON.parse(stdout) as Verdict;
  };
  const judge = (at: number, mutation?: Mutation) => limit(async (): Promise<Verdict> => {
    const bundle = join(folder, `${at}.cjs`);
    await bundleChecker(bundle, mutation);
    const inScenes = await verdictOf(bundle, 'scenes', mutation);
    const inHistories = inScenes.failed ? undefined : await verdictOf(bundle, values.runs, mutation);
    const verdict = { ...inScenes, ...inHistories, numRuns: inScenes.numRuns + (inHistories?.numRuns ?? 0) };
    if (mutation) report(mutation, verdict);
    return verdict;
  });
  try {
    const [unchanged, ...verdicts] = await Promise.all([judge(0), ...mutations.map((mutation, at) => judge(at + 1, mutation))]);
    const missed = mutations.filter(({ name }, at) => !verdicts[at].failed && !(name in UNNOTICED)).length;
    const caught = verdicts.filter(({ failed }) => failed).length;
    console.log(`unchanged: ${unchanged.numRuns} histories, ${unchanged.violation ?? 'no violation'}`);
    console.log(`${caught} mutations caught, ${missed} missed, ${verdicts.length - caught - missed} that no history can tell, seed ${values.seed}`);
    process.exitCode = missed > 0 || unchanged.failed ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function report({ name }: Mutation, { failed, numRuns, violation }: Verdict): void {
  const verdict = failed ? 'caught' : name in UNNOTICED ? 'equal ' : 'MISSED';
  console.log(`${verdict}  after ${String(numRuns).padStart(5)} histories  ${name}${violation ? `: ${violation}` : ''}`);
}

void main();
