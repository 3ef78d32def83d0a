import { request as httpRequest } from 'http';
import { join } from 'path';
import { LocalApp, LogLine } from '../../../../../local-runner';
import { signedHeaders } from '../signed-headers';

jest.setTimeout(60_000);

const lines: LogLine[] = [];
let app: LocalApp;
let url: string;
beforeAll(async () => {
  app = await LocalApp.start({ directory: join(__dirname, '..', '..', '..', 'fixtures', 'api-app'), onLog: (line) => void lines.push(line) });
  url = app.output('HttpUrl');
});
afterAll(() => app?.stop());

/** The event that the function got. */
async function eventOf(path: string, init?: RequestInit): Promise<Record<string, any>> {
  const response = await fetch(url + path, init);
  expect(response.status).toBe(200);
  return await response.json() as Record<string, any>;
}

const answering = (answer: unknown): RequestInit => ({ headers: { 'x-answer': typeof answer === 'string' ? answer : JSON.stringify(answer) } });

test('the address is one of this machine, in outputs and environment variables', async () => {
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect((await eventOf('/images')).environment).toBe(`${app.output('RestUrl')}objects and ${url}/images`);
});

test('the address is an origin that buckets know', async () => {
  const { protocol, hostname, port } = await app.s3.config.endpoint!();
  const response = await fetch(`${protocol}//${hostname}:${port}/${app.output('BucketName')}/key`, {
    method: 'OPTIONS', headers: { 'origin': url, 'access-control-request-method': 'GET' },
  });

  expect(response.headers.get('access-control-allow-origin')).toBe(url);
});

test('functions get events of payload format 2.0', async () => {
  const { hostname, port } = new URL(url);
  const event = await eventOf('/images/gr%C3%BCn%20?a=1&a=%C3%A4&b=', { headers: { 'Cookie': 'x=1; y=2', 'X-Mixed': 'one', 'user-agent': 'test' } });

  expect(event).toMatchObject({
    version: '2.0',
    routeKey: 'GET /images/{id}',
    rawPath: '/images/grün ',
    rawQueryString: 'a=1&a=%C3%A4&b=',
    cookies: ['x=1', 'y=2'],
    headers: { 'host': `${hostname}:${port}`, 'x-mixed': 'one', 'x-forwarded-for': '127.0.0.1', 'x-forwarded-port': port, 'x-forwarded-proto': 'http' },
    queryStringParameters: { a: '1,ä', b: '' },
    pathParameters: { id: 'grün ' },
    requestContext: {
      accountId: '000000000000',
      domainName: `${hostname}:${port}`,
      http: { method: 'GET', path: '/images/grün ', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'test' },
      routeKey: 'GET /images/{id}',
      stage: '$default',
      time: expect.stringMatching(/^\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d \+0000$/),
      timeEpoch: expect.any(Number),
    },
    isBase64Encoded: false,
  });
  for (const absent of ['body', 'stageVariables']) expect(event).not.toHaveProperty(absent);
  expect(event.headers).not.toHaveProperty('cookie');
  expect(event.requestContext.apiId).toMatch(/^[a-z0-9]{10}$/);
});

test('a named stage is part of the path', async () => {
  const event = await eventOf('/beta/images/7');

  expect(event).toMatchObject({ rawPath: '/beta/images/7', routeKey: 'GET /images/{id}', pathParameters: { id: '7' }, requestContext: { stage: 'beta' } });
});

test.each<[string, RequestInit['body'], string, boolean]>([
  ['application/json', '{"a":"ä"}', '{"a":"ä"}', false],
  ['text/csv; charset=utf-8', 'a,b', 'a,b', false],
  ['application/x-www-form-urlencoded', 'a=1', Buffer.from('a=1').toString('base64'), true],
  ['image/jpeg', Buffer.from([0xff, 0xd8, 0, 1]), Buffer.from([0xff, 0xd8, 0, 1]).toString('base64'), true],
])('a body of the type %s', async (type, sent, body, isBase64Encoded) => {
  expect(await eventOf('/images', { method: 'POST', body: sent, headers: { 'content-type': type } })).toMatchObject({ body, isBase64Encoded });
});

test('bytes come back as the function encoded them', async () => {
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, value) => value));
  const response = await fetch(`${url}/images`, answering({
    statusCode: 201, headers: { 'Content-Type': 'image/png' }, cookies: ['a=1', 'b=2'], body: bytes.toString('base64'), isBase64Encoded: true,
  }));

  expect(response.status).toBe(201);
  expect(response.headers.get('content-type')).toBe('image/png');
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(Buffer.from(await response.arrayBuffer())).toEqual(bytes);
});

test.each<[string, string, RequestInit, number, string]>([
  ['a path without a route', '/nothing', {}, 404, 'Not Found'],
  ['a method without a route', '/images', { method: 'PATCH' }, 404, 'Not Found'],
  ['a path that is no UTF-8', '/images/%ff', {}, 400, 'Bad Request'],
  ['a function that throws', '/images', answering('failure'), 500, 'Internal Server Error'],
  ['an answer that is no response', '/images', answering({ statusCode: 'x' }), 500, 'Internal Server Error'],
  ['a function that takes longer than the integration', '/slow', answering('never'), 503, 'Service Unavailable'],
  ['a body of more than 10 MB', '/images', { method: 'POST', body: new Uint8Array(10 * 1024 ** 2 + 1) }, 413, 'Request Entity Too Large'],
  ['a body that is too large for Lambda', '/images', { method: 'POST', body: new Uint8Array(5 * 1024 ** 2) }, 413, 'Request Entity Too Large'],
])('fails for %s', async (_, path, init, status, message) => {
  const response = await fetch(url + path, init);

  expect({ status: response.status, body: await response.json() }).toEqual({ status, body: { message } });
});

test('cross-origin rules are the API\'s own, also for errors', async () => {
  const origin = 'https://gallery.example';
  const preflight = await fetch(`${url}/signed`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } });
  const refused = await fetch(`${url}/nothing`, { headers: { origin } });
  const other = await fetch(`${url}/images`, { headers: { origin: 'https://other.example' } });

  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-methods')).toBe('GET,POST');
  expect(preflight.headers.get('access-control-max-age')).toBe('300');
  expect(refused.headers.get('access-control-allow-origin')).toBe(origin);
  expect(other.headers.get('access-control-allow-origin')).toBeNull();
});

describe('a route for AWS credentials', () => {
  test('takes requests that the app\'s own sign', async () => {
    const address = `${url}/signed?b=2&a=%C3%A4%20x`;
    const event = await fetch(address, { headers: await signedHeaders(app, 'GET', address) }).then(async (response) => response.json() as Promise<Record<string, any>>);

    expect(event.requestContext.authorizer.iam).toMatchObject({ accountId: '000000000000', userArn: 'arn:aws:iam::000000000000:root' });
  });

  test('fails for all others', async () => {
    const address = `${url}/signed`;
    const body = 'signed';
    const headers = await signedHeaders(app, 'POST', address, body);
    const old = await signedHeaders(app, 'POST', address, body, new Date(Date.now() - 3_600_000));
    const statusOf = async (init: RequestInit) => (await fetch(address, { method: 'POST', ...init })).status;

    expect(await statusOf({ headers, body })).toBe(200);
    expect(await statusOf({})).toBe(403);
    expect(await statusOf({ headers, body: 'forged' })).toBe(403);
    expect(await statusOf({ headers: { ...headers, authorization: headers.authorization.replace('LOCAL', 'OTHER') }, body })).toBe(403);
    expect(await statusOf({ headers: { authorization: 'AWS4-HMAC-SHA256 nothing' }, body })).toBe(403);
    expect(await statusOf({ headers: old, body })).toBe(403);
  });
});

describe('a Lambda authorizer', () => {
  test.each<[string, string, string | undefined, number]>([
    ['a decision for', '/asked', 'friend', 200],
    ['a decision against', '/asked', 'stranger', 403],
    ['no decision', '/asked', 'confused', 500],
    ['no identity', '/asked', undefined, 401],
    ['a policy that allows', '/policy', 'Allow', 200],
    ['a policy that denies', '/policy', 'Deny', 403],
  ])('%s', async (_, path, authorization, status) => {
    const response = await fetch(url + path, { headers: authorization === undefined ? {} : { authorization } });

    expect(response.status).toBe(status);
  });

  test('adds what it knows to the event', async () => {
    expect((await eventOf('/asked', { headers: { authorization: 'friend' } })).requestContext.authorizer).toEqual({ lambda: { who: 'friend' } });
    expect((await eventOf('/policy', { headers: { authorization: 'Allow' } })).requestContext.authorizer).toEqual({ lambda: { effect: 'Allow' } });
  });
});

test('paths are taken as they are sent', async () => {
  const { hostname, port } = new URL(url);
  const body = await new Promise<string>((resolve, reject) => {
    httpRequest({ hostname, port, path: '/files/a/../b%2Fc' }, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => resolve(Buffer.concat(chunks).toString()));
    }).on('error', reject).end();
  });

  expect((JSON.parse(body) as { pathParameters: object }).pathParameters).toEqual({ path: 'a/../b/c' });
});
