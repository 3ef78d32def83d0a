import { Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { ImageResizePipeline, ImageResizePipelineProps } from '../../src';
import { configOf, createApp, createStack, propertiesOf, rightsOf, synthesize } from '../helpers/cdk';

function pipelineIn(stack: Stack, props: ImageResizePipelineProps = {}) {
  return new ImageResizePipeline(stack, 'Pipeline', props);
}

const tellingRights = (stack: Stack) => rightsOf(synthesize(stack), 'PipelineRole').filter((right) => right.startsWith('events:'));

test('by default nothing is told, and nobody may', () => {
  const stack = createStack();
  pipelineIn(stack);

  expect(configOf(synthesize(stack)).events).toBeUndefined();
  expect(tellingRights(stack)).toEqual([]);
  synthesize(stack).resourceCountIs('AWS::Events::Rule', 0);
});

test.each([
  ['onCompleted', 'Image Completed'],
  ['onFailed', 'Image Failed'],
  ['onDeleted', 'Image Deleted'],
] as const)('%s makes a rule for "%s" of this pipeline, and has the function tell', (method, detailType) => {
  const stack = createStack();
  const pipeline = pipelineIn(stack);
  pipeline[method]('Rule', { target: new LambdaFunction(pipeline.resizeFunction), ruleName: 'images', description: 'What became of them' });
  const template = synthesize(stack);

  expect(propertiesOf(template, 'AWS::Events::Rule')).toMatchObject({
    Name: 'images',
    Description: 'What became of them',
    EventPattern: { 'source': ['image-resize-pipeline'], 'detail-type': [detailType], 'detail': { pipeline: [pipeline._config().pipelineName] } },
    Targets: [{ Arn: 'PipelineFunction.Arn' }],
  });
  expect(propertiesOf(template, 'AWS::Events::Rule')).not.toHaveProperty('EventBusName');
  expect(configOf(template).events).toEqual({ bus: 'default' });
  expect(tellingRights(stack)).toEqual([expect.stringMatching(/^events:PutEvents arn:.*:event-bus\/default$/)]);
});

test('several rules give the right once, and what else an event must match is kept', () => {
  const stack = createStack();
  const pipeline = pipelineIn(stack);
  pipeline.onFailed('Every');
  pipeline.onCompleted('Animated', { eventPattern: { detail: { original: { format: ['gif'] } } } });

  expect(tellingRights(stack)).toHaveLength(1);
  expect(propertiesOf(synthesize(stack), 'AWS::Events::Rule', 'PipelineAnimated').EventPattern).toEqual({
    'source': ['image-resize-pipeline'],
    'detail-type': ['Image Completed'],
    'detail': { original: { format: ['gif'] }, pipeline: [pipeline._config().pipelineName] },
  });
});

test('events go to a bus of one\'s own, also without a rule', () => {
  const stack = createStack();
  const pipeline = pipelineIn(stack, { events: { eventBus: new EventBus(stack, 'Bus') } });
  expect(pipeline._config().events).toBeDefined();

  pipeline.onFailed('Failed');
  expect(tellingRights(stack)).toEqual(['events:PutEvents Bus.Arn']);
  expect(propertiesOf(synthesize(stack), 'AWS::Events::Rule')).toMatchObject({ EventBusName: 'Bus' });
});

test('the events prop alone switches them on, on the default bus', () => {
  const stack = createStack();
  pipelineIn(stack, { events: {} });

  expect(configOf(synthesize(stack)).events).toEqual({ bus: 'default' });
});

test('a rule can be in the stack of its target', () => {
  const app = createApp();
  const [stack, other] = [createStack('Stack', app), createStack('Other', app)];
  pipelineIn(stack).onCompleted('Rule', { crossStackScope: other });

  synthesize(other).resourceCountIs('AWS::Events::Rule', 1);
});

test('the function is told to tell only when it may', () => {
  const stack = createStack();
  pipelineIn(stack, { events: {} });
  const template = synthesize(stack);
  const [policy] = Object.keys(template.findResources('AWS::IAM::Policy')).filter((id) => id.startsWith('PipelineRole'));

  const [{ DependsOn }] = Object.values(template.findResources('AWS::Lambda::Function')).filter(({ Properties }) => Properties.Description.startsWith('Makes'));
  expect(DependsOn).toEqual(expect.arrayContaining([policy]));
});

test('fails for a bus of another region', () => {
  const stack = createStack('Stack', createApp(), { env: { region: 'eu-central-1', account: '123456789012' } });
  const eventBus = EventBus.fromEventBusArn(stack, 'Bus', 'arn:aws:events:ap-south-1:123456789012:event-bus/other');

  expect(() => pipelineIn(stack, { events: { eventBus } })).toThrow('events.eventBus');
});
