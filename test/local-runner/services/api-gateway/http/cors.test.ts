import { isPreflight, preflightResponse, withCors } from '../../../../../local-runner/services/api-gateway/http/cors';

const request = (method: string, ...headers: [string, string][]) => ({ method, path: '/', query: '', headers, body: Buffer.alloc(0), protocol: 'HTTP/1.1', sourceIp: '127.0.0.1' });
const asked = (origin: string) => request('OPTIONS', ['Origin', origin], ['Access-Control-Request-Method', 'PUT']);
const CORS = { AllowOrigins: ['https://a.example', 'http://*'], AllowMethods: ['PUT', 'GET'], AllowHeaders: ['content-type'], ExposeHeaders: ['etag'], MaxAge: 60 };

test('a preflight request has an origin and names a method', () => {
  expect(isPreflight(asked('https://a.example'))).toBe(true);
  expect(isPreflight(request('OPTIONS', ['Origin', 'https://a.example']))).toBe(false);
  expect(isPreflight(request('GET', ['Origin', 'https://a.example'], ['Access-Control-Request-Method', 'PUT']))).toBe(false);
});

test('an allowed origin is told what it may send', () => {
  expect(preflightResponse(CORS, asked('https://a.example'))).toEqual({
    status: 204,
    headers: [
      ['access-control-allow-origin', 'https://a.example'],
      ['access-control-expose-headers', 'etag'],
      ['access-control-allow-methods', 'PUT,GET'],
      ['access-control-allow-headers', 'content-type'],
      ['access-control-max-age', '60'],
    ],
    body: Buffer.alloc(0),
  });
});

test.each([['http://anything.example', 'http://anything.example'], ['https://b.example', undefined], ['https://a.example.evil', undefined]])('%s is answered with %s', (origin, allowed) => {
  expect(Object.fromEntries(preflightResponse(CORS, asked(origin)).headers)['access-control-allow-origin']).toBe(allowed);
});

test('all origins are allowed by a star, and credentials where they are asked for', () => {
  expect(preflightResponse({ AllowOrigins: ['*'] }, asked('https://b.example')).headers).toEqual([['access-control-allow-origin', '*']]);
  expect(preflightResponse({ AllowOrigins: ['https://b.example'], AllowCredentials: true }, asked('https://b.example')).headers)
    .toContainEqual(['access-control-allow-credentials', 'true']);
});

test('the headers of the API take the place of those of the function', () => {
  const response = { status: 200, headers: [['Access-Control-Allow-Origin', '*'], ['ETag', '"1"']] as [string, string][], body: Buffer.alloc(0) };

  expect(withCors(CORS, request('GET', ['Origin', 'https://a.example']), response).headers).toEqual([
    ['ETag', '"1"'], ['access-control-allow-origin', 'https://a.example'], ['access-control-expose-headers', 'etag'],
  ]);
  expect(withCors(CORS, request('GET'), response).headers).toEqual([['ETag', '"1"']]);
});
