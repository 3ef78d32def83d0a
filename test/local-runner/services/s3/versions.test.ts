import {
  CopyObjectCommand, DeleteObjectCommand, DeleteObjectsCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, ListObjectVersionsCommand,
  PutObjectCommand,
} from '@aws-sdk/client-s3';
import { BUCKET, Harness, refusal, sdkError } from './harness';

const VERSIONED = 'versions';
const Key = 'a.jpg';

let harness: Harness;
beforeEach(async () => (harness = await Harness.start({ name: VERSIONED, versioned: true })));
afterEach(async () => harness.stop());

async function put(Body: string, key = Key): Promise<string> {
  return (await harness.client.send(new PutObjectCommand({ Bucket: VERSIONED, Key: key, Body }))).VersionId!;
}

async function text(VersionId?: string): Promise<string> {
  return (await harness.client.send(new GetObjectCommand({ Bucket: VERSIONED, Key, VersionId }))).Body!.transformToString();
}

async function remove(VersionId?: string) {
  return harness.client.send(new DeleteObjectCommand({ Bucket: VERSIONED, Key, VersionId }));
}

test('each write adds a version, and the last one is the object', async () => {
  const first = await put('first');
  const second = await put('second');

  expect(first).not.toBe(second);
  expect(await text()).toBe('second');
  expect(await text(first)).toBe('first');
  expect(harness.bodiesOnDisk()).toBe(2);
  expect(harness.events.map(({ s3 }) => s3.object.versionId)).toEqual([first, second]);
});

test('a deletion puts a marker in front', async () => {
  const first = await put('first');
  const marker = await remove();

  expect(marker).toMatchObject({ DeleteMarker: true, VersionId: expect.stringMatching(/^[\w-]{32}$/) });
  await expect(text()).rejects.toMatchObject(sdkError(404, 'NoSuchKey'));
  expect(await text(first)).toBe('first');
  expect(await harness.send({ method: 'GET', path: `/${VERSIONED}/${Key}` })).toMatchObject({ headers: { 'x-amz-delete-marker': 'true', 'x-amz-version-id': marker.VersionId } });
  expect(await harness.send({ method: 'GET', path: `/${VERSIONED}/${Key}?versionId=${marker.VersionId}` }))
    .toMatchObject({ ...refusal(405, 'MethodNotAllowed'), headers: { 'x-amz-delete-marker': 'true', 'allow': 'DELETE' } });
  expect((await harness.client.send(new ListObjectsV2Command({ Bucket: VERSIONED }))).KeyCount).toBe(0);
  expect(harness.events.at(-1)).toMatchObject({ eventName: 'ObjectRemoved:DeleteMarkerCreated', s3: { object: { versionId: marker.VersionId } } });
});

test('the deletion of a marker brings the object back', async () => {
  await put('first');
  const marker = await remove();

  expect(await remove(marker.VersionId)).toMatchObject({ DeleteMarker: true, VersionId: marker.VersionId });

  expect(await text()).toBe('first');
});

test('the deletion of a version removes it and its body', async () => {
  const first = await put('first');
  const second = await put('second');

  expect(await remove(second)).not.toHaveProperty('DeleteMarker', true);

  expect(await text()).toBe('first');
  expect(harness.bodiesOnDisk()).toBe(1);
  expect(harness.events.at(-1)).toMatchObject({ eventName: 'ObjectRemoved:Delete', s3: { object: { versionId: second } } });
  await remove(first);
  await expect(text()).rejects.toMatchObject(sdkError(404, 'NoSuchKey'));
  expect(harness.bodiesOnDisk()).toBe(0);
});

test('several objects are deleted with what S3 says about each', async () => {
  const first = await put('first');
  const { Deleted } = await harness.client.send(new DeleteObjectsCommand({ Bucket: VERSIONED, Delete: { Objects: [{ Key, VersionId: first }, { Key: 'other' }] } }));

  expect(Deleted).toEqual([{ Key, VersionId: first }, { Key: 'other', DeleteMarker: true, DeleteMarkerVersionId: expect.any(String) }]);
  const quiet = await harness.client.send(new DeleteObjectsCommand({ Bucket: VERSIONED, Delete: { Objects: [{ Key }], Quiet: true } }));
  expect(quiet.Deleted).toBeUndefined();
});

test('If-None-Match: * takes a deleted object for absent', async () => {
  await put('first');
  await remove();

  await harness.client.send(new PutObjectCommand({ Bucket: VERSIONED, Key, Body: 'second', IfNoneMatch: '*' }));

  expect(await text()).toBe('second');
});

test('a version can be copied', async () => {
  const first = await put('first');
  await put('second');

  const copy = await harness.client.send(new CopyObjectCommand({ Bucket: VERSIONED, Key, CopySource: `${VERSIONED}/${Key}?versionId=${first}` }));

  expect(copy).toMatchObject({ CopySourceVersionId: first, VersionId: expect.any(String) });
  expect(await text()).toBe('first');
});

test('fails to copy a delete marker', async () => {
  const { VersionId } = await remove();

  await expect(harness.client.send(new CopyObjectCommand({ Bucket: VERSIONED, Key: 'b', CopySource: `${VERSIONED}/${Key}?versionId=${VersionId!}` })))
    .rejects.toMatchObject(sdkError(400, 'InvalidRequest'));
});

test('versions are listed, newest first, page by page', async () => {
  const first = await put('first');
  const second = await put('second');
  const { VersionId: marker } = await remove();
  const other = await put('other', 'b/c.jpg');
  const list = async (input: object) => {
    const { Versions = [], DeleteMarkers = [], ...page } = await harness.client.send(new ListObjectVersionsCommand({ Bucket: VERSIONED, ...input }));
    const all = [...DeleteMarkers, ...Versions];
    return { ids: all.map(({ VersionId }) => VersionId), latest: all.map(({ IsLatest }) => IsLatest), ...page };
  };

  expect(await list({})).toMatchObject({ ids: [marker, second, first, other], latest: [true, false, false, true], IsTruncated: false });
  const page = await list({ MaxKeys: 2 });
  expect(page).toMatchObject({ ids: [marker, second], IsTruncated: true });
  expect(await list({ KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker })).toMatchObject({ ids: [first, other] });
  expect(await list({ KeyMarker: Key })).toMatchObject({ ids: [other] });
  expect(await list({ Prefix: 'b', Delimiter: '/' })).toMatchObject({ ids: [], CommonPrefixes: [{ Prefix: 'b/' }] });
});

test('the object of a bucket without versioning is version null, which no header mentions', async () => {
  const written = await harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'body' }));

  expect(written.VersionId).toBeUndefined();
  expect(harness.events[0].s3.object).not.toHaveProperty('versionId');
  const head = await harness.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key, VersionId: 'null' }));
  expect(head).toMatchObject({ ContentLength: 4 });
  expect(head.VersionId).toBeUndefined();
});

test.each([['a'.repeat(32), 404, 'NoSuchVersion'], ['1', 400, 'InvalidArgument']])('fails for the version %s', async (VersionId, status, code) => {
  await put('first');

  await expect(text(VersionId)).rejects.toMatchObject(sdkError(status, code));
});
