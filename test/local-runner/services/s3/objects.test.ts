import { createHash } from 'crypto';
import {
  DeleteObjectCommand, GetObjectCommand, GetObjectCommandInput, HeadObjectCommand, PutObjectCommand, PutObjectCommandInput,
} from '@aws-sdk/client-s3';
import { BUCKET, Harness, refusal, sdkError } from './harness';

let harness: Harness;
beforeEach(async () => (harness = await Harness.start()));
afterEach(async () => harness.stop());

const Key = 'a.jpg';

function put(input: Partial<PutObjectCommandInput> = {}) {
  return harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: '0123456789', ...input }));
}

function get(input: Partial<GetObjectCommandInput> = {}) {
  return harness.client.send(new GetObjectCommand({ Bucket: BUCKET, Key, ...input }));
}

async function text(input: Partial<GetObjectCommandInput> = {}): Promise<string> {
  return (await get(input)).Body!.transformToString();
}

describe('what is stored with an object', () => {
  test('user metadata and system headers come back', async () => {
    const stored = {
      Metadata: { 'owner': 'jane', 'x-y': 'a  b' },
      ContentType: 'image/jpeg',
      CacheControl: 'max-age=60',
      ContentDisposition: 'attachment; filename="a b.jpg"',
      ContentEncoding: 'gzip',
      ContentLanguage: 'de',
      StorageClass: 'STANDARD_IA',
      WebsiteRedirectLocation: '/other',
    } as const;
    await put({ ...stored, Expires: new Date('2030-01-01T00:00:00Z'), Tagging: 'a=1&b=2' });

    const described = { ...stored, ContentLength: 10, ExpiresString: 'Tue, 01 Jan 2030 00:00:00 GMT', AcceptRanges: 'bytes', TagCount: 2 };
    expect(await harness.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))).toMatchObject({ ...described, TagCount: 2 });
    expect(await get()).toMatchObject(described);
  });

  test('an object without a type is binary, and encrypted as S3 objects are', async () => {
    const written = await harness.send({ method: 'PUT', path: `/${BUCKET}/${Key}`, body: 'body' });

    expect(written).toMatchObject({ status: 200, body: '', headers: { 'x-amz-server-side-encryption': 'AES256', 'etag': '"841a2d689ad86bd1611447453c22c6fc"' } });
    expect(await get()).toMatchObject({ ContentType: 'binary/octet-stream', ServerSideEncryption: 'AES256', Metadata: {} });
  });

  test('encryption settings are echoed', async () => {
    const encryption = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: 'arn:aws:kms:eu-west-1:000000000000:key/1', BucketKeyEnabled: true } as const;

    expect(await put(encryption)).toMatchObject(encryption);
    expect(await get()).toMatchObject(encryption);
  });

  test('metadata that is no ASCII comes back as an RFC 2047 word', async () => {
    // With a string body, Node.js sends the header in another encoding than the one that the SDK signed.
    await put({ Metadata: { name: 'grün' }, Body: Buffer.from('body') });

    expect((await get()).Metadata).toEqual({ name: '=?UTF-8?B?Z3LDvG4=?=' });
  });

  test('user metadata may have 2 KB', async () => {
    await put({ Metadata: { abc: 'x'.repeat(2045) } });

    expect((await get()).Metadata!.abc).toHaveLength(2045);
  });

  test.each([
    ['more than 2 KB of user metadata', { Metadata: { abc: 'x'.repeat(1000), abd: 'x'.repeat(1043) } }, 'MetadataTooLarge'],
    ['a storage class that does not exist', { StorageClass: 'COLD' as never }, 'InvalidStorageClass'],
    ['an encryption that does not exist', { ServerSideEncryption: 'DES' as never }, 'InvalidEncryptionAlgorithmError'],
    ['a KMS key without KMS encryption', { SSEKMSKeyId: 'key' }, 'InvalidArgument'],
    ['a public ACL', { ACL: 'public-read' as const }, 'AccessControlListNotSupported'],
    ['an ACL grant', { GrantRead: 'id=1' }, 'AccessControlListNotSupported'],
    ['object lock', { ObjectLockLegalHoldStatus: 'ON' as const }, 'InvalidRequest'],
    ['too many tags', { Tagging: 'abcdefghijk'.split('').map((tag) => `${tag}=1`).join('&') }, 'BadRequest'],
    ['a repeated tag', { Tagging: 'a=1&a=2' }, 'InvalidArgument'],
  ])('fails for %s', async (_name, input, code) => {
    await expect(put(input)).rejects.toMatchObject(sdkError(400, code));
    harness.expectNothingStored();
  });

  test('a second write replaces the object and its body', async () => {
    await put({ Metadata: { first: 'yes' } });
    await put({ Body: 'second' });

    expect(await text()).toBe('second');
    expect((await get()).Metadata).toEqual({});
    expect(harness.bodiesOnDisk()).toBe(1);
  });

  test('of many writes at once one remains, whole', async () => {
    const bodies = Array.from({ length: 50 }, (_, index) => String(index).repeat(10_000));
    await Promise.all(bodies.map(async (Body) => put({ Body })));

    expect(bodies).toContain(await text());
    expect(harness.bodiesOnDisk()).toBe(1);
    expect(harness.events).toHaveLength(50);
  });

  test('a reader keeps the object that it began to read', async () => {
    const before = 'a'.repeat(4_000_000);
    await put({ Body: before });
    const reading = await get();
    await put({ Body: 'after' });

    expect(await reading.Body!.transformToString()).toBe(before);
    expect(await text()).toBe('after');
  });

  test('an empty object can be written and read', async () => {
    await put({ Body: Buffer.alloc(0) });

    expect(await text()).toBe('');
  });
});

describe('conditional writes', () => {
  test('If-None-Match: * creates an object that does not exist', async () => {
    await put({ IfNoneMatch: '*' });

    expect(await text()).toBe('0123456789');
  });

  test('fails where If-None-Match: * finds an object, which stays as it is', async () => {
    await put({ Body: 'first' });

    await expect(put({ IfNoneMatch: '*' })).rejects.toMatchObject({ ...sdkError(412, 'PreconditionFailed'), Condition: 'If-None-Match' });
    expect(await text()).toBe('first');
    expect(harness.bodiesOnDisk()).toBe(1);
    expect(harness.events).toHaveLength(1);
  });

  test('of many conditional creations at once exactly one succeeds', async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, async (_, index) => put({ IfNoneMatch: '*', Body: String(index).repeat(100_000) })));

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(harness.bodiesOnDisk()).toBe(1);
    expect(harness.events).toHaveLength(1);
  });

  test('If-Match replaces the object that it names', async () => {
    const { ETag } = await put();
    await put({ IfMatch: ETag, Body: 'second' });

    expect(await text()).toBe('second');
  });

  test('fails where If-Match names another object', async () => {
    await put({ Body: 'first' });

    await expect(put({ IfMatch: '"0123"' })).rejects.toMatchObject(sdkError(412, 'PreconditionFailed'));
    expect(await text()).toBe('first');
  });

  test('fails where If-Match finds no object', async () => {
    await expect(put({ IfMatch: '"0123"' })).rejects.toMatchObject(sdkError(404, 'NoSuchKey'));
    harness.expectNothingStored();
  });

  test('fails for an If-None-Match that is no star', async () => {
    await expect(put({ IfNoneMatch: '"0123"' })).rejects.toMatchObject(sdkError(501, 'NotImplemented'));
    harness.expectNothingStored();
  });
});

describe('reads', () => {
  beforeEach(() => put());

  test.each([
    ['bytes=0-0', '0', 'bytes 0-0/10'],
    ['bytes=2-4', '234', 'bytes 2-4/10'],
    ['bytes=7-', '789', 'bytes 7-9/10'],
    ['bytes=7-100', '789', 'bytes 7-9/10'],
    ['bytes=-3', '789', 'bytes 7-9/10'],
    ['bytes=-30', '0123456789', 'bytes 0-9/10'],
    ['bytes=0-', '0123456789', 'bytes 0-9/10'],
  ])('the range %s is served', async (Range, expected, ContentRange) => {
    const part = await get({ Range });

    expect(part).toMatchObject({ ContentRange, ContentLength: expected.length, $metadata: { httpStatusCode: 206 } });
    expect(await part.Body!.transformToString()).toBe(expected);
  });

  test.each(['bytes=0-1,3-4', 'bytes=4-2', 'lines=1-2', 'bytes=-'])('the range %s gets the whole object', async (Range) => {
    expect(await get({ Range })).toMatchObject({ ContentLength: 10, $metadata: { httpStatusCode: 200 } });
  });

  test.each(['bytes=10-', 'bytes=10-20', 'bytes=-0'])('fails for the range %s, which is not in the object', async (Range) => {
    await expect(get({ Range })).rejects.toMatchObject({ ...sdkError(416, 'InvalidRange'), ActualObjectSize: '10' });
  });

  test('response headers can be overridden', async () => {
    expect(await get({ ResponseContentType: 'text/plain', ResponseContentDisposition: 'inline; filename="ä.jpg"', ResponseCacheControl: 'no-store' }))
      .toMatchObject({ ContentType: 'text/plain', ContentDisposition: 'inline; filename="ä.jpg"', CacheControl: 'no-store' });
  });

  test.each(['日本.jpg', 'a\nSet-Cookie: b'])('fails for an override that is no header value', async (name) => {
    await expect(get({ ResponseContentDisposition: name })).rejects.toMatchObject(sdkError(400, 'InvalidArgument'));
  });

  describe('with conditions', () => {
    const past = new Date(Date.now() - 3_600_000);
    const ETag = '"781e5e245d69b566979b86e28d23f2c7"';

    test.each<[string, Partial<GetObjectCommandInput>]>([
      ['If-Match', { IfMatch: ETag }],
      ['If-Match among others', { IfMatch: `"0123", ${ETag}` }],
      ['If-None-Match of another object', { IfNoneMatch: '"0123"' }],
      ['If-Modified-Since', { IfModifiedSince: past }],
      ['If-Match before If-Unmodified-Since', { IfMatch: ETag, IfUnmodifiedSince: past }],
    ])('%s holds', async (_name, input) => {
      expect(await text(input)).toBe('0123456789');
    });

    test.each<[string, Partial<GetObjectCommandInput>]>([
      ['If-Match', { IfMatch: '"0123"' }],
      ['If-Unmodified-Since', { IfUnmodifiedSince: past }],
    ])('fails where %s does not hold', async (_name, input) => {
      await expect(get(input)).rejects.toMatchObject(sdkError(412, 'PreconditionFailed'));
    });

    test.each([
      ['if-none-match', () => ETag],
      ['if-modified-since', () => new Date().toUTCString()],
    ])('%s spares a body that the client has', async (name, value) => {
      const answer = await harness.send({ method: 'GET', path: `/${BUCKET}/${Key}`, headers: { [name]: value() } });

      expect(answer).toMatchObject({ status: 304, body: '', headers: { etag: ETag } });
    });
  });

  test('fails for an object in the archive', async () => {
    await put({ StorageClass: 'GLACIER' });

    await expect(get()).rejects.toMatchObject(sdkError(403, 'InvalidObjectState'));
  });

  test('fails for an object that does not exist', async () => {
    await expect(get({ Key: 'other' })).rejects.toMatchObject({ ...sdkError(404, 'NoSuchKey'), Key: 'other' });
    expect(await harness.send({ method: 'HEAD', path: `/${BUCKET}/other` })).toMatchObject({ status: 404, body: '' });
  });
});

describe('deletion', () => {
  test('removes the object and its body', async () => {
    await put();

    await harness.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key }));

    await expect(get()).rejects.toMatchObject(sdkError(404, 'NoSuchKey'));
    expect(harness.bodiesOnDisk()).toBe(0);
    expect(harness.events.map(({ eventName }) => eventName)).toEqual(['ObjectCreated:Put', 'ObjectRemoved:Delete']);
  });

  test('of an object that does not exist succeeds without an event', async () => {
    expect(await harness.send({ method: 'DELETE', path: `/${BUCKET}/${Key}` })).toMatchObject({ status: 204 });
    harness.expectNothingStored();
  });

  test('fails where If-Match names another object', async () => {
    await put();

    await expect(harness.client.send(new DeleteObjectCommand({ Bucket: BUCKET, Key, IfMatch: '"0123"' }))).rejects.toMatchObject(sdkError(412, 'PreconditionFailed'));
    expect(await text()).toBe('0123456789');
  });

  test('several objects go in one request', async () => {
    await put();
    const body = `<Delete><Object><Key>${Key}</Key></Object><Object><Key>other</Key></Object><Object><Key>../x</Key></Object></Delete>`;

    expect(await harness.send({ method: 'POST', path: `/${BUCKET}?delete=`, body })).toMatchObject(refusal(400, 'InvalidRequest'));
    expect(harness.bodiesOnDisk()).toBe(1);

    const headers = { 'content-md5': createHash('md5').update(body).digest('base64') };
    const answer = await harness.send({ method: 'POST', path: `/${BUCKET}?delete=`, body, headers });

    expect(answer.status).toBe(200);
    expect(answer.body).toContain(`<Deleted><Key>${Key}</Key></Deleted><Deleted><Key>other</Key></Deleted><Error><Key>../x</Key><Code>InvalidURI</Code>`);
    expect(harness.bodiesOnDisk()).toBe(0);
  });
});
