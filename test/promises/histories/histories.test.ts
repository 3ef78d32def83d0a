import { checkHistories } from './check';

test('whatever happens, in whatever order, the newest version wins and nothing is lost', async () => {
  const result = await checkHistories(3000);
  if (result.failed) throw new Error(`seed ${result.seed}, path ${result.counterexamplePath}\n${(result.errorInstance as Error).message}`);
}, 120_000);
