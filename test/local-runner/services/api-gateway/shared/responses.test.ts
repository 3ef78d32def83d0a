import { httpResponse } from '../../../../../local-runner/services/api-gateway/http/response';
import { restResponse } from '../../../../../local-runner/services/api-gateway/rest/lambda-proxy-integration';

const readable = (response: ReturnType<typeof httpResponse>) => response && { ...response, body: response.body.toString() };

describe('payload format 2.0', () => {
  test.each<[string, unknown, string]>([
    ['text', 'hello', 'hello'],
    ['an object', { id: 1 }, '{"id":1}'],
    ['a list', [1], '[1]'],
    ['nothing', undefined, 'null'],
  ])('takes %s without a status for the body', (_, payload, body) => {
    expect(readable(httpResponse(payload))).toEqual({ status: 200, headers: [['content-type', 'application/json']], body });
  });

  test('has status, headers, cookies and a body in base64', () => {
    const body = Buffer.from([0xff, 0x00, 0xd8]);

    expect(httpResponse({
      statusCode: 201, headers: { 'Content-Type': 'image/jpeg', 'x-count': 3 }, cookies: ['a=1', 'b=2'], body: body.toString('base64'), isBase64Encoded: true,
    })).toEqual({ status: 201, headers: [['Content-Type', 'image/jpeg'], ['x-count', '3'], ['set-cookie', 'a=1'], ['set-cookie', 'b=2']], body });
  });

  test('is plain text without a type', () => {
    expect(readable(httpResponse({ statusCode: 200, body: 'hello' }))).toEqual({ status: 200, headers: [['content-type', 'text/plain;charset=UTF-8']], body: 'hello' });
  });

  test.each<[string, object]>([
    ['a status that is none', { statusCode: 'fine' }],
    ['a body that is no text', { statusCode: 200, body: { id: 1 } }],
    ['headers that are no values', { statusCode: 200, headers: { a: [1] } }],
    ['cookies that are no list', { statusCode: 200, cookies: 'a=1' }],
  ])('fails for %s', (_, payload) => {
    expect(httpResponse(payload)).toBeUndefined();
  });
});

describe('payload format 1.0', () => {
  test('has headers with several values, which win', () => {
    expect(readable(restResponse({ statusCode: '200', headers: { 'X-A': '0', 'B': '1' }, multiValueHeaders: { 'x-a': ['1', '2'] }, body: null }, false))).toEqual({
      status: 200, headers: [['content-type', 'application/json'], ['B', '1'], ['x-a', '1'], ['x-a', '2']], body: '',
    });
  });

  test('decodes bytes only for clients that take them', () => {
    const payload = { statusCode: 200, body: '/9g=', isBase64Encoded: true };

    expect(restResponse(payload, true)?.body).toEqual(Buffer.from([0xff, 0xd8]));
    expect(restResponse(payload, false)?.body.toString()).toBe('/9g=');
  });

  test.each([['text', 'hello'], ['an object without a status', { id: 1 }], ['nothing', undefined]])('fails for %s', (_, payload) => {
    expect(restResponse(payload, true)).toBeUndefined();
  });
});
