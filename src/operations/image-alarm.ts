/** The alarms of `ImageMonitoring`. */
export enum ImageAlarm {
  /** Events are in the dead-letter queue: their images could not be processed. */
  DEAD_LETTERS = 'DeadLetters',
  /** An event has waited long, in the queue or for an asynchronous invocation. Not with `ResizeTrigger.stepFunctions()`, which has no queue. */
  OLDEST_MESSAGE = 'OldestMessage',
  /** Images take long from their event to their completed record, whatever the reason. */
  COMPLETION_TIME = 'CompletionTime',
  /** Many images fail. */
  FAILED_SHARE = 'FailedShare',
  /** Many images fail for one reason: an alarm for each code of `failedShareByCode`. */
  FAILED_SHARE_BY_CODE = 'FailedShareByCode',
  /** Invocations of the function crash, run out of time or of memory, or throw. Another one watches the function of a `backfill`. */
  FUNCTION_ERRORS = 'FunctionErrors',
  /** Lambda refuses to invoke the function. Another one watches the function of a `backfill`. */
  THROTTLES = 'Throttles',
  /** Invocations take nearly as long as the function may. */
  FUNCTION_DURATION = 'FunctionDuration',
  /** As many invocations run as may, for a quarter of an hour. Where the limit is known, or given. */
  CONCURRENCY = 'Concurrency',
  /** Lambda could not pass on an event that it gave up. With `ResizeTrigger.s3Notifications()`. */
  LOST_EVENTS = 'LostEvents',
  /** Executions of the state machine failed, timed out or were stopped. With `ResizeTrigger.stepFunctions()`. */
  FAILED_EXECUTIONS = 'FailedExecutions',
  /** Many images of a backfill fail. Where there is a `backfill`. */
  BACKFILL_FAILED_SHARE = 'BackfillFailedShare',
  /** An execution of the backfill, or of its pruning, failed or timed out. Where there is a `backfill`. */
  FAILED_BACKFILLS = 'FailedBackfills',
  /** The API answers with errors of its own. Where there is an `api`. */
  API_ERRORS = 'ApiErrors',
}
