import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { MUTATIONS } from './mutations/list';
import { bundleChecker, HANDLER, mutate } from './mutations/mutate';

test.each(MUTATIONS)('"$name" still changes the handler', (mutation) => {
  const source = readFileSync(join(HANDLER, mutation.file), 'utf8');

  expect(mutate(source, mutation)).not.toBe(source);
});

describe('the checker of histories', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(join(tmpdir(), 'mutations-')); });
  afterEach(() => rmSync(folder, { recursive: true }));

  test.each([
    'claim: accepts an event after a later one',
    'complete: forgets what an overtaken invocation overwrote',
    'removal: leaves the renditions',
    'queue: acknowledges what failed',
  ])('notices "%s"', async (name) => {
    const bundle = join(folder, 'checker.cjs');
    await bundleChecker(bundle, MUTATIONS.find((mutation) => mutation.name === name));
    const { stdout } = await promisify(execFile)(process.execPath, [bundle, '3000', '1']);

    expect(JSON.parse(stdout)).toMatchObject({ failed: true });
  });
});
