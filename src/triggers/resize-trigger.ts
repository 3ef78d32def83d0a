import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { eventBridgeStrategy } from './event-bridge-trigger';
import { queueStrategy } from './queue-trigger';
import { s3NotificationsStrategy } from './s3-notifications-trigger';
import { stepFunctionsStrategy } from './step-functions-trigger';

/** How a queue feeds the function. */
export interface QueueTriggerOptions {
  /**
   * Most invocations at a time, from 2 to 1000, and no more than the function has reserved.
   *
   * @default - 100, or the function's reserved concurrency where that is less
   */
  readonly maxConcurrency?: number;
  /**
   * Events that one invocation gets, from 1 to 10. With 1, an image that kills the function touches no other; in a larger
   * batch it costs its neighbours tries, and two such images can exhaust those of a third.
   *
   * @default 1
   */
  readonly batchSize?: number;
  /**
   * How often an event is tried, from 1 to 10, before the image is recorded as `FAILED`
   * and the event moves to the dead-letter queue. A delivery that Lambda throttles, because the account has no
   * concurrency left, counts as a try.
   *
   * @default 3
   */
  readonly maxTries?: number;
  /**
   * How long the dead-letter queue keeps events, at most 14 days.
   *
   * @default Duration.days(14)
   */
  readonly deadLetterRetention?: Duration;
}

/** How S3 invokes the function directly. */
export interface S3NotificationsTriggerOptions {
  /**
   * How often an event is tried, from 1 to 3, before the image is recorded as `FAILED`
   * and the event moves to the dead-letter queue.
   *
   * @default 3
   */
  readonly maxTries?: number;
  /**
   * How long the dead-letter queue keeps events, at most 14 days.
   *
   * @default Duration.days(14)
   */
  readonly deadLetterRetention?: Duration;
}

/** How a state machine calls the function. */
export interface StepFunctionsTriggerOptions {
  /**
   * Most renditions of one image that are made at a time, from 1 to 40.
   *
   * @default 10
   */
  readonly maxConcurrency?: number;
  /**
   * How often a step is tried, from 1 to 10, before the image is recorded as `FAILED` and the event is sent to the
   * dead-letter queue. Invocations that Lambda throttles are repeated beside these, for about six hours.
   *
   * @default 3
   */
  readonly maxTries?: number;
  /**
   * How long the dead-letter queue keeps events, at most 14 days.
   *
   * @default Duration.days(14)
   */
  readonly deadLetterRetention?: Duration;
}

/** What a trigger is given to work with. */
export interface ResizeTriggerContext {
  /** The function to invoke. */
  readonly resizeFunction: LambdaFunction;
  /**
   * Customer key for queues.
   *
   * @default - queues are encrypted with keys of SQS
   */
  readonly encryptionKey?: IKey;
  /**
   * What becomes of logs when they leave the stack.
   *
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
}

/** What a trigger created. */
export interface ResizeTriggerConfig {
  /**
   * The queue between S3 and the function.
   *
   * @default - none
   */
  readonly queue?: IQueue;
  /**
   * The state machine that calls the function.
   *
   * @default - none
   */
  readonly stateMachine?: IStateMachine;
  /** Where events end that could not be processed. */
  readonly deadLetterQueue: IQueue;
  /**
   * Deliveries of a message that try to process it. In deliveries beyond these the handler records the failure
   * and lets the message go to the dead-letter queue. 0 where deliveries cannot be counted.
   */
  readonly maxTries: number;
}

/** Objects whose events a trigger has to deliver. */
export interface ResizeTriggerSource {
  /** The bucket. */
  readonly bucket: IBucket;
  /** Prefix of the keys; empty for all. */
  readonly prefix: string;
  /** Whether deletions are delivered as well. */
  readonly deletions: boolean;
}

/**
 * How events of S3 reach the function.
 *
 * Every strategy delivers at least once, retries, and ends in a dead-letter queue.
 */
export abstract class ResizeTrigger {
  /**
   * S3 to SQS to Lambda: buffered, with bounded concurrency. The default.
   *
   * @param options of the queue
   */
  public static queue(options: QueueTriggerOptions = {}): ResizeTrigger {
    return new StrategyTrigger(queueStrategy(options));
  }

  /**
   * S3 invokes the function directly and asynchronously: least latency, concurrency bounded only by the function.
   *
   * @param options of the invocation
   */
  public static s3Notifications(options: S3NotificationsTriggerOptions = {}): ResizeTrigger {
    return new StrategyTrigger(s3NotificationsStrategy(options));
  }

  /**
   * S3 to EventBridge to SQS to Lambda: for buckets whose direct notifications are taken, or that belong to
   * another stack or team. EventBridge is switched on for the bucket.
   *
   * @param options of the queue
   */
  public static eventBridge(options: QueueTriggerOptions = {}): ResizeTrigger {
    return new StrategyTrigger(eventBridgeStrategy(options));
  }

  /**
   * S3 to EventBridge to Step Functions to Lambda: every rendition is made by an invocation of its own, in parallel.
   * For renditions that take long, such as large AVIF. The original is read once per rendition and twice beside it.
   * EventBridge is switched on for the bucket.
   *
   * @param options of the state machine
   */
  public static stepFunctions(options: StepFunctionsTriggerOptions = {}): ResizeTrigger {
    return new StrategyTrigger(stepFunctionsStrategy(options));
  }

  /**
   * Creates what the trigger needs once per pipeline.
   *
   * @param scope for the resources
   * @param context of the pipeline
   */
  public abstract bind(scope: Construct, context: ResizeTriggerContext): ResizeTriggerConfig;

  /**
   * Connects one source. Called once for each, in the order in which they are added.
   *
   * @param scope for resources of this source
   * @param source whose events are delivered
   * @param context of the pipeline
   * @param config what `bind` returned
   */
  public abstract bindSource(scope: Construct, source: ResizeTriggerSource, context: ResizeTriggerContext, config: ResizeTriggerConfig): void;
}

/** Lets the packaged strategies live in files of their own without importing this class back. */
class StrategyTrigger extends ResizeTrigger {
  public constructor(private readonly strategy: Pick<ResizeTrigger, 'bind' | 'bindSource'>) {
    super();
  }

  public bind(scope: Construct, context: ResizeTriggerContext): ResizeTriggerConfig {
    return this.strategy.bind(scope, context);
  }

  public bindSource(scope: Construct, source: ResizeTriggerSource, context: ResizeTriggerContext, config: ResizeTriggerConfig): void {
    this.strategy.bindSource(scope, source, context, config);
  }
}
