import { parseArgs } from 'node:util';
import { defaultReportMessage } from 'fast-check';
import { checkHistories } from './check';

/** `npm run check:histories -- --runs N [--seed S]` */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { runs: { type: 'string', default: '20000' }, seed: { type: 'string' } } });
  const started = Date.now();
  const result = await checkHistories(Number(values.runs), values.seed === undefined ? undefined : Number(values.seed));
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  if (result.failed) console.error(`${defaultReportMessage(result)}\n\n${(result.errorInstance as Error).message}`);
  console.log(`${result.numRuns} histories, ${result.failed ? 1 : 0} violations, seed ${result.seed}, ${seconds} s`);
  process.exitCode = result.failed ? 1 : 0;
}

void main();
