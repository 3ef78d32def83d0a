import { once } from 'events';
import { createServer, IncomingMessage, request, Server, ServerResponse } from 'http';
import { AddressInfo } from 'net';
import { proxy } from '../../../local-runner/http/forward';
import { LocalServer } from '../../../local-runner/http/local-server';

let behind: Server;
let front: LocalServer;
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  behind = createServer((received, response) => answer(received, response));
  await new Promise<void>((resolve) => behind.listen(0, '127.0.0.1', resolve));
  front = await LocalServer.listen();
  front.handle(proxy(`http://127.0.0.1:${(behind.address() as AddressInfo).port}`));
});
afterEach(async () => {
  await front.stop();
  behind.closeAllConnections();
  await new Promise((resolve) => behind.close(resolve));
});

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

test('a request goes on as it is, and so does its answer', async () => {
  answer = (received, response) => {
    void bodyOf(received).then((body) => {
      response.writeHead(418, { 'x-served': 'yes', 'set-cookie': ['a=1', 'b=2'] });
      response.end(JSON.stringify({ method: received.method, url: received.url, host: received.headers.host, type: received.headers['content-type'], body }));
    });
  };
  const response = await fetch(`${front.origin}/a%20b?c=d`, { method: 'PUT', body: 'content', headers: { 'content-type': 'text/x' } });

  expect(response.status).toBe(418);
  expect(response.headers.get('x-served')).toBe('yes');
  expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  expect(await response.json()).toEqual({ method: 'PUT', url: '/a%20b?c=d', host: new URL(front.origin).host, type: 'text/x', body: 'content' });
});

test('an answer that comes before the end of the request arrives', async () => {
  answer = (received, response) => {
    response.writeHead(413).end('too large');
    received.resume();
  };
  const response = await fetch(front.origin, { method: 'POST', body: new Blob([Buffer.alloc(8_000_000)]) });

  expect(response.status).toBe(413);
  expect(await response.text()).toBe('too large');
});

test('fails half a request: the server sees that its sender has gone', async () => {
  const broken = new Promise<boolean>((resolve) => {
    answer = (received) => {
      received.on('data', () => half.destroy());
      received.on('error', () => undefined).on('close', () => resolve(!received.complete));
    };
  });
  const half = request(front.origin, { method: 'POST', headers: { 'content-length': 1000 } });
  half.on('error', () => undefined);
  half.write('a beginning');

  expect(await broken).toBe(true);
});

test('fails with 502 when nobody answers', async () => {
  answer = (received) => received.destroy();

  expect((await fetch(front.origin)).status).toBe(502);
});

test('the time of the latest request is known', async () => {
  answer = (_, response) => void response.end();
  expect(front.lastRequestAt).toBe(0);
  const before = Date.now();
  await fetch(front.origin);

  expect(front.lastRequestAt).toBeGreaterThanOrEqual(before);
});

test.each(['rebound.example', '127.0.0.1.rebound.example:80'])('fails for the name %s, which another site may have pointed here', async (host) => {
  answer = (_, response) => response.end('for this machine alone');
  const asked = request(front.origin, { headers: { host } }).end();
  const [response] = await once(asked, 'response') as [IncomingMessage];
  expect([response.statusCode, await bodyOf(response)]).toEqual([421, '']);
});
