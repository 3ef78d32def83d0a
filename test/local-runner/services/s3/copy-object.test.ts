import { CopyObjectCommand, CopyObjectCommandInput, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { BUCKET, Harness, sdkError } from './harness';

const SOURCE = 'ä b+c/(1)?.jpg';
const encodedSource = encodeURIComponent(SOURCE);

let harness: Harness;
beforeEach(async () => {
  harness = await Harness.start({ name: 'copies', versioned: false });
  await harness.client.send(new PutObjectCommand({
    Bucket: BUCKET, Key: SOURCE, Body: 'body', ContentType: 'image/jpeg', Metadata: { owner: 'jane' }, StorageClass: 'STANDARD_IA', Tagging: 'a=1',
  }));
});
afterEach(async () => harness.stop());

async function copy(input: Partial<CopyObjectCommandInput> = {}) {
  return harness.client.send(new CopyObjectCommand({ Bucket: 'copies', Key: 'copy', CopySource: `${BUCKET}/${encodedSource}`, ...input }));
}

async function read(Key = 'copy', Bucket = 'copies') {
  const object = await harness.client.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }));
  return { ...object, text: await object.Body!.transformToString() };
}

test.each([
  `${BUCKET}/${encodedSource}`,
  `/${BUCKET}/${encodedSource}`,
  encodeURIComponent(`${BUCKET}/${SOURCE}`),
  encodeURIComponent(`/${BUCKET}/${SOURCE}`),
  `${BUCKET}/${encodedSource}?versionId=null`,
])('the source %s is decoded', async (CopySource) => {
  const { CopyObjectResult } = await copy({ CopySource });

  expect(CopyObjectResult).toMatchObject({ ETag: '"841a2d689ad86bd1611447453c22c6fc"', LastModified: expect.any(Date) });
  expect((await read()).text).toBe('body');
  expect(harness.events.at(-1)).toMatchObject({ eventName: 'ObjectCreated:Copy', s3: { bucket: { name: 'copies' }, object: { key: 'copy', size: 4 } } });
});

test('metadata, tags and checksum come along, the storage class does not', async () => {
  await copy();

  expect(await read()).toMatchObject({ ContentType: 'image/jpeg', Metadata: { owner: 'jane' }, TagCount: 1, ChecksumCRC32: expect.any(String), ChecksumType: 'FULL_OBJECT' });
  expect((await read()).StorageClass).toBeUndefined();
});

test('metadata and tags can be replaced', async () => {
  await copy({ MetadataDirective: 'REPLACE', ContentType: 'image/png', Metadata: { a: 'b' }, TaggingDirective: 'REPLACE', Tagging: 'a=1&b=2', ChecksumAlgorithm: 'SHA1' });

  expect(await read()).toMatchObject({ ContentType: 'image/png', Metadata: { a: 'b' }, TagCount: 2, ChecksumSHA1: 'Agg/RXngimEkJcDBoX7ket14O5Q=' });
});

test('an object can be copied onto itself to change its metadata', async () => {
  await copy({ Bucket: BUCKET, Key: SOURCE, MetadataDirective: 'REPLACE', Metadata: { a: 'b' } });

  expect(await read(SOURCE, BUCKET)).toMatchObject({ text: 'body', Metadata: { a: 'b' } });
  expect(harness.bodiesOnDisk()).toBe(1);
});

const ETag = '"841a2d689ad86bd1611447453c22c6fc"';

test.each<[string, () => Partial<CopyObjectCommandInput>]>([
  ['If-Match', () => ({ CopySourceIfMatch: ETag })],
  ['If-None-Match', () => ({ CopySourceIfNoneMatch: '"0123"' })],
  ['If-Unmodified-Since', () => ({ CopySourceIfUnmodifiedSince: new Date() })],
])('a source for which %s holds is copied', async (_name, condition) => {
  await copy(condition());

  expect((await read()).text).toBe('body');
});

test.each<[string, Partial<CopyObjectCommandInput>, number, string]>([
  ['a source that does not exist', { CopySource: `${BUCKET}/other` }, 404, 'NoSuchKey'],
  ['a source without a key', { CopySource: BUCKET }, 400, 'InvalidArgument'],
  ['a source in a bucket that does not exist', { CopySource: 'other/key' }, 404, 'NoSuchBucket'],
  ['a bucket that does not exist', { Bucket: 'other' }, 404, 'NoSuchBucket'],
  ['an unknown directive', { MetadataDirective: 'MERGE' as never }, 400, 'InvalidArgument'],
  ['a source for which If-Match does not hold', { CopySourceIfMatch: '"0123"' }, 412, 'PreconditionFailed'],
  ['a source for which If-None-Match does not hold', { CopySourceIfNoneMatch: ETag }, 412, 'PreconditionFailed'],
  ['a copy onto itself that changes nothing', { Bucket: BUCKET, Key: SOURCE }, 400, 'InvalidRequest'],
  ['another owner of the source', { ExpectedSourceBucketOwner: '111111111111' }, 403, 'AccessDenied'],
])('fails for %s', async (_name, input, status, code) => {
  await expect(copy(input)).rejects.toMatchObject(sdkError(status, code));
  expect(harness.events).toHaveLength(1);
  expect(harness.bodiesOnDisk()).toBe(1);
});

test('fails where If-None-Match: * finds an object', async () => {
  await copy();

  await expect(copy({ IfNoneMatch: '*' })).rejects.toMatchObject(sdkError(412, 'PreconditionFailed'));
});
