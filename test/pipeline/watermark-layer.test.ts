import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ImageAdjustment, ImageBackfill, ImageProfile, ImageResizePipeline, ImageWatermark } from '../../src';
import { createStack, propertiesOf, synthesize } from '../helpers/cdk';
import { open, solid } from '../helpers/images';

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'watermark-layer-'));
  for (const value of [1, 2, 3]) writeFileSync(join(folder, `${value}.png`), await open(solid(4, 4, [value, 0, 0])).png().toBuffer());
});
afterAll(() => rmSync(folder, { recursive: true }));

const profile = (name: string, value: number) => ImageProfile.of(name, {
  width: 10, height: 10, adjustments: [ImageAdjustment.watermark(ImageWatermark.fromAsset(join(folder, `${value}.png`)))],
});

test('the watermarks of all sources, also of those that are added later, and of the requested size are in one layer', () => {
  const app = new App({ context: { 'aws:cdk:disable-asset-staging': true } });
  const stack = new Stack(app, 'Test');
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', { outputPrefix: 'own/', profiles: [profile('a', 1), profile('b', 1)], requestedSize: profile('requested', 2) });
  pipeline.addSource(Bucket.fromBucketName(stack, 'Other', 'other'), { profiles: [profile('c', 3)], outputPrefix: 'other/' });
  const template = Template.fromStack(stack);
  const [[id, { Properties }]] = Object.entries(template.findResources('AWS::Lambda::LayerVersion'));
  expect(id).toMatch(/^PipelineWatermarks/);
  expect(propertiesOf(template, 'AWS::Lambda::Function', 'PipelineFunction').Layers).toHaveLength(1);
  const { files: assets } = JSON.parse(readFileSync(join(app.outdir, 'Test.assets.json'), 'utf8'));
  const { source } = assets[Properties.Content.S3Key.split('.')[0]];
  const files = readdirSync(join(source.path, 'nodejs', 'node_modules', 'image-resize-watermarks'));
  expect(files).toHaveLength(3);
});

test('the function of backfills has the same layer', () => {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', { profiles: [profile('a', 1)] });
  new ImageBackfill(stack, 'Backfill', { pipeline });
  const template = synthesize(stack);
  const [layer] = Object.keys(template.findResources('AWS::Lambda::LayerVersion'));
  const functions = Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => Properties);
  const twins = functions.filter(({ Description = '' }) => /^Makes the renditions of images/.test(Description));
  expect(twins.map(({ Layers }) => Layers)).toEqual([[{ Ref: layer }], [{ Ref: layer }]]);
});

test('without a watermark there is no layer', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline');
  expect(synthesize(stack).findResources('AWS::Lambda::LayerVersion')).toEqual({});
});
