import { join } from 'path';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { LocalApp } from '../../../../../local-runner';
import { signedHeaders } from '../signed-headers';

jest.setTimeout(60_000);

const BYTES = Buffer.from(Array.from({ length: 1024 }, (_, index) => index % 256));

let app: LocalApp;
let url: string;
let objects: string;
beforeAll(async () => {
  app = await LocalApp.start({ directory: join(__dirname, '..', '..', '..', 'fixtures', 'api-app') });
  url = app.output('RestUrl');
  objects = `${url}objects/${app.output('BucketName')}/`;
});
afterAll(() => app?.stop());

const put = (key: string, body: RequestInit['body'], type = 'image/jpeg') => fetch(objects + key, { method: 'PUT', body, headers: { 'content-type': type } });
const answering = (answer: unknown, headers: Record<string, string> = {}): RequestInit => ({ headers: { 'x-answer': typeof answer === 'string' ? answer : JSON.stringify(answer), ...headers } });

async function stored(Key: string): Promise<Buffer> {
  const { Body } = await app.s3.send(new GetObjectCommand({ Bucket: app.output('BucketName'), Key }));
  return Buffer.from(await Body!.transformToByteArray());
}

async function eventOf(path: string, init?: RequestInit): Promise<Record<string, any>> {
  const response = await fetch(url + path, init);
  expect(response.status).toBe(200);
  return await response.json() as Record<string, any>;
}

describe('an integration with S3', () => {
  test('stores bytes of a binary type as they are, with mapped headers', async () => {
    const response = await put('a.jpg', BYTES);
    const head = await app.s3.send(new HeadObjectCommand({ Bucket: app.output('BucketName'), Key: 'a.jpg' }));

    expect(response.status).toBe(200);
    expect(response.headers.get('etag')).toBe(head.ETag);
    expect(head).toMatchObject({ ContentType: 'image/jpeg', ContentLength: 1024, Metadata: { by: 'the API', stage: 'prod' } });
    expect(await stored('a.jpg')).toEqual(BYTES);
  });

  test('takes bodies of other types for text, as API Gateway does', async () => {
    await put('text', Buffer.from([0x61, 0xff, 0x62]), 'application/octet-stream');

    expect((await stored('text')).toString()).toBe('a\uFFFDb');
  });

  test.each([['gr%C3%BCn%20%2B%26.jpg', 'grün +&.jpg'], ['folder%2Fname.jpg', 'folder/name.jpg'], ['%E6%97%A5%E6%9C%AC.jpg', '日本.jpg'], ['100%25.jpg', '100%.jpg']])('%s is the key %s', async (path, key) => {
    expect((await put(path, BYTES)).status).toBe(200);
    expect(await stored(key)).toEqual(BYTES);
  });

  test('gives bytes to who accepts their type, and text to others', async () => {
    await put('b.jpg', BYTES);
    const get = async (accept: string) => {
      const response = await fetch(`${objects}b.jpg`, { headers: { accept } });
      return { type: response.headers.get('content-type'), body: Buffer.from(await response.arrayBuffer()) };
    };

    expect(await get('image/jpeg')).toEqual({ type: 'image/jpeg', body: BYTES });
    expect((await get('text/plain')).body).toEqual(Buffer.from(BYTES.toString('utf8')));
  });

  test('maps errors of S3 by their status', async () => {
    const missing = await fetch(`${objects}missing.jpg`);
    const refused = await put('x'.repeat(1025), BYTES);

    expect({ status: missing.status, body: await missing.json() }).toEqual({ status: 404, body: { code: 'NOT_FOUND', message: missing.headers.get('x-amzn-requestid') } });
    expect({ status: refused.status, body: await refused.json() }).toEqual({ status: 400, body: { code: 'REFUSED' } });
  });

  test('fails without a required parameter', async () => {
    const response = await fetch(`${objects}a.jpg`, { method: 'PUT' });

    expect({ status: response.status, body: await response.json() }).toEqual({ status: 400, body: { message: 'Missing required request parameters: [Content-Type]' } });
  });

  test('takes 10 MB, and fails for more with the API\'s own answer', async () => {
    const largest = Buffer.alloc(10 * 1024 ** 2, 1);
    const response = await put('more.jpg', Buffer.concat([largest, BYTES]));

    expect((await put('largest.jpg', largest)).status).toBe(200);
    expect(largest.equals(await stored('largest.jpg'))).toBe(true);
    expect(response.headers.get('x-limit')).toBe('10 MB');
    expect({ status: response.status, body: await response.json() }).toEqual({ status: 413, body: { code: 'TOO_LARGE', message: 'Request Too Long' } });
    await expect(stored('more.jpg')).rejects.toMatchObject({ name: 'NoSuchKey' });
  });
});

describe('an integration with a function', () => {
  test('sends events of payload format 1.0', async () => {
    const { host } = new URL(url);
    const event = await eventOf('files/a/gr%C3%BCn?a=1&a=%C3%A4', { headers: { 'x-mixed': 'one', 'user-agent': 'test' } });

    expect(event).toMatchObject({
      resource: '/files/{path+}',
      path: '/files/a/gr%C3%BCn',
      httpMethod: 'GET',
      queryStringParameters: { a: 'ä' },
      multiValueQueryStringParameters: { a: ['1', 'ä'] },
      pathParameters: { path: 'a/gr%C3%BCn' },
      stageVariables: null,
      requestContext: {
        domainName: host,
        httpMethod: 'GET',
        identity: { sourceIp: '127.0.0.1', userAgent: 'test' },
        path: '/prod/files/a/gr%C3%BCn',
        protocol: 'HTTP/1.1',
        resourcePath: '/files/{path+}',
        stage: 'prod',
      },
      body: null,
      isBase64Encoded: false,
    });
    expect(event.multiValueHeaders['x-mixed']).toEqual(['one']);
  });

  test.each<[string, string, boolean]>([['image/jpeg', BYTES.toString('base64'), true], ['image/png', BYTES.toString('utf8'), false]])('sends a body of the type %s', async (type, body, isBase64Encoded) => {
    expect(await eventOf('function', { method: 'POST', body: BYTES, headers: { 'content-type': type } })).toMatchObject({ body, isBase64Encoded });
  });

  test('gives bytes to who accepts their type', async () => {
    const answer = { statusCode: 200, headers: { 'content-type': 'image/jpeg' }, multiValueHeaders: { 'x-a': ['1', '2'] }, body: BYTES.toString('base64'), isBase64Encoded: true };
    const response = await fetch(`${url}function`, answering(answer, { accept: 'image/jpeg' }));

    expect(response.headers.get('x-a')).toBe('1, 2');
    expect(Buffer.from(await response.arrayBuffer())).toEqual(BYTES);
  });

  test.each<[string, string, unknown, number, string]>([
    ['throws', 'function', 'failure', 502, 'Internal server error'],
    ['gives no response', 'function', 'null', 502, 'Internal server error'],
    ['takes longer than the integration', 'slow', 'never', 504, 'Endpoint request timed out'],
  ])('fails where the function %s', async (_, path, answer, status, message) => {
    const response = await fetch(url + path, answering(answer));

    expect({ status: response.status, body: await response.json() }).toEqual({ status, body: { message } });
  });
});

describe('what needs no integration', () => {
  test.each<[string, string, RequestInit]>([['a path', 'nothing', {}], ['a method', 'fixed', { method: 'DELETE' }], ['a path that is no UTF-8', 'files/%ff', {}]])('fails for %s that is not there', async (_, path, init) => {
    const response = await fetch(url + path, init);

    expect(response.headers.get('x-amzn-errortype')).toBe('MissingAuthenticationTokenException');
    expect({ status: response.status, body: await response.json() }).toEqual({ status: 403, body: { message: 'Missing Authentication Token' } });
  });

  test('fails for a stage that is not there', async () => {
    const response = await fetch(url.replace('/prod/', '/test/'));

    expect({ status: response.status, body: await response.json() }).toEqual({ status: 403, body: { message: 'Forbidden' } });
  });

  test('a slash at the end is of no account', async () => {
    expect((await eventOf('function/')).resource).toBe('/function');
  });

  test('a mock answers by its templates', async () => {
    const shown = await fetch(`${url}fixed?state=a%22b`);
    const gone = await fetch(`${url}fixed?state=gone`);

    expect(await shown.json()).toEqual({ state: 'a"b' });
    expect(gone.status).toBe(410);
  });

  test.each(['https://a.example', 'https://b.example'])('CDK\'s preflight method knows the origin %s', async (origin) => {
    const response = await fetch(`${url}fixed`, { method: 'OPTIONS', headers: { Origin: origin } });

    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe(origin);
  });
});

describe('who may call', () => {
  const messageOf = async (path: string, headers: Record<string, string>) => {
    const response = await fetch(url + path, { headers });
    return { status: response.status, message: ((await response.json()) as { message?: string }).message };
  };

  test('with the app\'s credentials', async () => {
    const headers = await signedHeaders(app, 'GET', `${url}signed`);

    expect(await messageOf('signed', headers)).toMatchObject({ status: 200 });
    expect(await messageOf('signed', {})).toEqual({ status: 403, message: 'Missing Authentication Token' });
    expect(await messageOf('signed', { ...headers, authorization: headers.authorization.slice(0, -4) })).toMatchObject({ status: 403, message: expect.stringContaining('does not match') });
    expect(await messageOf('signed', { ...headers, authorization: headers.authorization.replace('LOCAL', 'OTHER') }))
      .toEqual({ status: 403, message: 'The security token included in the request is invalid.' });
  });

  test('with a key of a usage plan', async () => {
    const [value] = app.apiKeys.values();

    expect(await messageOf('keyed', { 'x-api-key': value })).toMatchObject({ status: 200 });
    expect(await messageOf('keyed', { 'x-api-key': 'other' })).toEqual({ status: 403, message: 'Forbidden' });
    expect(await messageOf('keyed', {})).toEqual({ status: 403, message: 'Forbidden' });
  });
});
