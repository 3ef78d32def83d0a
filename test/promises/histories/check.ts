import fc from 'fast-check';
import { history, History } from './history';
import { untraced, violations } from './promises';
import { World } from './run';

/** Redrives of the dead letters, of which the first should do. */
const REDRIVES = 3;

/** What is wrong in a history, and what was done in it; undefined when every promise is kept. */
export async function problemsOf(one: History): Promise<string | undefined> {
  const world = new World(one);
  let rested = await world.rest();
  const problems = untraced(rested);
  for (let redrives = 0; redrives < REDRIVES && world.redrive(); redrives += 1) rested = await world.rest();
  problems.push(...violations(rested, false));
  if (problems.length === 0 && rested.configs.length > 1) {
    world.resend();
    problems.push(...violations(await world.rest(), true));
  }
  return problems.length > 0 ? [...problems, ...world.log].join('\n') : undefined;
}

/** Runs random histories and checks the promises in each; shrinks the first that breaks one unless told otherwise. */
export function checkHistories(numRuns: number, seed?: number, endOnFailure = false) {
  const kept = fc.asyncProperty(history, async (one) => {
    const problems = await problemsOf(one);
    if (problems !== undefined) throw new Error(problems);
  });
  return fc.check(kept, { numRuns, seed, endOnFailure });
}
