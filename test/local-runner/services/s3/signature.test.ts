import { ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { BUCKET, CREDENTIALS, Harness, RawRequest, refusal, sdkError } from './harness';

let harness: Harness;
beforeEach(async () => (harness = await Harness.start()));
afterEach(async () => harness.stop());

const REQUEST: RawRequest = { method: 'PUT', path: `/${BUCKET}/a.jpg`, headers: { 'content-type': 'image/jpeg', 'x-amz-meta-a': 'b' }, body: 'body' };

test('a signed request is accepted', async () => {
  expect(await harness.send(REQUEST)).toMatchObject({ status: 200 });
});

test('a refusal is S3\'s error document', async () => {
  const { status, headers, body } = await harness.sendAsIs({ method: 'GET', path: `/${BUCKET}/a%20%3C%26.jpg` });

  expect(status).toBe(403);
  expect(headers).toMatchObject({ 'content-type': 'application/xml', 'x-amz-request-id': expect.stringMatching(/^[0-9A-F]{16}$/) });
  expect(body).toBe('<?xml version="1.0" encoding="UTF-8"?>\n' +
    `<Error><Code>AccessDenied</Code><Message>Access Denied</Message><Resource>/${BUCKET}/a &#x3c;&#x26;.jpg</Resource>` +
    `<RequestId>${headers['x-amz-request-id'] as string}</RequestId><HostId>${headers['x-amz-id-2'] as string}</HostId></Error>`);
});

test.each<[string, (signed: Record<string, string>) => Partial<RawRequest>, number, string]>([
  ['no signature', () => ({ headers: {} }), 403, 'AccessDenied'],
  ['another key', () => ({ path: `/${BUCKET}/b.jpg` }), 403, 'SignatureDoesNotMatch'],
  ['another method', () => ({ method: 'GET', body: undefined }), 403, 'SignatureDoesNotMatch'],
  ['another query', () => ({ path: `${REQUEST.path}?versionId=1` }), 403, 'SignatureDoesNotMatch'],
  ['another type', (headers) => ({ headers: { ...headers, 'content-type': 'text/html' } }), 403, 'SignatureDoesNotMatch'],
  ['other metadata', (headers) => ({ headers: { ...headers, 'x-amz-meta-a': 'c' } }), 403, 'SignatureDoesNotMatch'],
  ['metadata that is not signed', (headers) => ({ headers: { ...headers, 'x-amz-meta-b': 'c' } }), 403, 'AccessDenied'],
  ['a signed header that is missing', ({ 'x-amz-meta-a': _removed, ...headers }) => ({ headers }), 403, 'SignatureDoesNotMatch'],
  ['another signature', (headers) => ({ headers: { ...headers, authorization: headers.authorization.replace(/.$/, (last) => (last === '0' ? '1' : '0')) } }), 403, 'SignatureDoesNotMatch'],
  ['a shorter signature', (headers) => ({ headers: { ...headers, authorization: headers.authorization.slice(0, -1) } }), 403, 'SignatureDoesNotMatch'],
  ['another date', (headers) => ({ headers: { ...headers, 'x-amz-date': '20200101T000000Z' } }), 400, 'AuthorizationHeaderMalformed'],
  ['no date', ({ 'x-amz-date': _removed, ...headers }) => ({ headers }), 403, 'AccessDenied'],
  ['no payload hash', ({ 'x-amz-content-sha256': _removed, ...headers }) => ({ headers }), 400, 'InvalidRequest'],
  ['a malformed credential', (headers) => ({ headers: { ...headers, authorization: headers.authorization.replace('/aws4_request', '') } }), 400, 'AuthorizationHeaderMalformed'],
  ['another service', (headers) => ({ headers: { ...headers, authorization: headers.authorization.replace('/s3/', '/sqs/') } }), 400, 'AuthorizationHeaderMalformed'],
  ['a header without signed headers', (headers) => ({ headers: { ...headers, authorization: headers.authorization.replace(/SignedHeaders=[^,]+,/, '') } }), 400, 'AuthorizationHeaderMalformed'],
  ['Signature Version 2', (headers) => ({ headers: { ...headers, authorization: 'AWS AKIDLOCAL:abc=' } }), 400, 'InvalidRequest'],
  ['a session token', (headers) => ({ headers: { ...headers, 'x-amz-security-token': 'abc' } }), 400, 'InvalidToken'],
  ['two signatures', () => ({ path: `${REQUEST.path}?X-Amz-Signature=abc` }), 400, 'InvalidArgument'],
])('fails for %s', async (_name, change, status, code) => {
  const headers = await harness.sign(REQUEST);

  expect(await harness.sendAsIs({ ...REQUEST, headers, ...change(headers) })).toMatchObject(refusal(status, code));
  harness.expectNothingStored();
});

test('fails for an unknown access key', async () => {
  const client = harness.newClient({ credentials: { ...CREDENTIALS, accessKeyId: 'OTHER' } });

  await expect(client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'b' }))).rejects.toMatchObject(sdkError(403, 'InvalidAccessKeyId'));
  harness.expectNothingStored();
});

test('fails for a wrong secret key', async () => {
  const client = harness.newClient({ credentials: { ...CREDENTIALS, secretAccessKey: 'other' } });

  await expect(client.send(new PutObjectCommand({ Bucket: BUCKET, Key: 'a', Body: 'b' }))).rejects.toMatchObject(sdkError(403, 'SignatureDoesNotMatch'));
  harness.expectNothingStored();
});

test('fails for another region, and names the right one', async () => {
  const client = harness.newClient({ region: 'us-west-2' });

  await expect(client.send(new ListBucketsCommand({}))).rejects.toMatchObject({ ...sdkError(400, 'AuthorizationHeaderMalformed'), Region: 'eu-west-1' });
});

test.each([-16, 16])('fails for a request %d minutes off', async (minutes) => {
  const headers = await harness.sign(REQUEST, new Date(Date.now() + minutes * 60_000));

  expect(await harness.sendAsIs({ ...REQUEST, headers })).toMatchObject(refusal(403, 'RequestTimeTooSkewed'));
  harness.expectNothingStored();
});

test.each([-14, 14])('a request %d minutes off is accepted', async (minutes) => {
  const headers = await harness.sign(REQUEST, new Date(Date.now() + minutes * 60_000));

  expect(await harness.sendAsIs({ ...REQUEST, headers })).toMatchObject({ status: 200 });
});

test('the expected bucket owner is compared with the owner', async () => {
  const input = { Bucket: BUCKET, Key: 'a', Body: 'b' };

  await expect(harness.client.send(new PutObjectCommand({ ...input, ExpectedBucketOwner: '111111111111' }))).rejects.toMatchObject(sdkError(403, 'AccessDenied'));
  harness.expectNothingStored();
  await harness.client.send(new PutObjectCommand({ ...input, ExpectedBucketOwner: '000000000000' }));
});
