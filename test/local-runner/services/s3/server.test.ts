import {
  CreateBucketCommand, DeleteBucketCommand, DeleteObjectCommand, GetBucketAclCommand, GetBucketLocationCommand, GetObjectTaggingCommand,
  HeadBucketCommand, ListBucketsCommand, PutBucketLifecycleConfigurationCommand, PutObjectAclCommand, PutObjectCommand, UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { BUCKET, CREDENTIALS, Harness, refusal, REGION, sdkError } from './harness';
import { LocalS3 } from '../../../../local-runner/services/s3';

let harness: Harness;
beforeEach(async () => (harness = await Harness.start()));
afterEach(async () => harness.stop());

const Bucket = BUCKET;

describe('buckets', () => {
  test('are created, found, listed and deleted', async () => {
    await harness.client.send(new CreateBucketCommand({ Bucket: 'another' }));

    expect(await harness.client.send(new HeadBucketCommand({ Bucket: 'another' }))).toMatchObject({ BucketRegion: REGION });
    expect((await harness.client.send(new GetBucketLocationCommand({ Bucket: 'another' }))).LocationConstraint).toBe(REGION);
    expect((await harness.client.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual(['another', BUCKET]);

    await harness.client.send(new DeleteBucketCommand({ Bucket: 'another' }));
    await expect(harness.client.send(new HeadBucketCommand({ Bucket: 'another' }))).rejects.toMatchObject(sdkError(404, 'NotFound'));
  });

  test.each(['ab', 'Upper', 'a_b', '-ab', 'a..b', '127.0.0.1', 'xn--ab', 'ab-s3alias', 'a'.repeat(64)])('fail for the name %s', async (name) => {
    await expect(harness.client.send(new CreateBucketCommand({ Bucket: name }))).rejects.toMatchObject(sdkError(400, 'InvalidBucketName'));
    expect(() => harness.s3.createBucket(name)).toThrow('The specified bucket is not valid.');
  });

  test('fail to be created again, for another region, or from what is no XML', async () => {
    const body = '<CreateBucketConfiguration><LocationConstraint>us-west-2</LocationConstraint></CreateBucketConfiguration>';

    await expect(harness.client.send(new CreateBucketCommand({ Bucket }))).rejects.toMatchObject(sdkError(409, 'BucketAlreadyOwnedByYou'));
    expect(await harness.send({ method: 'PUT', path: '/another', body })).toMatchObject(refusal(400, 'IllegalLocationConstraintException'));
    expect(await harness.send({ method: 'PUT', path: '/another' })).toMatchObject(refusal(400, 'IllegalLocationConstraintException'));
    expect(await harness.send({ method: 'PUT', path: '/another', body: '<CreateBucketConfiguration' })).toMatchObject(refusal(400, 'MalformedXML'));
  });

  test('fail to be deleted while they hold an object', async () => {
    await harness.client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'b' }));

    await expect(harness.client.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject(sdkError(409, 'BucketNotEmpty'));
  });

  test('fail to take an object that they do not exist for', async () => {
    await expect(harness.client.send(new PutObjectCommand({ Bucket: 'other', Key: 'a', Body: 'b' }))).rejects.toMatchObject(sdkError(404, 'NoSuchBucket'));
    harness.expectNothingStored();
  });
});

describe('operations that are not there', () => {
  test.each([
    ['GetBucketAcl', new GetBucketAclCommand({ Bucket })],
    ['PutBucketLifecycleConfiguration', new PutBucketLifecycleConfigurationCommand({ Bucket })],
    ['GetObjectTagging', new GetObjectTaggingCommand({ Bucket, Key: 'a' })],
    ['PutObjectAcl', new PutObjectAclCommand({ Bucket, Key: 'a', ACL: 'private' })],
    ['UploadPartCopy', new UploadPartCopyCommand({ Bucket, Key: 'a', UploadId: 'b', PartNumber: 1, CopySource: 'c/d' })],
  ])('fail with the name %s and change nothing', async (Operation, command) => {
    await expect(harness.client.send(command as PutObjectAclCommand)).rejects.toMatchObject({ ...sdkError(501, 'NotImplemented'), Operation });
    harness.expectNothingStored();
  });

  test.each([['PATCH', `/${BUCKET}/a`], ['PUT', '/'], ['POST', `/${BUCKET}/a`], ['TRACE', `/${BUCKET}`]])('fail for %s %s', async (method, path) => {
    expect(await harness.send({ method, path })).toMatchObject(refusal(405, 'MethodNotAllowed'));
  });
});

describe('events', () => {
  test('are records of S3', async () => {
    const before = Date.now();
    const { ETag } = await harness.client.send(new PutObjectCommand({ Bucket, Key: 'a b.jpg', Body: 'body' }));

    expect(harness.events).toEqual([{
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: REGION,
      eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      eventName: 'ObjectCreated:Put',
      userIdentity: { principalId: 'AWS:000000000000' },
      requestParameters: { sourceIPAddress: '127.0.0.1' },
      responseElements: { 'x-amz-request-id': expect.any(String), 'x-amz-id-2': expect.any(String) },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: 'local',
        bucket: { name: BUCKET, ownerIdentity: { principalId: '000000000000' }, arn: `arn:aws:s3:::${BUCKET}` },
        object: { key: 'a+b.jpg', size: 4, eTag: ETag!.replace(/"/g, ''), sequencer: expect.stringMatching(/^[0-9A-F]{18}$/) },
      },
    }]);
    expect(Date.parse(harness.events[0].eventTime)).toBeGreaterThanOrEqual(before);
  });

  test('are in the order of their sequencers', async () => {
    await Promise.all(Array.from({ length: 20 }, async (_, index) => harness.client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: String(index) }))));
    await harness.client.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));

    const sequencers = harness.events.map(({ s3 }) => s3.object.sequencer);
    expect(sequencers).toEqual([...new Set(sequencers)].sort());
    expect(sequencers).toHaveLength(21);
  });

  test('come before the response, when the object can be read', async () => {
    let seen: unknown;
    harness.s3.onEvent((record, bucket) => (seen = [record.s3.object.key, bucket, harness.bodiesOnDisk()]));
    await harness.client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'b' }));

    expect(seen).toEqual(['a', BUCKET, 1]);
  });

  test('end with the subscription', async () => {
    const seen: string[] = [];
    const unsubscribe = harness.s3.onEvent((record) => seen.push(record.s3.object.key));
    await harness.client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'b' }));
    unsubscribe();
    await harness.client.send(new PutObjectCommand({ Bucket, Key: 'c', Body: 'b' }));

    expect(seen).toEqual(['a']);
  });

  test('reach the other listeners and the writer succeeds if one listener throws', async () => {
    const log = jest.spyOn(console, 'error').mockImplementation();
    const seen: string[] = [];
    harness.s3.onEvent(() => {
      throw new Error('listener');
    });
    harness.s3.onEvent((record) => seen.push(record.eventName));

    await harness.client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'b' }));

    expect(seen).toEqual(['ObjectCreated:Put']);
    expect(log).toHaveBeenCalledTimes(1);
    log.mockRestore();
  });
});

test('an unforeseen error is an internal error that says nothing, and is logged', async () => {
  const log = jest.spyOn(console, 'error').mockImplementation();
  const stopped = await LocalS3.start({ credentials: CREDENTIALS, region: 'us-east-1', port: 0, accountId: '123456789012' });
  stopped.createBucket(BUCKET);
  const { spool } = (stopped as unknown as { services: { spool: { directory: string } } }).services;
  const { directory } = spool;
  spool.directory += '-gone';
  const client = harness.newClient({ endpoint: stopped.endpoint, region: 'us-east-1' });

  await expect(client.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'b' }))).rejects.toMatchObject({ ...sdkError(500, 'InternalError'), message: 'We encountered an internal error. Please try again.' });

  expect(log).toHaveBeenCalledTimes(1);
  log.mockRestore();
  spool.directory = directory;
  await stopped.stop();
});

test('fails to start on a port that is taken', async () => {
  await expect(LocalS3.start({ credentials: CREDENTIALS, region: REGION, port: Number(new URL(harness.s3.endpoint).port) })).rejects.toThrow('EADDRINUSE');
});
