import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, MathExpression, Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { AlarmDefinition, share, SHARE_PERIOD } from './alarm-definition';
import { backfillAlarms } from './backfill-alarms';
import { ImageAlarm } from './image-alarm';
import type { ImageAlarmThresholds } from './image-alarm-thresholds';
import type { ImageMonitoringProps } from './image-monitoring-props';
import { concurrencyLimit, isInvokedAsync, ofFunction, ofQueue, PERIOD } from './watched';

/** What is no fault of the image. */
const DEFAULT_CODES = { RETRIES_EXHAUSTED: 1, TIMEOUT: 1 };

/** Creates those that the pipeline's trigger has a use for and that are not left out. */
export function createAlarms(scope: Construct, props: ImageMonitoringProps): Alarm[] {
  const { withoutAlarms = [], thresholds = {} } = props;
  return [ofImages, ofTheFunction, ofWaiting, ofApi, backfillAlarms]
    .flatMap((definitions) => definitions(props, thresholds))
    .filter(({ kind }) => !withoutAlarms.includes(kind))
    .map(({ kind, id, says, metric, threshold, periods = 1 }) => new Alarm(scope, id ?? kind, {
      alarmDescription: `${scope.node.path}: ${says}`,
      metric,
      threshold,
      evaluationPeriods: periods,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      // Nothing is counted where nothing happens.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    }));
}

function ofImages({ pipeline: { metrics } }: ImageMonitoringProps, thresholds: ImageAlarmThresholds): AlarmDefinition[] {
  const { completionTime = Duration.minutes(15), failedShare = 10, failedShareByCode = DEFAULT_CODES, minimumImages = 10 } = thresholds;
  const images = { completed: metrics.processed(), failed: metrics.failed() };
  const all = 'FILL(completed, 0) + FILL(failed, 0)';
  return [
    {
      kind: ImageAlarm.COMPLETION_TIME,
      says: 'images take long from their upload to their renditions: look for a backlog, throttling, or events that were sent again',
      metric: metrics.completionTime({ period: SHARE_PERIOD }),
      threshold: completionTime.toMilliseconds(),
    },
    {
      kind: ImageAlarm.FAILED_SHARE,
      says: 'many images fail: look at the codes on the dashboard',
      metric: share('failed', all, minimumImages, images),
      threshold: failedShare,
    },
    ...Object.entries(failedShareByCode).map(([code, threshold]): AlarmDefinition => ({
      kind: ImageAlarm.FAILED_SHARE_BY_CODE,
      id: `${ImageAlarm.FAILED_SHARE}${pascalCase(code)}`,
      says: `many images fail with ${code}: look for it in the log of the function`,
      metric: share('ofCode', all, minimumImages, { ...images, ofCode: metrics.failedWith(code) }),
      threshold,
    })),
  ];
}

function ofTheFunction({ pipeline }: ImageMonitoringProps, thresholds: ImageAlarmThresholds): AlarmDefinition[] {
  const { functionErrors = 5, minimumImages = 10, throttles = 10, functionDuration = 80, lostEvents = 1 } = thresholds;
  const watched = ofFunction(pipeline.resizeFunction.functionName);
  const { errors, invocations, concurrency } = watched;
  const limit = thresholds.concurrency ?? concurrencyLimit(pipeline);
  return [
    {
      kind: ImageAlarm.FUNCTION_ERRORS,
      says: 'invocations of the function fail: look for errors, timeouts and lack of memory in its log',
      metric: share('errors', 'FILL(invocations, 0)', minimumImages, { errors, invocations }),
      threshold: functionErrors,
    },
    {
      kind: ImageAlarm.THROTTLES,
      says: 'Lambda refuses invocations: give the function reserved concurrency, or ask for more of the account',
      metric: watched.throttles,
      threshold: throttles,
    },
    {
      kind: ImageAlarm.FUNCTION_DURATION,
      says: 'invocations take nearly as long as they may: give the function more time or memory, or accept smaller images',
      metric: new MathExpression({
        expression: `100 * duration / ${pipeline.resizeFunction.timeout!.toMilliseconds()}`,
        usingMetrics: { duration: watched.duration(Stats.percentile(99)) },
        period: PERIOD,
        label: 'percent of the timeout',
      }),
      threshold: functionDuration,
      periods: 3,
    },
    ...limit === undefined ? [] : [{
      kind: ImageAlarm.CONCURRENCY,
      says: 'as many invocations run as may: if images wait too long, raise the limit',
      metric: concurrency,
      threshold: limit,
      periods: 3,
    }],
    ...isInvokedAsync(pipeline) ? [{
      kind: ImageAlarm.LOST_EVENTS,
      says: 'Lambda could not pass on events that it gave up: compare the bucket with the records, and send what is missing again',
      metric: watched.lostEvents,
      threshold: lostEvents,
    }] : [],
  ];
}

function ofWaiting({ pipeline }: ImageMonitoringProps, thresholds: ImageAlarmThresholds): AlarmDefinition[] {
  const { deadLetters = 1, oldestMessage = Duration.minutes(30), failedExecutions = 1 } = thresholds;
  const { queue, stateMachine, deadLetterQueue, resizeFunction } = pipeline;
  return [
    {
      kind: ImageAlarm.DEAD_LETTERS,
      says: 'images could not be processed in any try: mend the cause, then redrive the dead-letter queue',
      metric: ofQueue(deadLetterQueue).waiting,
      threshold: deadLetters,
    },
    ...queue ? [{
      kind: ImageAlarm.OLDEST_MESSAGE,
      says: 'an event has waited long in the queue: look whether the function runs, fails or is throttled',
      metric: ofQueue(queue).oldest,
      threshold: oldestMessage.toSeconds(),
    }] : [],
    ...isInvokedAsync(pipeline) ? [{
      kind: ImageAlarm.OLDEST_MESSAGE,
      id: 'OldestEvent',
      says: 'an event has waited long for its invocation: look whether the function fails or is throttled',
      metric: ofFunction(resizeFunction.functionName).asyncEventAge,
      threshold: oldestMessage.toMilliseconds(),
    }] : [],
    ...stateMachine ? [{
      kind: ImageAlarm.FAILED_EXECUTIONS,
      says: 'executions of the state machine did not come to their end: look at them, mend the cause, and start them again',
      metric: new MathExpression({
        expression: 'FILL(failed, 0) + FILL(timedOut, 0) + FILL(aborted, 0)',
        usingMetrics: { failed: stateMachine.metricFailed(), timedOut: stateMachine.metricTimedOut(), aborted: stateMachine.metricAborted() },
        period: PERIOD,
        label: 'executions that did not succeed',
      }),
      threshold: failedExecutions,
    }] : [],
  ];
}

function ofApi({ api }: ImageMonitoringProps, { apiErrors = 5 }: ImageAlarmThresholds): AlarmDefinition[] {
  return api ? [{
    kind: ImageAlarm.API_ERRORS,
    says: 'the API answers with errors of its own: look for them in the log of its function',
    metric: api.stage.metricServerError({ period: PERIOD, label: 'errors of the API' }),
    threshold: apiErrors,
  }] : [];
}

function pascalCase(code: string): string {
  return code.split('_').map((word) => word[0] + word.slice(1).toLowerCase()).join('');
}
