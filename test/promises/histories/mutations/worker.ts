import { checkHistories } from '../check';

/** Prints how many histories were run, whether one of them broke a promise, and which. */
async function main([runs, seed]: string[]): Promise<void> {
  const { failed, numRuns, errorInstance } = await checkHistories(Number(runs), Number(seed), true);
  const violation = failed ? (errorInstance as Error).message.split('\n')[0] : undefined;
  console.log(JSON.stringify({ failed, numRuns, violation }));
}

void main(process.argv.slice(2));
