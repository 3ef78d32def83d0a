import { Duration } from 'aws-cdk-lib';

/** When the alarms of `ImageMonitoring` go off: each at its threshold or above. */
export interface ImageAlarmThresholds {
  /**
   * Messages in the dead-letter queue.
   *
   * @default 1
   */
  readonly deadLetters?: number;
  /**
   * Age of the oldest message in the queue, or of the oldest event that waits for an asynchronous invocation. A message that
   * fails is delivered again after six times the function's timeout: keep this above the time that all tries take.
   *
   * @default Duration.minutes(30)
   */
  readonly oldestMessage?: Duration;
  /**
   * Time from the event of an image to its completed record, 95th percentile of a quarter of an hour.
   *
   * @default Duration.minutes(15)
   */
  readonly completionTime?: Duration;
  /**
   * Share of the images of a quarter of an hour that failed, whatever the reason, in percent from 0.01 to 100.
   *
   * @default 10
   */
  readonly failedShare?: number;
  /**
   * Shares of the images of a quarter of an hour that failed for one reason, in percent from 0.01 to 100, by the code of the
   * failure, such as 20 for `UNSUPPORTED_FORMAT`. Each is an alarm.
   *
   * @default - 1 for `RETRIES_EXHAUSTED` and 1 for `TIMEOUT`, the failures that are no fault of the image
   */
  readonly failedShareByCode?: { [code: string]: number };
  /**
   * Fewest images, or invocations of the function, of which a share is judged: with fewer the alarms on shares are quiet.
   *
   * @default 10
   */
  readonly minimumImages?: number;
  /**
   * Share of the invocations of a quarter of an hour that ended in an error, in percent from 0.01 to 100.
   *
   * @default 5
   */
  readonly functionErrors?: number;
  /**
   * Invocations that Lambda refused within five minutes.
   *
   * @default 10
   */
  readonly throttles?: number;
  /**
   * Duration of invocations, 99th percentile, in percent of the function's timeout from 1 to 100, three times five minutes in a row.
   *
   * @default 80
   */
  readonly functionDuration?: number;
  /**
   * Invocations at a time, three times five minutes in a row.
   *
   * @default - the function's reserved concurrency, or else the queue's `maxConcurrency` where nothing but the queue invokes the
   * function; without either there is no alarm
   */
  readonly concurrency?: number;
  /**
   * Events that Lambda gave up and could not pass on, within five minutes.
   *
   * @default 1
   */
  readonly lostEvents?: number;
  /**
   * Executions of the state machine that failed, timed out or were stopped within five minutes.
   *
   * @default 1
   */
  readonly failedExecutions?: number;
  /**
   * Share of the images that a backfill came to an end with in a quarter of an hour and that failed, in percent from 0.01 to 100.
   *
   * @default 10
   */
  readonly backfillFailedShare?: number;
  /**
   * Executions of the backfill, and of its pruning, that failed or timed out within five minutes. Those that are stopped do not count.
   *
   * @default 1
   */
  readonly failedBackfills?: number;
  /**
   * Answers of the API with a status of 500 or above within five minutes.
   *
   * @default 5
   */
  readonly apiErrors?: number;
}
