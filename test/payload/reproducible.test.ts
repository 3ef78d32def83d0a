import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import { tempFolder } from './temp-folder';
import { BuiltPayload, buildPayload } from '../../assets/build/build-payload';
import { payloadLayout } from '../../assets/build/layout';
import { listFiles } from '../../assets/build/tree';

const roots = [tempFolder(), tempFolder()];
const emptyCache = tempFolder();
const builds: BuiltPayload[] = [];

beforeAll(async () => {
  builds.push(await buildPayload({ into: roots[0] }));
  // An empty cache: npm installs again.
  builds.push(await buildPayload({ into: roots[1], cache: emptyCache }));
}, 300_000);

const tree = (folder: string) => listFiles(folder).map(({ name, path }) => {
  const { mode, mtimeMs } = statSync(path);
  return { name, mode, mtimeMs, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') };
});

test.each([0, 1, 2])('two builds give the same files, modes, dates and CDK asset hash (folder %#)', (index) => {
  const [first, second] = builds.map(({ folders }) => folders[index]);
  expect(tree(second)).toEqual(tree(first));
  expect(FileSystem.fingerprint(second)).toBe(FileSystem.fingerprint(first));
});

test.each(['sbom', 'licences'] as const)('two builds give the same %s', (file) => {
  const [first, second] = builds.map((build) => readFileSync(build[file], 'utf8'));
  expect(second).toBe(first);
});

test('a build replaces the former one and leaves nothing else behind', async () => {
  const before = FileSystem.fingerprint(builds[0].folders[0]);
  await buildPayload({ into: roots[0] });
  expect(FileSystem.fingerprint(builds[0].folders[0])).toBe(before);
  expect(readdirSync(payloadLayout(roots[0]).handler).sort()).toEqual(['linux-arm64', 'linux-x64', 'sbom.cdx.json']);
  expect(readdirSync(join(roots[0], 'assets')).sort()).toEqual(['image-api', 'image-backfill', 'resize-handler']);
  expect(readdirSync(emptyCache).filter((name) => !/^[0-9a-f]{16}-linux-(arm64|x64)$/.test(name))).toEqual([]);
  expect(readdirSync(join(roots[0])).sort()).toEqual(['THIRD-PARTY-LICENSES.md', 'assets']);
});
