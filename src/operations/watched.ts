import { Duration, IResolvable, Tokenization } from 'aws-cdk-lib';
import { Metric, MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnEventInvokeConfig, CfnEventSourceMapping, CfnFunction, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { IQueue } from 'aws-cdk-lib/aws-sqs';
import { IStateMachine } from 'aws-cdk-lib/aws-stepfunctions';
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

/**
 * Metrics of a function, by its name alone: what CDK knows of one that is given by its ARN, it takes apart for account and region.
 */
export function ofFunction(functionName: string) {
  const metric = (metricName: string, statistic: string, label: string) =>
    new Metric({ namespace: 'AWS/Lambda', metricName, dimensionsMap: { FunctionName: functionName }, period: PERIOD, statistic, label });
  return {
    invocations: metric('Invocations', Stats.SUM, 'invocations'),
    errors: metric('Errors', Stats.SUM, 'errors'),
    throttles: metric('Throttles', Stats.SUM, 'throttled'),
    duration: (statistic: string) => metric('Duration', statistic, statistic),
    concurrency: metric('ConcurrentExecutions', Stats.MAXIMUM, 'at a time'),
    asyncEventAge: metric('AsyncEventAge', Stats.MAXIMUM, 'oldest event'),
    asyncEvents: metric('AsyncEventsReceived', Stats.SUM, 'events'),
    lostEvents: metric('DestinationDeliveryFailures', Stats.SUM, 'events that could not be passed on'),
  };
}

export const ofQueue = (queue: IQueue) => ({
  waiting: queue.metricApproximateNumberOfMessagesVisible({ period: PERIOD, statistic: Stats.MAXIMUM, label: 'waiting' }),
  inFlight: queue.metricApproximateNumberOfMessagesNotVisible({ period: PERIOD, statistic: Stats.MAXIMUM, label: 'in work' }),
  oldest: queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, statistic: Stats.MAXIMUM, label: 'oldest message' }),
  sent: queue.metricNumberOfMessagesSent({ statistic: Stats.SUM }),
  received: queue.metricNumberOfMessagesReceived({ statistic: Stats.SUM }),
  deleted: queue.metricNumberOfMessagesDeleted({ statistic: Stats.SUM }),
  empty: queue.metricNumberOfEmptyReceives({ statistic: Stats.SUM }),
});

export const ofStateMachine = (machine: IStateMachine) => ({
  started: machine.metricStarted({ period: PERIOD, label: 'started' }),
  succeeded: machine.metricSucceeded({ period: PERIOD, label: 'succeeded' }),
  failed: machine.metricFailed({ period: PERIOD, label: 'failed' }),
  timedOut: machine.metricTimedOut({ period: PERIOD, label: 'timed out' }),
  stopped: machine.metricAborted({ period: PERIOD, label: 'stopped' }),
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
