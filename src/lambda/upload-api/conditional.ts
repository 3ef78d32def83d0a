import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { jsonResponse } from './http';

/** What a client may have already. */
export interface Versioned<T> {
  /** What the answer follows from. */
  readonly facts: unknown;
  /** The answer, which is made only if the client does not have it. */
  readonly make: () => Promise<T>;
}

/** Smaller answers do not gain by it. */
const MIN_COMPRESSED_BYTES = 1024;

/** Answers with what is new: nothing, where the client has the same already. */
export async function conditionalResponse<T>(
  { headers }: APIGatewayProxyEventV2, { facts, make }: Versioned<T>,
): Promise<APIGatewayProxyStructuredResultV2> {
  const digest = createHash('sha256').update(JSON.stringify(facts, setsAsLists)).digest('base64url').slice(0, 27);
  // The bytes of an answer may differ, such as by their signatures or their compression.
  const etag = `W/"${digest}"`;
  const shared = { etag, 'cache-control': 'private, no-cache', 'vary': 'accept-encoding, authorization' };
  if (tagsIn(headers['if-none-match']).includes(etag)) return { statusCode: 304, headers: shared };
  const response = jsonResponse(200, await make());
  return compressed({ ...response, headers: { ...response.headers, ...shared } }, headers['accept-encoding']);
}

function compressed(response: APIGatewayProxyStructuredResultV2, accepted = ''): APIGatewayProxyStructuredResultV2 {
  const { body = '' } = response;
  const accepts = accepted.split(',').some((coding) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/i.test(coding));
  if (!accepts || Buffer.byteLength(body) < MIN_COMPRESSED_BYTES) return response;
  return { ...response, headers: { ...response.headers, 'content-encoding': 'gzip' }, body: gzipSync(body).toString('base64'), isBase64Encoded: true };
}

function tagsIn(header = ''): string[] {
  return header.split(',').map((tag) => tag.trim()).map((tag) => (tag.startsWith('"') ? `W/${tag}` : tag));
}

function setsAsLists(_key: string, value: unknown): unknown {
  return value instanceof Set ? [...value] : value;
}
