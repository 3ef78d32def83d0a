import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../assets/build/layout';
import { publishedReadme } from '../../release/published-readme';

const REPOSITORY = 'https://github.com/a/b';
const assembly = JSON.parse(readFileSync(join(packageRoot, '.jsii'), 'utf8'));

test('links lead to the files of the version, pictures to their bytes', () => {
  expect(publishedReadme('[r](docs/records.md#queries) <img src="docs/a.png"> ![x](b.webp)', REPOSITORY, '1.2.0'))
    .toBe(`[r](${REPOSITORY}/blob/v1.2.0/docs/records.md#queries) <img src="${REPOSITORY}/raw/v1.2.0/docs/a.png"> ![x](${REPOSITORY}/raw/v1.2.0/b.webp)`);
});

test('before a release they lead to the main branch', () => {
  expect(publishedReadme('[r](API.md)', REPOSITORY, '0.0.0')).toBe(`[r](${REPOSITORY}/blob/main/API.md)`);
});

test('addresses, and places of the page, stay', () => {
  const text = '[a](https://example.com/x.md) [b](#delivery) <a href="https://example.com">c</a>';
  expect(publishedReadme(text, REPOSITORY, '1.2.0')).toBe(text);
});

test('the README of the packages has no link that leads nowhere', () => {
  const { markdown } = assembly.readme as { markdown: string };
  const targets = [...markdown.matchAll(/(?:\]\(|(?:src|srcset)=")([^)"\s]+)/g)].map(([, target]) => target);
  expect(targets.length).toBeGreaterThan(30);
  expect(targets.filter((target) => !/^(https:\/\/|#)/.test(target))).toEqual([]);
  const own = targets.map((target) => /\/(?:blob|raw)\/(?:main|v[\d.]+)\/([^#]+)/.exec(target)?.[1]).filter((file) => file !== undefined && !/github\.com\/firebase/.test(file));
  expect(own.filter((file) => !existsSync(join(packageRoot, file!)))).toEqual([]);
});

test('nothing else of the README is changed', () => {
  const { url } = assembly.repository as { url: string };
  expect(assembly.readme.markdown.trimEnd()).toBe(publishedReadme(readFileSync(join(packageRoot, 'README.md'), 'utf8'), url.replace(/\.git$/, ''), assembly.version).trimEnd());
});
