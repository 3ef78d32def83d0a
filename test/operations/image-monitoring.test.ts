import { Duration, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { isDocumented } from './documented-metrics';
import { alarmsOf, expressionsOf, namedMetrics, queriesOf, widgetsOf } from './named-metrics';
import {
  ImageAlarm, ImageBackfill, ImageMonitoring, ImageMonitoringProps, ImageResizePipeline, ImageResizePipelineProps, ImageUploadApi, ResizeTrigger,
} from '../../src';
import { createApp, createBucket, createStack, propertiesOf, Statement, statementsIn, synthesize, warningsOf } from '../helpers/cdk';
import { PRICES } from '../measure/scale/inputs';

type Options = Omit<ImageMonitoringProps, 'pipeline'>;

function watch(options: Options = {}, pipelineProps: ImageResizePipelineProps = {}, stack = createStack()) {
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', pipelineProps);
  return { stack, pipeline, monitoring: new ImageMonitoring(stack, 'Monitoring', { pipeline, ...options }) };
}

function idsOf(options?: Options, pipelineProps?: ImageResizePipelineProps): string[] {
  return Object.keys(alarmsOf(synthesize(watch(options, pipelineProps).stack))).sort();
}

const ALWAYS = ['CompletionTime', 'DeadLetters', 'FailedShare', 'FailedShareRetriesExhausted', 'FailedShareTimeout', 'FunctionDuration', 'FunctionErrors', 'Throttles'];

describe('alarms', () => {
  test.each<[string, ResizeTrigger, string[]]>([
    ['queue', ResizeTrigger.queue(), ['Concurrency', 'OldestMessage']],
    ['s3Notifications', ResizeTrigger.s3Notifications(), ['LostEvents', 'OldestEvent']],
    ['eventBridge', ResizeTrigger.eventBridge(), ['Concurrency', 'OldestMessage']],
    ['stepFunctions', ResizeTrigger.stepFunctions(), ['FailedExecutions']],
  ])('are those that trigger %s has a use for', (_, trigger, more) => {
    expect(idsOf({}, { trigger })).toEqual([...ALWAYS, ...more].sort());
  });

  test('of both triggers stay while one replaces the other', () => {
    expect(idsOf({}, { trigger: ResizeTrigger.queue(), formerTriggers: [ResizeTrigger.stepFunctions()] }))
      .toEqual([...ALWAYS, 'FailedExecutions', 'OldestMessage'].sort());
  });

  test('have these thresholds, and are quiet where nothing is counted', () => {
    const alarms = alarmsOf(synthesize(watch().stack));
    expect(Object.fromEntries(Object.entries(alarms).map(([id, { Threshold, EvaluationPeriods }]) => [id, [Threshold, EvaluationPeriods]]))).toEqual({
      DeadLetters: [1, 1],
      OldestMessage: [1800, 1],
      CompletionTime: [900_000, 1],
      FailedShare: [10, 1],
      FailedShareRetriesExhausted: [1, 1],
      FailedShareTimeout: [1, 1],
      FunctionErrors: [5, 1],
      Throttles: [10, 1],
      FunctionDuration: [80, 3],
      Concurrency: [100, 3],
    });
    for (const alarm of Object.values(alarms)) expect(alarm).toMatchObject({ TreatMissingData: 'notBreaching', AlarmDescription: expect.stringMatching(/^Stack\/Monitoring: /) });
  });

  test('take thresholds of their owner', () => {
    const thresholds = {
      deadLetters: 5,
      oldestMessage: Duration.hours(2),
      completionTime: Duration.seconds(30),
      failedShare: 3,
      failedShareByCode: { UNSUPPORTED_FORMAT: 20 },
      functionErrors: 2,
      throttles: 100,
      functionDuration: 90,
      concurrency: 7,
    };
    const alarms = alarmsOf(synthesize(watch({ thresholds }).stack));
    expect(Object.fromEntries(Object.entries(alarms).map(([id, { Threshold }]) => [id, Threshold]))).toEqual({
      DeadLetters: 5,
      OldestMessage: 7200,
      CompletionTime: 30_000,
      FailedShare: 3,
      FailedShareUnsupportedFormat: 20,
      FunctionErrors: 2,
      Throttles: 100,
      FunctionDuration: 90,
      Concurrency: 7,
    });
  });

  test.each(Object.values(ImageAlarm))('%s can be left out', (alarm) => {
    const stack = createStack();
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', { trigger: ResizeTrigger.s3Notifications(), formerTriggers: [ResizeTrigger.queue(), ResizeTrigger.stepFunctions()] });
    const api = new ImageUploadApi(stack, 'Api', { pipeline, authorizer: new HttpIamAuthorizer() });
    const thresholds = { concurrency: 10 };
    const backfill = new ImageBackfill(stack, 'Existing', { pipeline, prune: true });
    new ImageMonitoring(stack, 'All', { pipeline, api, backfill, thresholds });
    new ImageMonitoring(stack, 'Monitoring', { pipeline, api, backfill, thresholds, withoutAlarms: [alarm] });
    const ids = Object.keys(synthesize(stack).findResources('AWS::CloudWatch::Alarm')).map((id) => id.slice(0, -8));
    const gone = ids.filter((id) => id.startsWith('All') && !ids.includes(id.replace('All', 'Monitoring'))).map((id) => id.slice(3)).sort();
    const ownIds: Partial<Record<ImageAlarm, string[]>> = {
      [ImageAlarm.FAILED_SHARE_BY_CODE]: ['FailedShareRetriesExhausted', 'FailedShareTimeout'],
      [ImageAlarm.OLDEST_MESSAGE]: ['OldestEvent', 'OldestMessage'],
      [ImageAlarm.FUNCTION_ERRORS]: ['BackfillErrors', 'FunctionErrors'],
      [ImageAlarm.THROTTLES]: ['BackfillThrottles', 'Throttles'],
      [ImageAlarm.FAILED_BACKFILLS]: ['FailedBackfills', 'FailedPrunes'],
    };
    expect(gone).toEqual(ownIds[alarm] ?? [alarm]);
  });

  test('the limit of invocations is what the function has reserved', () => {
    const { stack } = watch({}, { trigger: ResizeTrigger.stepFunctions(), resizeFunction: { reservedConcurrency: 40 } });
    expect(alarmsOf(synthesize(stack)).Concurrency.Threshold).toBe(40);
  });

  test('take tokens for thresholds and prices', () => {
    const token = () => Lazy.number({ produce: () => 12 });
    const thresholds = {
      deadLetters: token(), failedShare: token(), minimumImages: token(), functionDuration: token(), failedShareByCode: { TOO_LARGE: token() },
    };
    const memorySize = Lazy.number({ produce: () => 3008 });
    const template = synthesize(watch({ thresholds, prices: { s3Puts: token() } }, { resizeFunction: { memorySize } }).stack);
    const alarms = alarmsOf(template);
    for (const id of ['DeadLetters', 'FailedShare', 'FunctionDuration', 'FailedShareTooLarge']) expect(alarms[id].Threshold).toBe(12);
    expect(alarms.FailedShare.Metrics).toContainEqual(expect.objectContaining({ Expression: expect.stringContaining('>= 12,') }));
    const expressions = expressionsOf(template).join('\n');
    expect(expressions).toContain('(FILL(renditions, 0)) * 12 +');
    expect(expressions).toContain('3008 / 1024');
  });

  test.each<[string, Options, string]>([
    ['a share of nothing', { thresholds: { failedShare: 0 } }, 'thresholds.failedShare must be a number from 0.01 to 100 percent, received 0'],
    ['a share of a code', { thresholds: { failedShareByCode: { TOO_LARGE: 101 } } }, 'thresholds.failedShareByCode.TOO_LARGE must be a number from 0.01 to 100 percent, received 101'],
    ['a code that there is not', { thresholds: { failedShareByCode: { TOO_BIG: 1 } } }, 'thresholds.failedShareByCode must be by codes of failures: UNSUPPORTED_FORMAT,'],
    ['no dead letters', { thresholds: { deadLetters: 0 } }, 'thresholds.deadLetters must be a whole number from 1 to 1000000000, received 0'],
    ['a fraction of executions', { thresholds: { failedExecutions: 0.5 } }, 'thresholds.failedExecutions must be a whole number'],
    ['a share of a backfill', { thresholds: { backfillFailedShare: 0 } }, 'thresholds.backfillFailedShare must be a number from 0.01 to 100 percent, received 0'],
    ['no failed backfill', { thresholds: { failedBackfills: 0 } }, 'thresholds.failedBackfills must be a whole number from 1'],
    ['a duration beyond the timeout', { thresholds: { functionDuration: 120 } }, 'thresholds.functionDuration must be a number from 1 to 100 percent, received 120'],
    ['no wait', { thresholds: { oldestMessage: Duration.seconds(0) } }, 'thresholds.oldestMessage must be a whole number from 1 to 1209600 seconds, received 0'],
    ['a wait that is a token', { thresholds: { completionTime: Duration.seconds(Token.asNumber({ Ref: 'Wait' })) } }, 'thresholds.completionTime must be known at synth'],
    ['a negative price', { prices: { s3Puts: -1 } }, 'prices.s3Puts must be a number from 0 to 1000000 dollars, received -1'],
    ['a name with spaces', { dashboardName: 'my images' }, 'dashboardName must be 1 to 255 letters, digits, - and _, received "my images"'],
  ])('fails with %s', (_, options, message) => {
    expect(() => watch(options)).toThrow(`[Stack/Monitoring] ${message}`);
  });
});

describe('a backfill', () => {
  const watched = (prune: boolean, options: Options = {}, pipelineProps: ImageResizePipelineProps = {}) => {
    const stack = createStack();
    const pipeline = new ImageResizePipeline(stack, 'Pipeline', pipelineProps);
    new ImageMonitoring(stack, 'Monitoring', { pipeline, backfill: new ImageBackfill(stack, 'Existing', { pipeline, prune }), ...options });
    return synthesize(stack);
  };

  test('has alarms of its own, pruning only where there is any', () => {
    const ofBackfill = (template: Template) => Object.entries(alarmsOf(template)).filter(([id]) => /Backfill|Prune/.test(id))
      .map(([id, { Threshold, EvaluationPeriods }]) => [id, Threshold, EvaluationPeriods]);

    expect(ofBackfill(watched(false)).sort()).toEqual([['BackfillErrors', 5, 1], ['BackfillFailedShare', 10, 1], ['BackfillThrottles', 10, 1], ['FailedBackfills', 1, 1]]);
    expect(ofBackfill(watched(true)).map(([id]) => id)).toContain('FailedPrunes');
    expect(ofBackfill(watched(true, { thresholds: { backfillFailedShare: 3, failedBackfills: 2, functionErrors: 7, throttles: 8 } })).sort())
      .toEqual([['BackfillErrors', 7, 1], ['BackfillFailedShare', 3, 1], ['BackfillThrottles', 8, 1], ['FailedBackfills', 2, 1], ['FailedPrunes', 2, 1]]);
  });

  test('is on the dashboard, by metrics that there are', () => {
    const template = watched(true);
    const titles = widgetsOf(template).flatMap(({ properties: { title = '' } }) => (/backfill|runing|Pruned/.test(title) ? [title] : []));

    expect(titles).toEqual([
      'Progress of the backfill', 'Images of the backfill', 'Invocations at a time of the backfill', 'Invocations of the backfill', 'Duration of the backfill',
      'Executions of the backfill', 'Executions of pruning', 'Plans of the backfill', 'Runs of the backfill', 'Plans of pruning', 'Pruned',
    ]);
    const others = namedMetrics(template).filter(({ namespace }) => namespace.startsWith('AWS/'));
    expect(others.filter(({ namespace, name, dimensions }) => !isDocumented(namespace, name, Object.keys(dimensions)))).toEqual([]);
    expect(others).toContainEqual({ namespace: 'AWS/Lambda', name: 'ConcurrentExecutions', dimensions: { FunctionName: 'ExistingLaneFunction' } });
  });

  test('is in the cost of the day, by the way in which its workflows are charged', () => {
    const express = expressionsOf(watched(false)).join('\n');
    expect(express).toContain('((FILL(backfillmilliseconds, 0) / 1000 * 1769 / 1024) * 13.3334 + (FILL(backfillinvocations, 0)) * 0.2)');
    expect(express).toContain('((FILL(backfillImages, 0)) * 1 + (FILL(backfillmilliseconds, 0) / 1000 * 64 / 1024) * 16.67)');
    expect(expressionsOf(watched(false, { prices: { expressRequests: 2, expressGbSeconds: 5 } })).join('\n')).toContain('(FILL(backfillImages, 0)) * 2 + (FILL(backfillmilliseconds, 0) / 1000 * 64 / 1024) * 5)');
    expect(expressionsOf(watched(false, {}, { resizeFunction: { timeout: Duration.minutes(5) } })).join('\n')).toContain('(3 * FILL(backfillImages, 0)) * 25');
  });

  test('fails for the backfill of another pipeline', () => {
    const stack = createStack();
    const [pipeline, other] = ['Pipeline', 'Other'].map((id) => new ImageResizePipeline(stack, id));

    expect(() => new ImageMonitoring(stack, 'Monitoring', { pipeline, backfill: new ImageBackfill(stack, 'Existing', { pipeline: other }) }))
      .toThrow('[Stack/Monitoring] backfill must be one of the pipeline that is watched, Stack/Pipeline, received "Stack/Other"');
  });
});

describe('a topic', () => {
  const PUBLISH: Statement = {
    Effect: 'Allow',
    Action: ['sns:Publish'],
    Resource: ['Topic'],
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Condition: {
      ArnLike: { 'aws:SourceArn': 'arn:AWS::Partition:cloudwatch:AWS::Region:AWS::AccountId:alarm:*' },
      StringEquals: { 'aws:SourceAccount': 'AWS::AccountId' },
    },
  };

  test('is told when each alarm goes off and when it is over, and lets the alarms of the account in and nobody else', () => {
    const stack = createStack();
    watch({ alarmTopic: new Topic(stack, 'Topic', { enforceSSL: true }) }, {}, stack);
    const template = synthesize(stack);
    for (const alarm of Object.values(alarmsOf(template))) expect(alarm).toMatchObject({ AlarmActions: ['Topic'], OKActions: ['Topic'] });
    const allowed = statementsIn(propertiesOf(template, 'AWS::SNS::TopicPolicy').PolicyDocument).filter(({ Effect }) => Effect === 'Allow');
    expect(allowed).toEqual([expect.objectContaining(PUBLISH)]);
    expect(warningsOf(stack)).toEqual([]);
  });

  test('with a customer key lets CloudWatch use it', () => {
    const stack = createStack();
    const masterKey = new Key(stack, 'Key', { enableKeyRotation: true });
    watch({ alarmTopic: new Topic(stack, 'Topic', { masterKey, enforceSSL: true }) }, {}, stack);
    const statements = statementsIn(propertiesOf(synthesize(stack), 'AWS::KMS::Key').KeyPolicy);
    expect(statements.filter(({ Principal }) => JSON.stringify(Principal).includes('cloudwatch'))).toEqual([
      { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: ['*'], Principal: { Service: 'cloudwatch.amazonaws.com' } },
    ]);
  });

  test('that is imported gets a warning with the statement that its owner adds', () => {
    const stack = createStack();
    watch({ alarmTopic: Topic.fromTopicArn(stack, 'OnCall', `arn:aws:sns:${stack.region}:111111111111:on-call`) }, {}, stack);
    synthesize(stack);
    expect(warningsOf(stack)).toEqual([{
      path: '/Stack/Monitoring',
      id: 'cdk-image-resize-pipeline:importedTopic',
      message: expect.stringMatching(/^the policy of alarmTopic Stack\/OnCall cannot be changed from here: add \{.*"sns:Publish".*\}$/),
    }]);
  });

  test('beside a backfill in another stack than the pipeline is no circle, and beside the pipeline it is one', () => {
    const made = (isBesideBackfill: boolean) => {
      const app = createApp();
      const [owner, stack] = [createStack('Owner', app), createStack('Stack', app)];
      const pipeline = new ImageResizePipeline(owner, 'Pipeline');
      const backfill = new ImageBackfill(stack, 'Backfill', { pipeline });
      new ImageMonitoring(isBesideBackfill ? stack : owner, 'Monitoring', { pipeline, backfill });
      return app.synth();
    };
    expect(() => made(true)).not.toThrow();
    expect(() => made(false)).toThrow(/cyclic reference/);
  });

  test('of another stack is used without a circle', () => {
    const app = createApp();
    const owner = createStack('Owner', app);
    const stack = createStack('Stack', app);
    watch({ alarmTopic: new Topic(owner, 'Topic', { enforceSSL: true }) }, {}, stack);
    expect(Object.values(alarmsOf(synthesize(stack)))[0].AlarmActions).toHaveLength(1);
  });

  test('fails in another region', () => {
    const stack = createStack('Stack', createApp(), { env: { region: 'eu-west-1', account: '111111111111' } });
    const alarmTopic = Topic.fromTopicArn(stack, 'OnCall', 'arn:aws:sns:us-east-1:222222222222:on-call');
    expect(() => watch({ alarmTopic }, {}, stack)).toThrow('alarmTopic must be in the region of the monitoring, eu-west-1, received "us-east-1"');
  });

  test('without alarms is left alone', () => {
    const stack = createStack();
    const alarmTopic: ITopic = new Topic(stack, 'Topic', { enforceSSL: true });
    watch({ alarmTopic, withoutAlarms: Object.values(ImageAlarm) }, {}, stack);
    const template = synthesize(stack);
    expect(alarmsOf(template)).toEqual({});
    expect(statementsIn(propertiesOf(template, 'AWS::SNS::TopicPolicy').PolicyDocument).filter(({ Effect }) => Effect === 'Allow')).toEqual([]);
  });
});

describe('the dashboard', () => {
  test('shows alarms, images, waiting, bytes, failures, the function, the API and the cost', () => {
    const stack = createStack();
    const pipeline = new ImageResizePipeline(stack, 'Pipeline');
    const api = new ImageUploadApi(stack, 'Api', { pipeline, authorizer: new HttpIamAuthorizer() });
    new ImageMonitoring(stack, 'Monitoring', { pipeline, api, dashboardName: 'images' });
    const template = synthesize(stack);
    expect(widgetsOf(template).map(({ properties: { title } }) => title)).toEqual([
      'Alarms', 'Images', 'From upload to completed', 'Backlog', 'Oldest', 'Bytes', 'Formats of originals', 'Failures by code',
      'Invocations', 'Duration', 'Invocations at a time', 'Requests of the API', 'Latency of the API',
      'Cost of the day in US dollars', 'Cost by day in US dollars',
    ]);
    expect(propertiesOf(template, 'AWS::CloudWatch::Dashboard').DashboardName).toBe('images');
    expect(Object.values(queriesOf(alarmsOf(template).ApiErrors))).toEqual([expect.objectContaining({ namespace: 'AWS/ApiGateway', name: '5xx', statistic: 'Sum' })]);
    const others = namedMetrics(template).filter(({ namespace }) => namespace === 'AWS/ApiGateway' || namespace === 'AWS/Lambda');
    expect(others.filter(({ namespace, name, dimensions }) => !isDocumented(namespace, name, Object.keys(dimensions)))).toEqual([]);
  });

  test('is there for given buckets, and sources that are added later', () => {
    const stack = createStack();
    const { pipeline } = watch({}, { sourceBucket: Bucket.fromBucketName(stack, 'Photos', 'photos'), outputPrefix: 'first/' }, stack);
    pipeline.addSource(createBucket(stack), { outputPrefix: 'more/' });
    expect(widgetsOf(synthesize(stack)).length).toBeGreaterThan(10);
  });
});

describe('the cost of a day', () => {
  const costs = (options: Options = {}, pipelineProps: ImageResizePipelineProps = {}) => expressionsOf(synthesize(watch(options, pipelineProps).stack)).join('\n');

  test('is by the prices of docs/scale.md', () => {
    const all = `${costs()}\n${costs({}, { trigger: ResizeTrigger.stepFunctions() })}`;
    const million = (price: number) => Number((1e6 * price).toPrecision(6));
    const { lambdaGbSecond, lambdaRequest, s3Put, s3Get, sqsRequest, dynamoWriteUnit, dynamoReadUnit, logsGb, stateTransition } = PRICES;
    expect(all).toContain(`(FILL(milliseconds, 0) / 1000 * 1769 / 1024) * ${million(lambdaGbSecond)} + (FILL(invocations, 0)) * ${million(lambdaRequest)}`);
    expect(all).toContain(`(FILL(renditions, 0)) * ${million(s3Put)} + (FILL(completed, 0) + FILL(failed, 0)) * ${million(s3Get)}`);
    expect(all).toContain(`FILL(empty, 0)) * ${million(sqsRequest)}`);
    expect(all).toContain(`FILL(indexWrites, 0)) * ${million(dynamoWriteUnit)}`);
    expect(all).toContain(`FILL(indexReads, 0)) * ${million(dynamoReadUnit)}`);
    expect(all).toContain(`1000000000 * ${logsGb}`);
    expect(all).toContain(`(7 * FILL(started, 0) + FILL(renditions, 0)) * ${million(stateTransition)}`);
  });

  test('follows the architecture of the function, and prices of its owner', () => {
    expect(costs({}, { resizeFunction: { architecture: Architecture.X86_64 } })).toContain('* 16.6667 +');
    expect(costs({ prices: { lambdaGbSeconds: 9, s3Puts: 5.4 } })).toMatch(/\* 9 \+[^]*\* 5\.4 \+/);
  });
});

test('fails for a pipeline of another region', () => {
  const app = createApp();
  const at = (id: string, region: string) => new Stack(app, id, { env: { region, account: '111111111111' } });
  const pipeline = new ImageResizePipeline(at('There', 'us-east-1'), 'Pipeline');
  expect(() => new ImageMonitoring(at('Here', 'eu-west-1'), 'Monitoring', { pipeline })).toThrow('pipeline must be in the region of the monitoring, eu-west-1, received "us-east-1"');
});
