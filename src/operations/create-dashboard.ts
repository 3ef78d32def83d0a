import { Duration } from 'aws-cdk-lib';
import {
  Alarm, AlarmStatusWidget, Dashboard, GraphWidget, IMetric, IWidget, LogQueryVisualizationType, LogQueryWidget, SearchExpression, SingleValueWidget,
  Stats,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { backfillWidgets } from './backfill-widgets';
import { dailyCost } from './daily-cost';
import type { ImageMonitoringProps } from './image-monitoring-props';
import { isInvokedAsync, ofFunction, ofQueue, ofStateMachine, PERIOD } from './watched';
import { graph, HEIGHT, math, PERCENTILES, WIDTH } from './widgets';
import { CODE_DIMENSION, METRICS, METRICS_NAMESPACE, PIPELINE_DIMENSION } from '../contract';
import type { ImageResizePipeline } from '../pipeline/image-resize-pipeline';
import type { ImageUploadApi } from '../uploads/image-upload-api';

export function createDashboard(scope: Construct, props: ImageMonitoringProps, alarms: readonly Alarm[]): Dashboard {
  const { pipeline, api, backfill, dashboardName } = props;
  return new Dashboard(scope, 'Dashboard', {
    dashboardName,
    defaultInterval: Duration.days(1),
    widgets: [
      ...alarms.length > 0 ? [[new AlarmStatusWidget({ title: 'Alarms', alarms: [...alarms], width: WIDTH, height: 4 })]] : [],
      [throughput(pipeline), completionTime(pipeline)],
      backlog(pipeline),
      [bytes(pipeline), formats(pipeline), failureCodes(pipeline)],
      resizeFunction(pipeline),
      ...api ? [apiWidgets(api)] : [],
      ...backfill ? backfillWidgets(pipeline, backfill) : [],
      cost(props),
    ],
  });
}

function throughput({ metrics }: ImageResizePipeline): IWidget {
  return graph('Images', 2, {
    left: [metrics.processed({ label: 'completed' }), metrics.failed({ label: 'failed' })],
    right: [metrics.renditions({ label: 'renditions' })],
  });
}

function completionTime({ metrics }: ImageResizePipeline): IWidget {
  return graph('From upload to completed', 2, {
    left: [
      ...PERCENTILES.map((percentile) => metrics.completionTime({ statistic: Stats.percentile(percentile), label: `p${percentile}` })),
      metrics.duration({ label: 'processing alone, p95' }),
    ],
    leftYAxis: { label: 'milliseconds', showUnits: false, min: 0 },
  });
}

/** What waits, where it does: in the queue, at Lambda, in executions; and what has been given up. */
function backlog(pipeline: ImageResizePipeline): IWidget[] {
  const { queue, stateMachine, deadLetterQueue, resizeFunction: lambda } = pipeline;
  const count: IMetric[] = [ofQueue(deadLetterQueue).waiting.with({ label: 'dead letters' })];
  const age: IMetric[] = [];
  if (queue) {
    const { waiting, inFlight, oldest } = ofQueue(queue);
    count.unshift(waiting, inFlight);
    age.push(math('1000 * oldestMessage', 'oldest message', { oldestMessage: oldest }));
  }
  if (isInvokedAsync(pipeline)) age.push(ofFunction(lambda.functionName).asyncEventAge);
  const ended: IMetric[] = stateMachine ? Object.values(ofStateMachine(stateMachine)) : [];
  const widgets = 1 + (age.length > 0 ? 1 : 0) + (ended.length > 0 ? 1 : 0);
  return [
    graph('Backlog', widgets, { left: count }),
    ...age.length > 0 ? [graph('Oldest', widgets, { left: age, leftYAxis: { label: 'milliseconds', showUnits: false, min: 0 } })] : [],
    ...ended.length > 0 ? [graph('Executions', widgets, { left: ended })] : [],
  ];
}

function bytes({ metrics }: ImageResizePipeline): IWidget {
  const [bytesIn, bytesOut] = [metrics.bytesIn({ label: 'originals' }), metrics.bytesOut({ label: 'renditions' })];
  return graph('Bytes', 3, { left: [bytesIn, bytesOut, math('bytesIn - bytesOut', 'saved', { bytesIn, bytesOut })] });
}

/** By the log and not by a metric, which would be one more for each format. */
function formats({ logGroup }: ImageResizePipeline): IWidget {
  return new LogQueryWidget({
    title: 'Formats of originals',
    logGroupNames: [logGroup.logGroupName],
    view: LogQueryVisualizationType.TABLE,
    queryLines: [
      'filter message = "image completed"',
      'stats count(*) as images, sum(original.bytes) as bytes by original.format as format',
      'sort images desc',
    ],
    width: WIDTH / 3,
    height: HEIGHT,
  });
}

/** Whichever there are: no code has to be listed, nor is any made up. */
function failureCodes({ metrics }: ImageResizePipeline): IWidget {
  const pipelineName = metrics.failed().dimensions![PIPELINE_DIMENSION] as string;
  const schema = [METRICS_NAMESPACE, PIPELINE_DIMENSION, CODE_DIMENSION].join(',');
  return graph('Failures by code', 3, {
    left: [new SearchExpression({
      expression: `SEARCH('{${schema}} MetricName="${METRICS.failed}" ${PIPELINE_DIMENSION}="${pipelineName}"', '${Stats.SUM}', ${PERIOD.toSeconds()})`,
      label: `\${PROP('Dim.${CODE_DIMENSION}')}`,
      period: PERIOD,
    })],
  });
}

function resizeFunction({ resizeFunction: lambda }: ImageResizePipeline): IWidget[] {
  const { invocations, errors, throttles, duration, concurrency } = ofFunction(lambda.functionName);
  return [
    graph('Invocations', 3, { left: [invocations], right: [errors, throttles] }),
    graph('Duration', 3, {
      left: [...PERCENTILES.map((percentile) => duration(Stats.percentile(percentile))), duration(Stats.MAXIMUM)],
      leftAnnotations: [{ value: lambda.timeout!.toMilliseconds(), label: 'timeout' }],
      leftYAxis: { label: 'milliseconds', showUnits: false, min: 0 },
    }),
    graph('Invocations at a time', 3, { left: [concurrency] }),
  ];
}

function apiWidgets({ stage }: ImageUploadApi): IWidget[] {
  const label = (percentile: number) => ({ period: PERIOD, statistic: Stats.percentile(percentile), label: `p${percentile}` });
  return [
    graph('Requests of the API', 2, {
      left: [stage.metricCount({ period: PERIOD, label: 'requests' })],
      right: [stage.metricClientError({ period: PERIOD, label: '4xx' }), stage.metricServerError({ period: PERIOD, label: '5xx' })],
    }),
    graph('Latency of the API', 2, {
      left: PERCENTILES.map((percentile) => stage.metricLatency(label(percentile))),
      leftYAxis: { label: 'milliseconds', showUnits: false, min: 0 },
    }),
  ];
}

function cost(props: ImageMonitoringProps): IWidget[] {
  const { total, parts } = dailyCost(props);
  return [
    new SingleValueWidget({ title: 'Cost of the day in US dollars', metrics: [total], width: WIDTH / 4, height: HEIGHT }),
    new GraphWidget({
      title: 'Cost by day in US dollars',
      left: parts,
      stacked: true,
      start: '-P14D',
      end: 'P0D',
      width: WIDTH * 3 / 4,
      height: HEIGHT,
      leftYAxis: { showUnits: false, min: 0 },
    }),
  ];
}
