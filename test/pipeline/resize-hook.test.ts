import { chmodSync, mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
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

test.each([
  [join(folder, 'none.mjs'), `a file or folder that is there, received ${JSON.stringify(join(folder, 'none.mjs'))}`],
  [folder, `a folder that has index.mjs, received ${JSON.stringify(folder)}`],
  [text, `a folder, or a file that ends with .mjs, received ${JSON.stringify(text)}: a hook is an ES module`],
])('fails for %s', (path, message) => {
  expect(() => ResizeHook.fromAsset(path)).toThrow(`ResizeHook.fromAsset must be ${message}`);
});

test('fails for a path that is not known at synth', () => {
  expect(() => ResizeHook.fromAsset(Token.asString({ Ref: 'Path' }))).toThrow('ResizeHook.fromAsset must be known at synth');
});
