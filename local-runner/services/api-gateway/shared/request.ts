import { IncomingMessage } from 'http';

/** API Gateway's limit of a request. */
const MAX_BODY_BYTES = 10 * 1024 ** 2;

/** A request to an API, as it came over the wire. */
export interface ApiRequest {
  readonly method: string;
  /** Percent-encoded, with the stage. */
  readonly path: string;
  /** Percent-encoded, without the question mark. */
  readonly query: string;
  /** In order, with the names as the client wrote them. */
  readonly headers: readonly (readonly [string, string])[];
  /** undefined for one that is larger than API Gateway takes. */
  readonly body: Buffer | undefined;
  /** For example `HTTP/1.1`. */
  readonly protocol: string;
  readonly sourceIp: string;
}

/** Reads a whole request, also one that is too large: a client that still sends would not read the answer. */
export async function readRequest(message: IncomingMessage): Promise<ApiRequest> {
  const url = message.url ?? '/';
  const mark = url.indexOf('?');
  return {
    method: message.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    headers: pairs(message.rawHeaders).filter(([name]) => !/^(connection|keep-alive|transfer-encoding|expect)$/i.test(name)),
    body: await readBody(message),
    protocol: `HTTP/${message.httpVersion}`,
    sourceIp: message.socket.remoteAddress ?? '127.0.0.1',
  };
}

/** The value of a header; several are joined by commas. */
export function headerOf(request: Pick<ApiRequest, 'headers'>, name: string): string | undefined {
  return joined(request.headers)[name.toLowerCase()];
}

/** Headers by their name in lower case; the values of one are joined by commas. */
export function joined(headers: ApiRequest['headers']): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of headers) {
    const key = name.toLowerCase();
    all[key] = key in all ? `${all[key]},${value}` : value;
  }
  return all;
}

/** Names and decoded values, in order. */
export function queryOf({ query }: Pick<ApiRequest, 'query'>): [string, string][] {
  return [...new URLSearchParams(query)];
}

/** What API Gateway adds to the headers of a request. */
export function forwardedHeaders({ sourceIp, headers }: ApiRequest, traceId: string): [string, string][] {
  const port = new URL(`http://${headerOf({ headers }, 'host') ?? '127.0.0.1'}`).port || '80';
  return [['X-Amzn-Trace-Id', `Root=${traceId}`], ['X-Forwarded-For', sourceIp], ['X-Forwarded-Port', port], ['X-Forwarded-Proto', 'http']];
}

async function readBody(message: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

function pairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [raw[2 * index], raw[2 * index + 1]]);
}
