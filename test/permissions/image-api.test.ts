import { HttpIamAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { Key } from 'aws-cdk-lib/aws-kms';
import { BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Account, PLACE, Statement } from './account';
import { actionsOf, documentedActions } from './documented';
import { Exceptions } from './exceptions';
import { API, imageApiOf, LiveImageApi } from './live-image-api';
import { LivePipeline, PIPELINE, texts } from './live-pipeline';
import { allActions, changing, without } from './mutations';
import { versions } from './runs';
import { asRoute, serviceCalls } from './service-calls';
import { allowed, allowsAny, Call, Context, distinct, refused, refusesAny, rightNames, unusedRights } from './simulator';
import { ImageProfile, ImageResizePipeline, ImageUploadApi, ImageUploadApiProps, UploadMethod } from '../../src';
import { createBucket } from '../helpers/cdk';

interface Deployment {
  readonly name: string;
  readonly api: Omit<ImageUploadApiProps, 'pipeline' | 'authorizer'>;
  readonly deletes: boolean;
  readonly encrypted?: boolean;
}

const DEPLOYMENTS: readonly Deployment[] = [
  { name: 'Posted', api: { uploadPrefix: 'in/up/', originalLinks: true }, deletes: true },
  { name: 'Put', api: { uploadMethod: UploadMethod.PUT, uploadPrefix: 'in/up/', renditionsUrl: 'https://images.example.com' }, deletes: false },
  { name: 'Encrypted', api: { uploadMethod: UploadMethod.PUT }, deletes: true, encrypted: true },
];

/** One that is needed after all, or gone, fails as well. */
const EXCEPTIONS = new Exceptions([
  { right: /^kms:(Encrypt|ReEncrypt\*|GenerateDataKey\*) .*:key\/Encrypted-Key/, reason: 'AWS documents them for the users of a table with a customer key' },
]);
const granted: Statement[] = [];

function deploy({ name, api, deletes, encrypted }: Deployment): Account {
  return Account.of(name, (stack) => {
    const key = (id: string) => new Key(stack, id, { enableKeyRotation: true });
    const bucket = (id: string) => createBucket(stack, id, encrypted ? { encryption: BucketEncryption.KMS, encryptionKey: key(`${id}Key`) } : {});
    const pipeline = new ImageResizePipeline(stack, PIPELINE, {
      sourceBucket: bucket('Originals'),
      sourcePrefix: 'in/',
      outputBucket: bucket('Renditions'),
      outputPrefix: 'out/',
      profiles: [ImageProfile.of('small', { width: 20 }), ImageProfile.of('large', { width: 40 })],
      processing: { deleteRenditions: deletes },
      encryptionKey: encrypted ? key('Key') : undefined,
    });
    new ImageUploadApi(stack, API, { pipeline, authorizer: new HttpIamAuthorizer(), ...api });
    // The API shows images of later sources as well.
    pipeline.addSource(bucket('More'), { prefix: 'more/', outputPrefix: 'other/' });
    bucket('Stranger');
  });
}

describe.each(DEPLOYMENTS)('the upload API of $name', (deployment) => {
  const account = deploy(deployment);
  const { role, arn, config: { upload: { bucket, prefix, method }, catalog, links } } = imageApiOf(account);
  const buckets = Object.fromEntries(['Originals', 'More', 'Renditions', 'Stranger'].map((id) => [id, account.resource('AWS::S3::Bucket', id).name]));
  const routes = account.resources('AWS::ApiGatewayV2::Route').map(({ properties: { ApiId, RouteKey } }) => ({ api: ApiId as string, route: RouteKey as string }));
  const made: Record<string, readonly Call[]> = {};
  let live: LivePipeline;
  let image: Buffer;

  beforeAll(async () => {
    live = await LivePipeline.start(account);
    image = (await versions()).first;
    await live.deliver(await live.upload(buckets.More, 'more/cat.jpg', image));
    for (const [name, run] of Object.entries(RUNS)) made[name] = await run();
  });
  afterAll(() => live.stop());

  /** Everything that clients do with the API, each with a container of its own. */
  const RUNS: Readonly<Record<string, () => Promise<readonly Call[]>>> = {
    uploading: async () => {
      const api = open();
      await uploaded(api);
      return api.guard.calls;
    },
    listing: async () => {
      const api = open();
      await uploaded(api);
      const first = await api.call('GET /images', { query: { limit: '1' } });
      expect(first).toMatchObject({ statusCode: 200, images: [{ status: 'COMPLETED' }] });
      expect(await api.call('GET /images', { query: { cursor: first.cursor } })).toMatchObject({ statusCode: 200 });
      expect(await api.call('GET /images', { query: { status: 'COMPLETED' } })).toMatchObject({ statusCode: 200 });
      return api.guard.calls;
    },
    reading: async () => {
      const api = open();
      await uploaded(api);
      const { images } = await api.call('GET /images');
      expect(images.map(({ renditions }: any) => renditions[0].url)).toEqual(expect.arrayContaining([expect.stringContaining('/out/'), expect.stringContaining('/other/')]));
      for (const { imageId } of images) {
        const { statusCode, renditions, source } = await api.call('GET /images/{imageId}', { imageId });
        expect([statusCode, renditions.length]).toEqual([200, 2]);
        if (source) expect(await api.follow(source.url)).toBe(200);
        if (links.baseUrl === undefined) for (const { url } of renditions) expect(await api.follow(url)).toBe(200);
      }
      return api.guard.calls;
    },
    ...(deployment.deletes && {
      deleting: async () => {
        const api = open();
        const imageId = await uploaded(api);
        expect(await api.call('DELETE /images/{imageId}', { imageId })).toEqual({ statusCode: 202, imageId });
        await live.deliver(live.lastEvent);
        expect(await api.call('GET /images/{imageId}', { imageId })).toMatchObject({ statusCode: 404 });
        const pending = (await announced(api)).imageId;
        expect(await api.call('DELETE /images/{imageId}', { imageId: pending })).toMatchObject({ statusCode: 202 });
        expect(await api.call('GET /images/{imageId}', { imageId: pending })).toMatchObject({ statusCode: 404 });
        return api.guard.calls;
      },
    }),
  };
  const names = Object.keys(RUNS);
  granted.push(...account.identityStatements(role));

  function open(under = account): LiveImageApi {
    return new LiveImageApi(live, under);
  }

  async function announced(api: LiveImageApi): Promise<any> {
    return api.call('POST /uploads', { body: { fileName: 'cat.jpg', contentType: 'image/jpeg', bytes: image.length } });
  }

  async function uploaded(api: LiveImageApi): Promise<string> {
    const upload = await announced(api);
    expect(upload).toMatchObject({ statusCode: 201, method });
    expect(await api.send(upload, image)).toBeLessThan(300);
    await live.deliver(live.lastEvent);
    return upload.imageId;
  }

  /** Everything that is called in the name of the role. */
  function needed(): Call[] {
    return distinct([...Object.values(made).flat(), ...serviceCalls(account).filter(({ principal }) => principal === role)]);
  }

  /** Calls near to those of the role, that it must not be able to make. */
  function neighbours(): Call[] {
    const by = (action: string, resource: string, context?: Context): Call => ({ principal: role, action, resource, context });
    const onObject = (action: string, [name, key]: readonly [string, string], context?: Context) => by(action, `arn:aws:s3:::${name}/${key}`, context);
    const table = `arn:aws:dynamodb:${PLACE.region}:${PLACE.account}:table/${catalog.table}`;
    const original = [bucket, `${prefix}id/cat.jpg`] as const;
    const renditions = [[buckets.Renditions, 'out/in/cat.jpg/small.jpg'], [buckets.Renditions, 'other/more/cat.jpg/small.jpg']] as const;
    const beside = [
      [bucket, 'cat.jpg'], [bucket, `x/${prefix}cat.jpg`], [bucket, 'out/cat.jpg'], ...(prefix === 'in/' ? [] : [[bucket, 'in/cat.jpg'] as const]),
      [buckets.Renditions, 'cat.jpg'], [buckets.Renditions, `${prefix}cat.jpg`], [buckets.More, 'more/cat.jpg'],
      [buckets.Stranger, `${prefix}cat.jpg`], [buckets.Stranger, 'out/cat.jpg'],
    ] as const;
    const http = { 'aws:SecureTransport': 'false' };
    const deletes = deployment.deletes ? [] : ['s3:DeleteObject'];
    const signsLinks = links.baseUrl === undefined;
    const reads = links.originals ? [] : ['s3:GetObject'];
    return [
      by('s3:ListAllMyBuckets', '*'),
      ...Object.values(buckets).flatMap((name) => ['s3:ListBucket', 's3:ListBucketVersions', 's3:PutBucketPolicy'].map((action) => by(action, `arn:aws:s3:::${name}`))),
      ...beside.flatMap((object) => ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'].map((action) => onObject(action, object))),
      ...[...reads, 's3:PutObjectAcl', 's3:PutObjectTagging', 's3:AbortMultipartUpload', 's3:DeleteObjectVersion', 's3:GetObjectVersion', ...deletes]
        .map((action) => onObject(action, original)),
      ...['s3:GetObject', 's3:PutObject', 's3:DeleteObject'].map((action) => onObject(action, original, http)),
      ...renditions.flatMap((object) => ['s3:PutObject', 's3:DeleteObject', 's3:GetObjectVersion', ...(signsLinks ? [] : ['s3:GetObject'])]
        .map((action) => onObject(action, object))),
      ...renditions.map((object) => onObject('s3:GetObject', object, http)),
      ...['UpdateItem', 'Query', 'Scan', 'BatchGetItem', 'BatchWriteItem', 'DescribeTable', 'DeleteTable', ...(deployment.deletes ? [] : ['DeleteItem'])]
        .map((action) => by(`dynamodb:${action}`, table)),
      ...['Scan', 'GetItem', 'PutItem', 'DeleteItem'].map((action) => by(`dynamodb:${action}`, `${table}/index/by-status`)),
      by('dynamodb:Query', `${table}/index/other`),
      ...['GetItem', 'PutItem', 'DeleteItem'].map((action) => by(`dynamodb:${action}`, `${table}-other`)),
      ...account.resources('AWS::Logs::LogGroup').filter(({ logicalId }) => !logicalId.startsWith(`${API}LogGroup`))
        .map(({ name }) => by('logs:PutLogEvents', `arn:aws:logs:${PLACE.region}:${PLACE.account}:log-group:${name}:log-stream:1`)),
      by('logs:DeleteLogStream', `arn:aws:logs:${PLACE.region}:${PLACE.account}:log-group:${account.resource('AWS::Logs::LogGroup', `${API}LogGroup`).name}:log-stream:1`),
      ...account.resources('AWS::SQS::Queue').flatMap((queue) => ['sqs:SendMessage', 'sqs:ReceiveMessage'].map((action) => by(action, queue.arn))),
      ...account.resources('AWS::Lambda::Function').flatMap((each) => ['lambda:InvokeFunction', 'lambda:UpdateFunctionCode'].map((action) => by(action, each.arn))),
      ...account.resources('AWS::IAM::Role').map((each) => by('iam:PassRole', each.arn)),
      ...account.resources('AWS::KMS::Key').flatMap((key) => ['kms:CreateGrant', 'kms:PutKeyPolicy'].map((action) => by(action, key.arn))),
      ...account.resources('AWS::KMS::Key').filter(({ name }) => /-(Originals|More|Stranger)Key/.test(name)).map((key) => by('kms:Decrypt', key.arn)),
      ...account.resources('AWS::KMS::Key').filter(({ name }) => /-(More|Stranger|Renditions)Key/.test(name)).map((key) => by('kms:GenerateDataKey', key.arn)),
    ];
  }

  test.each(names)('may make every call of %s', async (name) => {
    expect(texts(made[name])).not.toEqual([]);
    expect(await refused(account, made[name])).toEqual([]);
  });

  test('has every right that its runtime needs', async () => {
    const calls = serviceCalls(account).filter(({ principal }) => principal === role);
    expect(texts(calls)).not.toEqual([]);
    expect(await refused(account, calls)).toEqual([]);
  });

  test('has no right that nothing needs', async () => {
    expect(EXCEPTIONS.problems(rightNames(account, role), await unusedRights(account, role, needed()))).toEqual([]);
  });

  test('may do nothing that is near to it', async () => {
    expect(await allowed(account, neighbours())).toEqual([]);
  });

  test('has a role that nobody but Lambda may take', () => {
    const { properties } = account.resource('AWS::IAM::Role', `${API}Role`);
    expect(properties.AssumeRolePolicyDocument.Statement).toEqual([{ Action: 'sts:AssumeRole', Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' } }]);
  });

  test('is called by API Gateway for its own routes, and for nobody else', async () => {
    const calls = serviceCalls(account).filter(({ principal }) => principal === 'apigateway.amazonaws.com');
    expect(calls).toHaveLength(routes.length);
    expect(await refused(account, calls)).toEqual([]);
    expect(await allowed(account, strangers())).toEqual([]);
  });

  describe('these checks notice', () => {
    const own = account.identityStatements(role);

    test('every statement that is dropped', async () => {
      const unnoticed: Statement[] = [];
      // Several statements allow the use of the pipeline's own key.
      for (const dropped of own.filter(({ Resource }) => !/:key\/.*-Key/.test(String(Resource)))) {
        if (!await refusesAny(without(account, dropped), needed())) unnoticed.push(dropped);
      }
      expect(unnoticed).toEqual([]);
    });

    test('every statement whose resource is widened', async () => {
      const unnoticed: Statement[] = [];
      for (const widened of own) {
        if (!await allowsAny(changing(account, widened, { Resource: '*' }), neighbours())) unnoticed.push(widened);
      }
      expect(unnoticed).toEqual([]);
    });

    test('every statement whose actions are widened', async () => {
      const unnoticed: Statement[] = [];
      for (const widened of own) {
        if (!await allowsAny(changing(account, widened, { Action: allActions(widened) }), neighbours())) unnoticed.push(widened);
      }
      expect(unnoticed).toEqual([]);
    });

    test('that the prefix of the uploads is dropped', async () => {
      const [puts] = own.filter(({ Action }) => [Action].flat().includes('s3:PutObject'));
      const changed = changing(account, puts, { Resource: String(puts.Resource).replace(prefix, '') });
      expect(await allowsAny(changed, neighbours())).toBe(true);
    });

    test('that any API may call the function', async () => {
      const changed = account.with(({ Condition, ...statement }) => [JSON.stringify(statement.Principal)?.includes('apigateway') ? statement : { ...statement, Condition }]);
      expect(await allowsAny(changed, strangers())).toBe(true);
    });

    test('in the request itself that a right is missing', async () => {
      const lacking = (action: string) => open(account.with((statement) => ([statement.Action].flat().includes(action) ? [] : [statement])));
      expect(await announced(lacking('dynamodb:PutItem'))).toMatchObject({ statusCode: 500 });
      const api = lacking('s3:PutObject');
      expect(await api.send(await announced(api), image)).toBe(403);
    });
  });

  /** Other APIs, other accounts and other services, which must not reach the function. */
  function strangers(): Call[] {
    const by = (principal: string, context?: Context): Call => ({ principal, action: 'lambda:InvokeFunction', resource: arn, context });
    return [
      ...routes.flatMap(({ api, route }) => [
        by('apigateway.amazonaws.com', asRoute('other', route)),
        by('apigateway.amazonaws.com', asRoute(api, route, '222222222222')),
        by('sns.amazonaws.com', asRoute(api, route)),
      ]),
      by('apigateway.amazonaws.com', asRoute(routes[0].api, 'GET /other')),
      by('apigateway.amazonaws.com'),
    ];
  }
});

test('every exception is one still', () => {
  expect(EXCEPTIONS.outdated(granted)).toEqual([]);
});

test('the documentation names every right, and no other', () => {
  expect(documentedActions('The upload API')).toEqual(actionsOf(granted));
});
