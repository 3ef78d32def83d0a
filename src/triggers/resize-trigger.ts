import { Construct } from 'constructs';
import { eventBridgeStrategy } from './event-bridge-trigger';
import { queueStrategy } from './queue-trigger';
import { s3NotificationsStrategy } from './s3-notifications-trigger';
import { stepFunctionsStrategy } from './step-functions-trigger';
import type { ResizeTriggerConfig, ResizeTriggerContext, ResizeTriggerSource } from './trigger-binding';
import type { QueueTriggerOptions, S3NotificationsTriggerOptions, StepFunctionsTriggerOptions } from './trigger-options';
import type { TriggerStrategy } from './trigger-strategy';

/**
 * How events of S3 reach the function.
 *
 * Every strategy delivers at least once, retries, and ends in a dead-letter queue.
 *
 * @example
 * import { ImageResizePipeline, ResizeTrigger } from 'cdk-image-resize-pipeline';
 *
 * new ImageResizePipeline(this, 'Images', { trigger: ResizeTrigger.queue({ maxConcurrency: 20, maxTries: 5 }) });
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
   * The name of its factory; none for triggers of users.
   *
   * @internal
   */
  public readonly _kind?: string;

  /**
   * Creates what the trigger needs once per pipeline.
   *
   * @param scope for the resources
   * @param context of the pipeline
   */
  public abstract bind(scope: Construct, context: ResizeTriggerContext): ResizeTriggerConfig;

  /**
   * Connects one source. Called once for each, in the order in which they are added; for a former trigger after the present
   * one, and with the same scope.
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
  /** @internal */
  public override readonly _kind: string;

  public constructor(private readonly strategy: TriggerStrategy) {
    super();
    this._kind = strategy.kind;
  }

  public bind(scope: Construct, context: ResizeTriggerContext): ResizeTriggerConfig {
    return this.strategy.bind(scope, context);
  }

  public bindSource(scope: Construct, source: ResizeTriggerSource, context: ResizeTriggerContext, config: ResizeTriggerConfig): void {
    this.strategy.bindSource(scope, source, context, config);
  }
}
