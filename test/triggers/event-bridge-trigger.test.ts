import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ImageResizePipeline, ImageResizePipelineProps, ResizeTrigger } from '../../src';
import { configOf, createBucket, createStack, propertiesOf, statementsIn, synthesize, warningsOf } from '../helpers/cdk';

function pipelineWith(props: ImageResizePipelineProps = {}) {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', { trigger: ResizeTrigger.eventBridge(), ...props });
  return { pipeline, template: synthesize(stack) };
}

const policyOf = (template: Template, id: string) => statementsIn(propertiesOf(template, 'AWS::SQS::QueuePolicy', id).PolicyDocument);

describe('EventBridge', () => {
  const { pipeline, template } = pipelineWith();

  test('is switched on for the bucket', () => {
    expect(propertiesOf(template, 'Custom::S3BucketNotifications')).toMatchObject({
      BucketName: 'PipelineSourceBucket',
      NotificationConfiguration: { EventBridgeConfiguration: {} },
    });
  });

  test('passes new objects of the bucket on to the queue, and what it cannot deliver to the dead-letter queue', () => {
    expect(propertiesOf(template, 'AWS::Events::Rule')).toEqual({
      EventPattern: { 'source': ['aws.s3'], 'detail-type': ['Object Created'], 'detail': { bucket: { name: ['PipelineSourceBucket'] } } },
      State: 'ENABLED',
      Targets: [{ Arn: 'PipelineQueue.Arn', Id: 'Target0', DeadLetterConfig: { Arn: 'PipelineDeadLetterQueue.Arn' } }],
    });
  });

  test('may send for its rule only', () => {
    expect(policyOf(template, 'PipelineQueuePolicy')).toEqual([
      expect.objectContaining({ Effect: 'Deny', Action: ['sqs:*'], Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
      expect.objectContaining({
        Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Condition: { ArnEquals: { 'aws:SourceArn': 'PipelineSource0Rule.Arn' } },
      }),
    ]);
    expect(policyOf(template, 'PipelineDeadLetterQueuePolicy')).toContainEqual(expect.objectContaining({
      Effect: 'Allow',
      Action: ['sqs:SendMessage'],
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { ArnEquals: { 'aws:SourceArn': 'PipelineSource0Rule.Arn' } },
    }));
  });

  test('feeds the same queue as direct notifications would', () => {
    expect(pipeline.queue!.node.path).toBe('Stack/Pipeline/Queue');
    expect(configOf(template).maxTries).toBe(3);
    expect(propertiesOf(template, 'AWS::SQS::Queue', 'PipelineQueue')).toMatchObject({ VisibilityTimeout: 360, RedrivePolicy: { maxReceiveCount: 5 } });
  });
});

test('the rule is limited to the prefix, and tells of deletions where they are asked for', () => {
  const { template } = pipelineWith({ sourcePrefix: 'in/', processing: { deleteRenditions: true } });
  expect(propertiesOf(template, 'AWS::Events::Rule').EventPattern).toMatchObject({
    'detail-type': ['Object Created', 'Object Deleted'],
    'detail': { object: { key: [{ prefix: 'in/' }] } },
  });
});

test('every source has a rule of its own', () => {
  const stack = createStack();
  const bucket = createBucket(stack);
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', { sourceBucket: bucket, sourcePrefix: 'a/', trigger: ResizeTrigger.eventBridge() });
  pipeline.addSource(bucket, { prefix: 'b/' });
  const template = synthesize(stack);
  template.resourceCountIs('AWS::Events::Rule', 2);
  template.resourceCountIs('Custom::S3BucketNotifications', 1);
});

test('EventBridge is switched on for an imported bucket without touching its notifications', () => {
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', { sourceBucket: Bucket.fromBucketName(stack, 'Photos', 'photos'), trigger: ResizeTrigger.eventBridge() });
  const template = synthesize(stack);
  expect(propertiesOf(template, 'Custom::S3BucketNotifications')).toMatchObject({
    BucketName: 'photos', Managed: false, NotificationConfiguration: { EventBridgeConfiguration: {} },
  });
  expect(propertiesOf(template, 'AWS::Events::Rule').EventPattern.detail.bucket.name).toEqual(['photos']);
});

describe('a customer key', () => {
  test('may be used by EventBridge, still for the rule only', () => {
    const stack = createStack();
    new ImageResizePipeline(stack, 'Pipeline', { encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }), trigger: ResizeTrigger.eventBridge() });
    const template = synthesize(stack);

    expect(statementsIn(propertiesOf(template, 'AWS::KMS::Key').KeyPolicy)).toContainEqual(expect.objectContaining({
      Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
    }));
    expect(policyOf(template, 'PipelineQueuePolicy')).toContainEqual(expect.objectContaining({
      Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Condition: { ArnEquals: { 'aws:SourceArn': 'PipelineSource0Rule.Arn' } },
    }));
    expect(warningsOf(stack)).toEqual([]);
  });

  test('that is imported cannot be opened for EventBridge from here, which is a warning', () => {
    const stack = createStack();
    const encryptionKey = Key.fromKeyArn(stack, 'Key', 'arn:aws:kms:eu-west-1:111111111111:key/1');
    new ImageResizePipeline(stack, 'Pipeline', { encryptionKey, trigger: ResizeTrigger.eventBridge() });
    synthesize(stack);
    expect(warningsOf(stack)).toEqual([{
      path: '/Stack/Pipeline',
      id: 'cdk-image-resize-pipeline:importedKey',
      message: 'the policy of encryptionKey Stack/Key cannot be changed from here: add {"Action":["kms:GenerateDataKey","kms:Decrypt"],"Effect":"Allow",'
        + '"Principal":{"Service":"events.amazonaws.com"},"Resource":"*"}',
    }]);
  });
});
