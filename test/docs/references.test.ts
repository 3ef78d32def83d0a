import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const root = join(__dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const filesIn = (folder: string, ending: string) => readdirSync(join(root, folder), { recursive: true })
  .map((name) => join(folder, String(name)))
  .filter((file) => file.endsWith(ending))
  .sort();

const sources = filesIn('src', '.ts');
const folders = ['docs', 'examples', 'local-runner', 'assets'];
const pages = [
  'README.md', 'CONTRIBUTING.md', ...folders.flatMap((folder) => filesIn(folder, '.md')).filter((page) => !page.includes('node_modules')),
];

/** The documents that messages and docstrings send a user to. */
const named = sources.flatMap((file) => [...read(file).matchAll(/docs\/[\w./-]*\w/g)].map(([path]) => [file, path] as const));

test('messages and docstrings send users to documents', () => {
  expect(named.length).toBeGreaterThan(1);
});

test.each(named)('what %s names, %s, is a document that the package ships', (_file, path) => {
  expect(existsSync(join(root, path))).toBe(true);
  expect(read('.npmignore').split('\n')).not.toContain('/docs/');
});

// What runs in Lambda has comments for those who read the repository.
test.each(named.filter(([file]) => !file.startsWith('src/lambda')))('%s says that %s is in the package', (file, path) => {
  expect(read(file)).toContain(`${path} of the package`);
});

test.each(pages)('every link of %s leads to a file', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#\s]+)(#[^)]*)?\)/g)].map(([, target]) => normalize(join(dirname(page), target)));
  expect(links.filter((target) => !existsSync(join(root, target)))).toEqual([]);
});

/** The anchors of a page, as GitHub makes them of its headings. */
function anchorsOf(page: string): string[] {
  const text = read(page).replace(/^```.*?^```/gms, '');
  const own = [...text.matchAll(/<a [^>]*id="([^"]+)"/g)].map(([, id]) => id);
  const slugs = [...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-'));
  return [...own, ...slugs.map((slug, at) => {
    const before = slugs.slice(0, at).filter((other) => other === slug).length;
    return before === 0 ? slug : `${slug}-${before}`;
  })];
}

test.each(pages)('every link of %s to a heading leads to one', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)].map(([, target, anchor]) => [target === '' ? page : normalize(join(dirname(page), target)), anchor]);
  expect(links.filter(([target, anchor]) => target.endsWith('.md') && !anchorsOf(target).includes(anchor)).map((link) => link.join('#'))).toEqual([]);
});

/** Files of the repository that a page names by their path. */
const FILE = /`((?:src|test|docs|examples|local-runner|assets|projenrc)\/[\w./-]+\.(?:ts|js|mjs|md|json))`/g;

test.each(pages)('every file that %s names is there', (page) => {
  const files = [...read(page).matchAll(FILE)].map(([, file]) => file);
  const tests = [...read(page).matchAll(/`([\w./-]*\/[\w.-]+\.test\.ts)`/g)].map(([, file]) => file);
  expect(files.filter((file) => !existsSync(join(root, file)) && !existsSync(join(root, 'test', file)))).toEqual([]);
  expect(tests.filter((file) => !existsSync(join(root, file)) && !existsSync(join(root, 'test', file)))).toEqual([]);
});

// The AWS CLI takes a comma in its short form for that of a list.
test.each(pages)('commands of %s give metadata with a comma as JSON', (page) => {
  expect([...read(page).matchAll(/--metadata [^'"\s]*=\S*,\S*/g)].map(([command]) => command)).toEqual([]);
});
