import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MUTATIONS } from './mutations/list';
import { bundleChecker, HANDLER, mutate, Verdict } from './mutations/mutate';

test.each(MUTATIONS.flatMap((one) => ('file' in one ? [one] : [])))('"$name" still changes the handler', (mutation) => {
  const source = readFileSync(join(HANDLER, mutation.file), 'utf8');

  expect(mutate(source, mutation)).not.toBe(source);
});

test('every mutation has a name of its own, and a test that is there where one tells', () => {
  const names = MUTATIONS.map(({ name }) => name);

  expect(new Set(names).size).toBe(names.length);
  for (const [file, name] of MUTATIONS.flatMap(({ test: test_ }) => (test_ ? [test_] : []))) {
    const source = readFileSync(join(__dirname, '..', '..', `${file}.test.ts`), 'utf8');
    // The first words of a name are those of its description, or of a group of tests.
    expect(source).toContain(name.slice(-40));
  }
});

describe('the checker of histories', () => {
  let folder: string;
  let bundle: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'mutations-'));
    bundle = join(folder, 'checker.cjs');
    await bundleChecker(bundle);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  test('finds nothing in the handler as it is: whatever happens, in whatever order, the newest version wins and nothing is lost', async () => {
    expect(await check(1000, 1)).toEqual({ failed: false, numRuns: 1000 });
  }, 120_000);

  test('finds nothing in fresh histories: others whenever the handler or the checker has changed', async () => {
    // Not by chance or by the clock: the same code is always judged by the same ones, so that whoever changed nothing of it meets nothing new.
    const seed = createHash('sha256').update(readFileSync(bundle)).digest().readUIntBE(0, 3);
    const again = `npm run check:histories -- --seed ${seed} --path `;

    const { path, ...verdict } = await check(1000, seed);

    expect({ ...verdict, again: again + (path ?? '') }).toEqual({ failed: false, numRuns: 1000, again });
  }, 120_000);

  test('finds nothing in few events, in whichever order they meet', async () => {
    expect(await check('scenes', 1)).toEqual({ failed: false, numRuns: expect.any(Number) });
  }, 240_000);

  test.each([
    ['fail: without notCompleted', / a completed event became failed: CORRUPT_IMAGE$/],
    ['claim: without notNamed', /: PROCESSING by an event that was completed as named-1$/],
  ])('notices "%s" in few events', async (name, violation) => {
    expect(await check('scenes', 1, name)).toMatchObject({ failed: true, violation: expect.stringMatching(violation) });
  }, 120_000);

  test.each([
    ['claim: without notOvertaken', /: event [0-9A-F]+ was written over [0-9A-F]+$/],
  ])('notices "%s"', async (name, violation) => {
    expect(await check(1000, 1, name)).toMatchObject({ failed: true, violation: expect.stringMatching(violation) });
  });

  async function check(runs: number | 'scenes', seed: number, mutation = ''): Promise<Verdict> {
    const { stdout } = await promisify(execFile)(process.execPath, [bundle, String(runs), String(seed), mutation]);
    return JSON.parse(stdout) as Verdict;
  }
});
