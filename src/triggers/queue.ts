import { SqsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { denyOtherAccounts } from '../private/deny-other-accounts';
import { createEventQueue } from '../private/event-queue';
import { requireInteger } from '../private/invalid';
import { notify } from '../private/notifications';
import type { QueueTriggerOptions, ResizeTrigger, ResizeTriggerConfig, ResizeTriggerContext, ResizeTriggerSource } from '../resize-trigger';

export function queueStrategy(options: QueueTriggerOptions): Pick<ResizeTrigger, 'bind' | 'bindSource'> {
  requireQueueOptions('ResizeTrigger.queue', options);
  return {
    bind(scope: Construct, context: ResizeTriggerContext): ResizeTriggerConfig {
      const config = bindQueue(scope, context, options);
      denyOtherAccounts(config.queue, 's3.amazonaws.com');
      return config;
    },
    bindSource(scope: Construct, source: ResizeTriggerSource, _context: ResizeTriggerContext, config: ResizeTriggerConfig): void {
      notify(scope, source, new SqsDestination(config.queue!));
    },
  };
}

export function requireQueueOptions(at: string, options: QueueTriggerOptions): void {
  requireInteger(`${at}: maxConcurrency`, options.maxConcurrency, 2, 1000);
  requireInteger(`${at}: batchSize`, options.batchSize, 1, 10);
  requireInteger(`${at}: maxTries`, options.maxTries, 1, 10);
}

/** The queue in front of the function, whoever sends to it. */
export function bindQueue(scope: Construct, context: ResizeTriggerContext, options: QueueTriggerOptions): ResizeTriggerConfig & { queue: Queue } {
  const maxTries = options.maxTries ?? 3;
  const { queue, deadLetterQueue } = createEventQueue(scope, {
    ...context,
    // One more delivery than tries: in it the handler only records the failure.
    maxReceiveCount: maxTries + 1,
    deadLetterRetention: options.deadLetterRetention,
  }, {
    batchSize: options.batchSize ?? 1,
    maxConcurrency: options.maxConcurrency ?? 100,
  });
  return { queue, deadLetterQueue, maxTries };
}
