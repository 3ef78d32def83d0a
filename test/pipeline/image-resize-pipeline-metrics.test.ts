import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ImageResizePipeline, ImageResizePipelineMetrics } from '../../src';
import { configOf, createStack, synthesize } from '../helpers/cdk';

const metrics = new ImageResizePipelineMetrics('Stack-Pipeline');

test.each<[string, Metric, string, string]>([
  ['processed', metrics.processed(), 'ImagesProcessed', 'Sum'],
  ['failed', metrics.failed(), 'ImagesFailed', 'Sum'],
  ['duration', metrics.duration(), 'ProcessingDuration', 'p95'],
  ['completionTime', metrics.completionTime(), 'CompletionTime', 'p95'],
  ['renditions', metrics.renditions(), 'Renditions', 'Sum'],
  ['bytesIn', metrics.bytesIn(), 'BytesIn', 'Sum'],
  ['bytesOut', metrics.bytesOut(), 'BytesOut', 'Sum'],
])('%s is a metric of the pipeline over five minutes', (_, metric, metricName, statistic) => {
  expect(metric).toMatchObject({ namespace: 'ImageResizePipeline', metricName, statistic, dimensions: { service: 'Stack-Pipeline' } });
  expect(metric.period.toMinutes()).toBe(5);
});

test('failures of one code have a dimension more', () => {
  expect(metrics.failedWith('TOO_LARGE')).toMatchObject({ metricName: 'ImagesFailed', statistic: 'Sum', dimensions: { service: 'Stack-Pipeline', Code: 'TOO_LARGE' } });
});

test('options of the caller come first', () => {
  const metric = metrics.duration({ statistic: 'p50', period: Duration.minutes(1), label: 'median' });
  expect(metric).toMatchObject({ metricName: 'ProcessingDuration', statistic: 'p50', label: 'median' });
  expect(metric.period.toSeconds()).toBe(60);
});

test('metrics are looked up under the name under which the handler counts', () => {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline');
  const { pipelineName } = configOf(synthesize(stack));
  expect(pipeline.metrics.failed().dimensions).toEqual({ service: pipelineName });
});
