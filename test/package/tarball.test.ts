import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { FileSystem } from 'aws-cdk-lib';
import { installIntoEmptyApp, packPackage, synthesise, synthesiseExample, Tarball } from './empty-app';
import { compileHook } from './typed-hook';
import { buildPayload } from '../../assets/build/build-payload';
import { elfArchitecture } from '../../assets/build/elf';
import { architectures, codeFolders, packageRoot, payloadLayout } from '../../assets/build/layout';
import { listFiles } from '../../assets/build/tree';
import { tempFolder } from '../payload/temp-folder';

const work = tempFolder();
const app = join(work, 'app');
let tarball: Tarball;
let installed: string;

beforeAll(() => {
  tarball = packPackage(work);
  installed = installIntoEmptyApp(app, tarball);
}, 300_000);

describe('the tarball', () => {
  // Twice libvips, and the fonts and the HEIC decoder of both architectures; CDK's own packages bring as much.
  test('is smaller than 22 MB', () => {
    expect(tarball.size).toBeLessThan(22_000_000);
  });

  test('holds the compiled library, the payload and the documents, and nothing else', () => {
    const allowed = [
      /^lib\/(?!lambda\/).+\.(js|d\.ts)$/,
      /^assets\/resize-handler\/linux-(arm64|x64)\/(index\.mjs|heic-decoder\.mjs|fonts\.conf|node_modules\/.+)$/,
      /^assets\/image-(api|backfill)\/index\.mjs$/,
      /^assets\/resize-handler\/sbom\.cdx\.json$/,
      /^docs\/.+\.md$/,
      /^(\.jsii|package\.json|README\.md|API\.md|CHANGELOG\.md|LICENSE|THIRD-PARTY-LICENSES\.md)$/,
    ];
    expect(tarball.files.filter((file) => !allowed.some((pattern) => pattern.test(file)))).toEqual([]);
  });

  test('holds what every consumer needs', () => {
    expect(tarball.files).toEqual(expect.arrayContaining([
      '.jsii', 'LICENSE', 'README.md', 'THIRD-PARTY-LICENSES.md', 'package.json', 'lib/index.js', 'lib/index.d.ts', 'assets/resize-handler/sbom.cdx.json', 'assets/image-api/index.mjs',
      'assets/image-backfill/index.mjs',
    ]));
  });

  test.each(architectures)('holds the whole payload of %s', (architecture) => {
    const onDisk = listFiles(payloadLayout(packageRoot).folder(architecture)).map(({ path }) => relative(packageRoot, path).split('\\').join('/'));
    expect(tarball.files.filter((file) => file.includes(`/linux-${architecture}/`))).toEqual(onDisk.sort());
  });

  test('holds the functions of this checkout, not an older build', async () => {
    const { folders } = await buildPayload({ into: join(work, 'fresh') });
    const hashes = (payloads: string[]) => payloads.map((folder) => FileSystem.fingerprint(folder));
    // If this fails: `npm run build:handler`.
    expect(hashes(codeFolders(payloadLayout(installed)))).toEqual(hashes(folders));
  });

  test('brings no dependency but its peers', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    expect(manifest.dependencies ?? {}).toEqual({});
    expect(Object.keys(manifest.peerDependencies).sort()).toEqual(['aws-cdk-lib', 'constructs']);
  });
});

describe('an empty app with the installed package', () => {
  const program = (props = '') => `
    const { App, Stack, aws_lambda: lambda } = require('aws-cdk-lib');
    const { ImageResizePipeline } = require('cdk-image-resize-pipeline');
    const app = new App({ outdir: 'cdk.out' });
    new ImageResizePipeline(new Stack(app, 'Stack'), 'Images'${props});
    app.synth();`;

  test('has the package itself, not a link to this checkout', () => {
    expect(lstatSync(installed).isSymbolicLink()).toBe(false);
    expect(lstatSync(join(installed, 'lib', 'index.js')).isFile()).toBe(true);
  });

  test.each([
    ['by default', '', 'arm64'],
    ['for arm64', ', { resizeFunction: { architecture: lambda.Architecture.ARM_64 } }', 'arm64'],
    ['for x86-64', ', { resizeFunction: { architecture: lambda.Architecture.X86_64 } }', 'x64'],
  ] as const)('stages the payload of the function %s, without network, Docker or bundler', (_, props, architecture) => {
    const assembly = synthesise(app, program(props));
    const template = JSON.parse(readFileSync(join(assembly, 'Stack.template.json'), 'utf8'));
    // CDK's own helper functions name no architecture.
    const resizers = functions(template).filter(({ Properties }) => Properties.Architectures);
    expect(resizers.map(({ Properties }) => Properties.Architectures)).toEqual([[architecture === 'x64' ? 'x86_64' : architecture]]);

    const staged = join(assembly, `asset.${resizers[0].Properties.Code.S3Key.replace('.zip', '')}`);
    expect(readdirSync(staged).sort()).toEqual(['fonts.conf', 'heic-decoder.mjs', 'index.mjs', 'node_modules']);
    const binaries = listFiles(staged).filter(({ path }) => elfArchitecture(path));
    expect(binaries.map(({ name }) => name.split('/').slice(0, 3).join('/'))).toEqual([
      `node_modules/@img/sharp-libvips-linux-${architecture}`, `node_modules/@img/sharp-linux-${architecture}`,
    ]);
    expect(binaries.map(({ path }) => elfArchitecture(path))).toEqual([architecture, architecture]);
    expect(FileSystem.fingerprint(staged)).toBe(FileSystem.fingerprint(payloadLayout(installed).folder(architecture)));
  });
});

describe.each([
  ['Node.js', ['--module', 'nodenext']],
  ['a bundler', ['--module', 'esnext', '--moduleResolution', 'bundler']],
])('a hook, typed for %s', (_, options) => {
  const [, documented] = /<!-- example: hook -->\n```js\n(.*?)```/s.exec(readFileSync(join(packageRoot, 'docs', 'hooks.md'), 'utf8'))!;
  const [, typed] = /<!-- example: typed hook -->\n```ts\n(.*?)```/s.exec(readFileSync(join(packageRoot, 'docs', 'hooks.md'), 'utf8'))!;

  test.each([['photos.mjs', documented], ['tenants.mts', typed]])('compiles as %s, as the documentation has it', (file, code) => {
    expect(compileHook(app, file, code, options)).toBe('');
  });

  test('fails when it takes what there is not, or answers what it may not', () => {
    const wrong = documented.replace('key, width', 'key, widht').replace('code:', 'kode:');
    expect(compileHook(app, 'wrong.mjs', wrong, options)).toMatch(/'widht' does not exist[^]*'kode' does not exist/);
  });
});

describe('the examples, copied out of the repository', () => {
  test.each([
    'quick-start', 'minimal', 'product-photos', 'api-put-upload', 'presigned-site', 'presigned-fan-out', 'ec2-gallery', 'existing-bucket',
  ])('%s synthesises with the installed package', (example) => {
    const assembly = synthesiseExample(app, example);
    const [template] = readdirSync(assembly).filter((file) => file.endsWith('.template.json'))
      .map((file) => JSON.parse(readFileSync(join(assembly, file), 'utf8')));
    const hashes = new Set(functions(template).map(({ Properties }) => Properties.Code.S3Key?.replace('.zip', '')));
    const payloads = [...architectures.map(payloadLayout(installed).folder)].map((folder) => FileSystem.fingerprint(folder));
    const staged = [...hashes].map((hash) => join(assembly, `asset.${hash}`)).filter((folder) => existsSync(join(folder, 'node_modules', 'sharp')));
    expect(staged).toHaveLength(1);
    expect(payloads).toContain(FileSystem.fingerprint(staged[0]));
  }, 120_000);
});

test.each([
  ["require('node:child_process').execSync('true')", 'execSync must not be used by the synthesis'],
  ["require('node:http').get('http://localhost:1')", 'must not be used by the synthesis'],
])('fails when the synthesis leaves its process: %s', (program, message) => {
  expect(() => synthesise(app, program)).toThrow(message);
});

interface FunctionResource {
  readonly Type: string;
  readonly Properties: { readonly Handler: string; readonly Architectures?: string[]; readonly Code: { readonly S3Key: string } };
}

function functions(template: { Resources: Record<string, FunctionResource> }) {
  return Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
}
