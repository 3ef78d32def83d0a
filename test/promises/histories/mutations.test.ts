import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Mutation, MUTATIONS } from './mutations/list';
import { bundleChecker, HANDLER, mutate } from './mutations/mutate';

test.each(MUTATIONS)('"$name" still changes the handler', (mutation) => {
  const source = readFileSync(join(HANDLER, mutation.file), 'utf8');

  expect(mutate(source, mutation)).not.toBe(source);
});

describe('the checker of histories', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'mutations-')); });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('finds nothing in the handler as it is', async () => {
    expect(await check()).toEqual({ failed: false, numRuns: 3000 });
  });

  test.each([
    ['claim: accepts an event after a later one', /: event [0-9A-F]+ was written over [0-9A-F]+$/],
    ['complete: forgets what an overtaken invocation overwrote', /: rendition \S+ is of version \d+, not \d+$/],
    ['removal: leaves the renditions', /: \S+ of version \d+ was left behind$/],
    ['queue: acknowledges what failed', /: status PROCESSING, expected COMPLETED$/],
  ])('notices "%s"', async (name, violation) => {
    const verdict = await check(MUTATIONS.find((mutation) => mutation.name === name)!);

    expect(verdict).toMatchObject({ failed: true, violation: expect.stringMatching(violation) });
  });

  async function check(mutation?: Mutation): Promise<unknown> {
    const bundle = join(folder, 'checker.cjs');
    await bundleChecker(bundle, mutation);
    const { stdout } = await promisify(execFile)(process.execPath, [bundle, '3000', '1']);
    return JSON.parse(stdout);
  }
});
