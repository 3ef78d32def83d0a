import { Token } from 'aws-cdk-lib';
import { CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { notify } from './bucket-notifications';
import { createEventQueue, deliveriesFor, requireRetention } from './event-queue';
import { QueueDestination } from './s3-queue-destination';
import type { ResizeTriggerConfig, ResizeTriggerContext, ResizeTriggerSource } from './trigger-binding';
import type { QueueTriggerOptions } from './trigger-options';
import type { TriggerStrategy } from './trigger-strategy';
import { invalid, requireInteger, requireKnown } from '../support/checks';
import { allowService } from '../support/service-key';

const NAME = 'ResizeTrigger.queue';
const MIN_CONCURRENCY = 2;
const DEFAULT_CONCURRENCY = 100;

export function queueStrategy(options: QueueTriggerOptions): TriggerStrategy {
  requireQueueOptions(NAME, options);
  return {
    kind: 'queue',
    bind(scope: Construct, context: ResizeTriggerContext): ResizeTriggerConfig {
      allowService(scope, context, 's3.amazonaws.com');
      return bindQueue(scope, context, options, NAME);
    },
    bindSource(scope: Construct, source: ResizeTriggerSource, _context: ResizeTriggerContext, config: ResizeTriggerConfig): void {
      notify(scope, source, new QueueDestination(config.queue!));
    },
  };
}

export function requireQueueOptions(at: string, options: QueueTriggerOptions): void {
  requireInteger(`${at}: maxConcurrency`, options.maxConcurrency, MIN_CONCURRENCY, 1000);
  requireInteger(`${at}: batchSize`, options.batchSize, 1, 10);
  requireInteger(`${at}: maxTries`, options.maxTries, 1, 10);
  requireKnown(`${at}: maxTries`, options.maxTries);
  requireRetention(at, options.deadLetterRetention);
}

/** The queue in front of the function, whoever sends to it. */
export function bindQueue(
  scope: Construct, context: ResizeTriggerContext, options: QueueTriggerOptions, at: string,
): ResizeTriggerConfig & { queue: Queue } {
  const maxTries = options.maxTries ?? 3;
  const { queue, deadLetterQueue } = createEventQueue(scope, {
    ...context,
    maxReceiveCount: deliveriesFor(maxTries),
    deadLetterRetention: options.deadLetterRetention,
  }, {
    batchSize: options.batchSize ?? 1,
    maxConcurrency: maxConcurrency(at, options.maxConcurrency, context.resizeFunction),
  });
  return { queue, deadLetterQueue, maxTries };
}

/** No more than the function has reserved: a throttled delivery would count as a try of the image. */
function maxConcurrency(at: string, asked: number | undefined, resizeFunction: LambdaFunction): number {
  const reserved = (resizeFunction.node.defaultChild as CfnFunction).reservedConcurrentExecutions;
  if (reserved === undefined || Token.isUnresolved(reserved)) return asked ?? DEFAULT_CONCURRENCY;

  const remedy = 'throttled deliveries would count as tries';
  if (reserved < MIN_CONCURRENCY) throw invalid('resizeFunction.reservedConcurrency', `at least ${MIN_CONCURRENCY} behind a queue`, reserved, remedy);
  if (asked !== undefined && asked > reserved) {
    throw invalid(`${at}: maxConcurrency`, `at most the reserved concurrency of the function, ${reserved}`, asked, remedy);
  }
  return asked ?? Math.min(reserved, DEFAULT_CONCURRENCY);
}
