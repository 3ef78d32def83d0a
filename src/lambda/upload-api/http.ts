import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

/** An answer that tells the client what is wrong. `code` is API, `message` is for people. */
export class HttpError extends Error {
  public override readonly name = 'HttpError';

  constructor(
    public readonly status: 400 | 403 | 404 | 413 | 415,
    public readonly code: 'INVALID_REQUEST' | 'FORBIDDEN' | 'NOT_FOUND' | 'TOO_LARGE' | 'UNSUPPORTED_MEDIA_TYPE',
    message: string,
  ) {
    super(message);
  }
}

export const invalidRequest = (message: string): HttpError => new HttpError(400, 'INVALID_REQUEST', message);
export const notFound = (message: string): HttpError => new HttpError(404, 'NOT_FOUND', message);

/** More than any request needs: a file name of 255 characters, each of them escaped. */
const MAX_BODY_BYTES = 8192;

export function jsonResponse(statusCode: number, body: unknown): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    // Links and statuses are good for a moment only, and for who asked.
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' },
    body: JSON.stringify(body),
  };
}

/** @throws HttpError when the body is too long or is no JSON */
export function readJson(event: APIGatewayProxyEventV2): unknown {
  const [mediaType] = (event.headers['content-type'] ?? '').split(';');
  if (mediaType.trim().toLowerCase() !== 'application/json') {
    throw new HttpError(415, 'UNSUPPORTED_MEDIA_TYPE', 'the request must have the content type application/json');
  }
  const bytes = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MAX_BODY_BYTES) throw new HttpError(413, 'TOO_LARGE', `the request must have at most ${MAX_BODY_BYTES} bytes, received ${bytes.length}`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw invalidRequest('the request must be JSON in UTF-8');
  }
}
