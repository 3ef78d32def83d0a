import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { packageRoot } from '../../assets/build/layout';
import { ImageBackfill, ImageDistribution, ImageMonitoring, ImageResizePipeline, ImageUploadApi, ResizeTrigger } from '../../src';
import { METRICS } from '../../src/contract';
import { createStack } from '../helpers/cdk';

/** What documents say of the number of resources, and of their price, is counted in templates. */
const read = (file: string) => readFileSync(join(packageRoot, file), 'utf8');
const chapter = (page: string, title: string) => read(page).split(/^## /m).find((text) => text.startsWith(`${title}\n`))!;

type Build = (stack: Stack, pipeline: ImageResizePipeline) => void;

function withPipeline(build: Build, trigger = ResizeTrigger.queue(), reservedConcurrency?: number): Template {
  const stack = createStack();
  build(stack, new ImageResizePipeline(stack, 'Images', { trigger, resizeFunction: { reservedConcurrency } }));
  return Template.fromStack(stack);
}

const alone = withPipeline(() => {});

/** How many resources of a type there are more than of the pipeline alone. */
function more(template: Template, type: string): number {
  const [all, before] = [template, alone].map((one) => Object.keys(one.findResources(type)).length);
  return all - before;
}

function alarmsOf(template: Template): { alarms: number; metrics: number } {
  const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')) as { Properties: { Metrics?: { MetricStat?: unknown }[] } }[];
  const metrics = alarms.map(({ Properties }) => Properties.Metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1);
  return { alarms: alarms.length, metrics: metrics.reduce((sum, count) => sum + count, 0) };
}

const api = (stack: Stack, pipeline: ImageResizePipeline) => new ImageUploadApi(stack, 'Api', { pipeline, authorizer: new HttpIamAuthorizer() });
const watched = withPipeline((stack, pipeline) => { new ImageMonitoring(stack, 'Monitoring', { pipeline }); });

test('watching costs what docs/operations.md says', () => {
  const costs = chapter('docs/operations.md', 'What it costs');
  const { alarms, metrics } = alarmsOf(watched);
  const custom = Object.keys(METRICS).filter((name) => !name.startsWith('backfill')).length;

  expect(costs).toContain(`| custom metrics, if they have values in every hour | ${custom} | $0.30 | $${(custom * 0.3).toFixed(2)} |`);
  expect(costs).toContain(`| metrics in its ${alarms} alarms | ${metrics} | $0.10 | $${(metrics * 0.1).toFixed(2)} |`);
  const all = `$${(custom * 0.3 + metrics * 0.1 + 3).toFixed(2)}`;
  expect(costs).toContain(`| all | | | ${all} |`);
  expect(chapter('README.md', 'What it creates and costs')).toContain(`[${all} a month](docs/operations.md#what-it-costs)`);
});

test('what else is watched adds what docs/operations.md says', () => {
  const costs = chapter('docs/operations.md', 'What it costs');
  const added = (build: Build) => alarmsOf(withPipeline(build)).metrics - alarmsOf(watched).metrics;
  const ofApi = added((stack, pipeline) => { new ImageMonitoring(stack, 'Monitoring', { pipeline, api: api(stack, pipeline) }); });
  const [ofBackfill, ofPruning] = [false, true].map((prune) => added((stack, pipeline) => {
    new ImageMonitoring(stack, 'Monitoring', { pipeline, backfill: new ImageBackfill(stack, 'Backfill', { pipeline, prune }) });
  }));

  expect(costs.replaceAll('\n', ' ')).toContain(`A watched \`api\` adds ${ofApi} metric in an alarm. A watched \`backfill\` adds ${ofBackfill}, and ${ofPruning} with \`prune\``);
});

describe('the README says what is created', () => {
  const text = chapter('README.md', 'What it creates and costs');

  test('by ImageUploadApi and ImageDistribution', () => {
    const withApi = withPipeline((stack, pipeline) => { api(stack, pipeline); });
    expect(text).toContain('| `ImageUploadApi` | an HTTP API with access logs, and its function |');
    expect(['AWS::ApiGatewayV2::Api', 'AWS::Lambda::Function', 'AWS::S3::Bucket'].map((type) => more(withApi, type))).toEqual([1, 1, 0]);
    const delivered = withPipeline((stack, pipeline) => { new ImageDistribution(stack, 'Delivery', { pipeline }); });
    expect(text).toContain('| `ImageDistribution` | a CloudFront distribution |');
    expect(['AWS::CloudFront::Distribution', 'AWS::Lambda::Function', 'AWS::S3::Bucket'].map((type) => more(delivered, type))).toEqual([1, 0, 0]);
  });

  test('by ImageBackfill', () => {
    expect(text).toContain('| `ImageBackfill` | a state machine, two functions, and a bucket for reports; with `prune` one state machine and one function more |');
    const counts = [false, true].map((prune) => {
      const template = withPipeline((stack, pipeline) => { new ImageBackfill(stack, 'Backfill', { pipeline, prune }); });
      return ['AWS::StepFunctions::StateMachine', 'AWS::Lambda::Function', 'AWS::S3::Bucket'].map((type) => more(template, type));
    });
    expect(counts).toEqual([[1, 2, 1], [2, 3, 1]]);
  });

  test('by ImageMonitoring', () => {
    const everything = (stack: Stack, pipeline: ImageResizePipeline) => new ImageMonitoring(stack, 'Monitoring', {
      pipeline, api: api(stack, pipeline), backfill: new ImageBackfill(stack, 'Backfill', { pipeline, prune: true }),
    });
    const triggers = [ResizeTrigger.queue(), ResizeTrigger.s3Notifications(), ResizeTrigger.stepFunctions()];
    const fewest = triggers.map((trigger) => alarmsOf(withPipeline((stack, pipeline) => { new ImageMonitoring(stack, 'Monitoring', { pipeline }); }, trigger)).alarms);
    const most = triggers.map((trigger) => alarmsOf(withPipeline((stack, pipeline) => { everything(stack, pipeline); }, trigger, 10)).alarms);
    expect(text).toContain(`a dashboard and ${Math.min(...fewest)} to ${Math.max(...most)} alarms`);
    expect(more(watched, 'AWS::CloudWatch::Dashboard')).toBe(1);
  });
});
