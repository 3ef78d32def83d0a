import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { denyOtherAccounts } from '../private/deny-other-accounts';
import type { QueueTriggerOptions, ResizeTrigger, ResizeTriggerConfig, ResizeTriggerContext, ResizeTriggerSource } from '../resize-trigger';
import { bindQueue, requireQueueOptions } from './queue';

export function eventBridgeStrategy(options: QueueTriggerOptions): Pick<ResizeTrigger, 'bind' | 'bindSource'> {
  requireQueueOptions('ResizeTrigger.eventBridge', options);
  return {
    bind(scope: Construct, context: ResizeTriggerContext): ResizeTriggerConfig {
      const config = bindQueue(scope, context, options);
      denyOtherAccounts(config.queue, 'events.amazonaws.com');
      return config;
    },
    bindSource(scope: Construct, source: ResizeTriggerSource, _context: ResizeTriggerContext, config: ResizeTriggerConfig): void {
      source.bucket.enableEventBridgeNotification();
      new Rule(scope, 'Rule', {
        eventPattern: {
          source: ['aws.s3'],
          detailType: ['Object Created', ...(source.deletions ? ['Object Deleted'] : [])],
          detail: {
            bucket: { name: [source.bucket.bucketName] },
            ...(source.prefix ? { object: { key: [{ prefix: source.prefix }] } } : {}),
          },
        },
        targets: [new SqsQueue(config.queue!, { deadLetterQueue: config.deadLetterQueue })],
      });
    },
  };
}
