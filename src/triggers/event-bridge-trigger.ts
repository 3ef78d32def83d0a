import { IRuleTarget, Rule } from 'aws-cdk-lib/aws-events';
import { Construct } from 'constructs';
import { notifyEventBridge } from './bucket-notifications';
import { QueueTarget } from './event-bridge-queue-target';
import { bindQueue, requireQueueOptions } from './queue-trigger';
import type { ResizeTriggerConfig, ResizeTriggerContext, ResizeTriggerSource } from './trigger-binding';
import type { QueueTriggerOptions } from './trigger-options';
import type { TriggerStrategy } from './trigger-strategy';
import { allowService } from '../support/service-key';

const NAME = 'ResizeTrigger.eventBridge';

export function eventBridgeStrategy(options: QueueTriggerOptions): TriggerStrategy {
  requireQueueOptions(NAME, options);
  return {
    kind: 'eventBridge',
    bind(scope: Construct, context: ResizeTriggerContext): ResizeTriggerConfig {
      allowService(scope, context, 'events.amazonaws.com');
      return bindQueue(scope, context, options, NAME);
    },
    bindSource(scope: Construct, source: ResizeTriggerSource, _context: ResizeTriggerContext, config: ResizeTriggerConfig): void {
      createRule(scope, source, new QueueTarget(config.queue!, config.deadLetterQueue));
    },
  };
}

/** Has EventBridge pass on what happens to the objects of a source. */
export function createRule(scope: Construct, source: ResizeTriggerSource, target: IRuleTarget): void {
  notifyEventBridge(scope, source.bucket);
  const shared = scope.node.tryFindChild('Rule');
  if (shared instanceof Rule) {
    // Of the present trigger: a former one gets the same events.
    shared.addTarget(target);
    return;
  }
  new Rule(scope, 'Rule', {
    eventPattern: {
      source: ['aws.s3'],
      detailType: ['Object Created', ...(source.deletions ? ['Object Deleted'] : [])],
      detail: {
        bucket: { name: [source.bucket.bucketName] },
        ...(source.prefix ? { object: { key: [{ prefix: source.prefix }] } } : {}),
      },
    },
    targets: [target],
  });
}
