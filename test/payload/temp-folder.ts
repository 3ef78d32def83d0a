import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own for every call, gone after the tests of the file. */
export function tempFolder(): string {
  // The real path: macOS links its temporary folder.
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'payload-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
