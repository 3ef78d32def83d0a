import { IncomingHttpHeaders, IncomingMessage, request as httpRequest } from 'http';
import { Readable } from 'stream';
import { pipeline } from 'stream/promises';
import type { RequestHandler } from './local-server';

const HOP_BY_HOP = ['connection', 'keep-alive', 'proxy-authorization', 'te', 'trailer', 'transfer-encoding', 'upgrade'];

export interface ForwardedMessage {
  readonly method: string;
  /** Path and query, as they are sent. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body?: Readable;
}

/** Asks a server, and resolves when its answer begins. */
export function forward(origin: string, { method, target, headers, body }: ForwardedMessage): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = httpRequest(origin, { method, path: target, headers }, resolve);
    // After the answer has begun, a server may leave the rest of the body unread.
    outgoing.on('error', (error) => {
      body?.unpipe(outgoing).resume();
      reject(error);
    });
    if (!body) {
      outgoing.end();
      return;
    }
    // Half a body is none: the server has to see that its sender has gone.
    body.on('close', () => {
      if (!body.readableEnded) outgoing.destroy();
    });
    body.pipe(outgoing);
  });
}

/** What a server may pass on: headers of one connection mean nothing on the next. */
export function endToEnd(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name)));
}

/** Answers as another server does, which sees the address of this one. */
export function proxy(origin: string): RequestHandler {
  return async (request, response) => {
    const { method = 'GET', url: target = '/', headers } = request;
    const answer = await forward(origin, { method, target, headers: endToEnd(headers), body: request }).catch(() => undefined);
    if (answer === undefined) {
      response.writeHead(502).end();
      return;
    }
    response.writeHead(answer.statusCode!, endToEnd(answer.headers));
    await pipeline(answer, response);
  };
}
