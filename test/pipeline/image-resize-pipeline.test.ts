import { RemovalPolicy, Tags } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { ImageResizePipeline } from '../../src';
import { LISTING_INDEX } from '../../src/contract';
import { configOf, createApp, createStack, propertiesOf, rightsOf, statementsOf, synthesize, warningsOf } from '../helpers/cdk';

describe('a pipeline without properties', () => {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline');
  const template = synthesize(stack);

  test('creates two private, encrypted buckets that keep their objects', () => {
    template.resourceCountIs('AWS::S3::Bucket', 2);
    template.allResourcesProperties('AWS::S3::Bucket', {
      BucketEncryption: { ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }] },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      LifecycleConfiguration: { Rules: [{ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 }, Status: 'Enabled' }] },
    });
    template.allResources('AWS::S3::Bucket', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  test('lets nobody into its buckets without TLS', () => {
    template.resourceCountIs('AWS::S3::BucketPolicy', 2);
    template.allResourcesProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: { Statement: [Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })] },
    });
  });

  test('creates a table on demand with backups, expiry and the listing index', () => {
    template.hasResource('AWS::DynamoDB::Table', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(propertiesOf(template, 'AWS::DynamoDB::Table')).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      KeySchema: [{ AttributeName: 'imageId', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [{
        IndexName: LISTING_INDEX,
        KeySchema: [{ AttributeName: 'listingPartition', KeyType: 'HASH' }, { AttributeName: 'listingSort', KeyType: 'RANGE' }],
        Projection: { ProjectionType: 'ALL' },
      }],
    });
  });

  test('runs the packaged handler on arm64 with a pinned runtime', () => {
    expect(propertiesOf(template, 'AWS::Lambda::Function', 'PipelineFunction')).toMatchObject({
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 1769,
      Timeout: 60,
      LoggingConfig: { LogGroup: 'PipelineLogGroup' },
      Environment: { Variables: { MALLOC_ARENA_MAX: '2' } },
    });
    expect(propertiesOf(template, 'AWS::Lambda::Function', 'PipelineFunction')).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  test('keeps logs for a month in a log group of its own', () => {
    template.hasResource('AWS::Logs::LogGroup', { DeletionPolicy: 'Retain', Properties: { RetentionInDays: 30 } });
    template.resourceCountIs('Custom::LogRetention', 0);
  });

  test('tells the handler the whole configuration', () => {
    const profile = (name: string, side: number) => ({
      name,
      width: side,
      height: side,
      fit: 'inside',
      position: 'centre',
      enlarge: false,
      background: '#ffffff',
      metadata: {},
      formats: [{ format: 'jpeg', options: {} }],
    });
    expect(configOf(template)).toEqual({
      version: 1,
      outputBucket: 'PipelineOutputBucket',
      outputKey: '{key}/{profile}.{ext}',
      formerOutputs: [],
      profileSets: [[profile('thumbnail', 200), profile('medium', 800), profile('large', 1600)]],
      sources: [{ bucket: 'PipelineSourceBucket', prefix: '', include: [], exclude: [], outputPrefix: '', profileSet: 0 }],
      processing: {
        maxInputBytes: 64 * 1024 * 1024,
        maxInputPixels: 100_000_000,
        metadata: 'strip',
        animation: true,
        acceptSvg: false,
        acceptHeic: false,
        copyUserMetadata: false,
        deleteSource: false,
        deleteRenditions: false,
      },
      catalog: { table: 'PipelineTable', partitionKey: 'imageId', imageId: 'metadata', shards: 4, expireAfter: 0 },
      maxTries: 3,
      pipelineName: expect.stringMatching(/^Stack-Pipeline-[0-9A-F]{8}$/),
    });
  });

  test('allows its role what the handler does, and nothing else', () => {
    expect(statementsOf(template, 'PipelineRole')).toEqual([
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: ['PipelineLogGroup.Arn'] },
      { Effect: 'Allow', Action: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], Resource: ['PipelineTable.Arn'] },
      {
        Effect: 'Allow',
        Action: ['sqs:ReceiveMessage', 'sqs:ChangeMessageVisibility', 'sqs:GetQueueUrl', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        Resource: ['PipelineQueue.Arn'],
      },
      { Effect: 'Allow', Action: ['s3:GetObject'], Resource: ['PipelineSourceBucket.Arn/*'] },
      { Effect: 'Allow', Action: ['s3:ListBucket'], Resource: ['PipelineSourceBucket.Arn'], Condition: { StringLike: { 's3:prefix': '*' } } },
      { Effect: 'Allow', Action: ['s3:PutObject', 's3:GetObject'], Resource: ['PipelineOutputBucket.Arn/*'] },
    ]);
    expect(propertiesOf(template, 'AWS::IAM::Role', 'PipelineRole')).not.toHaveProperty('ManagedPolicyArns');
  });

  test('has no right to delete, to change what is no image, or with a wildcard', () => {
    const rights = rightsOf(template, 'PipelineRole');
    expect(rights.filter((right) => /Delete(?!Message)|PutObject PipelineSource|Scan|Query|Acl/.test(right))).toEqual([]);
    expect(rights.filter((right) => /^\S*\*/.test(right))).toEqual([]);
  });

  test('hands out what it created', () => {
    const names = [
      pipeline.sourceBucket, pipeline.outputBucket, pipeline.table, pipeline.resizeFunction, pipeline.role, pipeline.logGroup,
      pipeline.queue!, pipeline.deadLetterQueue,
    ].map((resource) => resource.node.path);
    expect(names).toEqual([
      'Stack/Pipeline/SourceBucket', 'Stack/Pipeline/OutputBucket', 'Stack/Pipeline/Table', 'Stack/Pipeline/Function',
      'Stack/Pipeline/Role', 'Stack/Pipeline/LogGroup', 'Stack/Pipeline/Queue', 'Stack/Pipeline/DeadLetterQueue',
    ]);
  });

  test('warns of nothing', () => {
    expect(warningsOf(stack)).toEqual([]);
  });

  test('keeps its logical ids, because a renamed bucket or table would be replaced', () => {
    const ids = Object.keys(template.toJSON().Resources).filter((id) => id.startsWith('Pipeline'));
    expect(ids.sort()).toEqual([
      'PipelineDeadLetterQueueF08023D6',
      'PipelineDeadLetterQueuePolicy1883D615',
      'PipelineFunction478EC3AB',
      'PipelineFunctionSqsEventSourceStackPipelineQueue6DEFAE98F25DC4F3',
      'PipelineLogGroup9DA7DDE7',
      'PipelineOutputBucket98EA5F71',
      'PipelineOutputBucketPolicy4566E5A8',
      'PipelineQueueC13966F5',
      'PipelineQueuePolicy6DE182D9',
      'PipelineRoleD68726F7',
      'PipelineRoleDefaultPolicyC7A05455',
      'PipelineSourceBucket23FDFC28',
      'PipelineSourceBucketNotifications55025147',
      'PipelineSourceBucketPolicy017B174D',
      'PipelineTable0C1A5F45',
    ]);
  });
});

test('two pipelines live in one stack', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Photos');
  new ImageResizePipeline(stack, 'Avatars');

  const template = synthesize(stack);
  template.resourceCountIs('AWS::S3::Bucket', 4);
  template.resourceCountIs('AWS::DynamoDB::Table', 2);
  expect(rightsOf(template, 'PhotosRole').filter((right) => right.includes('Avatars'))).toEqual([]);
});

test('pipelines of one id in two stacks have different names in metrics', () => {
  const app = createApp();
  const stacks = ['One', 'Two'].map((id) => createStack(id, app));
  for (const stack of stacks) new ImageResizePipeline(stack, 'Pipeline');
  const names = stacks.map((stack) => configOf(synthesize(stack)).pipelineName);
  expect(names).toEqual([expect.stringMatching(/^One-/), expect.stringMatching(/^Two-/)]);
});

test('names no resource itself, so that a second deployment fits into the same account', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline');

  const resources = Object.entries<any>(synthesize(stack).toJSON().Resources).filter(([id]) => id.startsWith('Pipeline'));
  const names = ['BucketName', 'TableName', 'FunctionName', 'RoleName', 'LogGroupName', 'QueueName'];
  const named = resources.filter(([, { Type, Properties }]) =>
    ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::Lambda::Function', 'AWS::IAM::Role', 'AWS::Logs::LogGroup', 'AWS::SQS::Queue'].includes(Type)
    && names.some((name) => name in (Properties ?? {})));
  expect(named.map(([id]) => id)).toEqual([]);
});

test('removalPolicy DESTROY takes buckets with their objects, table and logs away with the stack', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', { removalPolicy: RemovalPolicy.DESTROY });

  const template = synthesize(stack);
  for (const type of ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::Logs::LogGroup']) {
    template.allResources(type, { DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
  }
  template.resourceCountIs('Custom::S3AutoDeleteObjects', 2);
});

test('passes tags on to everything that can have them', () => {
  const stack = createStack();
  Tags.of(new ImageResizePipeline(stack, 'Pipeline')).add('team', 'media');

  const template = synthesize(stack);
  for (const type of ['AWS::S3::Bucket', 'AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::IAM::Role', 'AWS::Logs::LogGroup']) {
    template.hasResourceProperties(type, { Tags: Match.arrayWith([{ Key: 'team', Value: 'media' }]) });
  }
});

test('resources that are handed out can be changed where an option is missing', () => {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline');
  pipeline.resizeFunction.addEnvironment('FEATURE', 'on');
  (pipeline.table.node.defaultChild as CfnTable).deletionProtectionEnabled = true;

  const template = synthesize(stack);
  template.hasResourceProperties('AWS::Lambda::Function', { Environment: { Variables: { FEATURE: 'on' } } });
  template.hasResourceProperties('AWS::DynamoDB::Table', { DeletionProtectionEnabled: true });
});
