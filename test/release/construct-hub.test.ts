import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../assets/build/layout';

/** What Construct Hub looks at before it lists a package of the npm registry. */
const read = (file: string) => JSON.parse(readFileSync(join(packageRoot, file), 'utf8'));
const manifest = read('package.json');
const assembly = read('.jsii');

test('a keyword tells it from other packages', () => {
  expect(manifest.keywords).toContain('cdk');
  expect(manifest.keywords).toEqual(expect.arrayContaining(['aws-cdk', 'construct', 'constructs']));
});

test('it is a jsii module that is built on constructs', () => {
  expect(manifest.jsii).toBeDefined();
  expect(Object.keys(manifest.peerDependencies)).toEqual(expect.arrayContaining(['constructs', 'aws-cdk-lib']));
  expect(Object.keys(assembly.dependencies)).toContain('constructs');
});

test('its licence is one of those that are listed, and what the assembly says', () => {
  expect(manifest.license).toBe('Apache-2.0');
  expect(assembly.license).toBe(manifest.license);
});

test('its page has an author, a repository, a description and a text', () => {
  expect(assembly.author.name).toBe(manifest.author.name);
  expect(assembly.repository.url).toBe(manifest.repository.url);
  expect(assembly.description).toBe(manifest.description);
  expect(assembly.readme.markdown).toContain('# cdk-image-resize-pipeline');
});

test('its page has a tab for each language', () => {
  expect(Object.keys(assembly.targets).filter((target) => target !== 'js').sort()).toEqual(['dotnet', 'go', 'java', 'python']);
});

test('what it says of its stability is what the README says', () => {
  expect(assembly.docs.stability).toBe(manifest.stability);
  expect(readFileSync(join(packageRoot, 'README.md'), 'utf8')).toContain(`Maturity: ${manifest.stability}`);
});
