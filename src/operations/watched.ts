import { Duration, IResolvable, Tokenization } from 'aws-cdk-lib';
import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnEventInvokeConfig, CfnEventSourceMapping, CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { LISTING_INDEX } from '../contract';
import type { ImageResizePipeline } from '../pipeline/image-resize-pipeline';

export const PERIOD = Duration.minutes(5);

/** Whether anything invokes the function asynchronously, as S3 does. */
export function isInvokedAsync({ resizeFunction }: ImageResizePipeline): boolean {
  return resizeFunction.node.findAll().some((node) => node instanceof CfnEventInvokeConfig);
}

/** Most invocations at a time, where something limits them that is the pipeline's own. */
export function concurrencyLimit(pipeline: ImageResizePipeline): number | undefined {
  const { resizeFunction } = pipeline;
  const reserved = (resizeFunction.node.defaultChild as CfnFunction).reservedConcurrentExecutions;
  if (reserved !== undefined) return reserved;
  if (pipeline.stateMachine || isInvokedAsync(pipeline)) return undefined;
  const limits = resizeFunction.node.findAll()
    .flatMap((node) => (node instanceof CfnEventSourceMapping ? [node.scalingConfig] : []))
    .map((scaling) => (scaling as Exclude<typeof scaling, IResolvable>)?.maximumConcurrency);
  return limits.length === 1 ? limits[0] : undefined;
}

/** Gigabytes of memory, as a term of metric math: it may be a token. */
export function gigabytesOf(lambda: LambdaFunction): string {
  const { memorySize = 128 } = lambda.node.defaultChild as CfnFunction;
  return `${term(memorySize)} / 1024`;
}

/** A number in an expression of metric math, which may be a token. */
export function term(value: number): string {
  return Tokenization.stringifyNumber(value);
}

/** Metrics of a function, with the dimension `FunctionName` alone. */
export const ofFunction = (lambda: LambdaFunction) => ({
  invocations: lambda.metricInvocations({ period: PERIOD, label: 'invocations' }),
  errors: lambda.metricErrors({ period: PERIOD, label: 'errors' }),
  throttles: lambda.metricThrottles({ period: PERIOD, label: 'throttled' }),
  duration: (statistic: string) => lambda.metricDuration({ period: PERIOD, statistic, label: statistic }),
  concurrency: lambda.metric('ConcurrentExecutions', { period: PERIOD, statistic: Stats.MAXIMUM, label: 'at a time' }),
  asyncEventAge: lambda.metric('AsyncEventAge', { period: PERIOD, statistic: Stats.MAXIMUM, label: 'oldest event' }),
  asyncEvents: lambda.metric('AsyncEventsReceived', { period: PERIOD, statistic: Stats.SUM, label: 'events' }),
  lostEvents: lambda.metric('DestinationDeliveryFailures', { period: PERIOD, statistic: Stats.SUM, label: 'events that could not be passed on' }),
});

export const ofQueue = (queue: IQueue) => ({
  waiting: queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM, label: 'waiting' }),
  inFlight: queue.metricApproximateNumberOfMessagesNotVisible({ period: PERIOD, statistic: Stats.MAXIMUM, label: 'in work' }),
  oldest: queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: Stats.MAXIMUM, label: 'oldest message' }),
  sent: queue.metricNumberOfMessagesSent({ statistic: Stats.SUM }),
  received: queue.metricNumberOfMessagesReceived({ statistic: Stats.SUM }),
  deleted: queue.metricNumberOfMessagesDeleted({ statistic: Stats.SUM }),
  empty: queue.metricNumberOfEmptyReceives({ statistic: Stats.SUM }),
});

/** Units of the pipeline's table, and of its listing index, which DynamoDB counts apart. */
export function ofTable({ table }: ImageResizePipeline, metricName: 'ConsumedWriteCapacityUnits' | 'ConsumedReadCapacityUnits') {
  const metric = (dimensions: MetricOptions['dimensionsMap']) => new Metric({
    namespace: 'AWS/DynamoDB', metricName, statistic: Stats.SUM, dimensionsMap: { TableName: table.tableName, ...dimensions },
  });
  return { table: metric({}), index: metric({ GlobalSecondaryIndexName: LISTING_INDEX }) };
}

export function incomingLogBytes(logGroup: ILogGroup): Metric {
  return new Metric({ namespace: 'AWS/Logs', metricName: 'IncomingBytes', statistic: Stats.SUM, dimensionsMap: { LogGroupName: logGroup.logGroupName } });
}
