import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, CfnFunction, Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { ImageBackfill, ImageBackfillProps, ImageProfile, ImageResizePipeline, ImageResizePipelineProps } from '../../../src';
import { BACKFILL_VARIABLE, BackfillConfig, CONFIG_VARIABLE } from '../../../src/contract';
import { createApp, createBucket, createStack, plain, propertiesOf, rightsOf, synthesize } from '../../helpers/cdk';

type Options = Omit<ImageBackfillProps, 'pipeline'>;

function backfill(options: Options = {}, pipelineProps: ImageResizePipelineProps = {}, stack = createStack()) {
  const pipeline = new ImageResizePipeline(stack, 'Pipeline', pipelineProps);
  return { stack, pipeline, backfill: new ImageBackfill(stack, 'Backfill', { pipeline, ...options }) };
}

function templateOf(options?: Options, pipelineProps?: ImageResizePipelineProps) {
  return synthesize(backfill(options, pipelineProps).stack);
}

function configOf(template: ReturnType<typeof synthesize>): BackfillConfig {
  return JSON.parse(propertiesOf(template, 'AWS::Lambda::Function', 'BackfillPlanningFunction').Environment.Variables[BACKFILL_VARIABLE]) as BackfillConfig;
}

function statesOf(template: ReturnType<typeof synthesize>): Record<string, any> {
  const { DefinitionString } = propertiesOf(template, 'AWS::StepFunctions::StateMachine', 'BackfillStateMachine');
  return JSON.parse(DefinitionString as string).States as Record<string, any>;
}

describe('by default', () => {
  const template = templateOf();

  test('a run makes twenty images at a time, each by a workflow of its own that is charged by its time', () => {
    const { Run } = statesOf(template);

    expect(Run).toMatchObject({ MaxConcurrency: 20, ToleratedFailurePercentage: 5, ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' } } });
    expect(configOf(template)).toMatchObject({ concurrency: 20, isStandard: false, memoryMib: 1769, timeoutSeconds: 60 });
  });

  test('reports are in a private bucket that forgets them', () => {
    expect(propertiesOf(template, 'AWS::S3::Bucket', 'BackfillReportBucket')).toMatchObject({
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      LifecycleConfiguration: { Rules: expect.arrayContaining([{ Id: 'ExpireReports', Prefix: 'backfill/', ExpirationInDays: 90, Status: 'Enabled' }]) },
    });
  });

  test('the function that plans reads records and reports, and no image', () => {
    const rights = rightsOf(template, 'BackfillPlanningRole');

    expect(rights.filter((right) => /dynamodb|s3:/.test(right))).toEqual([
      'dynamodb:BatchGetItem PipelineTable.Arn',
      'dynamodb:Query PipelineTable.Arn/index/by-status',
      's3:AbortMultipartUpload BackfillReportBucket.Arn/backfill/*',
      's3:GetObject BackfillReportBucket.Arn/backfill/*',
      's3:ListBucket BackfillReportBucket.Arn',
      's3:PutObject BackfillReportBucket.Arn/backfill/*',
    ]);
  });

  test('the state machine lists originals and reads no image', () => {
    const rights = rightsOf(template, 'BackfillStateMachineRole').filter((right) => /s3:/.test(right));

    expect(rights).toEqual([
      's3:AbortMultipartUpload BackfillReportBucket.Arn/backfill/*',
      's3:GetObject BackfillReportBucket.Arn/backfill/*',
      's3:GetObject BackfillReportBucket.Arn/lists/*',
      's3:ListBucket PipelineSourceBucket.Arn',
      's3:ListMultipartUploadParts BackfillReportBucket.Arn/backfill/*',
      's3:PutObject BackfillReportBucket.Arn/backfill/*',
    ]);
  });

  test('commands are outputs', () => {
    const { BackfillPlanCommand, BackfillRunCommand } = plainOutputs(template);

    expect(BackfillPlanCommand).toBe('aws stepfunctions start-execution --state-machine-arn BackfillStateMachine --input \'{"mode":"plan"}\'');
    expect(BackfillRunCommand).toContain('{"mode":"run","maxObjects":1000,"maxDollars":1}');
  });
});

describe('the function that makes renditions', () => {
  const COMPARED = [
    'Architectures', 'Code', 'Environment', 'Handler', 'KmsKeyArn', 'Layers', 'LoggingConfig', 'MemorySize', 'Role', 'Runtime', 'Timeout', 'TracingConfig', 'VpcConfig',
  ];
  const same = (template: ReturnType<typeof synthesize>) => {
    const [original, twin] = ['PipelineFunction', 'BackfillLaneFunction'].map((id) => propertiesOf(template, 'AWS::Lambda::Function', id));
    expect(COMPARED.map((name) => [name, twin[name]])).toEqual(COMPARED.map((name) => [name, original[name]]));
    return { original, twin };
  };

  test('is the pipeline\'s once more, but for its concurrency', () => {
    const { twin } = same(templateOf({ reservedConcurrency: 7 }, {
      resizeFunction: { reservedConcurrency: 50, architecture: Architecture.X86_64, memorySize: 3000, timeout: Duration.seconds(90) },
    }));

    expect(twin.ReservedConcurrentExecutions).toBe(7);
  });

  test('has what is added to the pipeline\'s function later, also a layer', () => {
    const { stack, pipeline } = backfill({}, { profiles: Array.from({ length: 200 }, (_, at) => ImageProfile.of(`p${at}`, { width: at + 1 })) });
    pipeline.resizeFunction.addEnvironment('ADDED', 'later');
    (pipeline.resizeFunction.node.defaultChild as CfnFunction).ephemeralStorage = { size: 1024 };
    const { original, twin } = same(synthesize(stack));

    expect(original.Layers).toHaveLength(1);
    expect(twin.Environment.Variables.ADDED).toBe('later');
    expect(twin.EphemeralStorage).toEqual({ Size: 1024 });
  });
});

test('all tries of an image that take longer than five minutes are made by standard workflows', () => {
  const template = templateOf({ maxTries: 4 });

  expect(statesOf(template).Run.ItemProcessor.ProcessorConfig.ExecutionType).toBe('STANDARD');
  expect(configOf(template).isStandard).toBe(true);
});

test('prices are those that are given, and of the processor', () => {
  expect(configOf(templateOf({ prices: { s3Puts: 6 } })).prices).toMatchObject({ s3Put: 6e-6, lambdaGbSecond: 13.3334 / 1e6, logsGb: 0.5 });
  expect(configOf(templateOf({}, { resizeFunction: { architecture: Architecture.X86_64 } })).prices.lambdaGbSecond).toBeCloseTo(16.6667e-6, 12);
});

test('sources that are added later are listed as well', () => {
  const { stack, pipeline } = backfill({}, { outputPrefix: 'first/' });
  pipeline.addSource(createBucket(stack, 'Photos'), { prefix: 'more/', outputPrefix: 'other/' });

  expect(rightsOf(synthesize(stack), 'BackfillStateMachineRole')).toContain('s3:ListBucket Photos.Arn');
});

test('with a customer key, functions and state machine may use it', () => {
  const stack = createStack();
  const template = synthesize(backfill({}, { encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) }, stack).stack);

  expect(rightsOf(template, 'BackfillPlanningRole')).toEqual(expect.arrayContaining(['kms:Decrypt Key.Arn', 'kms:GenerateDataKey Key.Arn']));
  expect(rightsOf(template, 'BackfillStateMachineRole')).toEqual(expect.arrayContaining(['kms:Decrypt Key.Arn', 'kms:GenerateDataKey Key.Arn']));
});

test('its end is an event that rules take', () => {
  const { stack, backfill: made } = backfill();
  const rule = made.onEnded('Ended', { target: new SnsTopic(new Topic(stack, 'Told', { enforceSSL: true })) });

  expect(rule).toBeInstanceOf(Rule);
  expect(propertiesOf(synthesize(stack), 'AWS::Events::Rule', 'BackfillEnded')).toMatchObject({
    EventPattern: { source: ['aws.states'], detail: { stateMachineArn: ['BackfillStateMachine'], status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] } },
  });
});

test('the pipeline may be in another stack of the region', () => {
  const app = createApp();
  const [one, other] = ['One', 'Other'].map((id) => new Stack(app, id, { env: { region: 'eu-central-1', account: '111111111111' } }));
  new ImageBackfill(other, 'Backfill', { pipeline: new ImageResizePipeline(one, 'Pipeline') });

  expect(propertiesOf(synthesize(other), 'AWS::Lambda::Function', 'BackfillPlanningFunction').Environment.Variables).toHaveProperty(CONFIG_VARIABLE);
});

test.each([['before', 0], ['after', 1]])('in a stack that comes %s that of the pipeline, the function has copies of its layers, in their order', (_, at) => {
  const app = createApp();
  const stacks = ['One', 'Other'].map((id) => new Stack(app, id, { env: { region: 'eu-central-1', account: '111111111111' } }));
  const [own, pipelines] = at === 0 ? stacks : [...stacks].reverse();
  const profiles = Array.from({ length: 60 }, (__, number) => ImageProfile.of(`profile-${number}`, { width: number + 1 }));
  const pipeline = new ImageResizePipeline(pipelines, 'Pipeline', { profiles });
  new ImageBackfill(own, 'Backfill', { pipeline });
  const arn = 'arn:aws:lambda:eu-central-1:111111111111:layer:tools:1';
  pipeline.resizeFunction.addLayers(
    new LayerVersion(pipelines, 'Added', { code: Code.fromAsset(__dirname), compatibleRuntimes: [Runtime.NODEJS_24_X] }),
    LayerVersion.fromLayerVersionArn(own, 'Arn', arn),
  );

  const [there, here] = [synthesize(pipelines), synthesize(own)];
  const layersOf = (template: Template, id: string): unknown[] => {
    const [, { Properties }] = Object.entries(template.findResources('AWS::Lambda::Function')).find(([name]) => name.startsWith(id))!;
    return Properties.Layers.map((layer: any) => template.toJSON().Resources[layer.Ref]?.Properties ?? layer);
  };
  const original = layersOf(there, 'PipelineFunction');
  expect(original).toEqual(expect.arrayContaining([arn, expect.objectContaining({ Description: 'Configuration of the function, as far as it is known at synthesis' })]));
  expect(original).toHaveLength(3);
  expect(layersOf(here, 'BackfillLaneFunction')).toEqual(original);
});

describe('fails for', () => {
  test.each<[string, Options, string]>([
    ['no concurrency', { maxConcurrency: 0 }, '[Stack/Backfill] maxConcurrency must be a whole number from 1 to 10000, received 0'],
    ['too many tries', { maxTries: 6 }, 'maxTries must be a whole number from 1 to 5, received 6'],
    ['a share above all', { toleratedFailurePercentage: 101 }, 'toleratedFailurePercentage must be a number from 0 to 100 percent, received 101'],
    ['no reserved concurrency', { reservedConcurrency: 0 }, 'reservedConcurrency must be a whole number from 1'],
    ['a negative price', { prices: { s3Puts: -1 } }, 'prices.s3Puts must be a number from 0'],
  ])('%s', (_, options, message) => {
    expect(() => backfill(options)).toThrow(message);
  });

  test('reports among originals or renditions', () => {
    const stack = createStack();
    const bucket = createBucket(stack);
    backfill({ reportBucket: bucket }, { sourceBucket: bucket }, stack);

    expect(() => synthesize(stack)).toThrow('reportBucket must have Stack/Bucket/backfill/* apart from Stack/Bucket/*, which is the pipeline\'s: use another bucket');
  });

  test('a bucket of another region', () => {
    const stack = new Stack(createApp(), 'Stack', { env: { region: 'eu-central-1', account: '111111111111' } });
    const reportBucket = Bucket.fromBucketAttributes(stack, 'Elsewhere', { bucketName: 'elsewhere', region: 'us-east-1' });

    expect(() => backfill({ reportBucket }, {}, stack)).toThrow('reportBucket must be in the region of the backfill, eu-central-1, received "us-east-1"');
  });
});

function plainOutputs(template: ReturnType<typeof synthesize>): Record<string, string> {
  const outputs = Object.entries(template.findOutputs('*')).map(([id, { Value }]) => [id.replace(/[0-9A-F]{8}$/, ''), plain(Value)]);
  return Object.fromEntries(outputs) as Record<string, string>;
}
