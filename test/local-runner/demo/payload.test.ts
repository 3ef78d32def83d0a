import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { codeFolders, payloadLayout, payloadSources } from '../../../assets/build/layout';
import { isCurrent } from '../../../local-runner/demo/payload';

let checkout: string;
beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), 'payload-test-'));
  for (const source of payloadSources) write(/\.\w+$/.test(source) ? source : `${source}/deep/file.ts`, 60);
});
afterEach(() => rmSync(checkout, { recursive: true }));

/** @param age in seconds */
function write(file: string, age: number): void {
  const path = join(checkout, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
  const time = new Date(Date.now() - age * 1000);
  utimesSync(path, time, time);
  for (let folder = dirname(path); folder !== checkout; folder = dirname(folder)) utimesSync(folder, time, time);
}

function build(): void {
  for (const place of codeFolders(payloadLayout(''))) write(join(place, 'index.mjs'), 30);
}

test('code that is newer than all of its sources is current', () => {
  build();
  expect(isCurrent(checkout)).toBe(true);
});

test('code that was never built is not current', () => {
  expect(isCurrent(checkout)).toBe(false);
});

test.each(codeFolders(payloadLayout('')))('code without %s is not current', (folder) => {
  build();
  rmSync(join(checkout, folder), { recursive: true });
  expect(isCurrent(checkout)).toBe(false);
});

test.each(['src/lambda/upload-api/routes.ts', 'src/lambda/shared/new.ts', 'src/contract/record.ts', 'assets/build/bundle.ts'])('a change of %s makes it old', async (file) => {
  build();
  await sleep(20);
  write(file, -1);
  expect(statSync(join(checkout, file)).mtimeMs).toBeGreaterThan(Date.now());
  expect(isCurrent(checkout)).toBe(false);
});
