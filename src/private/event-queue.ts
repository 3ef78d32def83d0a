import { Duration } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource, SqsEventSourceProps } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { invalid } from './invalid';

const DEFAULT_RETENTION = Duration.days(14);

export interface EventQueueOptions {
  readonly encryptionKey?: IKey;
  readonly resizeFunction: LambdaFunction;
  /** Deliveries after which SQS moves a message to the dead-letter queue. */
  readonly maxReceiveCount: number;
  readonly deadLetterRetention?: Duration;
}

export interface EventQueue {
  readonly queue: Queue;
  readonly deadLetterQueue: Queue;
}

export function requireRetention(at: string, retention: Duration | undefined): void {
  if (!retention || retention.isUnresolved()) return;
  const seconds = retention.toSeconds();
  if (seconds < 60 || seconds > DEFAULT_RETENTION.toSeconds()) throw invalid(`${at}: deadLetterRetention`, 'from one minute to 14 days', retention.toString());
}

/** A queue that feeds the function, with its dead-letter queue. */
export function createEventQueue(scope: Construct, options: EventQueueOptions, source: SqsEventSourceProps): EventQueue {
  // SQS-managed keys, not the AWS-managed KMS key: S3 and EventBridge cannot send with the latter.
  const encryption = options.encryptionKey
    ? { encryption: QueueEncryption.KMS, encryptionMasterKey: options.encryptionKey }
    : { encryption: QueueEncryption.SQS_MANAGED };
  const deadLetterQueue = new Queue(scope, 'DeadLetterQueue', {
    ...encryption,
    enforceSSL: true,
    retentionPeriod: options.deadLetterRetention ?? DEFAULT_RETENTION,
  });
  const queue = new Queue(scope, 'Queue', {
    ...encryption,
    enforceSSL: true,
    // AWS's rule: six times the function's timeout leaves room for throttled deliveries.
    visibilityTimeout: Duration.seconds(6 * options.resizeFunction.timeout!.toSeconds()),
    retentionPeriod: DEFAULT_RETENTION,
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: options.maxReceiveCount },
  });
  options.resizeFunction.addEventSource(new SqsEventSource(queue, { reportBatchItemFailures: true, ...source }));
  return { queue, deadLetterQueue };
}
