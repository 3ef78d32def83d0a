import { PutObjectCommand } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { BUCKET, Harness, refusal } from '../harness';

const OPEN = 'open';
const SITES = 'sites';

let harness: Harness;
beforeAll(async () => {
  harness = await Harness.start();
  harness.s3.createBucket(OPEN, {
    corsRules: [{
      allowedOrigins: ['*'],
      allowedMethods: ['PUT', 'POST'],
      allowedHeaders: ['*'],
      exposedHeaders: ['ETag', 'x-amz-version-id'],
      maxAgeSeconds: 60,
    }],
  });
  harness.s3.createBucket(SITES, {
    corsRules: [
      { allowedOrigins: ['https://*.example.com'], allowedMethods: ['GET'] },
      { allowedOrigins: ['https://a.example.com'], allowedMethods: ['PUT'], allowedHeaders: ['x-amz-*', 'Content-Type'] },
    ],
  });
});
afterAll(async () => harness.stop());

async function preflight(bucket: string, origin: string, method: string, headers?: string) {
  return harness.sendAsIs({
    method: 'OPTIONS',
    path: `/${bucket}/a.jpg`,
    headers: { origin, 'access-control-request-method': method, ...(headers && { 'access-control-request-headers': headers }) },
  });
}

test('a preflight request that a rule allows is answered with the rule', async () => {
  expect(await preflight(OPEN, 'https://a.test', 'PUT', 'Content-Type, X-Amz-Meta-A')).toMatchObject({
    status: 200,
    headers: {
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'PUT, POST',
      'access-control-allow-headers': 'content-type, x-amz-meta-a',
      'access-control-expose-headers': 'ETag, x-amz-version-id',
      'access-control-max-age': '60',
      'vary': 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method',
    },
  });
});

test('the first rule that fits decides', async () => {
  expect(await preflight(SITES, 'https://a.example.com', 'PUT', 'x-amz-meta-a,content-type')).toMatchObject({
    status: 200,
    headers: { 'access-control-allow-origin': 'https://a.example.com', 'access-control-allow-credentials': 'true', 'access-control-allow-methods': 'PUT' },
  });
});

test.each([
  ['another origin', SITES, 'https://example.com', 'GET', undefined],
  ['an origin that only ends like it', SITES, 'https://a.example.com.evil', 'GET', undefined],
  ['another method', SITES, 'https://b.example.com', 'PUT', undefined],
  ['another header', SITES, 'https://a.example.com', 'PUT', 'authorization'],
  ['a bucket without rules', BUCKET, 'https://a.test', 'GET', undefined],
])('fails for %s', async (_name, bucket, origin, method, headers) => {
  const answer = await preflight(bucket, origin, method, headers);

  expect(answer).toMatchObject(refusal(403, 'AccessForbidden'));
  expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
});

test('fails without origin, without method, and for a bucket that does not exist', async () => {
  expect(await harness.sendAsIs({ method: 'OPTIONS', path: `/${OPEN}/a` })).toMatchObject(refusal(400, 'BadRequest'));
  expect(await harness.sendAsIs({ method: 'OPTIONS', path: `/${OPEN}/a`, headers: { origin: 'https://a.test' } })).toMatchObject(refusal(400, 'BadRequest'));
  expect(await preflight('other', 'https://a.test', 'PUT')).toMatchObject(refusal(404, 'NoSuchBucket'));
});

test('scripts of an allowed origin can read answers, refusals too', async () => {
  const url = await getSignedUrl(harness.client, new PutObjectCommand({ Bucket: OPEN, Key: 'a.jpg' }));
  const put = async (path: string) => harness.sendAsIs({ method: 'PUT', path, headers: { origin: 'https://a.test' }, body: 'body' });
  const path = url.slice(harness.s3.endpoint.length);
  const readable = { 'access-control-allow-origin': '*', 'access-control-expose-headers': 'ETag, x-amz-version-id' };

  expect(await put(path)).toMatchObject({ status: 200, headers: readable });
  expect(await put(path.replace('a.jpg', 'b.jpg'))).toMatchObject({ status: 403, headers: readable });
});

test('other scripts cannot', async () => {
  const answer = await harness.sendAsIs({ method: 'GET', path: `/${SITES}/a.jpg`, headers: { origin: 'https://evil.test' } });

  expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
});
