import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ImageResizePipeline, ResizeTrigger, ResizeTriggerConfig, ResizeTriggerContext, ResizeTriggerSource } from '../../src';
import { configOf, createBucket, createStack, rightsOf, synthesize } from '../helpers/cdk';

/** A trigger as a user would write it. */
class Backlog extends ResizeTrigger {
  public readonly sources: { path: string; source: ResizeTriggerSource }[] = [];

  public bind(scope: Construct, { resizeFunction }: ResizeTriggerContext): ResizeTriggerConfig {
    const deadLetterQueue = new Queue(scope, 'Lost', { enforceSSL: true });
    const queue = new Queue(scope, 'Backlog', { enforceSSL: true, deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: 2 } });
    queue.grantConsumeMessages(resizeFunction);
    return { queue, deadLetterQueue, maxTries: 1 };
  }

  public bindSource(scope: Construct, source: ResizeTriggerSource, { resizeFunction }: ResizeTriggerContext, config: ResizeTriggerConfig): void {
    expect(resizeFunction).toBeInstanceOf(LambdaFunction);
    expect(config.maxTries).toBe(1);
    this.sources.push({ path: scope.node.path, source });
  }
}

test('a trigger of one\'s own is told of every source and decides the tries and the queues', () => {
  const stack = createStack();
  const trigger = new Backlog();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', { trigger, sourcePrefix: 'a/', processing: { deleteRenditions: true } });
  const bucket = createBucket(stack);
  pipeline.addSource(bucket, { prefix: 'b/' });

  const template = synthesize(stack);
  expect(trigger.sources).toEqual([
    { path: 'Stack/Pipeline/Source0', source: { bucket: pipeline.sourceBucket, prefix: 'a/', deletions: true } },
    { path: 'Stack/Pipeline/Source1', source: { bucket, prefix: 'b/', deletions: true } },
  ]);
  expect(configOf(template).maxTries).toBe(1);
  expect([pipeline.queue!.node.path, pipeline.deadLetterQueue.node.path]).toEqual(['Stack/Pipeline/Backlog', 'Stack/Pipeline/Lost']);
  template.resourceCountIs('Custom::S3BucketNotifications', 0);
  expect(rightsOf(template, 'PipelineRole')).toContain('sqs:ReceiveMessage PipelineBacklog.Arn');
});

test('one trigger may serve two pipelines', () => {
  const stack = createStack();
  const trigger = ResizeTrigger.queue({ maxTries: 2 });
  const pipelines = ['One', 'Two'].map((id) => new ImageResizePipeline(stack, id, { trigger }));
  expect(pipelines.map(({ queue }) => queue!.node.path)).toEqual(['Stack/One/Queue', 'Stack/Two/Queue']);
  expect(() => synthesize(stack)).not.toThrow();
});
