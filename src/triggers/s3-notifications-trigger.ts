import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { LambdaDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Construct } from 'constructs';
import { notify } from './bucket-notifications';
import { createEventQueue, deliveriesFor, requireRetention } from './event-queue';
import type { ResizeTriggerConfig, ResizeTriggerContext, ResizeTriggerSource } from './trigger-binding';
import type { S3NotificationsTriggerOptions } from './trigger-options';
import type { TriggerStrategy } from './trigger-strategy';
import { requireInteger, requireKnown } from '../support/checks';
import { grantFormerKeys } from '../support/service-key';

export function s3NotificationsStrategy(options: S3NotificationsTriggerOptions): TriggerStrategy {
  requireInteger('ResizeTrigger.s3Notifications: maxTries', options.maxTries, 1, 3);
  requireKnown('ResizeTrigger.s3Notifications: maxTries', options.maxTries);
  requireRetention('ResizeTrigger.s3Notifications', options.deadLetterRetention);
  return {
    kind: 's3Notifications',
    bind(scope: Construct, context: ResizeTriggerContext): ResizeTriggerConfig {
      // Events that Lambda gave up pass the function again: it tries once more, so that what comes from the dead-letter
      // queue is tried, and then records the failure and lets them go. An asynchronous invocation that was killed leaves
      // no other trace. What a queue trigger before this one left there has all of its tries.
      const { maxTries = 3 } = options;
      const { queue, deadLetterQueue } = createEventQueue(scope, {
        ...context,
        maxReceiveCount: deliveriesFor(maxTries),
        deadLetterRetention: options.deadLetterRetention,
      }, { batchSize: 1, maxConcurrency: 2 });
      context.resizeFunction.configureAsyncInvoke({ retryAttempts: maxTries - 1, onFailure: new SqsDestination(queue) });
      grantFormerKeys(context, context.resizeFunction);
      return { deadLetterQueue, maxTries };
    },
    bindSource(scope: Construct, source: ResizeTriggerSource, context: ResizeTriggerContext): void {
      notify(scope, source, new LambdaDestination(context.resizeFunction));
    },
  };
}
