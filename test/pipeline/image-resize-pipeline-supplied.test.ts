import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { AttributeType, Table, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { ImageResizePipeline, ImageResizePipelineProps, ResizeTrigger } from '../../src';
import { configOf, createApp, createBucket, createStack, propertiesOf, rightsOf, synthesize, warningsOf } from '../helpers/cdk';

const KEY_ARN = 'arn:aws:kms:eu-west-1:111111111111:key/1';

test('buckets and table of one\'s own are used, and none is created', () => {
  const stack = createStack();
  const sourceBucket = createBucket(stack, 'Photos');
  const outputBucket = createBucket(stack, 'Renditions');
  const table = new Table(stack, 'Images', { partitionKey: { name: 'id', type: AttributeType.STRING }, pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true } });
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourceBucket, outputBucket, catalog: { table, partitionKey: 'id' } });

  const template = synthesize(stack);
  template.resourceCountIs('AWS::S3::Bucket', 2);
  template.resourceCountIs('AWS::DynamoDB::Table', 1);
  expect([pipeline.sourceBucket, pipeline.outputBucket, pipeline.table]).toEqual([sourceBucket, outputBucket, table]);
  expect(configOf(template)).toMatchObject({ outputBucket: 'Renditions', sources: [{ bucket: 'Photos' }], catalog: { table: 'Images', partitionKey: 'id' } });
  expect(rightsOf(template, 'PipelineRole').filter((right) => /^(s3|dynamodb):/.test(right))).toEqual([
    'dynamodb:GetItem Images.Arn', 'dynamodb:UpdateItem Images.Arn',
    's3:GetObject Photos.Arn/*', 's3:GetObject Renditions.Arn/*', 's3:ListBucket Photos.Arn', 's3:PutObject Renditions.Arn/*',
  ]);
});

test('the removal policy leaves supplied resources alone', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', { sourceBucket: createBucket(stack, 'Photos'), removalPolicy: RemovalPolicy.DESTROY });
  const template = synthesize(stack);
  template.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain' });
  template.resourceCountIs('Custom::S3AutoDeleteObjects', 1);
});

test('RETAIN_ON_UPDATE_OR_DELETE keeps the objects', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE });
  const template = synthesize(stack);
  template.allResources('AWS::S3::Bucket', { DeletionPolicy: 'RetainExceptOnCreate' });
  template.resourceCountIs('Custom::S3AutoDeleteObjects', 0);
});

test('a table of the newer construct is taken as well', () => {
  const stack = createStack();
  const table = new TableV2(stack, 'Images', { partitionKey: { name: 'imageId', type: AttributeType.STRING }, pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true } });
  new ImageResizePipeline(stack, 'Pipeline', { catalog: { table } });
  const template = synthesize(stack);
  expect(configOf(template).catalog.table).toBe('Images');
  expect(rightsOf(template, 'PipelineRole')).toContain('dynamodb:UpdateItem Images.Arn');
});

test.each([
  ['of another name', { partitionKey: { name: 'id', type: AttributeType.STRING } }, '{"partitionKeys":[{"name":"id","type":"S"}],"sortKeys":[]}',
    'set catalog.partitionKey to the name of its key'],
  ['of numbers', { partitionKey: { name: 'imageId', type: AttributeType.NUMBER } }, '{"partitionKeys":[{"name":"imageId","type":"N"}],"sortKeys":[]}',
    'the key of a table cannot be changed: give one whose key is a string, or leave catalog.table out'],
  [
    'of two attributes', { partitionKey: { name: 'imageId', type: AttributeType.STRING }, sortKey: { name: 'at', type: AttributeType.NUMBER } },
    '{"partitionKeys":[{"name":"imageId","type":"S"}],"sortKeys":[{"name":"at","type":"N"}]}',
    'the key of a table cannot be changed: give one without a sort key, or leave catalog.table out',
  ],
])('fails with a table of either construct that has a key %s, and says what helps', (_, props, received, advice) => {
  const message = `catalog.table must be a table with the partition key imageId (a string) and no sort key, received ${received}: ${advice}`;
  for (const Kind of [Table, TableV2]) {
    const stack = createStack();
    expect(() => {
      new ImageResizePipeline(stack, 'Pipeline', { catalog: { table: new Kind(stack, 'Images', props) } });
      synthesize(stack);
    }).toThrow(message);
  }
});

test('a table may get indexes after it was given', () => {
  const stack = createStack();
  const table = new TableV2(stack, 'Images', { partitionKey: { name: 'imageId', type: AttributeType.STRING }, pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true } });
  new ImageResizePipeline(stack, 'Pipeline', { catalog: { table } });
  table.addGlobalSecondaryIndex({ indexName: 'by-name', partitionKey: { name: 'fileName', type: AttributeType.STRING } });
  expect(propertiesOf(synthesize(stack), 'AWS::DynamoDB::GlobalTable')).toMatchObject({
    GlobalSecondaryIndexes: [{ IndexName: 'by-name' }], AttributeDefinitions: [{ AttributeName: 'imageId' }, { AttributeName: 'fileName' }],
  });
});

test('imported buckets are known by their names', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', {
    sourceBucket: Bucket.fromBucketName(stack, 'Photos', 'photos'),
    outputBucket: Bucket.fromBucketName(stack, 'Renditions', 'renditions'),
  });
  const template = synthesize(stack);
  template.resourceCountIs('AWS::S3::Bucket', 0);
  expect(configOf(template)).toMatchObject({ outputBucket: 'renditions', sources: [{ bucket: 'photos' }] });
  expect(rightsOf(template, 'PipelineRole')).toEqual(expect.arrayContaining([
    's3:GetObject arn:AWS::Partition:s3:::photos/*', 's3:PutObject arn:AWS::Partition:s3:::renditions/*',
  ]));
  expect(warningsOf(stack)).toEqual([]);
});

test('keys of imported buckets may be used as far as it takes: to read originals, to write renditions', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', {
    sourceBucket: Bucket.fromBucketAttributes(stack, 'Photos', { bucketName: 'photos', encryptionKey: Key.fromKeyArn(stack, 'Key1', KEY_ARN) }),
    outputBucket: Bucket.fromBucketAttributes(stack, 'Renditions', { bucketName: 'renditions', encryptionKey: Key.fromKeyArn(stack, 'Key2', `${KEY_ARN}2`) }),
  });
  expect(rightsOf(synthesize(stack), 'PipelineRole').filter((right) => right.startsWith('kms:')))
    .toEqual([`kms:Decrypt ${KEY_ARN}`, `kms:GenerateDataKey ${KEY_ARN}2`]);
});

test('a versioned bucket is taken like any other', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', { sourceBucket: createBucket(stack, 'Photos', { versioned: true }), processing: { deleteSource: true } });
  // The current version is read and deleted: older ones are out of reach.
  expect(rightsOf(synthesize(stack), 'PipelineRole').filter((right) => right.includes('Version'))).toEqual([]);
});

describe('a customer key', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', { encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) });
  const template = synthesize(stack);
  const keyArn = { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] };

  test('encrypts buckets, with one call for many objects', () => {
    template.allResourcesProperties('AWS::S3::Bucket', {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ BucketKeyEnabled: true, ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: keyArn } }],
      },
    });
  });

  test('encrypts table, queues and the function\'s environment', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', { SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: keyArn } });
    template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: keyArn, SqsManagedSseEnabled: Match.absent() });
    expect(propertiesOf(template, 'AWS::Lambda::Function', 'PipelineFunction').KmsKeyArn).toBe('Key.Arn');
  });

  test('leaves supplied buckets with the encryption that they have', () => {
    const other = createStack();
    new ImageResizePipeline(other, 'Pipeline', {
      sourceBucket: createBucket(other, 'Photos', { encryption: BucketEncryption.S3_MANAGED }),
      encryptionKey: new Key(other, 'Key', { enableKeyRotation: true }),
    });
    expect(propertiesOf(synthesize(other), 'AWS::S3::Bucket', 'Photos').BucketEncryption.ServerSideEncryptionConfiguration)
      .toEqual([{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }]);
  });
});

describe('regions and accounts', () => {
  const HERE = { region: 'eu-west-1', account: '111111111111' };
  const OTHER_REGION = { ...HERE, region: 'us-east-1' };
  const OTHER_ACCOUNT = { ...HERE, account: '222222222222' };

  const IMPORTS: Record<string, (stack: Stack, env: typeof HERE) => ImageResizePipelineProps> = {
    'sourceBucket': (stack, env) => ({ sourceBucket: Bucket.fromBucketAttributes(stack, 'Import', { bucketName: 'photos', ...env }) }),
    'outputBucket': (stack, env) => ({ outputBucket: Bucket.fromBucketAttributes(stack, 'Import', { bucketName: 'photos', ...env }) }),
    'catalog.table': (stack, env) => ({ catalog: { table: Table.fromTableArn(stack, 'Import', `arn:aws:dynamodb:${env.region}:${env.account}:table/images`) } }),
    'encryptionKey': (stack, env) => ({ encryptionKey: Key.fromKeyArn(stack, 'Import', `arn:aws:kms:${env.region}:${env.account}:key/1`) }),
  };
  const trigger = ResizeTrigger.eventBridge();

  describe.each(Object.entries(IMPORTS))('of %s', (path, imported) => {
    test.each([
      ['region', OTHER_REGION, 'in the region of the pipeline, eu-west-1, received "us-east-1"'],
      ['account', OTHER_ACCOUNT, 'in the account of the pipeline, 111111111111, received "222222222222"'],
    ].filter(([part]) => path !== 'encryptionKey' || part === 'region') as [string, typeof HERE, string][])('fail where the %s is another', (_, env, message) => {
      const stack = createStack('Stack', createApp(), { env: HERE });
      expect(() => new ImageResizePipeline(stack, 'Pipeline', { trigger, ...imported(stack, env) })).toThrow(new Error(`[Stack/Pipeline] ${path} must be ${message}`));
    });

    test('are taken where they are the same, or not known', () => {
      for (const env of [HERE, undefined]) {
        const stack = createStack('Stack', createApp(), { env });
        expect(() => new ImageResizePipeline(stack, 'Pipeline', { trigger, ...imported(stack, HERE) })).not.toThrow();
      }
    });
  });

  test.each([
    ['sourceBucket', (stack: Stack) => ({ sourceBucket: createBucket(stack) })],
    ['catalog.table', (stack: Stack) => ({ catalog: { table: new Table(stack, 'Images', { partitionKey: { name: 'imageId', type: AttributeType.STRING } }) } })],
    ['catalog.table', (stack: Stack) => ({ catalog: { table: new TableV2(stack, 'Images', { partitionKey: { name: 'imageId', type: AttributeType.STRING } }) } })],
    ['encryptionKey', (stack: Stack) => ({ encryptionKey: new Key(stack, 'Key') })],
  ])('fail for a %s of a stack elsewhere', (path, created) => {
    const app = createApp();
    const elsewhere = createStack('Elsewhere', app, { env: OTHER_REGION });
    expect(() => new ImageResizePipeline(createStack('Stack', app, { env: HERE }), 'Pipeline', created(elsewhere)))
      .toThrow(`${path} must be in the region of the pipeline, eu-west-1, received "us-east-1"`);
  });

  test('of a replica are its own', () => {
    const app = createApp();
    const partitionKey = { name: 'imageId', type: AttributeType.STRING };
    const table = new TableV2(createStack('Tables', app, { env: HERE }), 'Images', { tableName: 'images', partitionKey, replicas: [{ region: 'us-east-1' }] });
    const catalog = { table: table.replica('us-east-1') };
    expect(() => new ImageResizePipeline(createStack('Here', app, { env: HERE }), 'Pipeline', { catalog })).toThrow('catalog.table must be in the region');
    expect(() => new ImageResizePipeline(createStack('There', app, { env: OTHER_REGION }), 'Pipeline', { catalog })).not.toThrow();
  });
});
