import { IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { AlarmDefinition, share } from './alarm-definition';
import { ImageAlarm } from './image-alarm';
import type { ImageAlarmThresholds } from './image-alarm-thresholds';
import type { ImageMonitoringProps } from './image-monitoring-props';
import { ofFunction, ofStateMachine, PERIOD } from './watched';

/** Those of a backfill, where there is one. */
export function backfillAlarms({ pipeline: { metrics }, backfill }: ImageMonitoringProps, thresholds: ImageAlarmThresholds): AlarmDefinition[] {
  if (!backfill) return [];
  const { backfillFailedShare = 10, minimumImages = 10, failedBackfills = 1, functionErrors = 5, throttles = 10 } = thresholds;
  const lane = ofFunction(backfill._watched.laneFunctionName);
  const { errors, invocations } = lane;
  const images = { images: metrics.backfillImages(), failed: metrics.backfillFailed() };
  const { stateMachine, pruneStateMachine } = backfill;
  return [
    {
      kind: ImageAlarm.BACKFILL_FAILED_SHARE,
      says: 'many images of a backfill fail: look at report.jsonl of the execution, or stop it',
      metric: share('failed', 'FILL(images, 0)', minimumImages, images),
      threshold: backfillFailedShare,
    },
    {
      kind: ImageAlarm.FAILED_BACKFILLS,
      says: 'a backfill has ended early: look at its execution and summary.md, mend the cause, and start it again',
      metric: unsuccessful(stateMachine),
      threshold: failedBackfills,
    },
    ...pruneStateMachine ? [{
      kind: ImageAlarm.FAILED_BACKFILLS,
      id: 'FailedPrunes',
      says: 'pruning has ended early: look at its execution, mend the cause, and start it again',
      metric: unsuccessful(pruneStateMachine),
      threshold: failedBackfills,
    }] : [],
    {
      kind: ImageAlarm.FUNCTION_ERRORS,
      id: 'BackfillErrors',
      says: 'tries of a backfill fail: look for errors, timeouts and lack of memory in the log of the function, or stop the execution',
      metric: share('errors', 'FILL(invocations, 0)', minimumImages, { errors, invocations }),
      threshold: functionErrors,
    },
    {
      kind: ImageAlarm.THROTTLES,
      id: 'BackfillThrottles',
      says: 'Lambda refuses invocations of a backfill, and may refuse those of fresh uploads: lower its maxConcurrency, or ask for more of the account',
      metric: lane.throttles,
      threshold: throttles,
    },
  ];
}

/** Executions that nobody stopped. */
function unsuccessful(stateMachine: StateMachine): IMetric {
  const { failed, timedOut } = ofStateMachine(stateMachine);
  return new MathExpression({
    expression: 'FILL(failed, 0) + FILL(timedOut, 0)',
    usingMetrics: { failed, timedOut },
    period: PERIOD,
    label: 'executions that did not succeed',
  });
}
