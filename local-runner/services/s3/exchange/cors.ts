import { ServerResponse } from 'http';
import { Bucket, CorsRule } from '../storage/store';
import { S3Error } from '../wire/errors';
import { S3Request } from '../wire/request';

/** Answers a preflight request, which is never signed. */
export function preflight(request: S3Request, response: ServerResponse, bucket: Bucket): void {
  const { origin } = request.headers;
  const method = request.headers['access-control-request-method'];
  if (!origin) throw new S3Error('BadRequest', { message: 'Insufficient information. Origin request header needed.' });
  if (!method) throw new S3Error('BadRequest', { message: 'Invalid Access-Control-Request-Method: null' });
  if (bucket.corsRules.length === 0) throw forbidden(request, 'CORSResponse: CORS is not enabled for this bucket.');
  const headers = (request.headers['access-control-request-headers'] ?? '').split(',').map((name) => name.trim().toLowerCase()).filter(Boolean);
  const rule = findRule(bucket, origin, method, headers);
  if (!rule) {
    throw forbidden(request, 'CORSResponse: This CORS request is not allowed. This is usually because the evaluation of Origin, request method / Access-Control-Request-Method or Access-Control-Request-Headers are not whitelisted by the resource\'s CORS spec.');
  }
  setHeaders(response, rule, origin);
  if (headers.length > 0) response.setHeader('access-control-allow-headers', headers.join(', '));
  response.writeHead(200, { 'content-length': 0 }).end();
}

/** Lets scripts of an allowed origin read the response, be it a success or an error. */
export function allowOrigin(request: S3Request, response: ServerResponse, bucket: Bucket): void {
  const { origin } = request.headers;
  const rule = origin && findRule(bucket, origin, request.method, []);
  if (rule) setHeaders(response, rule, origin);
}

function findRule(bucket: Bucket, origin: string, method: string, headers: readonly string[]): CorsRule | undefined {
  return bucket.corsRules.find((rule) =>
    rule.allowedOrigins.some((pattern) => wildcard(pattern, origin)) &&
    rule.allowedMethods.some((allowed) => allowed === method) &&
    headers.every((name) => rule.allowedHeaders?.some((pattern) => wildcard(pattern.toLowerCase(), name))));
}

function setHeaders(response: ServerResponse, rule: CorsRule, origin: string): void {
  if (rule.allowedOrigins.includes('*')) {
    response.setHeader('access-control-allow-origin', '*');
  } else {
    response.setHeader('access-control-allow-origin', origin);
    response.setHeader('access-control-allow-credentials', 'true');
  }
  response.setHeader('access-control-allow-methods', rule.allowedMethods.join(', '));
  if (rule.exposedHeaders?.length) response.setHeader('access-control-expose-headers', rule.exposedHeaders.join(', '));
  if (rule.maxAgeSeconds !== undefined) response.setHeader('access-control-max-age', rule.maxAgeSeconds);
  response.setHeader('vary', 'Origin, Access-Control-Request-Headers, Access-Control-Request-Method');
}

function wildcard(pattern: string, text: string): boolean {
  const at = pattern.indexOf('*');
  if (at < 0) return pattern === text;
  const [head, tail] = [pattern.slice(0, at), pattern.slice(at + 1)];
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail);
}

function forbidden(request: S3Request, message: string): S3Error {
  return new S3Error('AccessForbidden', {
    message,
    details: { Method: request.headers['access-control-request-method']!, ResourceType: request.key ? 'OBJECT' : 'BUCKET' },
  });
}
