import { Duration } from 'aws-cdk-lib';
import { IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { ImageAlarm } from './image-alarm';
import { term } from './watched';

export const SHARE_PERIOD = Duration.minutes(15);

export interface AlarmDefinition {
  readonly kind: ImageAlarm;
  /** @default - that of the kind */
  readonly id?: string;
  /** What it means and what to do first. */
  readonly says: string;
  readonly metric: IMetric;
  readonly threshold: number;
  /** In a row. @default 1 */
  readonly periods?: number;
}

/** Percent of all, or nothing where there are too few to tell. */
export function share(part: string, all: string, minimum: number, usingMetrics: Record<string, IMetric>): MathExpression {
  return new MathExpression({
    expression: `IF(${all} >= ${term(minimum)}, 100 * FILL(${part}, 0) / (${all}), 0)`,
    usingMetrics,
    period: SHARE_PERIOD,
    label: 'percent',
  });
}
