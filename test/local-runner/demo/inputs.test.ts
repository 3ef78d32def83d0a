import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { commonFolder, findInputs } from '../../../local-runner/demo/inputs';

let root: string;
beforeEach(() => { root = realpathSync(mkdtempSync(join(tmpdir(), 'inputs-test-'))); });
afterEach(() => rmSync(root, { recursive: true }));

function files(...names: string[]): void {
  for (const name of names) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), name);
  }
}

const find = async (...names: string[]) => (await findInputs(names.map((name) => join(root, name)), join(root, 'out'))).map(({ key }) => key);

test('a folder is taken with all that is in it, under its own name', async () => {
  files('photos/b.jpg', 'photos/2024/märz/a b.png');

  expect(await find('photos')).toEqual(['photos/2024/märz/a b.png', 'photos/b.jpg']);
});

test('files of one name in several folders stay apart', async () => {
  files('a/photos/x.jpg', 'b/photos/x.jpg', 'x.jpg');

  expect(await find('a/photos', 'b/photos')).toEqual(['a/photos/x.jpg', 'b/photos/x.jpg']);
  expect(await find('a/photos/x.jpg', 'b')).toEqual(['a/photos/x.jpg', 'b/photos/x.jpg']);
});

test('what is given twice is taken once', async () => {
  files('photos/x.jpg');

  expect(await find('photos', 'photos/x.jpg', 'photos')).toEqual(['photos/x.jpg']);
});

test('hidden files, links to folders and earlier results in a folder are left out', async () => {
  files('photos/x.jpg', 'photos/.DS_Store', 'photos/.cache/y.jpg', 'out/photos/x.jpg/thumbnail.jpg');
  symlinkSync(join(root, 'photos'), join(root, 'photos', 'again'));
  symlinkSync(join(root, 'photos', 'x.jpg'), join(root, 'photos', 'linked.jpg'));
  symlinkSync(join(root, 'nowhere'), join(root, 'photos', 'dangling.jpg'));

  const [first] = await find('.');
  expect(first.split('/').slice(1)).toEqual(['photos', 'linked.jpg']);
  expect(await find('.')).toHaveLength(2);
});

test('a hidden file that is named is taken', async () => {
  files('.hidden.jpg');

  expect(await find('.hidden.jpg')).toEqual(['.hidden.jpg']);
});

test('fails for a folder without files', async () => {
  mkdirSync(join(root, 'empty'));

  await expect(find('empty')).rejects.toThrow(`no files in ${join(root, 'empty')}`);
});

test.each(['index.html', 'records.json', 'function.log'])('fails for a file that would take the place of %s', async (name) => {
  files(name);

  await expect(find(name)).rejects.toThrow(`would take the place of ${name}`);
});

test.each([
  [['/a/b/c.jpg'], '/a/b'],
  [['/a/b/c.jpg', '/a/b/d/e.jpg'], '/a/b'],
  [['/a/bc/x', '/a/b/x'], '/a'],
  [['/x', '/y/z'], '/'],
  [['/'], '/'],
])('the deepest common folder of %j is %s', (paths, expected) => {
  expect(commonFolder(paths)).toBe(expected);
});
