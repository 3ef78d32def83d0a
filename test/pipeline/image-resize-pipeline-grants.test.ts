import { Stack } from 'aws-cdk-lib';
import { AttributeType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { AccountPrincipal, Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ImageResizePipeline, ImageResizePipelineGrants, ImageResizePipelineProps } from '../../src';
import { createApp, createBucket, createStack, propertiesOf, rightsOf, statementsIn, statementsOf, synthesize } from '../helpers/cdk';

type GrantName = Exclude<keyof ImageResizePipelineGrants, '_'>;

function granted(name: GrantName, props: (stack: Stack) => ImageResizePipelineProps = () => ({})) {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', props(stack));
  pipeline.grants[name](new Role(stack, 'UserRole', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') })).assertSuccess();
  return synthesize(stack);
}

const prefixed = () => ({ sourcePrefix: 'uploads/', outputPrefix: 'renditions/' });
const encrypted = (stack: Stack) => ({ encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) });

test.each<[GrantName, object[]]>([
  ['upload', [{ Action: ['s3:PutObject', 's3:AbortMultipartUpload'], Resource: ['PipelineSourceBucket.Arn/uploads/*'] }]],
  ['readOriginals', [{ Action: ['s3:GetObject'], Resource: ['PipelineSourceBucket.Arn/uploads/*'] }]],
  ['readRenditions', [{ Action: ['s3:GetObject'], Resource: ['PipelineOutputBucket.Arn/renditions/*'] }]],
  ['readCatalog', [
    { Action: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'], Resource: ['PipelineTable.Arn'] },
    { Action: ['dynamodb:Query'], Resource: ['PipelineTable.Arn/index/by-status'] },
  ]],
])('%s allows just that, below the prefix', (name, statements) => {
  expect(statementsOf(granted(name, prefixed), 'UserRole')).toEqual(statements.map((statement) => ({ Effect: 'Allow', ...statement })));
});

test.each<[GrantName, string[]]>([
  ['upload', ['kms:Decrypt', 'kms:GenerateDataKey']],
  ['readOriginals', ['kms:Decrypt']],
  ['readRenditions', ['kms:Decrypt']],
  ['readCatalog', ['kms:Decrypt']],
])('%s allows the use of the customer key as well', (name, actions) => {
  const rights = rightsOf(granted(name, encrypted), 'UserRole').filter((right) => right.startsWith('kms:'));
  expect(rights).toEqual(actions.map((action) => `${action} Key.Arn`));
});

test.each(['upload', 'readOriginals'] as const)('%s covers the sources that there are when it is called', (name) => {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourcePrefix: 'a/' });
  pipeline.addSource(createBucket(stack), { prefix: 'b/' });
  pipeline.grants[name](new Role(stack, 'UserRole', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
  pipeline.addSource(pipeline.sourceBucket, { prefix: 'c/' });
  const rights = rightsOf(synthesize(stack), 'UserRole');
  expect(new Set(rights.map((right) => right.split(' ')[1]))).toEqual(new Set(['PipelineSourceBucket.Arn/a/*', 'Bucket.Arn/b/*']));
});

test('readRenditions covers each output prefix once, also of sources that are added later', () => {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourcePrefix: 'a/', outputPrefix: 'x/' });
  pipeline.addSource(pipeline.sourceBucket, { prefix: 'b/' });
  pipeline.grants.readRenditions(new Role(stack, 'UserRole', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
  pipeline.addSource(pipeline.sourceBucket, { prefix: 'c/', outputPrefix: 'y/' });
  expect(rightsOf(synthesize(stack), 'UserRole')).toEqual(['s3:GetObject PipelineOutputBucket.Arn/x/*', 's3:GetObject PipelineOutputBucket.Arn/y/*']);
});

test.each([
  ['another account', new AccountPrincipal('222222222222'), { AWS: 'arn:AWS::Partition:iam::222222222222:root' }],
  ['an AWS service', new ServicePrincipal('cloudfront.amazonaws.com'), { Service: 'cloudfront.amazonaws.com' }],
])('%s, which has no policies here, is allowed by the bucket', (_, principal, written) => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', { outputPrefix: 'renditions/' }).grants.readRenditions(principal);
  expect(statementsIn(propertiesOf(synthesize(stack), 'AWS::S3::BucketPolicy', 'PipelineOutputBucketPolicy').PolicyDocument)).toContainEqual({
    Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['PipelineOutputBucket.Arn/renditions/*'], Principal: written,
  });
});

test('a role of another stack is allowed without a cycle', () => {
  const app = createApp();
  const pipelineStack = createStack('Pipelines', app);
  const pipeline = new ImageResizePipeline(pipelineStack, 'Pipeline');
  const web = createStack('Web', app);
  const role = new Role(web, 'UserRole', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  pipeline.grants.upload(role);
  pipeline.grants.readCatalog(role);
  app.synth();
  expect(rightsOf(synthesize(web), 'UserRole')).toContain('s3:PutObject PipelineSourceBucket/*');
});

test('a table of one\'s own is granted with its listing index', () => {
  const stack = createStack();
  const table = new Table(stack, 'Images', { partitionKey: { name: 'imageId', type: AttributeType.STRING }, pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true } });
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', { catalog: { table } });
  pipeline.grants.readCatalog(new Role(stack, 'UserRole', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
  expect(rightsOf(synthesize(stack), 'UserRole')).toContain('dynamodb:Query Images.Arn/index/by-status');
});

test('a grant tells whether it took effect', () => {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline');
  expect(pipeline.grants.upload(new User(stack, 'User')).success).toBe(true);
  expect(pipeline.grants.readCatalog(new ServicePrincipal('cloudfront.amazonaws.com')).success).toBe(false);
});
