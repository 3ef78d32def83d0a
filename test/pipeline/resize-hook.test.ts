import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack, Token } from 'aws-cdk-lib';
import { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { ImageResizePipeline, ResizeHook } from '../../src';
import { createStack, propertiesOf, synthesize } from '../helpers/cdk';

const folder = mkdtempSync(join(tmpdir(), 'resize-hook-'));
const file = join(folder, 'hook.mjs');
writeFileSync(file, 'export default () => {};');
const many = join(folder, 'many');
mkdirSync(many);
writeFileSync(join(many, 'index.mjs'), 'export { default } from "./other.mjs";');
writeFileSync(join(many, 'other.mjs'), 'export default () => {};');
const text = join(folder, 'hook.js');
writeFileSync(text, '');

const configOf = (variables: Record<string, unknown>) => JSON.stringify(variables.IMAGE_RESIZE_CONFIG);

test.each([file, many])('%s becomes a layer of the function', (path) => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', { resizeFunction: { hook: ResizeHook.fromAsset(path) } });
  const template = synthesize(stack);
  const { Layers, Environment } = propertiesOf(template, 'AWS::Lambda::Function', 'PipelineFunction');
  expect(Layers).toEqual([expect.stringMatching(/^PipelineHook/)]);
  expect(configOf(Environment.Variables)).toContain('\\"hook\\":true');
  expect(propertiesOf(template, 'AWS::Lambda::LayerVersion', 'PipelineHook').CompatibleRuntimes).toEqual(['nodejs24.x']);
});

test('Lambda\'s user may read the layer, whoever may read the file', () => {
  const secret = join(folder, 'secret.mjs');
  writeFileSync(secret, 'export default () => {};');
  chmodSync(secret, 0o600);
  const app = new App();
  const stack = new Stack(app, 'Test');
  new ImageResizePipeline(stack, 'Pipeline', { resizeFunction: { hook: ResizeHook.fromAsset(secret) } });
  const { directory } = app.synth();
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) => path.includes('image-resize-hook'));
  expect(files.filter((path) => path.endsWith('.mjs'))).toHaveLength(1);
  expect([...new Set(files.map((path) => statSync(join(directory, path)).mode.toString(8).slice(-3)))]).toEqual(['755']);
});

test('a layer of one\'s own is taken as it is', () => {
  const stack = createStack();
  const arn = 'arn:aws:lambda:eu-central-1:123456789012:layer:hook:3';
  new ImageResizePipeline(stack, 'Pipeline', { resizeFunction: { hook: ResizeHook.fromLayer(LayerVersion.fromLayerVersionArn(stack, 'Layer', arn)) } });
  const template = synthesize(stack);
  expect(propertiesOf(template, 'AWS::Lambda::Function', 'PipelineFunction').Layers).toEqual([arn]);
  expect(template.findResources('AWS::Lambda::LayerVersion')).toEqual({});
});

test('without a hook there is no layer, and no word of it', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline');
  const { Layers, Environment } = propertiesOf(synthesize(stack), 'AWS::Lambda::Function', 'PipelineFunction');
  expect(Layers).toBeUndefined();
  expect(configOf(Environment.Variables)).not.toContain('hook');
});

describe('fails for', () => {
  const made = (name: string, make: (path: string) => void): string => {
    const path = join(folder, name);
    make(path);
    return path;
  };
  const folderOf = (name: string, make: (path: string) => void = () => undefined) => made(name, (path) => {
    mkdirSync(path);
    make(path);
  });
  const whole = (path: string) => writeFileSync(join(path, 'index.mjs'), 'export default () => {};');
  const shown = (...path: string[]) => JSON.stringify(join(folder, ...path));

  test.each<[string, string, string]>([
    ['nothing', '', 'a file or folder that is there, received ""'],
    ['what is not there', join(folder, 'none.mjs'), `a file or folder that is there, received ${shown('none.mjs')}`],
    ['a relative path that is not there', 'hooks/none.mjs', `a file or folder that is there, received "hooks/none.mjs": relative paths begin at ${process.cwd()}`],
    ['a path through a file', join(file, 'hook.mjs'), `a file or folder that is there, received ${shown('hook.mjs', 'hook.mjs')}: a part of it is no folder`],
    ['a path that is too long', join(folder, 'a'.repeat(300)), `a file or folder that is there, received ${shown('a'.repeat(300))}: it is too long`],
    ['a file of another kind', text, `a folder, or a file that ends with .mjs, received ${shown('hook.js')}: a hook is an ES module`],
    ['an empty folder', folderOf('empty'), `a folder that has the file index.mjs, received ${shown('empty', 'index.mjs')}`],
    ['a folder whose entry is a folder', folderOf('nested', (path) => mkdirSync(join(path, 'index.mjs'))), `a folder that has the file index.mjs, received ${shown('nested', 'index.mjs')}`],
    ['a link to itself', made('circle.mjs', (path) => symlinkSync(path, path)), `a file or folder that is there, received ${shown('circle.mjs')}: its links lead in a circle`],
    ['an entry that is a link to itself', folderOf('turning', (path) => symlinkSync('index.mjs', join(path, 'index.mjs'))),
      `a folder that has the file index.mjs, received ${shown('turning', 'index.mjs')}: its links lead in a circle`],
    ['a link to a folder above it', folderOf('above', (path) => { whole(path); symlinkSync(path, join(path, 'again')); }),
      `a folder of files that can be read, received ${shown('above', 'again')}: its links lead in a circle`],
    ['a link that leads nowhere', folderOf('broken', (path) => { whole(path); symlinkSync('gone.mjs', join(path, 'other.mjs')); }),
      `a folder of files that can be read, received ${shown('broken', 'other.mjs')}`],
    ['what is no file', folderOf('pipe', (path) => { whole(path); execFileSync('mkfifo', [join(path, 'pipe')]); }),
      `a folder of files that can be read, received ${shown('pipe', 'pipe')}: it is neither a file nor a folder`],
    ['a module without a default export', made('named.mjs', (path) => writeFileSync(path, 'export const hook = () => {};')),
      `a module with a default export, received ${shown('named.mjs')}: export the function as default`],
    ['an empty file', made('empty.mjs', (path) => writeFileSync(path, '')), `a module with a default export, received ${shown('empty.mjs')}`],
    ['more than Lambda takes', folderOf('large', (path) => { whole(path); truncateSync(made('large/model.bin', (model) => writeFileSync(model, '')), 262_144_000); }),
      'at most 262144000 bytes, what Lambda takes of a function with its layers, received 262144024: make '],
  ])('%s', (_, path, message) => {
    expect(() => ResizeHook.fromAsset(path)).toThrow(`ResizeHook.fromAsset must be ${message}`);
  });

  test.each([undefined, null, 5, {}])('%j, which is no path', (path) => {
    expect(() => ResizeHook.fromAsset(path as unknown as string)).toThrow(/^ResizeHook\.fromAsset must be a file or folder that is there, received /);
  });

  test('what may not be read', () => {
    const secret = made('unreadable.mjs', (path) => writeFileSync(path, 'export default () => {};', { mode: 0o000 }));
    // Nothing is kept from root.
    const refusal = process.getuid?.() === 0 ? undefined : `a file that can be read, received ${shown('unreadable.mjs')}: it may not be read by who synthesises`;
    if (refusal) expect(() => ResizeHook.fromAsset(secret)).toThrow(refusal);
    else expect(ResizeHook.fromAsset(secret)).toBeInstanceOf(ResizeHook);
  });
});

test('links within a folder, and two to one place, are followed', () => {
  const linked = join(folder, 'linked');
  mkdirSync(linked);
  for (const name of ['one', 'two']) symlinkSync(many, join(linked, name));
  writeFileSync(join(linked, 'index.mjs'), 'export { default } from "./one/index.mjs";');
  expect(ResizeHook.fromAsset(linked)).toBeInstanceOf(ResizeHook);
});

test('fails for a path that is not known at synth', () => {
  expect(() => ResizeHook.fromAsset(Token.asString({ Ref: 'Path' }))).toThrow('ResizeHook.fromAsset must be known at synth');
});
