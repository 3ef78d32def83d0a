import { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

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
   * How often Lambda tries an event, from 1 to 3, before it gives up. It is then tried once more by way of a queue,
   * before the image is recorded as `FAILED` and the event moves to the dead-letter queue.
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
  /**
   * How long the logs of the state machine are kept: which step came to what, without the data that passes between steps.
   * The history of an execution, which Step Functions itself keeps for 90 days, has the event of S3 with the key and the
   * uploader's IP address.
   *
   * @default RetentionDays.ONE_WEEK
   */
  readonly logRetention?: RetentionDays;
}
