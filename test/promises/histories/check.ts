import fc from 'fast-check';
import { history } from './history';
import { violations } from './promises';
import { run } from './run';

/** Runs random histories and checks the promises at the end of each; shrinks the first that breaks one unless told otherwise. */
export function checkHistories(numRuns: number, seed?: number, endOnFailure = false) {
  const kept = fc.asyncProperty(history, async (one) => {
    const ended = await run(one);
    const broken = violations(ended);
    if (broken.length > 0) throw new Error([...broken, ...ended.log].join('\n'));
  });
  return fc.check(kept, { numRuns, seed, endOnFailure });
}
