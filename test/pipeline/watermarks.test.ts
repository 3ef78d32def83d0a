import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption, IBucket } from 'aws-cdk-lib/aws-s3';
import { ImageAdjustment, ImageBackfill, ImageProfile, ImageResizePipeline, ImageWatermark, ImageWatermarkBucketOptions } from '../../src';
import { configOf, createApp, createBucket, createStack, propertiesOf, synthesize } from '../helpers/cdk';
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

describe('a watermark in a bucket', () => {
  const marked = (bucket: IBucket, key = 'logo.png', options: ImageWatermarkBucketOptions = {}) => ImageProfile.of('marked', {
    width: 10, height: 10, adjustments: [ImageAdjustment.watermark(ImageWatermark.fromBucket(bucket, key, options))],
  });
  const readingOf = (template: Template, action: RegExp) => Object.values(template.findResources('AWS::IAM::Policy'))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement as { Action: string | string[]; Resource: unknown }[])
    .filter(({ Action }) => [Action].flat().some((each) => action.test(each)));

  test('may be read by the function, and nothing beside it; there is no layer', () => {
    const stack = createStack();
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', { outputPrefix: 'own/', profiles: [marked(createBucket(stack, 'Brand'))] });
    pipeline.addSource(Bucket.fromBucketName(stack, 'Other', 'other'), { outputPrefix: 'other/', profiles: [marked(Bucket.fromBucketName(stack, 'Imported', 'brand'), 'x/y.png')] });
    const template = synthesize(stack);
    const brand = { 'Fn::GetAtt': [expect.stringMatching(/^Brand/), 'Arn'] };
    const ofBrand = readingOf(template, /^s3:/).filter(({ Resource }) => /Brand|x\/y/.test(JSON.stringify(Resource)));
    expect(ofBrand).toEqual([
      { Action: 's3:GetObject', Effect: 'Allow', Resource: { 'Fn::Join': ['', [brand, '/logo.png']] } },
      { Action: 's3:GetObject', Effect: 'Allow', Resource: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':s3:::brand/x/y.png']] } },
    ]);
    expect(template.findResources('AWS::Lambda::LayerVersion')).toEqual({});
  });

  test('of one version is read by a right of its own, and with the key of the bucket', () => {
    const stack = createStack();
    const encryptionKey = new Key(stack, 'BrandKey', { enableKeyRotation: true });
    const brand = createBucket(stack, 'Brand', { versioned: true, encryption: BucketEncryption.KMS, encryptionKey });
    new ImageResizePipeline(stack, 'Pipeline', { profiles: [marked(brand, 'logo.png', { objectVersion: 'v1' })] });
    const template = synthesize(stack);
    expect(readingOf(template, /^s3:GetObjectVersion$/)).toHaveLength(1);
    expect(readingOf(template, /^kms:Decrypt$/)).toEqual([expect.objectContaining({ Resource: { 'Fn::GetAtt': [expect.stringMatching(/^BrandKey/), 'Arn'] } })]);
  });

  test('of another stack comes by its name', () => {
    const app = createApp();
    const brand = createBucket(createStack('Brand', app), 'Brand');
    const stack = createStack('Pipeline', app);
    new ImageResizePipeline(stack, 'Pipeline', { profiles: [marked(brand)] });
    synthesize(stack).hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { IMAGE_RESIZE_CONFIG: { 'Fn::Join': ['', Match.arrayWith([{ 'Fn::ImportValue': Match.stringLikeRegexp('Brand') }])] } } },
    });
  });

  test('is in the configuration of the function with its version', () => {
    const stack = createStack();
    new ImageResizePipeline(stack, 'Pipeline', { profiles: [marked(Bucket.fromBucketName(stack, 'Brand', 'brand'), 'logo.png', { objectVersion: 'v1' })] });
    expect(configOf(synthesize(stack)).profileSets[0][0].adjustments).toMatchObject([{ image: { bucket: 'brand', key: 'logo.png', versionId: 'v1' } }]);
  });

  test.each([{ region: 'us-east-1' }, { account: '222222222222' }])('fails where it is in another place, %j', (environment) => {
    const stack = new Stack(createApp(), 'Test', { env: { region: 'eu-central-1', account: '111111111111' } });
    const brand = Bucket.fromBucketAttributes(stack, 'Brand', { bucketName: 'brand', ...environment });
    const [[part, value]] = Object.entries(environment);
    expect(() => new ImageResizePipeline(stack, 'Pipeline', { profiles: [marked(brand)] }))
      .toThrow(new RegExp(`^\\[Test/Pipeline\\] ImageWatermark.fromBucket: bucket must be in the ${part} of the pipeline, .*, received "${value}"$`));
  });

  test('fails where it would be deleted as an original', () => {
    const stack = createStack();
    const media = Bucket.fromBucketName(stack, 'Media', 'media');
    const pipeline = (id: string, key: string, deleteSource: boolean) => new ImageResizePipeline(stack, id, {
      sourceBucket: media, sourcePrefix: `in/${id}/`, profiles: [marked(media, key)], processing: { deleteSource },
    });
    expect(() => pipeline('A', 'in/A/logo.png', true)).toThrow(new Error(
      '[Stack/A] ImageWatermark.fromBucket: key must be outside of the source Stack/Media/in/A/*, whose objects processing.deleteSource deletes, received "in/A/logo.png"'));
    expect(() => pipeline('B', 'brand/logo.png', true)).not.toThrow();
    expect(() => pipeline('C', 'in/C/logo.png', false)).not.toThrow();
  });
});
