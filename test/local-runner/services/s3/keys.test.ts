import { DeleteObjectsCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { BUCKET, Harness, refusal, sdkError } from './harness';

let harness: Harness;
beforeEach(async () => (harness = await Harness.start()));
afterEach(async () => harness.stop());

const KEYS = {
  'spaces, plus, percent': ' a b+c%20d%/+.jpg ',
  'composed': 'caf\u00e9.jpg',
  'decomposed': 'cafe\u0301.jpg',
  'leading slash': '/a.jpg',
  'leading slashes': '//a.jpg',
  'trailing slash': 'a.jpg/',
  'empty segments': 'a//b///c.jpg',
  'parent segment': 'a/../b.jpg',
  'present segment': 'a/./b.jpg',
  'line breaks': 'a\nb\r\nc.jpg',
  'control characters': 'a\u0001\tb\u007f.jpg',
  'characters of URLs': 'a?b=c&d#e;f:g@h=[i],$.jpg',
  'characters that encodeURIComponent keeps': "!'()*~-_..jpg",
  'characters of XML': '<a>&amp;"b".jpg',
  'other planes': '日本/🎉.jpg',
  'the longest': 'é'.repeat(512),
};

test.each(Object.entries(KEYS))('a key with %s round trips through every operation', async (_name, Key) => {
  await harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'body' }));

  const object = await harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  expect(await object.Body!.transformToString()).toBe('body');
  expect((await harness.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))).ContentLength).toBe(4);

  const url = await getSignedUrl(harness.client, new GetObjectCommand({ Bucket: BUCKET, Key }));
  expect(await harness.sendAsIs({ method: 'GET', path: url.slice(harness.s3.endpoint.length) })).toMatchObject({ status: 200, body: 'body' });

  const list = await harness.client.send(new ListObjectsV2Command({ Bucket: BUCKET }));
  expect(list.Contents?.map((entry) => entry.Key)).toEqual([Key]);

  const encodedKey = harness.events[0].s3.object.key;
  expect(encodedKey).toMatch(/^[\w.*+%/-]+$/);
  expect(decodeURIComponent(encodedKey.replace(/\+/g, ' '))).toBe(Key);

  const deleted = await harness.client.send(new DeleteObjectsCommand({ Bucket: BUCKET, Delete: { Objects: [{ Key }] } }));
  expect(deleted.Deleted).toEqual([{ Key }]);
  expect(harness.bodiesOnDisk()).toBe(0);
});

test('keys that differ in composition are different objects', async () => {
  for (const Key of [KEYS.composed, KEYS.decomposed]) await harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: Key }));

  const list = await harness.client.send(new ListObjectsV2Command({ Bucket: BUCKET }));

  expect(list.Contents?.map((entry) => entry.Key)).toEqual([KEYS.decomposed, KEYS.composed]);
});

test('a plain plus in a URL is a space, as it is to S3', async () => {
  await harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a b', Body: 'body' }));

  const headers = await harness.sign({ method: 'GET', path: `/${BUCKET}/a%20b` });

  expect(await harness.sendAsIs({ method: 'GET', path: `/${BUCKET}/a+b`, headers })).toMatchObject({ status: 200, body: 'body' });
});

test('notifications have keys in form encoding', async () => {
  await harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a b/c+d (1)~\'*.jpg', Body: 'body' }));

  expect(harness.events[0].s3.object.key).toBe('a+b/c%2Bd+%281%29%7E%27*.jpg');
});

test('fails for a key of more than 1,024 bytes', async () => {
  const put = harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'é'.repeat(512) + 'a', Body: 'body' }));

  await expect(put).rejects.toMatchObject({ ...sdkError(400, 'KeyTooLongError'), Size: '1025', MaxSizeAllowed: '1024' });
  harness.expectNothingStored();
});

test.each(['../a', 'a/../../b', 'videos/../../video1.wmv'])('fails for the key %s, which climbs out of the bucket', async (Key) => {
  await expect(harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'body' }))).rejects.toMatchObject(sdkError(400, 'InvalidURI'));
  harness.expectNothingStored();
});

test.each(['%zz', '%ff%fe'])('fails for the path %s, which is no percent-encoded UTF-8', async (key) => {
  const path = `/${BUCKET}/${key}`;
  const headers = await harness.sign({ method: 'PUT', path, body: 'body' });

  expect(await harness.sendAsIs({ method: 'PUT', path, headers, body: 'body' })).toMatchObject(refusal(400, 'InvalidURI'));
  harness.expectNothingStored();
});
