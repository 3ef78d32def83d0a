import { readFileSync, statSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { tempFolder } from './temp-folder';
import { buildPayload } from '../../assets/build/build-payload';
import { bundleHandler, bundleHeicDecoder, bundleImageApi } from '../../assets/build/bundle';
import { elfArchitecture } from '../../assets/build/elf';
import { architectures, Architecture, packageRoot, payloadLayout } from '../../assets/build/layout';
import { Recipe } from '../../assets/build/recipe';
import { listFiles } from '../../assets/build/tree';

const layout = payloadLayout(tempFolder());
const root = join(layout.handler, '..', '..');
const recipe = new Recipe(payloadLayout(packageRoot).handler);

beforeAll(() => buildPayload({ into: root }), 120_000);

describe.each(architectures)('the code folder of %s', (architecture) => {
  const folder = layout.folder(architecture);
  const names = () => listFiles(folder).map(({ name }) => name);

  test('holds the bundle, the decoder of HEIC, what tells of the font, and node_modules, nothing beside them', () => {
    expect([...new Set(names().map((name) => name.split('/')[0]))]).toEqual(['fonts.conf', 'heic-decoder.mjs', 'index.mjs', 'node_modules']);
  });

  test('holds exactly the locked packages', () => {
    const found = names().filter((name) => /^node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(name)).map((name) => {
      const manifest = JSON.parse(readFileSync(join(folder, name), 'utf8'));
      return `${manifest.name}@${manifest.version}`;
    });
    expect(found.sort()).toEqual(recipe.packagesFor(architecture).map(({ name, version }) => `${name}@${version}`).sort());
  });

  test('holds native libraries of its architecture only', () => {
    const machines = listFiles(folder).flatMap(({ name, path }) => {
      const machine = elfArchitecture(path);
      return machine ? [`${name.split('/').slice(0, 3).join('/')} ${machine}`] : [];
    });
    expect(machines).toEqual([
      `node_modules/@img/sharp-libvips-linux-${architecture} ${architecture}`,
      `node_modules/@img/sharp-linux-${architecture} ${architecture}`,
    ]);
  });

  test('keeps the licences and drops what nothing loads', () => {
    const others = names().filter((name) => !/\.(c?js|mjs|json|node|wasm|so\.[\d.]+)$/.test(name));
    expect(others).toEqual([
      'fonts.conf',
      'node_modules/@img/colour/LICENSE.md',
      // The only place where this package states the licences of its libraries.
      `node_modules/@img/sharp-libvips-linux-${architecture}/README.md`,
      `node_modules/@img/sharp-linux-${architecture}/LICENSE`,
      'node_modules/dejavu-fonts-ttf/LICENSE',
      'node_modules/dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf',
      'node_modules/dejavu-fonts-ttf/ttf/DejaVuSans.ttf',
      'node_modules/detect-libc/LICENSE',
      'node_modules/libheif-js/LICENSE',
      'node_modules/semver/LICENSE',
      'node_modules/sharp/LICENSE',
    ]);
    expect(names().filter((name) => /\/(\.bin|install|bin|src|include)\//.test(name))).toEqual([]);
  });

  test('holds libheif once, in the form that is loaded', () => {
    expect(names().filter((name) => name.includes('libheif'))).toEqual([
      'LICENSE', 'libheif-wasm/libheif.js', 'libheif-wasm/libheif.wasm', 'package.json',
    ].map((name) => `node_modules/libheif-js/${name}`));
  });

  test('can be read by the user that Lambda runs as', () => {
    expect([...new Set(listFiles(folder).map(({ path }) => statSync(path).mode.toString(8)))]).toEqual(['100644']);
    expect(statSync(join(folder, 'node_modules')).mode.toString(8)).toBe('40755');
  });

  test('stays far below the 250 MB of Lambda', () => {
    expect(listFiles(folder).reduce((sum, { size }) => sum + size, 0)).toBeLessThan(25_000_000);
  });
});

describe('the bundle of the handler', () => {
  const code = () => readFileSync(join(layout.folder('x64'), 'index.mjs'), 'utf8');

  test('is the same for both architectures', () => {
    expect(readFileSync(join(layout.folder('arm64'), 'index.mjs'), 'utf8')).toBe(code());
  });

  test('imports sharp and modules of Node only', async () => {
    const { imports } = await bundleHandler();
    expect(imports).toContain('sharp');
    expect(imports.filter((name) => name !== 'sharp' && !builtinModules.includes(name.replace(/^node:/, '')))).toEqual([]);
    // What esbuild reports, checked against the code itself.
    const inCode = [...code().matchAll(/\bfrom\s?["']([^"'\s]+)["'];/g)].map(([, name]) => name);
    expect(inCode.length).toBeGreaterThan(0);
    expect(inCode.filter((name) => !imports.includes(name) && name !== 'node:module')).toEqual([]);
  });

  test('holds no CDK and no test helper', async () => {
    const { packageFolders } = await bundleHandler();
    expect(packageFolders.filter((folder) => /\/(aws-cdk-lib|constructs|@aws-cdk|jest|dynalite|esbuild)(\/|$)/.test(folder))).toEqual([]);
    expect(code()).not.toMatch(/aws-cdk-lib/);
  });

  test('holds no path of the machine that built it', () => {
    expect(code()).not.toContain(packageRoot);
    expect(code()).not.toContain(root);
  });
});

describe('the bundle of the decoder of HEIC', () => {
  const code = (architecture: Architecture) => readFileSync(join(layout.folder(architecture), 'heic-decoder.mjs'), 'utf8');

  test('is the same for both architectures', () => {
    expect(code('arm64')).toBe(code('x64'));
  });

  test('imports libheif and modules of Node only', async () => {
    const { imports } = await bundleHeicDecoder();
    expect(imports.filter((name) => !builtinModules.includes(name.replace(/^node:/, '')))).toEqual(['libheif-js/libheif-wasm/libheif.js']);
  });

  test('is all that imports libheif: it is not loaded before there is a HEIC', async () => {
    expect((await bundleHandler()).imports.filter((name) => name.includes('libheif'))).toEqual([]);
  });
});

describe('the code folder of the upload API', () => {
  const code = () => readFileSync(join(layout.imageApi, 'index.mjs'), 'utf8');

  test('holds the bundle and nothing beside it, for every architecture', () => {
    expect(listFiles(layout.imageApi).map(({ name }) => name)).toEqual(['index.mjs']);
    expect(statSync(join(layout.imageApi, 'index.mjs')).mode.toString(8)).toBe('100644');
  });

  test('imports modules of Node only', async () => {
    const { imports } = await bundleImageApi();
    expect(imports.length).toBeGreaterThan(0);
    expect(imports.filter((name) => !builtinModules.includes(name.replace(/^node:/, '')))).toEqual([]);
    const inCode = [...code().matchAll(/\bfrom\s?["']([^"'\s]+)["'];/g)].map(([, name]) => name);
    expect(inCode.filter((name) => !imports.includes(name) && name !== 'node:module')).toEqual([]);
  });

  test('holds no CDK, no sharp and no path of the machine that built it', async () => {
    const { packageFolders } = await bundleImageApi();
    expect(packageFolders.filter((folder) => /\/(aws-cdk-lib|constructs|sharp|@img|jest|dynalite)(\/|$)/.test(folder))).toEqual([]);
    expect(code()).not.toContain(packageRoot);
    expect(code()).not.toContain(root);
  });

  test('stays small, as every cold start reads it', () => {
    expect(Buffer.byteLength(code())).toBeLessThan(800_000);
  });
});
