import { RemovalPolicy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { ImageResizePipeline, ImageResizePipelineProps, ResizeTrigger, StepFunctionsTriggerOptions } from '../../src';
import { configOf, createStack, propertiesOf, statementsIn, statementsOf, synthesize } from '../helpers/cdk';

function pipelineWith(props: ImageResizePipelineProps = {}, options?: StepFunctionsTriggerOptions) {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', { trigger: ResizeTrigger.stepFunctions(options), ...props });
  return { stack, pipeline, template: synthesize(stack) };
}

interface Retrier { readonly ErrorEquals: string[]; readonly MaxAttempts: number; readonly IntervalSeconds: number; readonly BackoffRate: number }
interface State {
  readonly Type: string;
  readonly Retry: Retrier[];
  readonly Catch: { readonly ErrorEquals: string[]; readonly Next: string }[];
  readonly Parameters: Record<string, unknown>;
  readonly [name: string]: any;
}

function definitionOf(template: Template): { readonly StartAt: string; readonly States: Readonly<Record<string, State>> } {
  return JSON.parse(propertiesOf(template, 'AWS::StepFunctions::StateMachine').DefinitionString);
}

describe('the state machine', () => {
  const { pipeline, template } = pipelineWith();
  const { StartAt, States } = definitionOf(template);
  const render = States.Renditions.ItemProcessor.States.Render as State;

  test('is started by EventBridge with each event of the bucket, and what cannot be started goes to the dead-letter queue', () => {
    expect(propertiesOf(template, 'AWS::Events::Rule')).toMatchObject({
      EventPattern: { 'source': ['aws.s3'], 'detail-type': ['Object Created'], 'detail': { bucket: { name: ['PipelineSourceBucket'] } } },
      Targets: [{ Arn: 'PipelineStateMachine', DeadLetterConfig: { Arn: 'PipelineDeadLetterQueue.Arn' } }],
    });
    expect(propertiesOf(template, 'Custom::S3BucketNotifications').NotificationConfiguration).toEqual({ EventBridgeConfiguration: {} });
  });

  test('is exposed, with the dead-letter queue and no other queue', () => {
    expect(pipeline.stateMachine!.node.path).toBe('Stack/Pipeline/StateMachine');
    expect(pipeline.deadLetterQueue.node.path).toBe('Stack/Pipeline/DeadLetterQueue');
    expect(pipeline.queue).toBeUndefined();
    template.resourceCountIs('AWS::Lambda::EventSourceMapping', 0);
    expect(configOf(template).maxTries).toBe(0);
  });

  test('begins, makes every rendition in parallel, and completes', () => {
    expect(StartAt).toBe('Start');
    expect(States.Begin.Parameters).toEqual({ 'step': 'begin', 'event.$': '$.event' });
    expect(States.Renditions).toMatchObject({ Type: 'Map', ItemsPath: '$.begun.renditions', MaxConcurrency: 10, Next: 'Complete' });
    expect(render.Parameters).toMatchObject({ 'step': 'render', 'rendition.$': '$.rendition' });
    expect(States.Complete.Parameters).toMatchObject({ 'step': 'complete', 'made.$': '$.made' });
  });

  test.each(['Begin', 'Renditions', 'Complete'])('ends the record as failed when %s fails in every try', (name) => {
    expect(States[name].Catch).toEqual([{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'GiveUp' }]);
    expect(States.GiveUp.Parameters).toEqual({ 'step': 'giveUp', 'event.$': '$.event' });
  });

  test('tries every step three times, beside what Lambda throttles', () => {
    for (const each of [States.Begin, render, States.Complete, States.GiveUp]) {
      const [throttled, lambda, all] = each.Retry;
      expect(throttled).toMatchObject({ ErrorEquals: ['Lambda.TooManyRequestsException'], MaxAttempts: 150 });
      expect(lambda.ErrorEquals).toContain('Lambda.ServiceException');
      expect(all).toMatchObject({ ErrorEquals: ['States.ALL'], MaxAttempts: 2, IntervalSeconds: 20, BackoffRate: 3 });
    }
  });

  test('begins again when the object has changed meanwhile', () => {
    expect(States.IsChanged).toMatchObject({ Choices: [{ Variable: '$.ended.outcome', StringEquals: 'changed', Next: 'Begin' }], Default: 'IsGivenUp' });
  });

  test('gives up a rendition without leaving the others, which would go on storing', () => {
    expect(render.Catch).toEqual([{ ErrorEquals: ['States.ALL'], Next: 'RenditionGivenUp' }]);
    expect(States.Renditions.ItemProcessor.States.RenditionGivenUp).toEqual({ Type: 'Pass', Result: { givenUp: true }, End: true });
  });

  test('sends the event to the dead-letter queue only when the record could not be ended otherwise', () => {
    expect(States.IsGivenUp).toMatchObject({ Choices: [{ StringEquals: 'givenUp', Next: 'SendToDeadLetterQueue' }], Default: 'Done' });
    expect(States.SendToDeadLetterQueue).toMatchObject({ Parameters: { 'MessageBody.$': '$.event' }, Next: 'GivenUp' });
    expect(States.GivenUp).toMatchObject({ Type: 'Fail', Error: 'RETRIES_EXHAUSTED' });
  });

  test('may call the function and send to the dead-letter queue, and nothing else of the application', () => {
    const statements = statementsOf(template, 'PipelineStateMachineRole').filter(({ Action }) => !/^(logs|xray):/.test(Action[0]));
    expect(statements.map(({ Action, Resource }) => [Action, Resource])).toEqual([
      [['lambda:InvokeFunction'], ['PipelineFunction.Arn', 'PipelineFunction.Arn:*']],
      [['sqs:SendMessage'], ['PipelineDeadLetterQueue.Arn']],
    ]);
  });

  test('logs without the data of the images, and is traced', () => {
    const { TracingConfiguration, LoggingConfiguration, StateMachineType } = propertiesOf(template, 'AWS::StepFunctions::StateMachine');
    expect({ TracingConfiguration, StateMachineType }).toEqual({ TracingConfiguration: { Enabled: true } });
    expect(LoggingConfiguration).toMatchObject({ Level: 'ALL', Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: 'PipelineStateMachineLogs.Arn' } }] });
    expect(LoggingConfiguration.IncludeExecutionData).toBe(false);
    expect(propertiesOf(template, 'AWS::Logs::LogGroup', 'PipelineStateMachineLogs').RetentionInDays).toBe(7);
  });
});

test('options say how many renditions are made at a time, and how often a step is tried', () => {
  const { States } = definitionOf(pipelineWith({}, { maxConcurrency: 2, maxTries: 1 }).template);
  expect(States.Renditions.MaxConcurrency).toBe(2);
  expect(States.Begin.Retry[2].MaxAttempts).toBe(0);
});

test('the rule is limited to the prefix, and tells of deletions where they are asked for', () => {
  const { template } = pipelineWith({ sourcePrefix: 'in/', processing: { deleteRenditions: true } });
  expect(propertiesOf(template, 'AWS::Events::Rule').EventPattern).toMatchObject({
    'detail-type': ['Object Created', 'Object Deleted'], 'detail': { object: { key: [{ prefix: 'in/' }] } },
  });
});

test('each source has a rule of its own for the one state machine', () => {
  const stack = createStack();
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', { trigger: ResizeTrigger.stepFunctions(), sourcePrefix: 'a/' });
  pipeline.addSource(pipeline.sourceBucket, { prefix: 'b/' });
  const template = synthesize(stack);
  template.resourceCountIs('AWS::Events::Rule', 2);
  template.resourceCountIs('AWS::StepFunctions::StateMachine', 1);
});

test('with a customer key, the dead-letter queue has it and those who send to it may use it', () => {
  const stack = createStack();
  const key = new Key(stack, 'Key', { enableKeyRotation: true });
  new ImageResizePipeline(stack, 'Pipeline', { trigger: ResizeTrigger.stepFunctions(), encryptionKey: key });
  const template = synthesize(stack);
  expect(propertiesOf(template, 'AWS::SQS::Queue').KmsMasterKeyId).toBe('Key.Arn');
  expect(statementsIn(propertiesOf(template, 'AWS::KMS::Key').KeyPolicy)).toContainEqual(expect.objectContaining({
    Principal: { Service: 'events.amazonaws.com' }, Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
  }));
  expect(statementsOf(template, 'PipelineStateMachineRole')).toContainEqual(expect.objectContaining({
    Action: expect.arrayContaining(['kms:Decrypt', 'kms:GenerateDataKey*']), Resource: ['Key.Arn'],
  }));
});

test('logs are kept as long as the owner says', () => {
  const { template } = pipelineWith({}, { logRetention: RetentionDays.ONE_DAY });
  expect(propertiesOf(template, 'AWS::Logs::LogGroup', 'PipelineStateMachineLogs').RetentionInDays).toBe(1);
});

test('logs go with the stack where the pipeline says so', () => {
  const { template } = pipelineWith({ removalPolicy: RemovalPolicy.DESTROY });
  expect(Object.values(template.findResources('AWS::Logs::LogGroup')).map(({ DeletionPolicy }) => DeletionPolicy)).toEqual(['Delete', 'Delete']);
});

test.each([
  [{ maxConcurrency: 0 }, 'ResizeTrigger.stepFunctions: maxConcurrency must be a whole number from 1 to 40, received 0'],
  [{ maxConcurrency: 41 }, 'ResizeTrigger.stepFunctions: maxConcurrency must be a whole number from 1 to 40, received 41'],
  [{ maxTries: 0 }, 'ResizeTrigger.stepFunctions: maxTries must be a whole number from 1 to 10, received 0'],
  [{ maxTries: 1.5 }, 'ResizeTrigger.stepFunctions: maxTries must be a whole number from 1 to 10, received 1.5'],
])('fails for %j', (options, message) => {
  expect(() => ResizeTrigger.stepFunctions(options)).toThrow(message);
});
