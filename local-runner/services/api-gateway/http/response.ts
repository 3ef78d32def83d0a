import { bytesOf, hasHeader, readProxyResponse } from '../shared/proxy-response';
import type { ApiResponse } from '../shared/response';

/**
 * The response that a function's answer stands for, by payload format 2.0. An answer without a status is the body itself.
 *
 * @returns undefined for an answer that is no response
 */
export function httpResponse(payload: unknown): ApiResponse | undefined {
  if (typeof payload !== 'object' || payload === null || !('statusCode' in payload)) return inferred(payload);
  const response = readProxyResponse(payload);
  const { cookies = [] } = payload as { cookies?: unknown };
  if (!response || !Array.isArray(cookies)) return undefined;
  const headers = [...response.headers, ...cookies.map((cookie) => ['set-cookie', String(cookie)] as const)];
  if (!hasHeader(headers, 'content-type')) headers.unshift(['content-type', 'text/plain;charset=UTF-8']);
  return { status: response.statusCode, headers, body: bytesOf(response, true) };
}

function inferred(payload: unknown): ApiResponse {
  const text = typeof payload === 'string' ? payload : JSON.stringify(payload ?? null);
  return { status: 200, headers: [['content-type', 'application/json']], body: Buffer.from(text) };
}
