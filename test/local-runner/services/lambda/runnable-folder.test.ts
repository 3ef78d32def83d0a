import { existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { runnableFolder } from '../../../../local-runner/services/lambda/runnable-folder';

let temporary: string;
beforeEach(() => { temporary = mkdtempSync(join(tmpdir(), 'runnable-test-')); });
afterEach(() => rmSync(temporary, { recursive: true }));

function asset(modules: boolean): string {
  const folder = join(temporary, 'asset');
  mkdirSync(folder);
  writeFileSync(join(folder, 'index.mjs'), 'code');
  if (modules) mkdirSync(join(folder, 'node_modules', 'sharp'), { recursive: true });
  return folder;
}

const OTHER = process.arch === 'x64' ? 'arm64' : 'x86_64';

test('code without native modules runs where it is', () => {
  const folder = asset(false);

  expect(runnableFolder(folder, OTHER, temporary)).toBe(folder);
});

test('code for another processor runs with the modules of this machine', () => {
  const folder = runnableFolder(asset(true), OTHER, temporary);

  expect(readFileSync(join(folder, 'index.mjs'), 'utf8')).toBe('code');
  expect(lstatSync(join(folder, 'node_modules')).isSymbolicLink()).toBe(true);
  expect(existsSync(join(folder, 'node_modules', 'sharp', 'package.json'))).toBe(true);
});
