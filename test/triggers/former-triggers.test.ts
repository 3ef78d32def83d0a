import { Template } from 'aws-cdk-lib/assertions';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ImageResizePipeline, ImageResizePipelineProps, ResizeTrigger, ResizeTriggerConfig } from '../../src';
import { configOf, createBucket, createStack, plain, propertiesOf, synthesize } from '../helpers/cdk';

const KINDS = ['queue', 's3Notifications', 'eventBridge', 'stepFunctions'] as const;
type Kind = typeof KINDS[number];
const PAIRS = KINDS.flatMap((former) => KINDS.filter((kind) => kind !== former).map((kind) => [former, kind] as const));

function deployed(props: ImageResizePipelineProps): { pipeline: ImageResizePipeline; template: Template } {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', { outputPrefix: 'out/', processing: { deleteRenditions: true }, ...props });
  pipeline.addSource(createBucket(stack), { prefix: 'more/', outputPrefix: 'other/' });
  return { pipeline, template: synthesize(stack) };
}

const changed = (from: Kind, to: Kind) => deployed({ trigger: ResizeTrigger[to](), formerTriggers: [ResizeTrigger[from]()] }).template;
const resourcesOf = (template: Template) => template.toJSON().Resources as Record<string, { Type: string; Properties: unknown }>;

/** What holds events that were sent, or works on them. */
const HOLDING = [
  'AWS::SQS::Queue', 'AWS::Lambda::EventSourceMapping', 'AWS::Lambda::EventInvokeConfig', 'AWS::StepFunctions::StateMachine', 'AWS::Events::Rule',
];

describe.each(PAIRS)('a change from %s to %s', (from, to) => {
  const template = changed(from, to);
  const before = deployed({ trigger: ResizeTrigger[from]() }).template;
  const after = deployed({ trigger: ResizeTrigger[to]() }).template;

  test('keeps all that holds events, or works on them', () => {
    const held = Object.entries(resourcesOf(before)).filter(([, { Type }]) => HOLDING.includes(Type)).map(([id]) => id);
    expect(held).not.toEqual([]);
    expect(Object.keys(resourcesOf(template))).toEqual(expect.arrayContaining(held));
  });

  test('ends with what the new trigger alone has, under the same ids', () => {
    expect(Object.keys(resourcesOf(template))).toEqual(expect.arrayContaining(Object.keys(resourcesOf(after))));
  });

  test('sends where the new trigger alone would', () => {
    expect(destinationsOf(template)).toEqual(expect.arrayContaining(destinationsOf(after)));
  });

  test('tries what waits as often as it would have been', () => {
    const { maxTries } = configOf(template);
    expect(maxTries).toBe(3);
    expect(propertiesOf(template, 'AWS::SQS::Queue', 'PipelineQueue').RedrivePolicy.maxReceiveCount).toBe(maxTries + 2);
  });
});

const DIRECT: readonly Kind[] = ['queue', 's3Notifications'];
test.each(PAIRS.filter((pair) => !pair.every((kind) => DIRECT.includes(kind))))(
  'events still go to %s as well beside %s, for EventBridge takes minutes to begin', (from, to) => {
    const before = deployed({ trigger: ResizeTrigger[from]() }).template;
    expect(destinationsOf(changed(from, to))).toEqual(expect.arrayContaining(destinationsOf(before)));
  });

test.each<[Kind, Kind]>([['queue', 's3Notifications'], ['s3Notifications', 'queue']])('S3, which takes one destination, goes from %s to %s at once', (from, to) => {
  expect(destinationsOf(changed(from, to))).toEqual(destinationsOf(deployed({ trigger: ResizeTrigger[to]() }).template));
});

test('several former triggers share what they have in common', () => {
  const { pipeline, template } = deployed({
    trigger: ResizeTrigger.stepFunctions(),
    formerTriggers: [ResizeTrigger.queue({ maxTries: 5 }), ResizeTrigger.eventBridge(), ResizeTrigger.s3Notifications()],
  });
  template.resourceCountIs('AWS::SQS::Queue', 2);
  template.resourceCountIs('AWS::Events::Rule', 2);
  expect(configOf(template).maxTries).toBe(5);
  expect([pipeline.queue!.node.path, pipeline.stateMachine!.node.path]).toEqual(['Stack/Pipeline/Queue', 'Stack/Pipeline/StateMachine']);
});

test('a trigger of one\'s own may be the former one', () => {
  class Backlog extends ResizeTrigger {
    public readonly bound: string[] = [];
    public bind(scope: Construct): ResizeTriggerConfig {
      return { deadLetterQueue: new Queue(scope, 'Lost', { enforceSSL: true, deadLetterQueue: undefined }), maxTries: 7 };
    }
    public bindSource(scope: Construct): void { this.bound.push(scope.node.path); }
  }
  const former = new Backlog();
  const stack = createStack();
  new ImageResizePipeline(stack, 'Pipeline', { formerTriggers: [former] });
  expect(former.bound).toEqual(['Stack/Pipeline/Source0']);
  expect(configOf(Template.fromStack(stack)).maxTries).toBe(3);
});

test.each<[string, ImageResizePipelineProps, string]>([
  ['the present one', { formerTriggers: [ResizeTrigger.eventBridge(), ResizeTrigger.queue({ maxTries: 5 })] }, 'formerTriggers[1] must be of another kind than trigger and the others, received ResizeTrigger.queue() again'],
  ['another former one', { formerTriggers: [ResizeTrigger.eventBridge(), ResizeTrigger.eventBridge()] }, 'formerTriggers[1] must be of another kind than trigger and the others, received ResizeTrigger.eventBridge() again'],
])('fails when a former trigger is of the same kind as %s', (_, props, message) => {
  expect(() => new ImageResizePipeline(createStack(), 'Pipeline', props)).toThrow(message);
});

test('queues are retained when nobody names the trigger that had them', () => {
  const queues = (template: Template) => Object.values(template.findResources('AWS::SQS::Queue')).map(({ DeletionPolicy, UpdateReplacePolicy }) => [DeletionPolicy, UpdateReplacePolicy]);
  for (const kind of KINDS) {
    for (const policies of queues(deployed({ trigger: ResizeTrigger[kind]() }).template)) expect(policies).toEqual(['Retain', 'Retain']);
  }
});

/** Where S3 and EventBridge send the events of which objects. */
function destinationsOf(template: Template): string[] {
  const lists = Object.values(template.findResources('Custom::S3BucketNotifications')).map(({ Properties }) => plain(Properties) as any);
  const rules = Object.values(template.findResources('AWS::Events::Rule')).map(({ Properties }) => plain(Properties) as any);
  return [
    ...lists.flatMap(({ BucketName, NotificationConfiguration: { EventBridgeConfiguration, ...direct } }) => [
      ...(EventBridgeConfiguration ? [`${BucketName} EventBridge`] : []),
      ...Object.values<any>(direct).flat().map(({ Events, Filter, QueueArn, LambdaFunctionArn }: any) => `${BucketName} ${Events} ${JSON.stringify(Filter)} ${QueueArn ?? LambdaFunctionArn}`),
    ]),
    ...rules.flatMap(({ EventPattern, Targets }) => Targets.map(({ Arn }: any) => `${JSON.stringify(EventPattern)} ${Arn}`)),
  ].sort();
}
