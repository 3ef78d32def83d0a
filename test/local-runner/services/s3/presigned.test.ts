import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand, PutObjectCommandInput } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { BUCKET, Harness, RawRequest, refusal } from './harness';

let harness: Harness;
beforeEach(async () => (harness = await Harness.start()));
afterEach(async () => harness.stop());

const Key = 'a b.jpg';
type Options = Parameters<typeof getSignedUrl>[2];

async function presignPut(input: Partial<PutObjectCommandInput> = {}, options?: Options): Promise<string> {
  return pathOf(await getSignedUrl(harness.client, new PutObjectCommand({ Bucket: BUCKET, Key, ...input }), options));
}

function pathOf(url: string): string {
  return url.slice(harness.s3.endpoint.length);
}

async function upload(path: string, request: Partial<RawRequest> = {}) {
  return harness.sendAsIs({ method: 'PUT', path, body: 'body', ...request });
}

test('a presigned PUT stores the object, with the metadata in the URL and the type in the header', async () => {
  const path = await presignPut({ Metadata: { owner: 'jane' } });

  expect(await upload(path, { headers: { 'content-type': 'image/jpeg' } })).toMatchObject({ status: 200 });

  expect(await harness.client.send(new HeadObjectCommand({ Bucket: BUCKET, Key }))).toMatchObject({ ContentType: 'image/jpeg', Metadata: { owner: 'jane' } });
});

test('a checksum in the URL is ignored, as S3 does: it is the one of an empty body', async () => {
  const path = await presignPut();

  expect(path).toContain('x-amz-checksum-crc32=AAAAAA');
  expect(await upload(path)).toMatchObject({ status: 200 });
});

test('presigned GET, HEAD and DELETE work', async () => {
  await harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body: 'body' }));
  const target = { Bucket: BUCKET, Key };
  const send = async (method: string, url: string) => harness.sendAsIs({ method, path: pathOf(url) });

  expect(await send('GET', await getSignedUrl(harness.client, new GetObjectCommand({ ...target, ResponseContentType: 'text/plain' }))))
    .toMatchObject({ status: 200, body: 'body', headers: { 'content-type': 'text/plain' } });
  expect(await send('HEAD', await getSignedUrl(harness.client, new HeadObjectCommand(target)))).toMatchObject({ status: 200, headers: { 'content-length': '4' } });
  expect(await send('DELETE', await getSignedUrl(harness.client, new DeleteObjectCommand(target)))).toMatchObject({ status: 204 });
});

test('a signed header has to be sent as it was signed', async () => {
  const path = await presignPut({ ContentType: 'image/jpeg', IfNoneMatch: '*' }, { signableHeaders: new Set(['content-type', 'host', 'if-none-match']), unhoistableHeaders: new Set(['if-none-match']) });
  const headers = { 'content-type': 'image/jpeg', 'if-none-match': '*' };

  expect(path).toContain('X-Amz-SignedHeaders=content-type%3Bhost%3Bif-none-match');
  expect(await upload(path, { headers: { ...headers, 'content-type': 'text/html' } })).toMatchObject(refusal(403, 'SignatureDoesNotMatch'));
  expect(await upload(path, { headers: { 'content-type': 'image/jpeg' } })).toMatchObject(refusal(403, 'SignatureDoesNotMatch'));
  harness.expectNothingStored();
  expect(await upload(path, { headers })).toMatchObject({ status: 200 });
  expect(await upload(path, { headers })).toMatchObject(refusal(412, 'PreconditionFailed'));
});

test.each<[string, (path: string) => Partial<RawRequest>, number, string]>([
  ['another key', (path) => ({ path: path.replace('a%20b', 'b') }), 403, 'SignatureDoesNotMatch'],
  ['another bucket', (path) => ({ path: path.replace(BUCKET, 'other') }), 403, 'SignatureDoesNotMatch'],
  ['another method', () => ({ method: 'GET', body: undefined }), 403, 'SignatureDoesNotMatch'],
  ['other metadata', (path) => ({ path: path.replace('jane', 'joe') }), 403, 'SignatureDoesNotMatch'],
  ['further metadata in the URL', (path) => ({ path: `${path}&x-amz-meta-a=b` }), 403, 'SignatureDoesNotMatch'],
  ['further metadata in a header', () => ({ headers: { 'x-amz-meta-a': 'b' } }), 403, 'AccessDenied'],
  ['another parameter', (path) => ({ path: `${path}&uploads=` }), 403, 'SignatureDoesNotMatch'],
  ['a longer life', (path) => ({ path: path.replace('X-Amz-Expires=900', 'X-Amz-Expires=9000') }), 403, 'SignatureDoesNotMatch'],
  ['another signature', (path) => ({ path: path.replace(/X-Amz-Signature=./, 'X-Amz-Signature=x') }), 403, 'SignatureDoesNotMatch'],
  ['no signature', (path) => ({ path: path.replace(/&X-Amz-Signature=\w+/, '') }), 400, 'AuthorizationQueryParametersError'],
  ['no expiry', (path) => ({ path: path.replace(/&X-Amz-Expires=\w+/, '') }), 400, 'AuthorizationQueryParametersError'],
  ['an expiry after a week', (path) => ({ path: path.replace('X-Amz-Expires=900', 'X-Amz-Expires=604801') }), 400, 'AuthorizationQueryParametersError'],
  ['a negative expiry', (path) => ({ path: path.replace('X-Amz-Expires=900', 'X-Amz-Expires=-1') }), 400, 'AuthorizationQueryParametersError'],
  ['an expiry that is no number', (path) => ({ path: path.replace('X-Amz-Expires=900', 'X-Amz-Expires=soon') }), 400, 'AuthorizationQueryParametersError'],
  ['a date that is none', (path) => ({ path: path.replace(/X-Amz-Date=\w+/, 'X-Amz-Date=today') }), 400, 'AuthorizationQueryParametersError'],
  ['another algorithm', (path) => ({ path: path.replace('AWS4-HMAC-SHA256', 'AWS4-ECDSA') }), 400, 'AuthorizationQueryParametersError'],
  ['another region', (path) => ({ path: path.replace('eu-west-1', 'us-east-1') }), 400, 'AuthorizationQueryParametersError'],
  ['an unknown access key', (path) => ({ path: path.replace('AKIDLOCAL', 'OTHER') }), 403, 'InvalidAccessKeyId'],
  ['a session token', (path) => ({ path: `${path}&X-Amz-Security-Token=abc` }), 400, 'InvalidToken'],
  ['a repeated parameter', (path) => ({ path: `${path}&X-Amz-Expires=900` }), 400, 'InvalidArgument'],
  ['a second signature', () => ({ headers: { authorization: 'AWS4-HMAC-SHA256 Credential=a' } }), 400, 'InvalidArgument'],
])('fails for %s', async (_name, change, status, code) => {
  const path = await presignPut({ Metadata: { owner: 'jane' } });

  expect(await upload(path, change(path))).toMatchObject(refusal(status, code));
  harness.expectNothingStored();
});

test('a URL may live for a week', async () => {
  expect(await upload(await presignPut({}, { expiresIn: 604_800 }))).toMatchObject({ status: 200 });
});

test('fails after the expiry', async () => {
  const path = await presignPut({}, { expiresIn: 60, signingDate: new Date(Date.now() - 61_000) });

  const answer = await upload(path);

  expect(answer).toMatchObject(refusal(403, 'AccessDenied'));
  expect(answer.body).toContain('<Message>Request has expired</Message><X-Amz-Expires>60</X-Amz-Expires>');
  harness.expectNothingStored();
});

test('fails before the date', async () => {
  const path = await presignPut({}, { signingDate: new Date(Date.now() + 16 * 60_000) });

  expect(await upload(path)).toMatchObject(refusal(403, 'AccessDenied'));
  harness.expectNothingStored();
});
