import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Account, PLACE, Statement } from './account';
import { actionsOf, documentedActions } from './documented';
import { Exceptions } from './exceptions';
import { Clients, LivePipeline, PIPELINE, texts } from './live-pipeline';
import { allActions, changing, without } from './mutations';
import { versions } from './runs';
import { serviceCalls } from './service-calls';
import { allowed, allowsAny, Call, Context, distinct, refused, refusesAny, rightNames, unusedRights } from './simulator';
import { ImageBackfill, ImageProfile, ImageResizePipeline } from '../../src';
import { BACKFILL_STEPS, BACKFILL_VARIABLE, METRICS_NAMESPACE, parseBackfillConfig, PRUNE_STEPS } from '../../src/contract';
import { dispatch } from '../../src/lambda/backfill/dispatch';
import { Records } from '../../src/lambda/backfill/records';
import { Reports } from '../../src/lambda/backfill/reports';
import { Services } from '../../src/lambda/backfill/services';
import { createBucket } from '../helpers/cdk';

const BACKFILL = 'Backfill';
const PRUNED = { execution: 'prune', startedAt: '2100-01-01T00:00:00Z' };
const STARTED = { execution: 'one', startedAt: '2100-01-01T00:00:00Z' };
/** Larger than what goes into one request. */
const MANY_BYTES = 6_000_000;

/** The prefix under which each may list. */
const LISTED: Readonly<Record<string, readonly string[]>> = {
  planning: ['Reports backfill/'],
  machine: ['Originals in/', 'More more/'],
  pruning: ['Reports backfill/'],
  pruneMachine: ['Renditions out/', 'Renditions other/', 'Former old/'],
};
const ROLES = ['planning', 'machine', 'pruning', 'pruneMachine'] as const;
type RoleName = (typeof ROLES)[number];

/** One that is needed after all, or gone, fails as well. */
const EXCEPTIONS = new Exceptions([
  { right: /^kms:(Encrypt|ReEncrypt\*|GenerateDataKey\*) .*:key\/Filledtrue-Key/, reason: 'AWS documents them for the users of a table with a customer key' },
  { right: /^lambda:InvokeFunction .*:function:[^:]*:\*$/, reason: 'CDK grants the versions of a function with the function' },
]);
const granted: Record<RoleName, Statement[]> = { planning: [], machine: [], pruning: [], pruneMachine: [] };

describe.each([false, true])('a backfill, customer keys: %s', (encrypted) => {
  const account = Account.of(`Filled${encrypted}`, (stack) => {
    const key = (id: string) => new Key(stack, id, { enableKeyRotation: true });
    const bucket = (id: string) => createBucket(stack, id, encrypted ? { encryption: BucketEncryption.KMS, encryptionKey: key(`${id}Key`) } : {});
    const pipeline = new ImageResizePipeline(stack, PIPELINE, {
      sourceBucket: bucket('Originals'),
      sourcePrefix: 'in/',
      outputBucket: bucket('Renditions'),
      outputPrefix: 'out/',
      profiles: [ImageProfile.of('small', { width: 20 })],
      formerOutputs: [{ bucket: bucket('Former'), prefix: 'old/' }],
      encryptionKey: encrypted ? key('Key') : undefined,
    });
    new ImageBackfill(stack, BACKFILL, { pipeline, reportBucket: bucket('Reports'), prune: true });
    pipeline.addSource(bucket('More'), { prefix: 'more/', outputPrefix: 'other/' });
    bucket('Stranger');
  });
  const planning = account.resource('AWS::Lambda::Function', `${BACKFILL}PlanningFunction`).properties;
  const machines = Object.fromEntries(([['machine', 'StateMachine'], ['pruneMachine', 'PruneStateMachine']] as const)
    .map(([name, id]) => [name, account.resource('AWS::StepFunctions::StateMachine', `${BACKFILL}${id}`)]));
  const roles: Readonly<Record<RoleName, string>> = {
    planning: planning.Role,
    machine: machines.machine.properties.RoleArn,
    pruning: account.resource('AWS::Lambda::Function', `${BACKFILL}PruneFunction`).properties.Role,
    pruneMachine: machines.pruneMachine.properties.RoleArn,
  };
  const buckets = Object.fromEntries(['Originals', 'More', 'Renditions', 'Former', 'Reports', 'Stranger'].map((id) => [id, account.resource('AWS::S3::Bucket', id).name]));
  const config = parseBackfillConfig({ [BACKFILL_VARIABLE]: planning.Environment.Variables[BACKFILL_VARIABLE] });
  let live: LivePipeline;
  let image: Buffer;
  const made: Record<string, readonly Call[]> = {};

  beforeAll(async () => {
    live = await LivePipeline.start(account);
    image = (await versions()).first;
    await live.deliver(await live.upload(buckets.Originals, 'in/cat.jpg', image, { Metadata: { 'image-id': 'cat' } }));
    await live.deliver(await live.upload(buckets.Originals, 'in/broken.jpg', 'no image'));
    for (const [of, runs] of [['planning', RUNS], ['pruning', { ...PRUNE_RUNS, ...REPORT_RUNS }]] as const) {
      for (const run of Object.values(runs)) {
        const clients = live.as(roles[of]);
        await run(servicesOn(clients));
        made[of] = distinct([...made[of] ?? [], ...clients.guard.calls]);
      }
    }
  });
  afterAll(() => live.stop());

  function servicesOn({ s3, dynamodb }: Clients): Services {
    return {
      config,
      pipeline: live.config,
      sources: live.sources,
      records: new Records(DynamoDBDocumentClient.from(dynamodb), live.config.catalog),
      s3,
      dynamodb: DynamoDBDocumentClient.from(dynamodb),
      logger: new Logger({ logLevel: 'SILENT' }),
      metrics: new Metrics({ namespace: METRICS_NAMESPACE, serviceName: live.config.pipelineName }),
      now: () => Date.now(),
    };
  }

  type Runs = Readonly<Record<string, (services: Services) => Promise<unknown>>>;
  const PRUNE_RUNS: Runs = {
    pruning: async (services) => {
      await live.upload(buckets.Former, 'old/cat.jpg', 'x', { Metadata: { 'pipeline': live.config.pipelineName, 'source-etag': 'x', 'image-id': 'nobody' } });
      await live.upload(buckets.Renditions, 'other/cat.jpg', 'x', { Metadata: { 'pipeline': live.config.pipelineName, 'source-etag': 'x', 'image-id': 'nobody' } });
      const { renditions = {} } = await live.record(buckets.Originals, 'in/cat.jpg', 'cat');
      const [{ key }] = Object.values(renditions);
      // As after a deployment that dropped the profile.
      const dropping = { ...services, sources: services.sources.map((source) => ({ ...source, settings: new Map() })) };
      const input = { mode: 'run', maxObjects: 10, minAgeHours: 0 };
      const begun = await dispatch(dropping, { step: PRUNE_STEPS.beginPrune, input, at: 0 }) as any;
      expect(begun).toMatchObject({ listing: 'objects', bucket: buckets.Renditions, prefix: 'out/' });
      for (const [bucket, of] of [[buckets.Renditions, key], [buckets.Renditions, 'other/cat.jpg'], [buckets.Former, 'old/cat.jpg']]) {
        const { ETag } = await live.admin.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: of }));
        const items = [{ Key: of, Etag: ETag, Size: 1, LastModified: 0 }];
        await dispatch(dropping, { step: PRUNE_STEPS.judge, batch: { ...PRUNED, request: begun.request, bucket }, items });
      }
      const plan = await dispatch(dropping, { step: PRUNE_STEPS.summarisePrune, ...PRUNED, request: begun.request }) as any;
      expect(plan).toMatchObject({ work: { objects: 3 }, counts: { deletable: { dropped: { objects: 1 }, orphan: { objects: 2 } } } });
      const items: any[] = [];
      for await (const item of new Reports(services.s3, buckets.Reports, PRUNED.execution).lines(['work.jsonl'])) items.push(item);
      expect(await dispatch(dropping, { step: PRUNE_STEPS.prune, items })).toMatchObject({ deleted: 3, changed: 0 });
      expect(await dispatch(dropping, { step: PRUNE_STEPS.reportPrune, ...PRUNED, plan })).toMatchObject({ deleted: 0 });
    },
  };

  const REPORT_RUNS: Runs = {
    'a report that is cut short': async ({ s3 }) => {
      async function* failing() {
        yield 'x'.repeat(MANY_BYTES);
        await new Promise((resolve) => { setTimeout(resolve, 300); });
        throw new Error('cut short');
      }
      await expect(new Reports(s3, buckets.Reports, 'two').writeLines('report.jsonl', failing())).rejects.toThrow('cut short');
    },
    'a long report': async ({ s3 }) => {
      async function* long() {
        for (let at = 0; at < 3; at += 1) yield 'x'.repeat(MANY_BYTES / 2);
      }
      await new Reports(s3, buckets.Reports, 'two').writeLines('report.jsonl', long());
    },
  };

  /** Everything that the function does. */
  const RUNS: Readonly<Record<string, (services: Services) => Promise<unknown>>> = {
    'planning': async (services) => {
      const begun = await dispatch(services, { step: BACKFILL_STEPS.begin, ...STARTED, input: { mode: 'plan', only: 'all' }, at: 0 }) as any;
      expect(begun).toMatchObject({ listing: 'objects', bucket: buckets.Originals, prefix: 'in/' });
      const items = ['in/cat.jpg', 'in/broken.jpg', 'in/new.jpg'].map((key) => ({ Key: key, Size: 1000, LastModified: 0 }));
      const batch = { ...STARTED, request: begun.request, bucket: begun.bucket };
      const counts = await dispatch(services, { step: BACKFILL_STEPS.plan, batch, items });
      expect(counts).toMatchObject({ originals: 3, current: 1, failed: 1, missing: 1 });
      const plan = await dispatch(services, { step: BACKFILL_STEPS.summarise, ...STARTED, request: begun.request });
      expect(plan).toMatchObject({ work: { images: 2 } });
      expect(await dispatch(services, { step: BACKFILL_STEPS.report, ...STARTED, plan })).toMatchObject({ images: 0 });
    },
    'planning by status': async (services) => {
      const begun = await dispatch(services, { step: BACKFILL_STEPS.begin, ...STARTED, input: { mode: 'plan', status: 'FAILED' }, at: 0 });
      expect(begun).toMatchObject({ listing: 'lines', key: 'backfill/one/listed.jsonl' });
    },
    ...REPORT_RUNS,
  };

  describe.each(ROLES)('the role of %s', (name) => {
    const principal = roles[name];
    const own = account.identityStatements(principal);
    granted[name].push(...own);
    const needed = () => distinct([...made[name] ?? [], ...serviceCalls(account).filter((call) => call.principal === principal)]);

    test('may make every call', async () => {
      expect(texts(needed())).not.toEqual([]);
      expect(await refused(account, needed())).toEqual([]);
    });

    test('has no right that nothing needs', async () => {
      expect(EXCEPTIONS.problems(rightNames(account, principal), await unusedRights(account, principal, needed()))).toEqual([]);
    });

    test('may do nothing that is near to it', async () => {
      expect(await allowed(account, neighbours(principal, name))).toEqual([]);
    });

    test('notices every statement that is dropped', async () => {
      const unnoticed: Statement[] = [];
      // Several statements allow the use of one key.
      for (const dropped of own.filter(({ Resource }) => !/:key\//.test(String(Resource)))) {
        if (!await refusesAny(without(account, dropped), needed())) unnoticed.push(dropped);
      }
      expect(unnoticed).toEqual([]);
    });

    test('notices every statement that is widened', async () => {
      const unnoticed: Statement[] = [];
      for (const widened of own) {
        const changes = [{ Action: allActions(widened) }, ...(widened.Resource === '*' ? [] : [{ Resource: '*' }]), ...(widened.Condition ? [{ Condition: {} }] : [])];
        for (const change of changes) {
          if (!await allowsAny(changing(account, widened, change), neighbours(principal, name))) unnoticed.push({ ...widened, ...change });
        }
      }
      expect(unnoticed).toEqual([]);
    });
  });

  test('the function that makes renditions has the role and the rights of the pipeline\'s', () => {
    const [lane, original] = [`${BACKFILL}LaneFunction`, `${PIPELINE}Function`].map((id) => account.resource('AWS::Lambda::Function', id).properties);
    expect(lane.Role).toBe(original.Role);
  });

  /** Calls near to those of the roles, that this one must not be able to make. */
  function neighbours(principal: string, name: RoleName): Call[] {
    const by = (action: string, resource: string, context?: Context): Call => ({ principal, action, resource, context });
    const onObject = (action: string, bucket: string, key: string) => by(action, `arn:aws:s3:::${bucket}/${key}`);
    const table = account.resource('AWS::DynamoDB::Table', `${PIPELINE}Table`).arn;
    const runs = name === 'machine' || name === 'pruneMachine';
    const prunes = name === 'pruning';
    const machine = machines[name]?.arn ?? machines.machine.arn;
    const mayDelete = (id: string, key: string) => prunes && ((id === 'Renditions' && /^(out|other)\//.test(key)) || (id === 'Former' && key.startsWith('old/')));
    const invoked = { machine: /^Backfill(Planning|Lane)Function/, pruneMachine: /^BackfillPruneFunction/, planning: /^$/, pruning: /^$/ }[name];
    const http = { 'aws:SecureTransport': 'false' };
    return [
      ...['Originals', 'More', 'Renditions', 'Former', 'Stranger'].flatMap((id) => (
        ['in/cat.jpg', 'more/cat.jpg', 'out/in/cat.jpg/small.jpg', 'other/x', 'old/x', 'backfill/one/x', 'lists/x.csv', 'x'].flatMap((key) => (
          ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:AbortMultipartUpload', 's3:DeleteObjectVersion']
            .filter((action) => !mayDelete(id, key) || !['s3:GetObject', 's3:DeleteObject'].includes(action))
            .map((action) => onObject(action, buckets[id], key))
        ))
      )),
      ...['s3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'].map((action) => onObject(action, buckets.Reports, 'other/x')),
      ...['s3:PutObject', 's3:AbortMultipartUpload', 's3:DeleteObject', ...(name === 'machine' ? [] : ['s3:GetObject'])].map((action) => onObject(action, buckets.Reports, 'lists/x.csv')),
      ...['s3:DeleteObject', 's3:PutObjectAcl', 's3:GetObjectVersion'].map((action) => onObject(action, buckets.Reports, 'backfill/one/x')),
      ...['s3:GetObject', 's3:PutObject'].map((action) => by(action, `arn:aws:s3:::${buckets.Reports}/backfill/one/x`, http)),
      ...Object.entries(buckets).flatMap(([id, bucket]) => ['in/', 'more/', 'out/', 'other/', 'old/', 'backfill/'].flatMap((prefix) => [
        ...(LISTED[name].includes(`${id} ${prefix}`) ? [] : [by('s3:ListBucket', `arn:aws:s3:::${bucket}`, { 's3:prefix': `${prefix}x` })]),
        by('s3:ListBucketVersions', `arn:aws:s3:::${bucket}`, { 's3:prefix': `${prefix}x` }),
      ])),
      ...Object.values(buckets).flatMap((bucket) => [
        by('s3:ListBucket', `arn:aws:s3:::${bucket}`), by('s3:ListBucket', `arn:aws:s3:::${bucket}`, { 's3:prefix': 'x/' }),
        by('s3:ListBucketVersions', `arn:aws:s3:::${bucket}`), by('s3:PutBucketPolicy', `arn:aws:s3:::${bucket}`),
      ]),
      ...['GetItem', 'PutItem', ...(prunes ? [] : ['UpdateItem']), 'DeleteItem', 'Query', 'Scan', 'BatchWriteItem', 'DeleteTable', ...(runs ? ['BatchGetItem'] : [])].map((action) => by(`dynamodb:${action}`, table)),
      ...['Scan', 'GetItem', ...(name === 'planning' ? [] : ['Query'])].map((action) => by(`dynamodb:${action}`, `${table}/index/by-status`)),
      by('dynamodb:Query', `${table}/index/other`), by('dynamodb:BatchGetItem', `${table}-other`), by('dynamodb:UpdateItem', `${table}-other`),
      ...['states:StartExecution', 'states:UpdateStateMachine', 'states:DeleteStateMachine', 'states:StartSyncExecution']
        .filter((action) => !runs || action !== 'states:StartExecution').map((action) => by(action, machine)),
      by('states:StartExecution', `${machine}-other`),
      ...['states:StopExecution', 'states:DescribeExecution', 'states:RedriveExecution', 'states:GetExecutionHistory']
        .map((action) => by(action, `${machine.replace(':stateMachine:', ':execution:')}-other:any`)),
      ...(runs ? ['states:GetExecutionHistory'] : ['states:StopExecution']).map((action) => by(action, `${machine.replace(':stateMachine:', ':execution:')}:any`)),
      ...['Run', 'PlanObjects', 'JudgeObjects'].map((label) => by('states:GetExecutionHistory', `${machine.replace(':stateMachine:', ':execution:')}/${label}:any`)),
      ...account.resources('AWS::Lambda::Function').flatMap((each) => [
        ...['lambda:UpdateFunctionCode', 'lambda:DeleteFunction'].map((action) => by(action, each.arn)),
        ...(invoked.test(each.logicalId.replace(/[0-9A-F]{8}$/, '')) ? [] : [by('lambda:InvokeFunction', each.arn)]),
        by('lambda:InvokeFunction', `${each.arn}-other`),
      ]),
      ...account.resources('AWS::SQS::Queue').flatMap(({ arn }) => ['sqs:SendMessage', 'sqs:ReceiveMessage'].map((action) => by(action, arn))),
      ...account.resources('AWS::KMS::Key').flatMap(({ arn, name: key }) => [
        'kms:CreateGrant', 'kms:PutKeyPolicy', ...(/-(Originals|More|Stranger|Renditions|Former)Key/.test(key) ? ['kms:Decrypt', 'kms:GenerateDataKey'] : []),
      ].map((action) => by(action, arn))),
      ...account.resources('AWS::Logs::LogGroup').filter(({ logicalId }) => !logicalId.startsWith(`${BACKFILL}${name === 'planning' ? 'Planning' : 'Prune'}LogGroup`))
        .map(({ name: group }) => by('logs:PutLogEvents', `arn:aws:logs:${PLACE.region}:${PLACE.account}:log-group:${group}:log-stream:1`)),
      ...['logs:DeleteLogGroup', 'logs:DeleteLogStream'].flatMap((action) => account.resources('AWS::Logs::LogGroup')
        .map(({ name: group }) => by(action, `arn:aws:logs:${PLACE.region}:${PLACE.account}:log-group:${group}:log-stream:1`))),
      by('xray:UpdateSamplingRule', `arn:aws:xray:${PLACE.region}:${PLACE.account}:sampling-rule/any`),
      ...account.resources('AWS::IAM::Role').map(({ arn }) => by('iam:PassRole', arn)),
    ];
  }
});

test('every exception is one still', () => {
  expect(EXCEPTIONS.outdated(Object.values(granted).flat())).toEqual([]);
});

test.each<[string, RoleName[]]>([['The backfill', ['planning', 'machine']], ['Pruning', ['pruning', 'pruneMachine']]])(
  'the documentation of %s names every right, and no other', (section, names) => {
    expect(documentedActions(section)).toEqual(actionsOf(names.flatMap((name) => granted[name])));
  },
);
