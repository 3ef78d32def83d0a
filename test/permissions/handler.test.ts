import { Size, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Tracing } from 'aws-cdk-lib/aws-lambda';
import { Bucket, BucketEncryption, IBucket } from 'aws-cdk-lib/aws-s3';
import { Account, Mutation, PLACE, Statement } from './account';
import { actionsOf, documentedActions } from './documented';
import { Exceptions } from './exceptions';
import { configOf, LivePipeline, PIPELINE, texts, WATERMARK, watermarkObjects } from './live-pipeline';
import { appliesTo, idIn, keyFor, MAX_INPUT_BYTES, Run, RUNS, Stage, STEPWISE_RUNS, versions } from './runs';
import { serviceCalls } from './service-calls';
import { allowed, allowsAny, Call, refused, refusesAny, rightNames, unusedRights } from './simulator';
import {
  ImageAdjustment, ImageProfile, ImageResizePipeline, ImageResizePipelineProps, ImageSourceOptions, ImageWatermark, ImageWatermarkBucketOptions,
  OutputFormat, ResizeTrigger,
} from '../../src';
import { prepareSources } from '../../src/lambda/shared/sources';
import { createBucket } from '../helpers/cdk';

const PROFILES = [
  ImageProfile.of('tiny', { width: 16, formats: [OutputFormat.png()] }),
  ...[20, 30, 40, 50].map((width) => ImageProfile.of(`w${width}`, { width })),
];
const marked = (bucket: IBucket, options: ImageWatermarkBucketOptions = {}) => ImageProfile.of('marked', {
  width: 16, adjustments: [ImageAdjustment.watermark(ImageWatermark.fromBucket(bucket, WATERMARK, options))],
});
const REQUESTED = ImageProfile.of('requested', { width: 100, height: 100 });
const maxInputSize = Size.bytes(MAX_INPUT_BYTES);

const FORMER_PREFIX = 'was/';
/** Something that happens to an image which was made under another prefix. */
const MOVED: Run = {
  name: 'deleted after its renditions\' prefix was changed',
  ends: 'DELETED',
  run: async ({ live, bucket, key, first }) => {
    await live.deliverBefore(FORMER_PREFIX, await live.upload(bucket, key, first));
    await live.deliver(await live.remove(bucket, key));
  },
};

interface Deployment {
  readonly name: string;
  readonly props: (stack: Stack) => ImageResizePipelineProps;
  /** Another bucket that the pipeline takes images from. */
  readonly more?: ImageSourceOptions;
  /** @default RUNS */
  readonly runs?: readonly Run[];
}

const DEPLOYMENTS: readonly Deployment[] = [
  {
    name: 'Plain',
    props: (stack) => ({ requestedSize: REQUESTED, processing: { maxInputSize }, profiles: [...PROFILES, marked(createBucket(stack, 'Brand'))] }),
  },
  {
    name: 'Sources',
    props: () => ({
      trigger: ResizeTrigger.eventBridge(),
      processing: { maxInputSize, deleteRenditions: true },
      formerOutputs: [{ prefix: FORMER_PREFIX }],
      events: {},
    }),
    more: { prefix: 'more/', outputPrefix: 'other/' },
    runs: [...RUNS, MOVED],
  },
  {
    name: 'Consuming',
    props: (stack) => ({
      trigger: ResizeTrigger.s3Notifications(),
      processing: { maxInputSize, deleteSource: true, copyUserMetadata: true },
      resizeFunction: { tracing: Tracing.ACTIVE, vpc: new Vpc(stack, 'Vpc', { maxAzs: 1 }) },
    }),
  },
  {
    name: 'Encrypted',
    props: (stack) => ({
      processing: { maxInputSize, deleteRenditions: true },
      encryptionKey: keyIn(stack, 'Key'),
      sourceBucket: encryptedBucket(stack, 'Originals'),
      outputBucket: encryptedBucket(stack, 'Renditions'),
      // Of what is stored in a bucket without versions.
      profiles: [...PROFILES, marked(encryptedBucket(stack, 'Brand'), { objectVersion: 'null' })],
    }),
  },
  {
    name: 'EncryptedEvents',
    props: (stack) => ({ trigger: ResizeTrigger.s3Notifications(), processing: { maxInputSize, deleteSource: true }, encryptionKey: keyIn(stack, 'Key') }),
  },
  {
    name: 'Stepwise',
    props: (stack) => ({ trigger: ResizeTrigger.stepFunctions(), processing: { maxInputSize }, events: { eventBus: new EventBus(stack, 'Bus') } }),
    runs: STEPWISE_RUNS,
  },
];

/** One that is needed after all, or gone, fails as well. */
const EXCEPTIONS = new Exceptions([
  { right: /^sqs:(ChangeMessageVisibility|GetQueueUrl) .*PipelineQueue/, reason: 'granted by CDK to every function that a queue feeds' },
  { right: /^kms:(Encrypt|ReEncrypt\*) .*:key\/.*-Key/, reason: 'AWS documents them for the users of a table with a customer key, and CDK grants them to senders of a queue' },
  { right: /^kms:GenerateDataKey\*? .*:key\/Encrypted-Key/, reason: 'AWS documents it for the users of a table with a customer key' },
]);

function keyIn(stack: Stack, id: string): Key {
  return new Key(stack, id, { enableKeyRotation: true });
}

function encryptedBucket(stack: Stack, id: string): Bucket {
  return createBucket(stack, id, { encryption: BucketEncryption.KMS, encryptionKey: keyIn(stack, `${id}Key`) });
}

function deploy({ name, props, more }: Deployment): Account {
  return Account.of(name, (stack) => {
    const pipeline = new ImageResizePipeline(stack, PIPELINE, { sourcePrefix: 'in/', outputPrefix: 'out/', profiles: PROFILES, ...props(stack) });
    if (more) pipeline.addSource(createBucket(stack, 'More'), more);
    createBucket(stack, 'Stranger');
  });
}

/** Calls that are near to what the handler does, and that it must not be able to make. */
function neighbours(account: Account, { config, role }: LivePipeline): Call[] {
  const { processing, outputBucket, sources, catalog } = config;
  const own = new Set([outputBucket, ...sources.map(({ bucket }) => bucket)]);
  const strangers = account.resources('AWS::S3::Bucket').map(({ name }) => name).filter((name) => !own.has(name));
  const object = (bucket: string, key: string) => `arn:aws:s3:::${bucket}/${key}`;
  const table = (path: string) => `arn:aws:dynamodb:${PLACE.region}:${PLACE.account}:table/${path}`;
  const http = { 'aws:SecureTransport': 'false' };
  const by = (action: string, resource: string, context?: Call['context']): Call => ({ principal: role, action, resource, context });

  return [
    by('s3:ListAllMyBuckets', '*'),
    by('events:PutEvents', `arn:aws:events:${PLACE.region}:${PLACE.account}:event-bus/stranger`),
    ...strangers.flatMap((bucket) => ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'].map((action) => by(action, object(bucket, 'in/cat.jpg')))),
    ...[...strangers, outputBucket].flatMap((bucket) => sources.map(({ prefix }) => by('s3:ListBucket', `arn:aws:s3:::${bucket}`, { 's3:prefix': `${prefix}cat.jpg` }))),
    ...sources.flatMap(({ bucket, prefix }) => [
      by('s3:GetObject', object(bucket, 'cat.jpg')),
      by('s3:GetObject', object(bucket, prefix.slice(0, -1))),
      by('s3:GetObject', object(bucket, `x/${prefix}cat.jpg`)),
      by('s3:GetObject', object(bucket, `${prefix}cat.jpg`), http),
      by('s3:GetObjectVersion', object(bucket, `${prefix}cat.jpg`)),
      by('s3:PutObject', object(bucket, `${prefix}cat.jpg`)),
      by('s3:PutObjectAcl', object(bucket, `${prefix}cat.jpg`)),
      by('s3:DeleteObjectVersion', object(bucket, `${prefix}cat.jpg`)),
      by('s3:DeleteObject', object(bucket, 'cat.jpg')),
      ...(processing.deleteSource ? [] : [by('s3:DeleteObject', object(bucket, `${prefix}cat.jpg`))]),
      by('s3:ListBucket', `arn:aws:s3:::${bucket}`),
      by('s3:ListBucket', `arn:aws:s3:::${bucket}`, { 's3:prefix': '' }),
      by('s3:ListBucket', `arn:aws:s3:::${bucket}`, { 's3:prefix': 'other/cat.jpg' }),
      by('s3:ListBucketVersions', `arn:aws:s3:::${bucket}`, { 's3:prefix': prefix }),
      by('s3:PutBucketPolicy', `arn:aws:s3:::${bucket}`),
    ]),
    ...sources.flatMap(({ outputPrefix }) => [
      by('s3:PutObject', object(outputBucket, 'cat.jpg')),
      by('s3:PutObject', object(outputBucket, `x/${outputPrefix}cat.jpg`)),
      by('s3:PutObject', object(outputBucket, `${outputPrefix}cat.jpg`), http),
      by('s3:PutObjectAcl', object(outputBucket, `${outputPrefix}cat.jpg`)),
      by('s3:PutObjectTagging', object(outputBucket, `${outputPrefix}cat.jpg`)),
      by('s3:AbortMultipartUpload', object(outputBucket, `${outputPrefix}cat.jpg`)),
      by('s3:DeleteObjectVersion', object(outputBucket, `${outputPrefix}cat.jpg`)),
      by('s3:DeleteObject', object(outputBucket, 'cat.jpg')),
      ...(processing.deleteRenditions ? [] : [by('s3:DeleteObject', object(outputBucket, `${outputPrefix}cat.jpg`))]),
    ]),
    ...config.formerOutputs.flatMap(({ bucket, prefix }) => [
      by('s3:PutObject', object(bucket, `${prefix}cat.jpg`)),
      by('s3:GetObject', object(bucket, prefix.slice(0, -1))),
      by('s3:DeleteObject', object(bucket, `x/${prefix}cat.jpg`)),
      by('s3:DeleteObjectVersion', object(bucket, `${prefix}cat.jpg`)),
    ]),
    ...watermarkObjects(config).flatMap(({ bucket, key, versionId }) => [
      by(versionId === undefined ? 's3:GetObjectVersion' : 's3:GetObject', object(bucket, key)),
      ...['s3:GetObject', 's3:GetObjectVersion'].flatMap((action) => [`${key}x`, `x/${key}`].map((other) => by(action, object(bucket, other)))),
      by(versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion', object(bucket, key), http),
      by('s3:PutObject', object(bucket, key)),
      by('s3:DeleteObject', object(bucket, key)),
      by('s3:ListBucket', `arn:aws:s3:::${bucket}`, { 's3:prefix': key }),
    ]),
    // Originals that are kept in the output bucket are not the handler's.
    ...sources.map(({ prefix }) => by('s3:GetObject', object(outputBucket, `${prefix}cat.jpg`))),
    by('s3:ListBucket', `arn:aws:s3:::${outputBucket}`, { 's3:prefix': sources[0].outputPrefix }),
    ...['DeleteItem', 'PutItem', 'Query', 'Scan', 'BatchGetItem', 'BatchWriteItem', 'DescribeTable', 'DeleteTable', 'UpdateTable']
      .map((action) => by(`dynamodb:${action}`, table(catalog.table))),
    ...['Query', 'Scan'].map((action) => by(`dynamodb:${action}`, table(`${catalog.table}/index/by-status`))),
    ...['GetItem', 'UpdateItem'].map((action) => by(`dynamodb:${action}`, table(`${catalog.table}-other`))),
    ...account.resources('AWS::SQS::Queue').flatMap(({ arn, logicalId }) => [
      by('sqs:PurgeQueue', arn),
      by('sqs:SetQueueAttributes', arn),
      by('sqs:ReceiveMessage', arn, http),
      ...(logicalId.includes('DeadLetterQueue') ? ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:SendMessage'].map((action) => by(action, arn)) : []),
    ]),
    ...account.resources('AWS::KMS::Key').flatMap(({ arn }) => ['kms:CreateGrant', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion'].map((action) => by(action, arn))),
    ...account.resources('AWS::KMS::Key').filter(({ name }) => name.includes('OriginalsKey')).map(({ arn }) => by('kms:GenerateDataKey', arn)),
    ...account.resources('AWS::KMS::Key').filter(({ name }) => name.includes('RenditionsKey')).map(({ arn }) => by('kms:Decrypt', arn)),
    ...account.resources('AWS::Lambda::Function').flatMap(({ arn }) => ['lambda:InvokeFunction', 'lambda:UpdateFunctionCode'].map((action) => by(action, arn))),
    ...account.resources('AWS::IAM::Role').map(({ arn }) => by('iam:PassRole', arn)),
  ];
}

const granted: Statement[] = [];

describe.each(DEPLOYMENTS)('the handler of $name', (deployment) => {
  const account = deploy(deployment);
  const { processing } = configOf(account);
  granted.push(...account.identityStatements(account.resource('AWS::IAM::Role', `${PIPELINE}Role`).arn));
  const runs = (deployment.runs ?? RUNS).filter((run) => prepareSources(configOf(account)).some((source) => appliesTo(run, processing, source)));
  let live: LivePipeline;
  let images: Pick<Stage, 'first' | 'second'>;
  const performed = new Map<string, { readonly calls: readonly Call[]; readonly outcomes: readonly string[] }>();

  beforeAll(async () => {
    live = await LivePipeline.start(account);
    images = await versions();
    for (const run of runs) performed.set(run.name, await perform(run));
  });
  afterAll(() => live.stop());

  /** Does this to an image of every source that it can happen to. */
  async function perform(run: Run): Promise<{ calls: Call[]; outcomes: string[] }> {
    const outcomes: string[] = [];
    const calls = await live.callsOf(async () => {
      for (const source of live.sources.filter((each) => appliesTo(run, processing, each))) {
        const [bucket, key] = [source.bucket, keyFor(source, run)];
        await run.run({ live, source, bucket, key, ...images });
        outcomes.push(await live.outcome(bucket, key, run.named && idIn(source, run.named)));
      }
    });
    return { calls, outcomes };
  }

  test.each(runs)('may make every call for an image $name', async (run) => {
    const { calls, outcomes } = performed.get(run.name)!;
    expect(outcomes).toEqual(live.sources.filter((source) => appliesTo(run, processing, source)).map(() => run.ends));
    expect(texts(calls)).not.toEqual([]);
    expect(await refused(account, calls)).toEqual([]);
  });

  test('has every right that its runtime needs', async () => {
    const calls = serviceCalls(account).filter(({ principal }) => principal === live.role);
    expect(texts(calls)).not.toEqual([]);
    expect(await refused(account, calls)).toEqual([]);
  });

  test('has no right that nothing needs', async () => {
    expect(EXCEPTIONS.problems(rightNames(account, live.role), await unused(account))).toEqual([]);
  });

  test('may do nothing that is near to it', async () => {
    expect(await allowed(account, neighbours(account, live))).toEqual([]);
  });

  test('has a role that nobody but Lambda may take', () => {
    const { properties } = account.resource('AWS::IAM::Role', `${PIPELINE}Role`);
    expect(properties.AssumeRolePolicyDocument.Statement).toEqual([{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }]);
  });

  describe('these checks notice', () => {
    test('every statement that is dropped', async () => {
      const unnoticed: string[] = [];
      for (const dropped of ownStatements().filter((statement) => !isRedundant(statement))) {
        const changed = account.with((statement) => (same(statement, dropped) ? [] : [statement]));
        if (!await refusesAny(changed, needed())) unnoticed.push(JSON.stringify(dropped));
      }
      expect(unnoticed).toEqual([]);
    });

    test('every statement whose resource is widened', async () => {
      const unnoticed: string[] = [];
      for (const widened of ownStatements().filter(({ Resource, Action }) => Resource !== '*' && !/^(logs|sqs|kms):/.test([Action].flat()[0]))) {
        const changed = account.with((statement) => (same(statement, widened) ? [{ ...statement, Resource: '*' }] : [statement]));
        if (!await allowsAny(changed, neighbours(account, live))) unnoticed.push(JSON.stringify(widened));
      }
      expect(unnoticed).toEqual([]);
    });

    test.each<[string, (statement: Statement) => boolean, (statement: Statement) => Statement[]]>([
      ['a condition that is dropped', ({ Condition, Effect }) => Effect === 'Allow' && Condition !== undefined, ({ Condition: _, ...rest }) => [rest]],
      ['that plain HTTP is no longer denied', ({ Effect }) => Effect === 'Deny', () => []],
      ['a prefix that is dropped', ({ Resource }) => String(Resource).endsWith('/in/*'), (statement) => [{ ...statement, Resource: String(statement.Resource).replace('/in/*', '/*') }]],
      ['an action that is widened', ({ Action }) => [Action].flat().includes('dynamodb:UpdateItem'), (statement) => [{ ...statement, Action: 'dynamodb:*' }]],
    ])('%s', async (_, concerns, change) => {
      const mutation: Mutation = (statement) => (concerns(statement) ? change(statement) : [statement]);
      expect(await allowsAny(account.with(mutation), neighbours(account, live))).toBe(true);
    });

    test('a right that nothing needs', async () => {
      const changed = account.with((statement) => ([statement.Action].flat().includes('dynamodb:UpdateItem')
        ? [{ ...statement, Action: [...[statement.Action].flat(), 'dynamodb:Scan'] }] : [statement]));
      const added = (await unused(changed)).filter((right) => !EXCEPTIONS.covers(right));
      expect(added).toEqual([expect.stringMatching(/^dynamodb:Scan .*:table\//)]);
    });

    test('in the run itself that a right is missing', async () => {
      const [source] = live.sources;
      live.runUnder(account.with((statement) => ([statement.Action].flat().includes('s3:PutObject') ? [] : [statement])));
      const event = await live.upload(source.bucket, `${source.prefix}refused.jpg`, images.first);
      await expect(live.deliver(event)).rejects.toMatchObject({ name: 'AccessDenied' });
      expect(await live.outcome(source.bucket, `${source.prefix}refused.jpg`)).toBe('PROCESSING');

      live.runUnder(account);
      await live.deliver(event);
      expect(await live.outcome(source.bucket, `${source.prefix}refused.jpg`)).toBe('COMPLETED');
    });
  });

  /** Everything that is called in the name of the role. */
  function needed(): Call[] {
    return [...live.calls, ...serviceCalls(account)].filter(({ principal }) => principal === live.role);
  }

  function unused(under: Account): Promise<string[]> {
    return unusedRights(under, live.role, needed());
  }

  function ownStatements(): readonly Statement[] {
    return account.identityStatements(live.role);
  }

  /** Several statements allow the use of the pipeline's own key. */
  function isRedundant({ Resource }: Statement): boolean {
    return /:key\/.*-Key/.test(String(Resource));
  }
});

test('every exception is one still', () => {
  expect(EXCEPTIONS.outdated(granted)).toEqual([]);
});

test('the documentation names every right, and no other', () => {
  expect(documentedActions('The resize function')).toEqual(actionsOf(granted));
});

function same(a: Statement, b: Statement): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
