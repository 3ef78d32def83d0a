import { checkHistories } from '../check';

/** Prints how many histories were run, and whether one of them broke a promise. */
async function main([runs, seed]: string[]): Promise<void> {
  const { failed, numRuns } = await checkHistories(Number(runs), Number(seed), true);
  console.log(JSON.stringify({ failed, numRuns }));
}

void main(process.argv.slice(2));
