import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'load-hook-'));
  const entryPoints = [join(__dirname, '../../../../src/lambda/resize/hook/load-hook.ts')];
  buildSync({ entryPoints, bundle: true, platform: 'node', format: 'esm', outfile: join(folder, 'load-hook.mjs') });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What two images hear that ask one after the other, and whether the process is lost after each. */
function asked(files: Readonly<Record<string, string>> = {}): unknown {
  const layer = mkdtempSync(join(folder, 'layer-'));
  const hook = join(layer, 'image-resize-hook');
  mkdirSync(hook);
  for (const [name, code] of Object.entries(files)) writeFileSync(join(hook, name), code);
  const script = `
    import { layeredHook } from '${join(folder, 'load-hook.mjs')}';
    const { ask, isLost } = layeredHook();
    const late = () => new Promise((resolve) => setTimeout(resolve, 200, 'late'));
    const said = [];
    for (let image = 0; image < 2; image += 1) {
      said.push(await Promise.race([ask({ image }).catch(({ message }) => message.split(':')[0]), late()]), isLost());
    }
    console.log(JSON.stringify(said));
    process.exit();
  `;
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, env: { NODE_PATH: layer }, encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout);
}

test('a hook is loaded once', () => {
  expect(asked({ 'index.mjs': 'let calls = 0; export default () => { calls += 1; return calls; };' })).toEqual([1, false, 2, false]);
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['throws while it is loaded', { 'index.mjs': 'throw new Error("down");' }, 'down'],
  ['imports what throws', { 'index.mjs': 'import "./other.mjs"; export default () => 1;', 'other.mjs': 'await 0; throw new Error("down");' }, 'down'],
  ['hangs while it is loaded', { 'index.mjs': 'await new Promise((resolve) => setTimeout(resolve, 1e6)); export default () => 1;' }, 'late'],
])('a process that has a hook which %s is lost', (_, files, said) => {
  expect(asked(files)).toEqual([said, true, said, true]);
});

test.each<[string, Readonly<Record<string, string>>, string]>([
  ['has no function', { 'index.mjs': 'export default {};' }, 'the hook must have a function as its default export, received object'],
  ['is not there', {}, 'expected a layer of the function to hold the hook in nodejs/node_modules/image-resize-hook/index.mjs'],
  ['throws when it is asked', { 'index.mjs': 'export default () => { throw new Error("down"); };' }, 'down'],
])('another process would not help a hook that %s', (_, files, said) => {
  expect(asked(files)).toEqual([said, false, said, false]);
});
