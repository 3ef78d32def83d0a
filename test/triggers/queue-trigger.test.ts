import { Duration, Token } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ImageResizePipeline, ImageResizePipelineProps, QueueTriggerOptions, ResizeTrigger } from '../../src';
import { configOf, createBucket, createStack, propertiesOf, statementsIn, synthesize, warningsOf } from '../helpers/cdk';

function pipelineWith(props: ImageResizePipelineProps) {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', props);
  return { pipeline, template: synthesize(stack) };
}

const withQueue = (options?: QueueTriggerOptions) => pipelineWith({ trigger: ResizeTrigger.queue(options) }).template;
const queuePolicy = (template: ReturnType<typeof synthesize>, id = 'PipelineQueuePolicy') =>
  statementsIn(propertiesOf(template, 'AWS::SQS::QueuePolicy', id).PolicyDocument);

describe('the queue', () => {
  const template = withQueue();

  test('is encrypted with keys of SQS, which S3 can use', () => {
    template.resourceCountIs('AWS::SQS::Queue', 2);
    template.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true, MessageRetentionPeriod: 14 * 24 * 3600 });
  });

  test('hides a message for six times the function\'s timeout and gives up after two deliveries more than tries', () => {
    expect(propertiesOf(template, 'AWS::SQS::Queue', 'PipelineQueue')).toMatchObject({
      VisibilityTimeout: 360,
      RedrivePolicy: { deadLetterTargetArn: 'PipelineDeadLetterQueue.Arn', maxReceiveCount: 5 },
    });
    expect(configOf(template).maxTries).toBe(3);
  });

  test('feeds the function one event at a time, with bounded concurrency and partial failures', () => {
    expect(propertiesOf(template, 'AWS::Lambda::EventSourceMapping')).toEqual({
      EventSourceArn: 'PipelineQueue.Arn',
      FunctionName: 'PipelineFunction',
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 100 },
    });
  });

  test('takes messages from S3 for the source bucket of this account only, and nothing without TLS', () => {
    expect(queuePolicy(template)).toEqual([
      expect.objectContaining({ Effect: 'Deny', Action: ['sqs:*'], Principal: { AWS: '*' }, Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      {
        Effect: 'Allow',
        Action: ['sqs:SendMessage'],
        Resource: ['PipelineQueue.Arn'],
        Principal: { Service: 's3.amazonaws.com' },
        Condition: { ArnEquals: { 'aws:SourceArn': 'PipelineSourceBucket.Arn' }, StringEquals: { 'aws:SourceAccount': 'AWS::AccountId' } },
      },
    ]);
    expect(queuePolicy(template, 'PipelineDeadLetterQueuePolicy')).toEqual([
      expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
    ]);
  });
});

test('every option of the queue takes effect', () => {
  const template = withQueue({ maxConcurrency: 7, batchSize: 10, maxTries: 5, deadLetterRetention: Duration.days(2) });
  expect(propertiesOf(template, 'AWS::Lambda::EventSourceMapping')).toMatchObject({ BatchSize: 10, ScalingConfig: { MaximumConcurrency: 7 } });
  expect(propertiesOf(template, 'AWS::SQS::Queue', 'PipelineQueue').RedrivePolicy.maxReceiveCount).toBe(7);
  expect(propertiesOf(template, 'AWS::SQS::Queue', 'PipelineDeadLetterQueue').MessageRetentionPeriod).toBe(2 * 24 * 3600);
  expect(configOf(template).maxTries).toBe(5);
});

test('the visibility timeout follows the function\'s', () => {
  const { template } = pipelineWith({ resizeFunction: { timeout: Duration.minutes(15) } });
  expect(propertiesOf(template, 'AWS::SQS::Queue', 'PipelineQueue').VisibilityTimeout).toBe(5400);
});

test('a customer key encrypts both queues, and S3 may use it', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', { encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) });
  const template = synthesize(stack);

  template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] } });
  expect(statementsIn(propertiesOf(template, 'AWS::KMS::Key').KeyPolicy)).toContainEqual(
    expect.objectContaining({ Effect: 'Allow', Principal: { Service: 's3.amazonaws.com' }, Action: ['kms:GenerateDataKey', 'kms:Decrypt'] }));
});

test('a customer key that is imported cannot be opened for S3 from here, which is a warning', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', { encryptionKey: Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1') });
  synthesize(stack);
  expect(warningsOf(stack)).toEqual([{
    path: '/Stack/Pipeline',
    id: 'cdk-image-resize-pipeline:importedKey',
    message: 'the policy of encryptionKey Stack/Key cannot be changed from here: add {"Action":["kms:GenerateDataKey","kms:Decrypt"],"Effect":"Allow",'
      + '"Principal":{"Service":"s3.amazonaws.com"},"Resource":"*"}',
  }]);
});

describe('notifications', () => {
  const rulesOf = (template: ReturnType<typeof synthesize>) => propertiesOf(template, 'Custom::S3BucketNotifications').NotificationConfiguration.QueueConfigurations;

  test('tell of every new object, and of nothing else', () => {
    expect(rulesOf(withQueue())).toEqual([{ Events: ['s3:ObjectCreated:*'], QueueArn: 'PipelineQueue.Arn' }]);
  });

  test('are limited to the prefix of the source', () => {
    expect(rulesOf(pipelineWith({ sourcePrefix: 'uploads/' }).template)).toEqual([
      { Events: ['s3:ObjectCreated:*'], QueueArn: 'PipelineQueue.Arn', Filter: { Key: { FilterRules: [{ Name: 'prefix', Value: 'uploads/' }] } } },
    ]);
  });

  test('tell of deletions where renditions are to be deleted with them', () => {
    const { template } = pipelineWith({ sourcePrefix: 'uploads/', processing: { deleteRenditions: true } });
    expect(rulesOf(template).map(({ Events, Filter }: any) => [Events, Filter.Key.FilterRules[0].Value])).toEqual([
      [['s3:ObjectCreated:*'], 'uploads/'],
      [['s3:ObjectRemoved:*'], 'uploads/'],
      [['s3:LifecycleExpiration:*'], 'uploads/'],
    ]);
  });

  test('of an imported bucket leave those of others as they are', () => {
    const stack = createStack();
    new ImageResizePipeline(stack, 'Pipeline', { sourceBucket: Bucket.fromBucketName(stack, 'Photos', 'photos') });
    expect(propertiesOf(synthesize(stack), 'Custom::S3BucketNotifications')).toMatchObject({ BucketName: 'photos', Managed: false });
  });

  test('of two prefixes of a bucket are in one list', () => {
    const stack = createStack();
    const bucket = createBucket(stack);
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourceBucket: bucket, sourcePrefix: 'a/' });
    pipeline.addSource(bucket, { prefix: 'b/' });
    expect(rulesOf(synthesize(stack)).map(({ Filter }: any) => Filter.Key.FilterRules[0].Value)).toEqual(['a/', 'b/']);
  });
});

describe('reserved concurrency', () => {
  test.each([[2, 2], [50, 50], [500, 100]])('of %d bounds the queue to %d', (reservedConcurrency, maximum) => {
    const { template } = pipelineWith({ resizeFunction: { reservedConcurrency } });
    expect(propertiesOf(template, 'AWS::Lambda::EventSourceMapping').ScalingConfig).toEqual({ MaximumConcurrency: maximum });
  });

  test('may be what the queue asks for', () => {
    expect(() => pipelineWith({ resizeFunction: { reservedConcurrency: 20 }, trigger: ResizeTrigger.queue({ maxConcurrency: 20 }) })).not.toThrow();
  });

  test('fails where the queue asks for more', () => {
    const trigger = ResizeTrigger.queue({ maxConcurrency: 21 });
    expect(() => pipelineWith({ resizeFunction: { reservedConcurrency: 20 }, trigger })).toThrow(new Error(
      '[Stack/Pipeline] ResizeTrigger.queue: maxConcurrency must be at most the reserved concurrency of the function, 20, received 21: '
      + 'throttled deliveries would count as tries'));
  });

  test('fails where it is less than a queue can be bounded to', () => {
    expect(() => pipelineWith({ resizeFunction: { reservedConcurrency: 1 } })).toThrow(new Error(
      '[Stack/Pipeline] resizeFunction.reservedConcurrency must be at least 2 behind a queue, received 1: throttled deliveries would count as tries'));
  });
});

describe.each([
  ['queue', ResizeTrigger.queue],
  ['eventBridge', ResizeTrigger.eventBridge],
])('ResizeTrigger.%s', (name, create: (options: QueueTriggerOptions) => ResizeTrigger) => {
  const token = Token.asNumber({ Ref: 'Tries' });

  test.each<QueueTriggerOptions>([
    { maxConcurrency: 2 }, { maxConcurrency: 1000 }, { batchSize: 1 }, { batchSize: 10 }, { maxTries: 1 }, { maxTries: 10 },
    { deadLetterRetention: Duration.minutes(1) }, { deadLetterRetention: Duration.days(14) },
  ])('takes %j', (options) => {
    expect(() => pipelineWith({ trigger: create(options) })).not.toThrow();
  });

  test.each<[QueueTriggerOptions, string]>([
    [{ maxConcurrency: 1 }, 'maxConcurrency must be a whole number from 2 to 1000, received 1'],
    [{ maxConcurrency: 1001 }, 'maxConcurrency must be a whole number from 2 to 1000, received 1001'],
    [{ batchSize: 0 }, 'batchSize must be a whole number from 1 to 10, received 0'],
    [{ batchSize: 11 }, 'batchSize must be a whole number from 1 to 10, received 11'],
    [{ maxTries: 0 }, 'maxTries must be a whole number from 1 to 10, received 0'],
    [{ maxTries: 11 }, 'maxTries must be a whole number from 1 to 10, received 11'],
    [{ maxTries: 1.5 }, 'maxTries must be a whole number from 1 to 10, received 1.5'],
    [{ maxTries: token }, `maxTries must be known at synth, received ${token}`],
    [{ deadLetterRetention: Duration.seconds(59) }, 'deadLetterRetention must be from one minute to 14 days, received "Duration.seconds(59)"'],
    [{ deadLetterRetention: Duration.days(15) }, 'deadLetterRetention must be from one minute to 14 days, received "Duration.days(15)"'],
  ])('fails with %j', (options, message) => {
    expect(() => create(options)).toThrow(new Error(`ResizeTrigger.${name}: ${message}`));
  });
});
