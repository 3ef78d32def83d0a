import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { readAssembly } from '../../local-runner/template/assembly';
import { ImageProfile, ImageResizePipeline, OutputFormat } from '../../src';
import { CONFIG_LAYER_FILE, CONFIG_VARIABLE, HandlerConfig, parseConfig } from '../../src/contract';
import { createStack, plain, propertiesOf, rightsOf, synthesize } from '../helpers/cdk';

const manyProfiles = (count: number, name = 'profile') => Array.from({ length: count }, (_, at) => (
  ImageProfile.of(`${name}-${at}`, { width: 100 + at, formats: [OutputFormat.webp({ quality: 70 })] })));

function pipelineOf200Profiles(stack: Stack): ImageResizePipeline {
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourcePrefix: 'a/', profiles: manyProfiles(100) });
  pipeline.addSource(pipeline.sourceBucket, { prefix: 'b/', profiles: manyProfiles(100, 'other') });
  return pipeline;
}

/** What the handler would read, from the environment and the layer. */
function configOf(stack: Stack, template: Template): HandlerConfig {
  const { Environment } = propertiesOf(template, 'AWS::Lambda::Function', 'PipelineFunction');
  return parseConfig({ [CONFIG_VARIABLE]: Environment.Variables[CONFIG_VARIABLE] }, () => {
    const { Content } = propertiesOf(template, 'AWS::Lambda::LayerVersion');
    const [{ assets }] = readAssembly((stack.node.root as App).synth().directory);
    return JSON.parse(readFileSync(join(assets.get(Content.S3Key)!, CONFIG_LAYER_FILE), 'utf8'));
  });
}

test('a configuration of usual size is in the environment alone', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline');
  const template = synthesize(stack);
  template.resourceCountIs('AWS::Lambda::LayerVersion', 0);
  expect(propertiesOf(template, 'AWS::Lambda::Function', 'PipelineFunction')).not.toHaveProperty('Layers');
});

describe('a configuration that is too large for the environment', () => {
  const stack = createStack();
  pipelineOf200Profiles(stack);
  const template = synthesize(stack);

  test('is read as it was written, with the names that only the deployment knows', () => {
    const config = configOf(stack, template);
    expect(config.profileSets.map((set) => set.length)).toEqual([100, 100]);
    expect(config.profileSets[1][99]).toMatchObject({ name: 'other-99', width: 199, formats: [{ format: 'webp', options: { quality: 70 } }] });
    expect(config).toMatchObject({
      outputBucket: 'PipelineOutputBucket',
      sources: [{ bucket: 'PipelineSourceBucket', prefix: 'a/' }, { bucket: 'PipelineSourceBucket', prefix: 'b/' }],
      catalog: { table: 'PipelineTable' },
    });
  });

  test('leaves each name of a resource once to the environment', () => {
    const { Environment } = propertiesOf(template, 'AWS::Lambda::Function', 'PipelineFunction');
    expect(JSON.parse(Environment.Variables[CONFIG_VARIABLE]))
      .toEqual({ version: 1, layerValues: ['PipelineOutputBucket', 'PipelineSourceBucket', 'PipelineTable'] });
  });

  test('is a layer of the function', () => {
    const { Layers } = propertiesOf(template, 'AWS::Lambda::Function', 'PipelineFunction');
    expect(Layers).toEqual(['PipelineConfiguration']);
    expect(propertiesOf(template, 'AWS::Lambda::LayerVersion')).toMatchObject({ CompatibleRuntimes: ['nodejs24.x'] });
  });

  test('takes no more rights', () => {
    const other = createStack();
    const pipeline = new ImageResizePipeline(other, 'Pipeline', { sourcePrefix: 'a/' });
    pipeline.addSource(pipeline.sourceBucket, { prefix: 'b/' });
    expect(rightsOf(template, 'PipelineRole')).toEqual(rightsOf(synthesize(other), 'PipelineRole'));
  });
});

test('tokens of every kind stay in the environment', () => {
  const stack = createStack();
  const prefix = new CfnParameter(stack, 'Prefix').valueAsString;
  const shards = new CfnParameter(stack, 'Shards', { type: 'Number' }).valueAsNumber;
  new ImageResizePipeline(stack, 'Pipeline', { sourcePrefix: `${prefix}/`, profiles: manyProfiles(100), catalog: { listingShards: shards } });
  const template = synthesize(stack);
  const { Environment } = Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties)
    .find((properties) => CONFIG_VARIABLE in (properties.Environment?.Variables ?? {}))!;
  expect(plain(Environment.Variables[CONFIG_VARIABLE]))
    .toBe('{"version":1,"layerValues":["PipelineOutputBucket","PipelineSourceBucket","Prefix/","PipelineTable",Shards]}');
});

test('sources that are added last are in the layer', () => {
  const stack = createStack();
  const pipeline = pipelineOf200Profiles(stack);
  pipeline.addSource(pipeline.sourceBucket, { prefix: 'c/' });
  expect(configOf(stack, synthesize(stack)).sources.map(({ prefix }) => prefix)).toEqual(['a/', 'b/', 'c/']);
});

test('variables of one\'s own may push the configuration into a layer', () => {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline');
  pipeline.resizeFunction.addEnvironment('NOTE', 'x'.repeat(3600));
  const template = synthesize(stack);
  template.resourceCountIs('AWS::Lambda::LayerVersion', 1);
  expect(configOf(stack, template).profileSets[0].map(({ name }) => name)).toEqual(['thumbnail', 'medium', 'large']);
});

test('the same configuration makes the same layer', () => {
  const keys = [createStack(), createStack()].map((stack) => {
    pipelineOf200Profiles(stack);
    return propertiesOf(synthesize(stack), 'AWS::Lambda::LayerVersion').Content.S3Key;
  });
  expect(keys[0]).toBe(keys[1]);
});
