import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource, SqsEventSourceProps } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption, QueueProps } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { invalid } from '../support/checks';

const DEFAULT_RETENTION = Duration.days(14);

export interface EventQueueOptions {
  readonly encryptionKey?: IKey;
  readonly resizeFunction: LambdaFunction;
  /** Deliveries after which SQS moves a message to the dead-letter queue. What the last ones do is in `lambda/resize/jobs/give-up.ts`. */
  readonly maxReceiveCount: number;
  readonly deadLetterRetention?: Duration;
  /** What becomes of the events when the trigger is changed, or the stack deleted. */
  readonly removalPolicy?: RemovalPolicy;
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

/** More deliveries than tries: in them the handler only records the failure, and there is a second should one fail. */
export function deliveriesFor(maxTries: number): number {
  return maxTries + 2;
}

/** The dead-letter queue of a pipeline. A former trigger shares it with the present one. */
export function createDeadLetterQueue(
  scope: Construct, options: Pick<EventQueueOptions, 'encryptionKey' | 'deadLetterRetention' | 'removalPolicy'>,
): Queue {
  return existing(scope, 'DeadLetterQueue') ?? new Queue(scope, 'DeadLetterQueue', {
    ...encrypted(options.encryptionKey),
    removalPolicy: options.removalPolicy ?? RemovalPolicy.RETAIN,
    enforceSSL: true,
    retentionPeriod: options.deadLetterRetention ?? DEFAULT_RETENTION,
  });
}

/** A queue that feeds the function, with its dead-letter queue. A former trigger shares it with the present one, as that made it. */
export function createEventQueue(scope: Construct, options: EventQueueOptions, source: SqsEventSourceProps): EventQueue {
  const deadLetterQueue = createDeadLetterQueue(scope, options);
  const shared = existing(scope, 'Queue');
  if (shared) return { queue: shared, deadLetterQueue };
  const queue = new Queue(scope, 'Queue', {
    ...encrypted(options.encryptionKey),
    removalPolicy: options.removalPolicy ?? RemovalPolicy.RETAIN,
    enforceSSL: true,
    // AWS's rule: six times the function's timeout leaves room for throttled deliveries.
    visibilityTimeout: Duration.seconds(6 * options.resizeFunction.timeout!.toSeconds()),
    retentionPeriod: DEFAULT_RETENTION,
    deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: options.maxReceiveCount },
  });
  options.resizeFunction.addEventSource(new SqsEventSource(queue, { reportBatchItemFailures: true, ...source }));
  return { queue, deadLetterQueue };
}

function existing(scope: Construct, id: string): Queue | undefined {
  const found = scope.node.tryFindChild(id);
  return found instanceof Queue ? found : undefined;
}

/** SQS-managed keys, not the AWS-managed KMS key: S3 and EventBridge cannot send with the latter. */
function encrypted(key: IKey | undefined): QueueProps {
  return key ? { encryption: QueueEncryption.KMS, encryptionMasterKey: key } : { encryption: QueueEncryption.SQS_MANAGED };
}
