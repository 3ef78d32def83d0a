import { IWidget, LogQueryVisualizationType, LogQueryWidget, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ImageBackfill } from './backfill/image-backfill';
import { ofFunction, ofStateMachine } from './watched';
import { graph, HEIGHT, math, PERCENTILES, WIDTH } from './widgets';
import { BACKFILL_STEPS, PRUNE_STEPS } from '../contract';
import type { ImageResizePipeline } from '../pipeline/image-resize-pipeline';

const MOST_EXECUTIONS = 20;

/** How far a backfill is, what its function does, and what the last executions found and made. */
export function backfillWidgets({ metrics, resizeFunction }: ImageResizePipeline, backfill: ImageBackfill): IWidget[][] {
  const { stateMachine, pruneStateMachine, _watched: { laneFunctionName, logGroup, pruneLogGroup } } = backfill;
  const { invocations, errors, throttles, duration, concurrency } = ofFunction(laneFunctionName);
  const images = metrics.backfillImages({ label: 'images' });
  const machines = pruneStateMachine ? 2 : 1;
  return [
    [
      graph('Progress of the backfill', 3, {
        left: [
          math('FILL(planned, REPEAT)', 'to be made', { planned: metrics.backfillPlanned() }),
          math('RUNNING_SUM(FILL(images, 0))', 'come to an end, in the time shown', { images }),
        ],
      }),
      graph('Images of the backfill', 3, {
        left: [images, metrics.backfillFailed({ label: 'failed' })],
        right: [metrics.backfillRenditions({ label: 'renditions made' })],
      }),
      graph('Invocations at a time of the backfill', 3, { left: [concurrency] }),
    ],
    [
      graph('Invocations of the backfill', 2, { left: [invocations], right: [errors, throttles] }),
      graph('Duration of the backfill', 2, {
        left: [...PERCENTILES.map((percentile) => duration(Stats.percentile(percentile))), duration(Stats.MAXIMUM)],
        leftAnnotations: [{ value: resizeFunction.timeout!.toMilliseconds(), label: 'timeout' }],
        leftYAxis: { label: 'milliseconds', showUnits: false, min: 0 },
      }),
    ],
    [
      graph('Executions of the backfill', machines, { left: Object.values(ofStateMachine(stateMachine)) }),
      ...pruneStateMachine ? [graph('Executions of pruning', machines, { left: Object.values(ofStateMachine(pruneStateMachine)) })] : [],
    ],
    [
      executions('Plans of the backfill', logGroup, BACKFILL_STEPS.summarise, {
        mode: 'mode',
        originals: 'counts.originals',
        current: 'counts.current',
        missing: 'counts.missing',
        stale: 'counts.stale',
        failed: 'counts.failed',
        images: 'work.images',
        renditions: 'work.renditions',
        dollars: 'estimate.dollars',
        report: 'report.key',
      }),
      executions('Runs of the backfill', logGroup, BACKFILL_STEPS.report, {
        images: 'images',
        completed: 'outcomes.completed',
        unchanged: 'outcomes.unchanged',
        failed: 'outcomes.failed',
        renditions: 'renditions',
        seconds: 'seconds',
        stoppedBy: 'stoppedAt.limit',
        error: 'error',
        report: 'report.key',
      }),
    ],
    ...pruneLogGroup ? [[
      executions('Plans of pruning', pruneLogGroup, PRUNE_STEPS.summarisePrune, {
        mode: 'mode',
        objects: 'counts.objects',
        dropped: 'counts.deletable.dropped.objects',
        former: 'counts.deletable.former.objects',
        gone: 'counts.deletable.gone.objects',
        orphan: 'counts.deletable.orphan.objects',
        toDelete: 'work.objects',
        report: 'report.key',
      }),
      executions('Pruned', pruneLogGroup, PRUNE_STEPS.reportPrune, {
        deleted: 'deleted', bytes: 'bytes', changed: 'changed', stoppedBy: 'stoppedAt.limit', error: 'error', report: 'report.key',
      }),
    ]] : [],
  ];
}

/**
 * A table of the last executions, by what a step says in the log.
 *
 * @param columns where each is in what the step came to
 */
function executions(title: string, logGroup: ILogGroup, step: string, columns: Readonly<Record<string, string>>): IWidget {
  return new LogQueryWidget({
    title,
    logGroupNames: [logGroup.logGroupName],
    view: LogQueryVisualizationType.TABLE,
    queryLines: [
      `filter message = "backfill: ${step}"`,
      `fields @timestamp, ${Object.entries(columns).map(([name, path]) => `result.${path} as ${name}`).join(', ')}`,
      'sort @timestamp desc',
      `limit ${MOST_EXECUTIONS}`,
    ],
    width: WIDTH / 2,
    height: HEIGHT,
  });
}
