import { runInNewContext } from 'node:vm';
import { AlarmProperties, NamedMetric, queriesOf } from './named-metrics';

/** A value of a metric that was really counted. */
export interface Emitted extends NamedMetric {
  readonly value: number;
}

interface Emf {
  readonly _aws: {
    readonly CloudWatchMetrics: { readonly Namespace: string; readonly Dimensions: string[][]; readonly Metrics: { readonly Name: string }[] }[];
  };
  readonly [name: string]: unknown;
}

/** What CloudWatch takes from lines in the embedded metric format. */
export function emittedBy(lines: readonly Record<string, unknown>[]): Emitted[] {
  return (lines as unknown as Emf[]).flatMap((line) => line._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => Metrics.flatMap(({ Name }) => [line[Name]].flat().map((value) => ({
      namespace: Namespace, name: Name, dimensions: Object.fromEntries(names.map((name) => [name, String(line[name])])), value: Number(value),
    }))))));
}

/** The name of a metric with its dimensions, whatever their order. */
export function idOf({ namespace, name, dimensions }: NamedMetric): string {
  return `${namespace} ${name} ${Object.entries(dimensions).map((pair) => pair.join('=')).sort().join(' ')}`;
}

/** Whether an alarm goes off when all values are of one period: its metric math, computed on them. */
export function goesOff(alarm: AlarmProperties, emitted: readonly Emitted[]): boolean {
  const ids: Record<string, number | undefined> = {};
  for (const [id, { statistic, ...metric }] of Object.entries(queriesOf(alarm))) {
    ids[id] = statisticOf(statistic, emitted.filter((each) => idOf(each) === idOf(metric)).map(({ value }) => value));
  }
  // A metric with a label is listed as expressions are.
  const { Expression, Id } = alarm.Metrics?.find(({ ReturnData }) => ReturnData !== false) ?? { Id: 'it' };
  const value = Expression ? compute(Expression, ids) : ids[Id];
  return value !== undefined && !Number.isNaN(value) && value >= alarm.Threshold;
}

/** The arithmetic of CloudWatch is that of JavaScript, as far as it is used; its functions are these. */
function compute(expression: string, ids: Readonly<Record<string, number | undefined>>): number | undefined {
  const functions = {
    FILL: (value: number | undefined, missing: number) => value ?? missing,
    IF: (condition: boolean, then: number, otherwise: number) => (condition ? then : otherwise),
  };
  return runInNewContext(expression, { ...functions, ...ids }) as number;
}

function statisticOf(statistic: string, values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  if (statistic === 'Sum') return values.reduce((sum, value) => sum + value, 0);
  if (statistic === 'Maximum') return Math.max(...values);
  const [, percentile] = /^p(\d+)$/.exec(statistic) ?? [];
  if (!percentile) throw new Error(`the statistic ${statistic} is not known here`);
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil((Number(percentile) / 100) * sorted.length) - 1];
}
