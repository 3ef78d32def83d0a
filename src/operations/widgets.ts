import { GraphWidget, GraphWidgetProps, IMetric, IWidget, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { PERIOD } from './watched';

/** Columns of a dashboard. */
export const WIDTH = 24;
export const HEIGHT = 6;
export const PERCENTILES = [50, 95, 99];

/** @param share of the row: one of so many widgets */
export function graph(title: string, share: number, props: Omit<GraphWidgetProps, 'title' | 'width' | 'height'>): IWidget {
  return new GraphWidget({ title, width: WIDTH / share, height: HEIGHT, ...props });
}

export function math(expression: string, label: string, usingMetrics: Record<string, IMetric>): MathExpression {
  return new MathExpression({ expression, label, usingMetrics, period: PERIOD });
}
