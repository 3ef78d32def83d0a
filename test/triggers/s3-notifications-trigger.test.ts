import { Duration, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { ImageResizePipeline, ImageResizePipelineProps, ResizeTrigger, S3NotificationsTriggerOptions } from '../../src';
import { configOf, createBucket, createStack, propertiesOf, rightsOf, statementsIn, statementsOf, synthesize } from '../helpers/cdk';

function pipelineWith(options: S3NotificationsTriggerOptions = {}, props: ImageResizePipelineProps = {}) {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', { trigger: ResizeTrigger.s3Notifications(options), ...props });
  return { pipeline, template: synthesize(stack) };
}

const rulesOf = (template: Template) => propertiesOf(template, 'Custom::S3BucketNotifications').NotificationConfiguration;

describe('S3 notifications', () => {
  const { pipeline, template } = pipelineWith();

  test('invoke the function directly for every new object', () => {
    expect(rulesOf(template)).toEqual({
      LambdaFunctionConfigurations: [{ Events: ['s3:ObjectCreated:*'], LambdaFunctionArn: 'PipelineFunction.Arn' }],
    });
  });

  test('are allowed for the source bucket of this account only', () => {
    expect(propertiesOf(template, 'AWS::Lambda::Permission')).toEqual({
      Action: 'lambda:InvokeFunction',
      FunctionName: 'PipelineFunction.Arn',
      Principal: 's3.amazonaws.com',
      SourceAccount: 'AWS::AccountId',
      SourceArn: 'PipelineSourceBucket.Arn',
    });
  });

  test('are tried three times, then they go to a queue', () => {
    expect(propertiesOf(template, 'AWS::Lambda::EventInvokeConfig')).toMatchObject({
      FunctionName: 'PipelineFunction',
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: 'PipelineQueue.Arn' } },
    });
  });

  test('pass the function once more when they failed for good, and end in the dead-letter queue', () => {
    expect(propertiesOf(template, 'AWS::Lambda::EventSourceMapping')).toEqual({
      EventSourceArn: 'PipelineQueue.Arn',
      FunctionName: 'PipelineFunction',
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    expect(propertiesOf(template, 'AWS::SQS::Queue', 'PipelineQueue').RedrivePolicy)
      .toEqual({ deadLetterTargetArn: 'PipelineDeadLetterQueue.Arn', maxReceiveCount: 5 });
  });

  test('tell the handler how often it tries what a queue before them left', () => {
    expect(configOf(template).maxTries).toBe(3);
  });

  test('leave no queue between S3 and the function', () => {
    expect(pipeline.queue).toBeUndefined();
    expect(pipeline.deadLetterQueue.node.path).toBe('Stack/Pipeline/DeadLetterQueue');
  });

  test('let the function send to the queue of failures, and nobody else', () => {
    expect(rightsOf(template, 'PipelineRole')).toContain('sqs:SendMessage PipelineQueue.Arn');
    expect(rightsOf(template, 'PipelineRole').filter((right) => right.startsWith('sqs:SendMessage'))).toHaveLength(1);
    for (const id of ['PipelineQueuePolicy', 'PipelineDeadLetterQueuePolicy']) {
      expect(statementsIn(propertiesOf(template, 'AWS::SQS::QueuePolicy', id).PolicyDocument)).toEqual([
        expect.objectContaining({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      ]);
    }
  });
});

test('notifications are limited to the prefix, and tell of deletions where they are asked for', () => {
  const { template } = pipelineWith({}, { sourcePrefix: 'in/', processing: { deleteRenditions: true } });
  const Filter = { Key: { FilterRules: [{ Name: 'prefix', Value: 'in/' }] } };
  expect(rulesOf(template).LambdaFunctionConfigurations).toEqual([
    { Events: ['s3:ObjectCreated:*'], LambdaFunctionArn: 'PipelineFunction.Arn', Filter },
    { Events: ['s3:ObjectRemoved:*'], LambdaFunctionArn: 'PipelineFunction.Arn', Filter },
    { Events: ['s3:LifecycleExpiration:*'], LambdaFunctionArn: 'PipelineFunction.Arn', Filter },
  ]);
});

test('two prefixes of a bucket need one permission', () => {
  const stack = createStack();
  const bucket = createBucket(stack);
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourceBucket: bucket, sourcePrefix: 'a/', trigger: ResizeTrigger.s3Notifications() });
  pipeline.addSource(bucket, { prefix: 'b/' });
  const template = synthesize(stack);
  template.resourceCountIs('AWS::Lambda::Permission', 1);
  expect(rulesOf(template).LambdaFunctionConfigurations).toHaveLength(2);
});

test('a customer key encrypts the queue of failures, and the function may use it', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', {
    encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }),
    trigger: ResizeTrigger.s3Notifications(),
  });
  const template = synthesize(stack);
  template.allResourcesProperties('AWS::SQS::Queue', { KmsMasterKeyId: { 'Fn::GetAtt': ['Key961B73FD', 'Arn'] } });
  expect(statementsOf(template, 'PipelineRole').flatMap(({ Action, Resource }) => (Resource.includes('Key.Arn') ? Action : [])))
    .toEqual(expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey*']));
});

test.each([[1, 0], [2, 1], [3, 2]])('%d tries are %d retries', (maxTries, retries) => {
  const { template } = pipelineWith({ maxTries, deadLetterRetention: Duration.days(1) });
  expect(propertiesOf(template, 'AWS::Lambda::EventInvokeConfig').MaximumRetryAttempts).toBe(retries);
  expect(propertiesOf(template, 'AWS::SQS::Queue', 'PipelineDeadLetterQueue').MessageRetentionPeriod).toBe(24 * 3600);
});

const token = Token.asNumber({ Ref: 'Tries' });

test.each<[S3NotificationsTriggerOptions, string]>([
  [{ maxTries: 0 }, 'maxTries must be a whole number from 1 to 3, received 0'],
  [{ maxTries: 4 }, 'maxTries must be a whole number from 1 to 3, received 4'],
  [{ maxTries: token }, `maxTries must be known at synth, received ${token}`],
  [{ deadLetterRetention: Duration.days(15) }, 'deadLetterRetention must be from one minute to 14 days, received "Duration.days(15)"'],
])('fails with %j', (options, message) => {
  expect(() => ResizeTrigger.s3Notifications(options)).toThrow(new Error(`ResizeTrigger.s3Notifications: ${message}`));
});
