import fc from 'fast-check';
import { history, History } from './history';
import { untraced, violations } from './promises';
import { World } from './run';
import type { SceneSchedule } from './scenes/scene-schedule';

/** Redrives of the dead letters, of which the first should do. */
const REDRIVES = 3;

/** What is wrong in a history, and what was done in it; undefined when every promise is kept. */
export async function problemsOf(one: History, schedule?: SceneSchedule): Promise<string | undefined> {
  const world = new World(one, schedule);
  let rested = await world.rest();
  schedule?.end();
  const problems = untraced(rested);
  for (let redrives = 0; redrives < REDRIVES && world.redrive(); redrives += 1) rested = await world.rest();
  problems.push(...violations(rested, false));
  if (problems.length === 0 && rested.configs.length > 1) {
    world.renew();
    problems.push(...violations(await world.rest(), true));
  }
  return problems.length > 0 ? [...problems, ...world.log].join('\n') : undefined;
}

export interface Runs {
  readonly numRuns: number;
  readonly seed: number;
  /** The history of the seed to begin with, as a failed run names it. */
  readonly path?: string;
  /** Whether the first history that breaks a promise is left as it is, and not made smaller. */
  readonly endOnFailure?: boolean;
}

/** Runs random histories and checks the promises in each, until one breaks one. */
export function checkHistories(runs: Runs) {
  const kept = fc.asyncProperty(history, async (one) => {
    const problems = await problemsOf(one);
    if (problems !== undefined) throw new Error(problems);
  });
  return fc.check(kept, runs);
}
