import { ServerResponse } from 'http';
import { S3Error } from '../wire/errors';
import { renderXml, XmlContent } from '../wire/xml';

export function sendEmpty(response: ServerResponse, status: number, headers: Record<string, string> = {}): void {
  // 204 and 304 have no length; HEAD has one that describes the body it does not send.
  const length = status === 204 || status === 304 || headers['content-length'] !== undefined ? {} : { 'content-length': '0' };
  response.writeHead(status, { ...length, ...headers }).end();
}

export function sendXml(
  response: ServerResponse,
  root: string,
  content: XmlContent,
  headers: Record<string, string> = {},
  status: number = 200,
): void {
  const body = Buffer.from(renderXml(root, content));
  response.writeHead(status, { 'content-type': 'application/xml', 'content-length': body.length, ...headers }).end(body);
}

export interface ErrorContext {
  readonly method: string;
  readonly resource: string;
  readonly requestId: string;
  readonly hostId: string;
}

/** S3's error document; HEAD requests get the status alone. */
export function sendError(response: ServerResponse, error: S3Error, context: ErrorContext): void {
  const body = Buffer.from(renderXml('Error', {
    Code: error.code,
    Message: error.message,
    ...error.details,
    Resource: context.resource,
    RequestId: context.requestId,
    HostId: context.hostId,
  }, false));
  response.writeHead(error.status, { 'content-type': 'application/xml', ...error.headers });
  response.end(context.method === 'HEAD' ? undefined : body);
}
