import { Key } from 'aws-cdk-lib/aws-kms';
import { BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Account, Statement } from './account';
import { actionsOf, documentedActions } from './documented';
import { PIPELINE } from './live-pipeline';
import { changing, without } from './mutations';
import { asDistribution, deliveryCalls } from './service-calls';
import { allowed, allowsAny, ANONYMOUS, Call, Context, refused, refusesAny, STRANGER } from './simulator';
import { ImageDistribution, ImageResizePipeline } from '../../src';
import { createBucket } from '../helpers/cdk';

const CLOUDFRONT = 'cloudfront.amazonaws.com';
const STRANGERS_ACCOUNT = '222222222222';
const granted: Statement[] = [];

describe.each([false, true])('a distribution of renditions beside originals, customer key: %s', (encrypted) => {
  const account = Account.of(`Delivered${encrypted}`, (stack) => {
    const key = (id: string) => new Key(stack, id, { enableKeyRotation: true });
    const photos = createBucket(stack, 'Photos', encrypted ? { encryption: BucketEncryption.KMS, encryptionKey: key('PhotosKey') } : {});
    const pipeline = new ImageResizePipeline(stack, PIPELINE, { sourceBucket: photos, sourcePrefix: 'in/', outputBucket: photos, outputPrefix: 'out/' });
    new ImageDistribution(stack, 'Delivery', { pipeline });
    pipeline.addSource(photos, { prefix: 'more/', outputPrefix: 'other/' });
    createBucket(stack, 'Stranger', encrypted ? { encryption: BucketEncryption.KMS, encryptionKey: key('StrangerKey') } : {});
  });
  const { name: id } = account.resource('AWS::CloudFront::Distribution', 'DeliveryDistribution');
  const bucket = account.resource('AWS::S3::Bucket', 'Photos').arn;
  const stranger = account.resource('AWS::S3::Bucket', 'Stranger').arn;
  const renditions = ['out/in/cat.jpg/small.jpeg', 'other/more/cat.jpg/small.jpeg'].map((key) => `${bucket}/${key}`);
  const calls = renditions.flatMap((object) => deliveryCalls(account, object, asDistribution(id)));
  const granting = [bucket, ...account.resources('AWS::KMS::Key').map(({ arn }) => arn)]
    .flatMap((arn) => account.resourceStatements(arn))
    .filter(({ Effect, Principal }) => Effect === 'Allow' && JSON.stringify(Principal).includes(CLOUDFRONT));
  granted.push(...granting);

  test('is signed for, to the bucket', () => {
    const { Origins } = account.resource('AWS::CloudFront::Distribution', 'DeliveryDistribution').properties.DistributionConfig;
    expect(Origins).toEqual([expect.objectContaining({ DomainName: expect.stringContaining(account.resource('AWS::S3::Bucket', 'Photos').name) })]);
  });

  test('reads the renditions of every source', async () => {
    expect(calls).toHaveLength(encrypted ? 4 : 2);
    expect(await refused(account, calls)).toEqual([]);
  });

  test('has no right that nothing needs', async () => {
    expect(granting).toHaveLength(encrypted ? 2 : 1);
    for (const statement of granting) {
      for (const resource of [statement.Resource].flat()) {
        const others = [statement.Resource].flat().filter((each) => each !== resource);
        const changed = others.length > 0 ? changing(account, statement, { Resource: others }) : without(account, statement);
        expect(await refusesAny(changed, calls)).toBe(true);
      }
      expect([statement.Action].flat()).toHaveLength(1);
    }
  });

  test('reads nothing else, and nobody reads in its stead', async () => {
    expect(await allowed(account, neighbours())).toEqual([]);
  });

  test.each<[string, (statement: Statement) => Partial<Statement> | undefined]>([
    ['a condition that is dropped', () => ({ Condition: undefined })],
    ['a principal that is widened', () => ({ Principal: '*', Condition: undefined })],
    ['that every account\'s distributions may', () => ({ Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:cloudfront::*:distribution/*' } } })],
    ['that every distribution may', ({ Resource }) => (Resource === '*' ? undefined : { Condition: { ArnLike: { ...asDistribution('*') } } })],
    ['a prefix that is dropped', ({ Resource }) => (Resource === '*' ? undefined : { Resource: `${bucket}/*` })],
    ['that the bucket may be listed', ({ Resource }) => (Resource === '*' ? undefined : { Resource: [bucket], Action: 's3:ListBucket' })],
    ['actions that are widened', ({ Action }) => ({ Action: String(Action).replace(/:.*/, ':*') })],
  ])('these checks notice %s', async (_, change) => {
    const changed = granting.flatMap((statement) => {
      const to = change(statement);
      return to ? [changing(account, statement, to)] : [];
    });
    expect(changed).not.toEqual([]);
    for (const each of changed) expect(await allowsAny(each, neighbours())).toBe(true);
  });

  test('these checks notice that plain HTTP is no longer denied', async () => {
    const changed = account.with((statement) => (statement.Effect === 'Deny' ? [] : [statement]));
    expect(await allowsAny(changed, neighbours())).toBe(true);
  });

  function neighbours(): Call[] {
    const by = (action: string, resource: string, context?: Context, principal: Call['principal'] = CLOUDFRONT): Call => ({ principal, action, resource, context });
    const own = asDistribution(id);
    const foreign = [asDistribution(id, STRANGERS_ACCOUNT), undefined];
    const others = [asDistribution('E2OTHER'), asDistribution(`${id}X`), ...foreign];
    const people = [STRANGER, ANONYMOUS];
    return [
      ...['in/cat.jpg', 'more/cat.jpg', 'cat.jpg', 'x/out/cat.jpg', 'out', 'outer/cat.jpg'].map((key) => by('s3:GetObject', `${bucket}/${key}`, own)),
      by('s3:GetObject', `${stranger}/out/cat.jpg`, own),
      ...[bucket, stranger].map((resource) => by('s3:ListBucket', resource, own)),
      by('s3:ListBucket', bucket, { ...own, 's3:prefix': 'out/' }),
      ...renditions.flatMap((object) => [
        ...['s3:PutObject', 's3:DeleteObject', 's3:GetObjectVersion', 's3:GetObjectAcl'].map((action) => by(action, object, own)),
        by('s3:GetObject', object, { ...own, 'aws:SecureTransport': 'false' }),
        ...others.map((context) => by('s3:GetObject', object, context)),
        ...['s3.amazonaws.com', 'lambda.amazonaws.com', ...people].map((principal) => by('s3:GetObject', object, principal === 's3.amazonaws.com' ? own : undefined, principal)),
      ]),
      ...people.map((principal) => by('s3:ListBucket', bucket, undefined, principal)),
      // The key may be used for any distribution of the account: the bucket says which one.
      ...account.resources('AWS::KMS::Key').flatMap(({ arn, name }) => [
        ...(name.includes('StrangerKey') ? [by('kms:Decrypt', arn, own)] : foreign.map((context) => by('kms:Decrypt', arn, context))),
        ...['kms:Encrypt', 'kms:GenerateDataKey', 'kms:CreateGrant'].map((action) => by(action, arn, own)),
        ...people.map((principal) => by('kms:Decrypt', arn, undefined, principal)),
      ]),
    ];
  }
});

test('the documentation names every right, and no other', () => {
  expect(documentedActions('The distribution')).toEqual(actionsOf(granted));
});
