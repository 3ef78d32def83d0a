import { createSign, generateKeyPairSync } from 'crypto';
import { createServer, IncomingHttpHeaders, Server } from 'http';
import { AddressInfo } from 'net';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { LocalServer } from '../../../../local-runner/http/local-server';
import { matchesPath } from '../../../../local-runner/services/cloudfront/behaviors';
import { Distribution, DistributionConfig, DistributionOptions, ResponseHeadersPolicyConfig } from '../../../../local-runner/services/cloudfront/distribution';
import { BUCKET, CREDENTIALS, Harness, REGION } from '../s3/harness';

const SITE = `${BUCKET}.s3.${REGION}.amazonaws.com`;
const API = 'abc.execute-api.eu-west-1.amazonaws.com';
const OPTIMIZED = '658327ea-f89d-4fab-a63d-7e88639e58f6';
const DISABLED = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const ALL_VIEWER = '216adef6-5c7f-47e4-b989-5492eafa07d3';
const ALL_BUT_HOST = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';
const SECURITY = '67f7725c-6f97-4210-82d7-5512b31e9d03';
const EVERYTHING = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'];

let harness: Harness;
/** Answers with what it was asked. */
let api: Server;
const open: LocalServer[] = [];

beforeAll(async () => {
  harness = await Harness.start();
  const objects: [string, string][] = [['index.html', '<p>home</p>'], ['docs/a b+ü.txt', '0123456789'], ['v1/app.js', 'one()'], ['private/a.jpg', 'secret']];
  for (const [Key, Body] of objects) {
    await harness.client.send(new PutObjectCommand({ Bucket: BUCKET, Key, Body, ContentType: 'text/html', CacheControl: 'max-age=60' }));
  }
  api = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const status = Number(/status=(\d+)/.exec(request.url!)?.[1] ?? 200);
      response.writeHead(status, { 'content-type': 'application/json', 'x-frame-options': 'DENY', 'x-powered-by': 'api' });
      response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body: Buffer.concat(chunks).toString() }));
    });
  });
  await new Promise<void>((resolve) => api.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.stop()));
});
afterAll(async () => {
  await new Promise((resolve) => {
    api.close(resolve);
    api.closeAllConnections();
  });
  await harness.stop();
});

const S3_ORIGIN = { Id: 'site', DomainName: SITE, OriginAccessControlId: 'oac', S3OriginConfig: { OriginAccessIdentity: '' } };
const API_ORIGIN = { Id: 'api', DomainName: API, CustomOriginConfig: { OriginProtocolPolicy: 'https-only' } };
const SITE_BEHAVIOR = { TargetOriginId: 'site', CachePolicyId: OPTIMIZED, ViewerProtocolPolicy: 'redirect-to-https', Compress: true };
const API_BEHAVIOR = { PathPattern: 'api/*', TargetOriginId: 'api', CachePolicyId: DISABLED, OriginRequestPolicyId: ALL_BUT_HOST, AllowedMethods: EVERYTHING };

async function start(config: Partial<DistributionConfig> = {}, options: Partial<DistributionOptions> = {}): Promise<LocalServer> {
  const server = await LocalServer.listen();
  open.push(server);
  const distribution = new Distribution({
    config: { Enabled: true, DefaultRootObject: 'index.html', DefaultCacheBehavior: SITE_BEHAVIOR, Origins: [S3_ORIGIN, API_ORIGIN], ...config },
    domainName: 'd1.cloudfront.net',
    origin: server.origin,
    at: 'Stack.Site',
    s3: { endpoint: harness.s3.endpoint, region: REGION, credentials: CREDENTIALS },
    bucketOf: (domainName) => (domainName === SITE ? { name: BUCKET, mayList: false } : undefined),
    originOf: (host) => (host === API ? `http://127.0.0.1:${(api.address() as AddressInfo).port}` : undefined),
    cachePolicies: new Map(),
    responseHeadersPolicies: new Map(),
    keyGroups: new Map(),
    ...options,
  });
  server.handle((request, response) => distribution.serve(request, response));
  return server;
}

async function get(distribution: LocalServer, path: string, init: RequestInit = {}) {
  const response = await fetch(distribution.origin + path, init);
  return { status: response.status, headers: response.headers, body: await response.text() };
}

interface Echo {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

async function echo(distribution: LocalServer, path: string, init: RequestInit = {}): Promise<Echo> {
  return JSON.parse((await get(distribution, path, init)).body) as Echo;
}

describe('a bucket', () => {
  test('the root object stands for the root only', async () => {
    const site = await start();

    expect(await get(site, '/')).toMatchObject({ status: 200, body: '<p>home</p>' });
    expect(await get(site, '/docs/')).toMatchObject({ status: 403 });
  });

  test('objects come with what their writer said', async () => {
    const { headers } = await get(await start(), '/index.html');

    expect(Object.fromEntries(headers)).toMatchObject({ 'content-type': 'text/html', 'cache-control': 'max-age=60', 'x-cache': 'Miss from cloudfront' });
  });

  test.each([['/docs/a%20b+%C3%BC.txt'], ['/docs/a%20b%2B%c3%bc.txt?version=1']])('%s is found', async (path) => {
    expect(await get(await start(), path)).toMatchObject({ status: 200, body: '0123456789' });
  });

  test('ranges and conditions are passed on', async () => {
    const site = await start();
    const { headers } = await get(site, '/docs/a%20b+%C3%BC.txt');

    expect(await get(site, '/docs/a%20b+%C3%BC.txt', { headers: { range: 'bytes=2-4' } })).toMatchObject({ status: 206, body: '234' });
    expect(await get(site, '/docs/a%20b+%C3%BC.txt', { headers: { 'if-none-match': headers.get('etag')! } })).toMatchObject({ status: 304 });
  });

  test('HEAD has the headers and no body', async () => {
    const { status, headers, body } = await get(await start(), '/index.html', { method: 'HEAD' });

    expect([status, headers.get('content-length'), body]).toEqual([200, '11', '']);
  });

  test('what is missing is forbidden, or not found for who may list', async () => {
    expect(await get(await start(), '/missing')).toMatchObject({ status: 403, body: expect.stringContaining('<Code>AccessDenied</Code>') });
    expect(await get(await start({}, { bucketOf: () => ({ name: BUCKET, mayList: true }) }), '/missing')).toMatchObject({ status: 404 });
  });

  test('nothing is readable without an origin access control', async () => {
    const { OriginAccessControlId, ...open_ } = S3_ORIGIN;

    expect(await get(await start({ Origins: [open_] }), '/index.html')).toMatchObject({ status: 403 });
  });

  test('a path of the origin comes before the path of the request', async () => {
    expect(await get(await start({ Origins: [{ ...S3_ORIGIN, OriginPath: '/v1' }] }), '/app.js')).toMatchObject({ body: 'one()' });
  });

  test('a path that is no text is refused', async () => {
    expect(await get(await start(), '/%ff')).toMatchObject({ status: 400 });
  });

  test('methods that are not allowed are forbidden', async () => {
    expect(await get(await start(), '/index.html', { method: 'POST', body: 'x' })).toMatchObject({ status: 403, body: expect.stringContaining('not configured to allow the HTTP request method') });
  });
});

describe('error pages', () => {
  test('a page of an app stands for what is missing', async () => {
    const site = await start({ CustomErrorResponses: [{ ErrorCode: 403, ResponseCode: 200, ResponsePagePath: '/index.html' }] });

    expect(await get(site, '/gallery/7')).toMatchObject({ status: 200, body: '<p>home</p>' });
  });

  test('the status stays without another', async () => {
    expect(await get(await start({ CustomErrorResponses: [{ ErrorCode: 403, ResponsePagePath: '/index.html' }] }), '/x')).toMatchObject({ status: 403, body: '<p>home</p>' });
  });

  test('an error whose page is missing, or that has none, is shown itself', async () => {
    const site = await start({ CustomErrorResponses: [{ ErrorCode: 403, ResponseCode: 200, ResponsePagePath: '/missing.html' }, { ErrorCode: 404 }] });

    expect(await get(site, '/x')).toMatchObject({ status: 403, body: expect.stringContaining('AccessDenied') });
  });
});

describe('a server', () => {
  test('gets everything but the host', async () => {
    const site = await start({ CacheBehaviors: [API_BEHAVIOR], Origins: [S3_ORIGIN, { ...API_ORIGIN, OriginPath: '/prod', OriginCustomHeaders: [{ HeaderName: 'X-Secret', HeaderValue: 's' }] }] });
    const received = await echo(site, '/api/images?limit=1&a=%20', { method: 'POST', body: 'body', headers: { 'authorization': 'Bearer x', 'cookie': 'a=b', 'content-type': 'text/plain' } });

    expect(received).toMatchObject({
      method: 'POST',
      url: '/prod/api/images?limit=1&a=%20',
      body: 'body',
      headers: { 'host': API, 'authorization': 'Bearer x', 'cookie': 'a=b', 'content-type': 'text/plain', 'x-secret': 's' },
    });
  });

  test('gets the host as well when the policy says so', async () => {
    const site = await start({ CacheBehaviors: [{ ...API_BEHAVIOR, OriginRequestPolicyId: ALL_VIEWER }] });

    expect((await echo(site, '/api/')).headers.host).toBe(new URL(site.origin).host);
  });

  test('gets neither query, cookies nor authorization without an origin request policy', async () => {
    const { OriginRequestPolicyId, ...behavior } = API_BEHAVIOR;
    const received = await echo(await start({ CacheBehaviors: [behavior] }), '/api/images?limit=1', { headers: { authorization: 'Bearer x', cookie: 'a=b' } });

    expect(received.url).toBe('/api/images');
    expect(received.headers).not.toHaveProperty('authorization');
    expect(received.headers).not.toHaveProperty('cookie');
  });

  test('that does not answer is a bad gateway', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    const site = await start({ CacheBehaviors: [API_BEHAVIOR] }, { originOf: () => `http://127.0.0.1:${port}` });

    expect(await get(site, '/api/')).toMatchObject({ status: 502 });
  });
});

test('the first behavior whose pattern matches is taken', async () => {
  const site = await start({ CacheBehaviors: [{ ...SITE_BEHAVIOR, PathPattern: '/api/*.html' }, API_BEHAVIOR] });

  expect(await get(site, '/api/x.html')).toMatchObject({ status: 403 });
  expect(await get(site, '/api/x.json')).toMatchObject({ status: 200 });
});

test.each([
  ['*.jpg', '/a/b.jpg', true],
  ['*.jpg', '/a.JPG', false],
  ['images/*', '/images/', true],
  ['/images/*', '/images/a/b', true],
  ['images/*', '/my/images/a', false],
  ['a?.js', '/ab.js', true],
  ['a?.js', '/a.js', false],
  ['a.js', '/abjs', false],
  ['*', '/', true],
])('pattern %s takes %s: %s', (pattern, path, expected) => {
  expect(matchesPath(pattern, path)).toBe(expected);
});

describe('response headers policies', () => {
  const withPolicy = (policy: ResponseHeadersPolicyConfig) => start(
    { DefaultCacheBehavior: { ...SITE_BEHAVIOR, ResponseHeadersPolicyId: 'own' }, CacheBehaviors: [{ ...API_BEHAVIOR, ResponseHeadersPolicyId: 'own' }] },
    { responseHeadersPolicies: new Map([['own', policy]]) },
  );
  const headersOf = async (site: LocalServer, path: string, init: RequestInit = {}) => Object.fromEntries((await get(site, path, init)).headers);

  test('the managed policy sets security headers, and leaves the frame option of the origin', async () => {
    const site = await start({ CacheBehaviors: [{ ...API_BEHAVIOR, ResponseHeadersPolicyId: SECURITY }] });

    expect(await headersOf(site, '/api/')).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'strict-origin-when-cross-origin',
      'strict-transport-security': 'max-age=31536000',
      'x-xss-protection': '1; mode=block',
    });
  });

  test('an own policy sets, overrides and removes', async () => {
    const site = await withPolicy({
      SecurityHeadersConfig: {
        ContentSecurityPolicy: { ContentSecurityPolicy: "default-src 'self'", Override: true },
        FrameOptions: { FrameOption: 'SAMEORIGIN', Override: true },
        StrictTransportSecurity: { AccessControlMaxAgeSec: 60, IncludeSubdomains: true, Preload: true, Override: true },
      },
      CustomHeadersConfig: { Items: [{ Header: 'X-Powered-By', Value: 'us', Override: false }, { Header: 'X-Own', Value: '1', Override: true }] },
      RemoveHeadersConfig: { Items: [{ Header: 'Cache-Control' }] },
    });

    expect(await headersOf(site, '/api/')).toMatchObject({
      'content-security-policy': "default-src 'self'",
      'x-frame-options': 'SAMEORIGIN',
      'strict-transport-security': 'max-age=60; includeSubDomains; preload',
      'x-powered-by': 'api',
      'x-own': '1',
    });
    expect(await headersOf(site, '/index.html')).not.toHaveProperty('cache-control');
  });

  test('pages of allowed origins, and no others, may read', async () => {
    const site = await withPolicy({
      CorsConfig: {
        AccessControlAllowCredentials: false,
        AccessControlAllowHeaders: { Items: ['x-id'] },
        AccessControlAllowMethods: { Items: ['GET', 'PUT'] },
        AccessControlAllowOrigins: { Items: ['https://*.example.com'] },
        AccessControlExposeHeaders: { Items: ['ETag'] },
        AccessControlMaxAgeSec: 600,
        OriginOverride: true,
      },
    });
    const preflight = { method: 'OPTIONS', headers: { 'origin': 'https://a.example.com', 'access-control-request-method': 'PUT' } };

    expect(await headersOf(site, '/index.html', { headers: { origin: 'https://a.example.com' } }))
      .toMatchObject({ 'access-control-allow-origin': 'https://a.example.com', 'access-control-expose-headers': 'ETag' });
    expect(await headersOf(site, '/api/', preflight)).toMatchObject({ 'access-control-allow-methods': 'GET, PUT', 'access-control-allow-headers': 'x-id', 'access-control-max-age': '600' });
    expect(await headersOf(site, '/index.html', { headers: { origin: 'https://example.org' } })).not.toHaveProperty('access-control-allow-origin');
    expect(await headersOf(site, '/index.html')).not.toHaveProperty('access-control-allow-origin');
  });
});

describe('restricted content', () => {
  const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const keyGroups = new Map([['group', new Map([['K1', pair.publicKey.export({ type: 'spki', format: 'pem' }) as string]])]]);
  const restricted = () => start({ CacheBehaviors: [{ ...SITE_BEHAVIOR, PathPattern: 'private/*', TrustedKeyGroups: ['group'] }] }, { keyGroups });
  const soon = () => Math.floor(Date.now() / 1000) + 60;

  /** Path and query of a signed URL. */
  function sign(resource: string, { expires = soon(), key = 'K1', shown = expires }: { expires?: number; key?: string; shown?: number } = {}): string {
    const policy = `{"Statement":[{"Resource":"${resource}","Condition":{"DateLessThan":{"AWS:EpochTime":${expires}}}}]}`;
    const signature = createSign('RSA-SHA1').update(policy).sign(pair.privateKey, 'base64').replaceAll('+', '-').replaceAll('=', '_').replaceAll('/', '~');
    return `${resource.replace(/^https?:\/\/[^/]+/, '')}${resource.includes('?') ? '&' : '?'}Expires=${shown}&Signature=${signature}&Key-Pair-Id=${key}`;
  }

  test('a signed URL opens, under the name of the distribution and its address here', async () => {
    const site = await restricted();

    expect(await get(site, sign('https://d1.cloudfront.net/private/a.jpg'))).toMatchObject({ status: 200, body: 'secret' });
    expect(await get(site, sign(`${site.origin}/private/a.jpg?size=1`))).toMatchObject({ status: 200, body: 'secret' });
  });

  test('what is not restricted needs no signature', async () => {
    expect(await get(await restricted(), '/index.html')).toMatchObject({ status: 200 });
  });

  test.each<[string, () => string, string]>([
    ['without a signature', () => '/private/a.jpg', 'MissingKey'],
    ['that is over', () => sign('https://d1.cloudfront.net/private/a.jpg', { expires: soon() - 100 }), 'AccessDenied'],
    ['whose time was moved', () => sign('https://d1.cloudfront.net/private/a.jpg', { shown: soon() + 1000 }), 'AccessDenied'],
    ['for something else', () => sign('https://d1.cloudfront.net/private/b.jpg').replace('b.jpg', 'a.jpg'), 'AccessDenied'],
    ['of an unknown key', () => sign('https://d1.cloudfront.net/private/a.jpg', { key: 'K2' }), 'AccessDenied'],
  ])('fails for a URL %s', async (_, path, code) => {
    expect(await get(await restricted(), path())).toMatchObject({ status: 403, body: expect.stringContaining(`<Code>${code}</Code>`) });
  });
});

describe('fails for', () => {
  test.each<[string, object, string]>([
    ['functions', { DefaultCacheBehavior: { ...SITE_BEHAVIOR, FunctionAssociations: [] } }, 'Stack.Site: behavior "default" has FunctionAssociations, which the local runner does not know'],
    ['functions of Lambda', { CacheBehaviors: [{ ...API_BEHAVIOR, LambdaFunctionAssociations: [] }] }, 'behavior "api/*" has LambdaFunctionAssociations'],
    ['an own cache policy', { DefaultCacheBehavior: { ...SITE_BEHAVIOR, CachePolicyId: 'own' } }, 'must have a cache policy of CachingOptimized'],
    ['an own origin request policy', { CacheBehaviors: [{ ...API_BEHAVIOR, OriginRequestPolicyId: 'own' }] }, 'must have an origin request policy of AllViewer'],
    ['an unknown headers policy', { CacheBehaviors: [{ ...API_BEHAVIOR, ResponseHeadersPolicyId: 'own' }] }, 'must have a response headers policy of the app or a managed one, received "own"'],
    ['an unknown key group', { CacheBehaviors: [{ ...API_BEHAVIOR, TrustedKeyGroups: ['own'] }] }, 'must trust key groups of the app, received "own"'],
    ['groups of origins', { OriginGroups: { Quantity: 1 } }, 'Stack.Site has OriginGroups, which the local runner does not know'],
    ['a filter', { WebACLId: 'x' }, 'Stack.Site has WebACLId'],
    ['a foreign bucket', { Origins: [{ ...S3_ORIGIN, DomainName: 'other.s3.amazonaws.com' }] }, 'origin "site" must be a bucket of the app, received "other.s3.amazonaws.com"'],
    ['a foreign server', { CacheBehaviors: [API_BEHAVIOR], Origins: [S3_ORIGIN, { ...API_ORIGIN, DomainName: 'example.com' }] }, 'origin "api" must be a server of the app, received "example.com"'],
    ['an origin access identity', { Origins: [{ ...S3_ORIGIN, S3OriginConfig: { OriginAccessIdentity: 'x' } }] }, 'has an origin access identity'],
    ['writes to a bucket', { DefaultCacheBehavior: { ...SITE_BEHAVIOR, AllowedMethods: EVERYTHING } }, 'is a bucket, to which the local runner passes reads only, received method PUT'],
    ['a distribution that is off', { Enabled: false }, 'Stack.Site must be enabled'],
  ])('%s', async (_, config, message) => {
    await expect(start(config)).rejects.toThrow(message);
  });
});
