import { Template } from 'aws-cdk-lib/assertions';
import { plain } from '../helpers/cdk';

/** A metric by which something is counted, or looked up. */
export interface NamedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** A metric or an expression of an alarm, as CloudFormation has it. */
interface AlarmQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Metric: AlarmMetric; readonly Stat: string };
  readonly ReturnData?: boolean;
}

interface AlarmMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
}

export interface AlarmProperties extends Partial<AlarmMetric> {
  readonly AlarmDescription: string;
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly Period?: number;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Metrics?: readonly AlarmQuery[];
  readonly TreatMissingData?: string;
  readonly AlarmActions?: readonly string[];
  readonly OKActions?: readonly string[];
}

export interface Widget {
  readonly type: string;
  readonly properties: { readonly title?: string; readonly metrics?: readonly (readonly unknown[])[]; readonly query?: string };
}

/** The alarms of a template by their construct id: references are as `plain` writes them. */
export function alarmsOf(template: Template, monitoring = 'Monitoring'): Record<string, AlarmProperties> {
  return Object.fromEntries(Object.entries(template.findResources('AWS::CloudWatch::Alarm')).map(([id, { Properties }]) =>
    [id.slice(monitoring.length, -8), plain(Properties) as AlarmProperties]));
}

/** The widgets of the only dashboard of a template. */
export function widgetsOf(template: Template): Widget[] {
  const [{ Properties }] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  return (JSON.parse(plain(Properties.DashboardBody) as string) as { widgets: Widget[] }).widgets;
}

/** The metrics that an alarm looks at, by the ids of its expressions; a single metric has the id `it`. */
export function queriesOf(alarm: AlarmProperties): Record<string, NamedMetric & { readonly statistic: string }> {
  const single = { Metric: alarm as AlarmMetric, Stat: alarm.ExtendedStatistic ?? alarm.Statistic! };
  const queries: readonly AlarmQuery[] = alarm.Metrics ?? [{ Id: 'it', MetricStat: single }];
  return Object.fromEntries(queries.flatMap(({ Id, MetricStat: stat }) => (stat ? [[Id, { ...metricOf(stat.Metric), statistic: stat.Stat }]] : [])));
}

/** Every metric that an alarm or a widget of the template names. */
export function namedMetrics(template: Template): NamedMetric[] {
  const inAlarms = Object.values(alarmsOf(template)).flatMap((alarm) => Object.values(queriesOf(alarm)).map(({ statistic, ...metric }) => metric));
  const inWidgets = widgetsOf(template).flatMap(({ properties: { metrics = [] } }) => metrics.filter(([first]) => typeof first === 'string').map(ofRow));
  return [...inAlarms, ...inWidgets];
}

/** What widgets look for, by its namespace, the names of its dimensions, and the values that it wants of them and of the metric's name. */
export function searches(template: Template): { namespace: string; dimensions: string[]; wanted: Record<string, string> }[] {
  return expressionsOf(template).flatMap((expression) => [...expression.matchAll(/SEARCH\('\{([^}]*)\} ([^']*)'/g)]).map(([, schema, terms]) => {
    const [namespace, ...dimensions] = schema.split(',');
    return { namespace, dimensions, wanted: Object.fromEntries([...terms.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value])) };
  });
}

export function expressionsOf(template: Template): string[] {
  const rows = widgetsOf(template).flatMap(({ properties: { metrics = [] } }) => metrics);
  return rows.flatMap(([first]) => (typeof first === 'string' ? [] : [(first as { expression: string }).expression]));
}

function metricOf({ Namespace, MetricName, Dimensions = [] }: AlarmMetric): NamedMetric {
  return { namespace: Namespace, name: MetricName, dimensions: Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])) };
}

/** As dashboards write a metric: namespace, name, then names and values of dimensions. */
function ofRow(row: readonly unknown[]): NamedMetric {
  const [namespace, name, ...rest] = row.filter((part) => typeof part === 'string');
  const pairs = Array.from({ length: rest.length / 2 }, (_, at) => [rest[2 * at], rest[2 * at + 1]]);
  return { namespace, name, dimensions: Object.fromEntries(pairs) as Record<string, string> };
}
