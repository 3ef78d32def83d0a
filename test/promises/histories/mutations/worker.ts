import { apply } from './apply';
import type { Verdict } from './mutate';
import { checkHistories } from '../check';
import { explore } from '../scenes/explore';
import { SCENES, SWITCHES } from '../scenes/scenes';

// Errors of services are thrown by the million.
Error.stackTraceLimit = 0;

/** Prints how many histories were run, or orders of scenes, whether one of them broke a promise, and which. */
async function main([runs, seed, name]: string[]): Promise<void> {
  apply(name);
  console.log(JSON.stringify(runs === 'scenes' ? await judgeScenes() : await judgeHistories(Number(runs), Number(seed))));
}

async function judgeScenes(): Promise<Verdict> {
  let numRuns = 0;
  for (const [scene, history] of Object.entries(SCENES)) {
    const { runs, problems } = await explore(history, SWITCHES);
    numRuns += runs;
    if (problems !== undefined) return { failed: true, numRuns, violation: problems.split('\n')[0], path: scene };
  }
  return { failed: false, numRuns };
}

async function judgeHistories(runs: number, seed: number): Promise<Verdict> {
  const result = await checkHistories({ numRuns: runs, seed, endOnFailure: true });
  const { failed, numRuns, errorInstance, counterexamplePath } = result;
  const violation = failed ? (errorInstance as Error).message.split('\n')[0] : undefined;
  return { failed, numRuns, violation, path: counterexamplePath ?? undefined };
}

// Hooks of invocations that were killed are still waited for.
void main(process.argv.slice(2)).then(() => process.exit());
