import { ServerResponse } from 'http';

export interface ApiResponse {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

/** `{"message":...}`, as API Gateway's own answers are. */
export function messageResponse(status: number, message: string, headers: ApiResponse['headers'] = []): ApiResponse {
  return { status, headers: [['content-type', 'application/json'], ...headers], body: Buffer.from(JSON.stringify({ message })) };
}

export function send(response: ServerResponse, method: string, { status, headers, body }: ApiResponse): void {
  for (const [name, value] of headers) {
    // What describes the connection is the server's own.
    if (!/^(connection|content-length|transfer-encoding|keep-alive)$/i.test(name)) response.appendHeader(name, value);
  }
  if (status !== 204 && status !== 304) response.setHeader('content-length', body.length);
  response.writeHead(status).end(method === 'HEAD' ? undefined : body);
}
