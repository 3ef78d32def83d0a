import { GetItemCommand, BatchGetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import {
  AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CreateMultipartUploadCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key as CustomerKey } from 'aws-cdk-lib/aws-kms';
import { BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Account, Mutation, PLACE, Statement } from './account';
import { actionsOf, documentedActions } from './documented';
import { LivePipeline, PIPELINE } from './live-pipeline';
import { versions } from './runs';
import { allowed, allowsAny, Call, refused, refusesAny, unusedRights } from './simulator';
import { ImageProfile, ImageResizePipeline } from '../../src';
import { createBucket } from '../helpers/cdk';

const USERS = ['upload', 'readOriginals', 'readRenditions', 'readCatalog'] as const;
type User = typeof USERS[number];
const granted: Statement[] = [];

function deploy(encrypted: boolean): Account {
  return Account.of(encrypted ? 'UsersEncrypted' : 'Users', (stack) => {
    const key = (id: string) => new CustomerKey(stack, id, { enableKeyRotation: true });
    const bucket = (id: string) => createBucket(stack, id, encrypted ? { encryption: BucketEncryption.KMS, encryptionKey: key(`${id}Key`) } : {});
    const pipeline = new ImageResizePipeline(stack, PIPELINE, {
      sourceBucket: bucket('Originals'),
      sourcePrefix: 'in/',
      outputBucket: bucket('Renditions'),
      outputPrefix: 'out/',
      profiles: [ImageProfile.of('small', { width: 40 })],
      encryptionKey: encrypted ? key('Key') : undefined,
    });
    pipeline.addSource(bucket('More'), { prefix: 'more/', outputPrefix: 'other/' });
    for (const user of USERS) pipeline.grants[user](new Role(stack, `${user}Role`, { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
    bucket('Stranger');
  });
}

describe.each([false, true])('users of a pipeline, customer keys: %s', (encrypted) => {
  const account = deploy(encrypted);
  const roles = Object.fromEntries(USERS.map((user) => [user, account.resource('AWS::IAM::Role', `${user}Role`).arn])) as Record<User, string>;
  const [{ name: table }] = account.resources('AWS::DynamoDB::Table');
  const keys = ['in/cat.jpg', 'more/cat.jpg'];
  const buckets = Object.fromEntries(['Originals', 'More', 'Renditions', 'Stranger'].map((id) => [id, account.resource('AWS::S3::Bucket', id).name]));
  const originals = [[buckets.Originals, keys[0]], [buckets.More, keys[1]]] as const;
  const renditions = ['out/in/cat.jpg/small.jpg', 'other/more/cat.jpg/small.jpg'].map((key) => [buckets.Renditions, key] as const);
  const made: Record<string, Call[]> = {};
  granted.push(...USERS.flatMap((user) => account.identityStatements(roles[user])));
  let live: LivePipeline;

  beforeAll(async () => {
    live = await LivePipeline.start(account);
    const { first } = await versions();
    for (const [bucket, key] of originals) await live.deliver(await live.upload(bucket, key, first));
    for (const user of USERS) made[user] = await use(user);
  });
  afterAll(() => live.stop());

  /** Everything that a user does with a grant. */
  async function use(user: User): Promise<Call[]> {
    const { s3, dynamodb, guard } = live.as(roles[user]);
    const read = async ([Bucket, Key]: readonly [string, string]) => {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      expect((await Body!.transformToByteArray()).length).toBeGreaterThan(0);
      await s3.send(new HeadObjectCommand({ Bucket, Key }));
    };
    switch (user) {
      case 'upload':
        for (const [Bucket, Key] of originals) {
          await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'new', ContentType: 'image/jpeg', Metadata: { 'image-id': 'mine' } }));
          const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
          const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: 'part' }));
          await s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag }] } }));
          const other = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
          await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId: other.UploadId }));
        }
        break;
      case 'readOriginals':
        for (const original of originals) await read(original);
        break;
      case 'readRenditions':
        for (const rendition of renditions) await read(rendition);
        break;
      case 'readCatalog': {
        const { listingPartition } = await live.record(...originals[0]);
        const { Items } = await dynamodb.send(new QueryCommand({
          TableName: table, IndexName: 'by-status', KeyConditionExpression: 'listingPartition = :p', ExpressionAttributeValues: { ':p': { S: listingPartition! } },
        }));
        const { imageId } = Items![0];
        expect((await dynamodb.send(new GetItemCommand({ TableName: table, Key: { imageId } }))).Item).toMatchObject({ status: { S: 'COMPLETED' } });
        await dynamodb.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: [{ imageId }] } } }));
        await dynamodb.send(new QueryCommand({ TableName: table, KeyConditionExpression: 'imageId = :i', ExpressionAttributeValues: { ':i': imageId } }));
      }
    }
    return guard.calls;
  }

  /** Calls near to those of a user, that the user must not be able to make. */
  function neighbours(user: User): Call[] {
    const principal = roles[user];
    const on = (action: string, bucket: string, key: string, context?: Call['context']): Call => ({ principal, action, resource: `arn:aws:s3:::${bucket}/${key}`, context });
    const beside = [[buckets.Originals, 'cat.jpg'], [buckets.Renditions, 'cat.jpg'], [buckets.Stranger, 'in/cat.jpg'], [buckets.Stranger, 'out/cat.jpg']] as const;
    const mine: Record<User, { readonly actions: readonly string[]; readonly objects: readonly (readonly [string, string])[] }> = {
      upload: { actions: ['s3:PutObject', 's3:AbortMultipartUpload'], objects: originals },
      readOriginals: { actions: ['s3:GetObject'], objects: originals },
      readRenditions: { actions: ['s3:GetObject'], objects: renditions },
      readCatalog: { actions: [], objects: [] },
    };
    const actions = [
      's3:GetObject', 's3:PutObject', 's3:AbortMultipartUpload', 's3:DeleteObject', 's3:GetObjectVersion', 's3:PutObjectAcl', 's3:PutObjectTagging', 's3:GetObjectAcl',
    ];
    const isMine = (action: string, bucket: string, key: string) => mine[user].actions.includes(action)
      && mine[user].objects.some((own) => own[0] === bucket && own[1] === key);
    const tableArn = `arn:aws:dynamodb:${PLACE.region}:${PLACE.account}:table/${table}`;
    const reads = user === 'readCatalog' ? [] : ['GetItem', 'BatchGetItem', 'Query'];
    const tableActions = ['PutItem', 'UpdateItem', 'DeleteItem', 'Scan', 'BatchWriteItem', 'DescribeTable', ...reads];
    return [
      ...[...originals, ...renditions, ...beside].flatMap(([bucket, key]) => actions
        .filter((action) => !isMine(action, bucket, key))
        .map((action) => on(action, bucket, key))),
      ...mine[user].objects.flatMap(([bucket, key]) => mine[user].actions.map((action) => on(action, bucket, key, { 'aws:SecureTransport': 'false' }))),
      ...mine[user].objects.flatMap(([bucket, key]) => mine[user].actions.map((action) => on(action, bucket, `x/${key}`))),
      ...Object.values(buckets).flatMap((bucket) => ['s3:ListBucket', 's3:ListBucketMultipartUploads'].map((action) => ({
        principal, action, resource: `arn:aws:s3:::${bucket}`,
      }))),
      { principal, action: 's3:ListAllMyBuckets', resource: '*' },
      ...tableActions.map((action) => ({ principal, action: `dynamodb:${action}`, resource: tableArn })),
      ...['Scan', 'GetItem', 'BatchGetItem', ...reads.filter((action) => action === 'Query')].map((action) => ({
        principal, action: `dynamodb:${action}`, resource: `${tableArn}/index/by-status`,
      })),
      ...['GetItem', 'Query'].map((action) => ({ principal, action: `dynamodb:${action}`, resource: `${tableArn}-other` })),
      { principal, action: 'dynamodb:Query', resource: `${tableArn}/index/other` },
      ...account.resources('AWS::SQS::Queue').flatMap(({ arn }) => ['sqs:SendMessage', 'sqs:ReceiveMessage']
        .map((action) => ({ principal, action, resource: arn }))),
      ...account.resources('AWS::Lambda::Function').map(({ arn }) => ({ principal, action: 'lambda:InvokeFunction', resource: arn })),
      ...account.resources('AWS::KMS::Key')
        .filter(({ name }) => !KEYS[user].some((id) => name.includes(`-${id}`)))
        .map(({ arn }) => ({ principal, action: 'kms:Decrypt', resource: arn })),
      ...account.resources('AWS::KMS::Key').flatMap(({ arn }) => ['kms:CreateGrant', 'kms:Encrypt']
        .map((action) => ({ principal, action, resource: arn }))),
      ...(user === 'upload' ? [] : account.resources('AWS::KMS::Key').map(({ arn }) => ({ principal, action: 'kms:GenerateDataKey', resource: arn }))),
    ];
  }

  describe.each(USERS)('with grants.%s', (user) => {
    test('may make every call of theirs', async () => {
      expect(made[user]).not.toEqual([]);
      expect(await refused(account, made[user])).toEqual([]);
    });

    test('have no right that no call needs', async () => {
      expect(await unusedRights(account, roles[user], made[user])).toEqual([]);
    });

    test('may do nothing that is near to it', async () => {
      expect(await allowed(account, neighbours(user))).toEqual([]);
    });

    test('notice every statement that is dropped', async () => {
      const statements = account.identityStatements(roles[user]);
      expect(statements).not.toEqual([]);
      for (const dropped of statements) {
        const changed = account.with((statement) => (JSON.stringify(statement) === JSON.stringify(dropped) ? [] : [statement]));
        expect(await refusesAny(changed, made[user])).toBe(true);
      }
    });

    test.each<[string, Mutation]>([
      ['every resource that is widened', (statement) => [statement.Effect === 'Allow' ? { ...statement, Resource: '*' } : statement]],
      ['every action that is widened', (statement) => [{ ...statement, Action: [statement.Action].flat().map((action) => action.replace(/:.*/, ':*')) }]],
    ])('notice %s', async (_, mutation) => {
      for (const widened of account.identityStatements(roles[user])) {
        const changed = account.with((statement) => (JSON.stringify(statement) === JSON.stringify(widened) ? mutation(statement) : [statement]));
        expect(await allowsAny(changed, neighbours(user))).toBe(true);
      }
    });
  });

  test('fails for calls of one user with the rights of another', async () => {
    const { s3 } = live.as(roles.readRenditions);
    await expect(s3.send(new PutObjectCommand({ Bucket: originals[0][0], Key: originals[0][1], Body: 'x' }))).rejects.toMatchObject({ name: 'AccessDenied' });
    const { dynamodb } = live.as(roles.upload);
    await expect(dynamodb.send(new GetItemCommand({ TableName: table, Key: { imageId: { S: 'any' } } }))).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

test('the documentation names every right, and no other', () => {
  expect(documentedActions('Those who use a pipeline')).toEqual(actionsOf(granted));
});

/** The customer keys that a user needs, by the id of their construct. */
const KEYS: Readonly<Record<User, readonly string[]>> = {
  upload: ['OriginalsKey', 'MoreKey'],
  readOriginals: ['OriginalsKey', 'MoreKey'],
  readRenditions: ['RenditionsKey'],
  readCatalog: ['Key'],
};
