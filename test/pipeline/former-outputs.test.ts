import { Stack } from 'aws-cdk-lib';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { ImageDistribution, ImageResizePipeline, ImageResizePipelineProps, ImageUploadApi } from '../../src';
import { configOf, createApp, createBucket, createStack, rightsOf, statementsIn, synthesize } from '../helpers/cdk';

const PROPS: ImageResizePipelineProps = { sourcePrefix: 'in/', outputPrefix: 'out/', processing: { deleteRenditions: true } };
const PRESENT = 's3:DeleteObject PipelineOutputBucket.Arn/out/*';

function formerly(stack: Stack, props: ImageResizePipelineProps): ImageResizePipeline {
  return new ImageResizePipeline(stack, 'Pipeline', { ...PROPS, ...props });
}

const ofObjects = (rights: string[]) => rights.filter((right) => /^s3:(Get|Put|Delete)Object.*Output|Renditions/.test(right));

test('a former prefix may be cleared and is told to the handler', () => {
  const stack = createStack();
  formerly(stack, { formerOutputs: [{ prefix: 'old/' }] });
  const template = synthesize(stack);

  expect(ofObjects(rightsOf(template, 'PipelineRole'))).toEqual([
    's3:DeleteObject PipelineOutputBucket.Arn/old/*', PRESENT,
    's3:GetObject PipelineOutputBucket.Arn/old/*', 's3:GetObject PipelineOutputBucket.Arn/out/*',
    's3:PutObject PipelineOutputBucket.Arn/out/*',
  ]);
  expect(configOf(template).formerOutputs).toEqual([{ bucket: 'PipelineOutputBucket', prefix: 'old/' }]);
});

test('a former bucket may be cleared, without its key', () => {
  const stack = createStack();
  const bucket = createBucket(stack, 'Renditions', { encryption: BucketEncryption.KMS, encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) });
  formerly(stack, { formerOutputs: [{ bucket, prefix: 'a/' }, { bucket: Bucket.fromBucketName(stack, 'Older', 'older') }] });
  const template = synthesize(stack);

  expect(ofObjects(rightsOf(template, 'PipelineRole')).filter((right) => /Renditions/.test(right))).toEqual([
    's3:DeleteObject Renditions.Arn/a/*', 's3:GetObject Renditions.Arn/a/*',
  ]);
  expect(configOf(template).formerOutputs).toEqual([{ bucket: 'Renditions', prefix: 'a/' }, { bucket: 'older', prefix: '' }]);
});

test('without deleteRenditions nothing may be cleared', () => {
  const stack = createStack();
  formerly(stack, { formerOutputs: [{ prefix: 'old/' }], processing: {} });
  const template = synthesize(stack);

  expect(rightsOf(template, 'PipelineRole').filter((right) => right.includes('old/'))).toEqual([]);
  expect(configOf(template).formerOutputs).toEqual([]);
});

test('former renditions stay readable for those who may read renditions', () => {
  const stack = createStack();
  const pipeline = formerly(stack, { formerOutputs: [{ prefix: 'old/' }], processing: {} });
  const role = new Role(stack, 'ReaderRole', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  pipeline.grants.readRenditions(role);
  new ImageUploadApi(stack, 'Api', { pipeline, authorizer: new HttpIamAuthorizer() });
  const template = synthesize(stack);

  for (const reader of ['ReaderRole', 'ApiRole']) {
    expect(rightsOf(template, reader).filter((right) => right.startsWith('s3:GetObject'))).toEqual([
      's3:GetObject PipelineOutputBucket.Arn/old/*', 's3:GetObject PipelineOutputBucket.Arn/out/*',
    ]);
  }
});

test('a distribution delivers former renditions of its bucket, and of no other', () => {
  const stack = createStack();
  const former = createBucket(stack, 'Renditions');
  const pipeline = formerly(stack, { formerOutputs: [{ prefix: 'old/' }, { bucket: former, prefix: 'other/' }], processing: {} });
  new ImageDistribution(stack, 'Delivery', { pipeline });

  const policies = Object.values(synthesize(stack).findResources('AWS::S3::BucketPolicy'));
  const read = policies.flatMap(({ Properties }) => statementsIn(Properties.PolicyDocument)).filter(({ Action }) => Action.includes('s3:GetObject'));
  expect(read.map(({ Resource }) => Resource)).toEqual([['PipelineOutputBucket.Arn/old/*', 'PipelineOutputBucket.Arn/out/*']]);
});

test.each<[string, ImageResizePipelineProps, string]>([
  ['a prefix with a wildcard', { formerOutputs: [{}, { prefix: 'a*/' }] }, 'formerOutputs[1].prefix must be a literal beginning of keys without * and ?, received "a*/"'],
])('fails for %s', (_, props, message) => {
  expect(() => formerly(createStack(), props)).toThrow(message);
});

test('fails where originals are, also those of sources that are added later', () => {
  const stack = createStack();
  const bucket = createBucket(stack);
  const overlapping = 'formerOutputs[0] Stack/Bucket/* must not overlap source Stack/Bucket/in/*, whose originals could then be deleted like renditions: '
    + 'name the longest prefix that all former renditions have, or leave it out and remove them yourself';
  expect(() => formerly(stack, { sourceBucket: bucket, formerOutputs: [{ bucket }] })).toThrow(overlapping);

  const other = new ImageResizePipeline(stack, 'Other', { ...PROPS, formerOutputs: [{ bucket }] });
  expect(() => other.addSource(bucket, { prefix: 'in/' })).toThrow(overlapping);
});

test('fails for a bucket that is known to be elsewhere', () => {
  const app = createApp();
  const elsewhere = createBucket(createStack('There', app, { env: { region: 'us-west-2', account: '111111111111' } }));
  const here = createStack('Here', app, { env: { region: 'eu-west-1', account: '111111111111' } });
  expect(() => formerly(here, { formerOutputs: [{ bucket: elsewhere }] }))
    .toThrow('formerOutputs[0].bucket must be in the region of the pipeline, eu-west-1, received "us-west-2"');
});

