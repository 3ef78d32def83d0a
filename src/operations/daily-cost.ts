import { Duration } from 'aws-cdk-lib';
import { IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ImageBackfill } from './backfill/image-backfill';
import type { ImageMonitoringPrices } from './image-monitoring-prices';
import type { ImageMonitoringProps } from './image-monitoring-props';
import { gbSecondsOf, LIST_PRICES } from './list-prices';
import { gigabytesOf, incomingLogBytes, ofFunction, ofQueue, ofTable, term } from './watched';

const DAY = Duration.days(1);
const MILLION = '1000000';
/** Of an execution in which every step succeeds: all states but those of the renditions. */
const TRANSITIONS_OF_EXECUTION = 7;
/** Of a workflow of a backfill that is charged by them. */
const TRANSITIONS_OF_BACKFILL = 3;
/** Memory that a workflow is charged for which is not. */
const EXPRESS_GIGABYTES = '64 / 1024';
/** With a state machine: see `ResizeTrigger.stepFunctions`. */
const READS_BESIDE_RENDITIONS = 2;

const PRICES: Required<Omit<ImageMonitoringPrices, 'lambdaGbSeconds'>> = LIST_PRICES;

type Prices = typeof PRICES & ImageMonitoringPrices;

interface Part {
  readonly label: string;
  /** US dollars. */
  readonly expression: string;
  readonly metrics: Record<string, IMetric>;
}

export interface DailyCost {
  /** US dollars of a day. */
  readonly total: MathExpression;
  readonly parts: MathExpression[];
}

/** What a day costs, by what AWS and the pipeline count. Of what is stored, transferred and watched it has nothing. */
export function dailyCost(props: ImageMonitoringProps): DailyCost {
  const given = Object.fromEntries(Object.entries(props.prices ?? {}).filter(([, price]) => price !== undefined));
  const parts = partsOf(props, { ...PRICES, ...given });
  const math = (expression: string, label: string, usingMetrics: Record<string, IMetric>) =>
    new MathExpression({ expression, label, usingMetrics, period: DAY });
  return {
    total: math(parts.map(({ expression }) => expression).join(' + '), 'US dollars', Object.assign({}, ...parts.map(({ metrics }) => metrics))),
    parts: parts.map(({ label, expression, metrics }) => math(expression, label, metrics)),
  };
}

function partsOf(props: ImageMonitoringProps, prices: Prices): Part[] {
  const { pipeline, api, backfill } = props;
  const { metrics, queue, stateMachine } = pipeline;
  const [writes, reads] = [ofTable(pipeline, 'ConsumedWriteCapacityUnits'), ofTable(pipeline, 'ConsumedReadCapacityUnits')];
  const reading = stateMachine ? `${sum('renditions')} + ${READS_BESIDE_RENDITIONS} * (${sum('completed', 'failed')})` : sum('completed', 'failed');
  return [
    ofLambda('Lambda', '', pipeline.resizeFunction, prices),
    {
      label: 'S3 requests',
      expression: perMillion([sum('renditions'), prices.s3Puts], [reading, prices.s3Gets]),
      metrics: { renditions: metrics.renditions(), completed: metrics.processed(), failed: metrics.failed() },
    },
    ...queue ? [{
      label: 'SQS',
      expression: perMillion([sum('sent', 'received', 'deleted', 'empty'), prices.sqsRequests]),
      metrics: pick(ofQueue(queue), 'sent', 'received', 'deleted', 'empty'),
    }] : [],
    ...stateMachine ? [{
      label: 'Step Functions',
      expression: perMillion([`${TRANSITIONS_OF_EXECUTION} * ${sum('started')} + ${sum('renditions')}`, prices.stateTransitions]),
      metrics: { started: stateMachine.metricStarted(), renditions: metrics.renditions() },
    }] : [],
    {
      label: 'DynamoDB',
      expression: perMillion([sum('writes', 'indexWrites'), prices.dynamoWriteUnits], [sum('reads', 'indexReads'), prices.dynamoReadUnits]),
      metrics: { writes: writes.table, indexWrites: writes.index, reads: reads.table, indexReads: reads.index },
    },
    { label: 'logs', expression: `${sum('logBytes')} / 1000000000 * ${term(prices.logsGigabyte)}`, metrics: { logBytes: incomingLogBytes(pipeline.logGroup) } },
    ...api ? [
      ofLambda('Lambda of the API', 'api', api.apiFunction, prices),
      { label: 'API Gateway', expression: perMillion([sum('apiRequests'), prices.httpApiRequests]), metrics: { apiRequests: api.stage.metricCount() } },
    ] : [],
    ...backfill ? ofBackfill(props, backfill, prices) : [],
  ];
}

/** Of its images: what lists and plans is next to nothing beside them. Requests of S3 and the table are in those of the pipeline. */
function ofBackfill({ pipeline: { metrics, resizeFunction } }: ImageMonitoringProps, { _watched }: ImageBackfill, prices: Prices): Part[] {
  const { laneFunctionName, isStandard } = _watched;
  const lane = ofLambda('Lambda of the backfill', 'backfill', resizeFunction, prices, laneFunctionName);
  const images = sum('backfillImages');
  const workflows = isStandard
    ? perMillion([`${TRANSITIONS_OF_BACKFILL} * ${images}`, prices.stateTransitions])
    : perMillion([images, prices.expressRequests], [`${sum('backfillmilliseconds')} / 1000 * ${EXPRESS_GIGABYTES}`, prices.expressGbSeconds]);
  const { backfillmilliseconds } = lane.metrics;
  return [lane, {
    label: 'Step Functions of the backfill',
    expression: workflows,
    metrics: { backfillImages: metrics.backfillImages(), ...isStandard ? {} : { backfillmilliseconds } },
  }];
}

/** @param functionName of another function with the same memory and processor */
function ofLambda(label: string, prefix: string, lambda: LambdaFunction, prices: Prices, functionName = lambda.functionName): Part {
  const { duration, invocations } = ofFunction(functionName);
  const [time, requests] = [`${prefix}milliseconds`, `${prefix}invocations`];
  const gbSeconds = prices.lambdaGbSeconds ?? gbSecondsOf(lambda);
  return {
    label,
    expression: perMillion([`${sum(time)} / 1000 * ${gigabytesOf(lambda)}`, gbSeconds], [sum(requests), prices.lambdaRequests]),
    metrics: { [time]: duration('Sum'), [requests]: invocations },
  };
}

/** What is missing is none: CloudWatch would show no sum at all. */
function sum(...ids: string[]): string {
  return ids.map((id) => `FILL(${id}, 0)`).join(' + ');
}

function perMillion(...counted: [expression: string, price: number][]): string {
  return `(${counted.map(([expression, price]) => `(${expression}) * ${term(price)}`).join(' + ')}) / ${MILLION}`;
}

function pick<T, K extends keyof T>(from: T, ...names: K[]): Pick<T, K> {
  return Object.fromEntries(names.map((name) => [name, from[name]])) as Pick<T, K>;
}
