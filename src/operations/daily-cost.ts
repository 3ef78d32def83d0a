import { Duration } from 'aws-cdk-lib';
import { IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { ImageMonitoringPrices } from './image-monitoring-prices';
import type { ImageMonitoringProps } from './image-monitoring-props';
import { gbSecondsOf, LIST_PRICES } from './list-prices';
import { gigabytesOf, incomingLogBytes, ofFunction, ofQueue, ofTable, term } from './watched';

const DAY = Duration.days(1);
const MILLION = '1000000';
/** Of an execution in which every step succeeds: all states but those of the renditions. */
const TRANSITIONS_OF_EXECUTION = 7;
/** With a state machine: see `ResizeTrigger.stepFunctions`. */
const READS_BESIDE_RENDITIONS = 2;

const PRICES: Required<Omit<ImageMonitoringPrices, 'lambdaGbSeconds'>> = LIST_PRICES;

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

function partsOf({ pipeline, api }: ImageMonitoringProps, prices: typeof PRICES & ImageMonitoringPrices): Part[] {
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
  ];
}

function ofLambda(label: string, prefix: string, lambda: LambdaFunction, prices: typeof PRICES & ImageMonitoringPrices): Part {
  const { duration, invocations } = ofFunction(lambda);
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
