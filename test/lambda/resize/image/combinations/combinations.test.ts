import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { combinations } from './arbitraries';
import { marks, problemsOf } from './oracle';

/** More of them, and others: COMBINATIONS=5000 SEED=7 npx jest test/lambda/resize/image/combinations */
const { COMBINATIONS = '80', SEED = '1' } = process.env;

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'combinations-'));
  const layer = join(folder, 'node_modules', 'image-resize-watermarks');
  mkdirSync(layer, { recursive: true });
  for (const [name, content] of Object.entries(await marks())) writeFileSync(join(layer, name), content);
  jest.spyOn(process, 'cwd').mockReturnValue(folder);
});
afterAll(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

test('whatever is adjusted, fitted and encoded: renditions are what was planned, and adjustments are done in their order', async () => {
  await fc.assert(fc.asyncProperty(combinations, async (combination) => {
    expect(await problemsOf(combination)).toEqual([]);
  }), { numRuns: Number(COMBINATIONS), seed: Number(SEED) });
}, 3_600_000);
