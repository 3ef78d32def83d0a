import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from './temp-folder';
import { swapIntoPlace } from '../../assets/build/swap';

const root = tempFolder();

function write(name: string, content: string) {
  mkdirSync(join(root, name), { recursive: true });
  writeFileSync(join(root, name, 'file'), content);
  return join(root, name);
}
const read = (folder: string) => readFileSync(join(folder, 'file'), 'utf8');

test('replaces folders and adds those that are new', () => {
  const [from, to] = [write('a/from', 'new'), write('a/to', 'former')];
  const added = join(root, 'a/added');
  swapIntoPlace([{ from, to }, { from: write('a/other', 'new'), to: added }], join(root, 'a/old'));
  expect([read(to), read(added)]).toEqual(['new', 'new']);
});

test('puts everything back when one move fails', () => {
  const [from, to] = [write('b/from', 'new'), write('b/to', 'former')];
  const missing = join(root, 'b/missing');
  expect(() => swapIntoPlace([{ from, to }, { from: missing, to: join(root, 'b/added') }], join(root, 'b/old'))).toThrow('ENOENT');
  expect([read(from), read(to)]).toEqual(['new', 'former']);
  expect(existsSync(join(root, 'b/added'))).toBe(false);
});
