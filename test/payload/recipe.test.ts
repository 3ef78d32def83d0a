import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tempFolder } from './temp-folder';
import { architectures, packageRoot, payloadLayout } from '../../assets/build/layout';
import { Recipe } from '../../assets/build/recipe';

const committed = payloadLayout(packageRoot).handler;
const manifest = (folder: string) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

describe('the committed recipe', () => {
  const recipe = new Recipe(committed);

  test('pins the exact sharp and libheif that the tests of this repository run on, and the font', () => {
    const { sharp, 'libheif-js': libheif } = manifest(packageRoot).devDependencies;
    const { 'dejavu-fonts-ttf': font, ...others } = manifest(committed).dependencies;
    expect(others).toEqual({ sharp, 'libheif-js': libheif });
    for (const version of [sharp, libheif, font]) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  test('names no registry', () => {
    const lock = readFileSync(join(committed, 'package-lock.json'), 'utf8');
    expect(lock).not.toMatch(/"resolved"|https?:\/\/(?!opencollective\.com|github\.com)/);
  });

  test.each(architectures)('needs sharp, its JavaScript dependencies, two native packages, libheif and the font on %s', (architecture) => {
    expect(recipe.packagesFor(architecture).map(({ name }) => name)).toEqual([
      '@img/colour', `@img/sharp-libvips-linux-${architecture}`, `@img/sharp-linux-${architecture}`, 'dejavu-fonts-ttf', 'detect-libc', 'libheif-js', 'semver', 'sharp',
    ]);
  });
});

describe('a recipe', () => {
  const folder = tempFolder();
  const integrity = 'sha512-AA==';
  let count = 0;
  const recipeOf = (packages: object) => {
    const recipe = join(folder, String(count++));
    mkdirSync(recipe);
    writeFileSync(join(recipe, 'package.json'), '{}');
    writeFileSync(join(recipe, 'package-lock.json'), JSON.stringify({ packages }));
    return new Recipe(recipe);
  };

  test('takes the nearest nested version and leaves out what no dependency leads to', () => {
    const recipe = recipeOf({
      '': { dependencies: { a: '1', b: '1' } },
      'node_modules/a': { version: '1.0.0', integrity, dependencies: { b: '2' } },
      'node_modules/a/node_modules/b': { version: '2.0.0', integrity },
      'node_modules/b': { version: '1.0.0', integrity },
      'node_modules/unused': { version: '1.0.0', integrity },
    });
    expect(recipe.packagesFor('x64').map(({ location, version }) => `${location} ${version}`)).toEqual([
      'node_modules/a 1.0.0', 'node_modules/a/node_modules/b 2.0.0', 'node_modules/b 1.0.0',
    ]);
  });

  test('leaves out other operating systems, processors and C libraries', () => {
    const recipe = recipeOf({
      '': { optionalDependencies: { mac: '1', arm: '1', musl: '1', right: '1' } },
      'node_modules/mac': { version: '1.0.0', integrity, os: ['darwin'] },
      'node_modules/arm': { version: '1.0.0', integrity, cpu: ['arm64'] },
      'node_modules/musl': { version: '1.0.0', integrity, libc: ['musl'] },
      'node_modules/right': { version: '1.0.0', integrity, os: ['linux'], cpu: ['x64'], libc: ['glibc'] },
    });
    expect(recipe.packagesFor('x64').map(({ name }) => name)).toEqual(['right']);
  });

  test('has a digest that changes with the lock', () => {
    const of = (version: string) => recipeOf({ '': {}, 'node_modules/a': { version, integrity } }).digest;
    expect(of('1.0.0')).toBe(of('1.0.0'));
    expect(of('1.0.0')).not.toBe(of('1.0.1'));
  });

  test.each([
    ['without an integrity', { version: '1.0.0' }, 'lock entry node_modules/a must have a sha512 integrity, received undefined'],
    ['with a weak integrity', { version: '1.0.0', integrity: 'sha1-AA==' }, 'lock entry node_modules/a must have a sha512 integrity, received "sha1-AA=="'],
    ['that names a registry', { version: '1.0.0', integrity, resolved: 'https://example.com/a.tgz' },
      'lock entry node_modules/a must not name a registry, received "https://example.com/a.tgz"'],
  ])('fails on an entry %s', (_, entry, message) => {
    expect(() => recipeOf({ '': {}, 'node_modules/a': entry })).toThrow(message);
  });

  test('fails on a package that needs an install script', () => {
    const recipe = recipeOf({ '': { dependencies: { a: '1' } }, 'node_modules/a': { version: '1.0.0', integrity, hasInstallScript: true } });
    expect(() => recipe.packagesFor('x64')).toThrow('lock entry node_modules/a must not need an install script, received "1.0.0"');
  });

  test('fails on a dependency that the lock does not hold', () => {
    const recipe = recipeOf({ '': { dependencies: { a: '1' } } });
    expect(() => recipe.packagesFor('x64')).toThrow('lock of the recipe must hold a');
  });
});
