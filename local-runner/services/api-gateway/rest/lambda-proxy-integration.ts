import type { GatewayFailure } from './gateway-responses';
import type { RestIntegration } from './integration';
import { contextOf, isBinary, RestCall } from './rest-call';
import type { LocalFunction } from '../../lambda/local-function';
import { invoke } from '../shared/invoke';
import { bytesOf, hasHeader, readProxyResponse } from '../shared/proxy-response';
import { forwardedHeaders, headerOf, queryOf } from '../shared/request';
import type { ApiResponse } from '../shared/response';

/** A function that gets whole requests and gives whole responses, by payload format 1.0. */
export class LambdaProxyIntegration implements RestIntegration {
  constructor(private readonly target: LocalFunction, private readonly timeoutMs: number) {}

  async run(call: RestCall): Promise<ApiResponse | GatewayFailure> {
    const outcome = await invoke(this.target, restEvent(call), this.timeoutMs);
    switch (outcome) {
      case 'too large': return { failure: 'REQUEST_TOO_LARGE' };
      case 'timed out': return { failure: 'INTEGRATION_TIMEOUT' };
      case 'failed': return MALFORMED;
      default: return restResponse(outcome.payload, isBinary(call, headerOf(call.request, 'accept'))) ?? MALFORMED;
    }
  }
}

const MALFORMED: GatewayFailure = { failure: 'API_CONFIGURATION_ERROR', status: 502 };

/** The event of payload format 1.0, as REST APIs send it. */
function restEvent(call: RestCall): object {
  const { request, body, stage, stageVariables, resourcePath, pathParameters, ids } = call;
  const headers = grouped([...request.headers, ...forwardedHeaders(request, ids.traceId)]);
  const query = grouped(queryOf(request));
  const binary = body.length > 0 && isBinary(call, headerOf(request, 'content-type'));
  return {
    resource: resourcePath,
    path: request.path.slice(stage.length + 1) || '/',
    httpMethod: request.method,
    headers: lastOf(headers),
    multiValueHeaders: headers,
    queryStringParameters: lastOf(query),
    multiValueQueryStringParameters: orNull(query),
    pathParameters: orNull(pathParameters),
    stageVariables: orNull(stageVariables),
    requestContext: contextOf(call),
    body: body.length > 0 ? body.toString(binary ? 'base64' : 'utf8') : null,
    isBase64Encoded: binary,
  };
}

/**
 * The response that a function's answer stands for.
 *
 * @param decode whether the client takes bytes
 * @returns undefined for an answer that is no response
 */
export function restResponse(payload: unknown, decode: boolean): ApiResponse | undefined {
  const response = readProxyResponse(payload);
  if (!response) return undefined;
  const { multiValueHeaders } = payload as { multiValueHeaders?: Readonly<Record<string, readonly unknown[]>> | null };
  const several = Object.entries(multiValueHeaders ?? {}).flatMap(([name, values]) => values.map((value) => [name, String(value)] as const));
  const headers = [...response.headers.filter(([name]) => !hasHeader(several, name.toLowerCase())), ...several];
  if (!hasHeader(headers, 'content-type')) headers.unshift(['content-type', 'application/json']);
  return { status: response.statusCode, headers, body: bytesOf(response, decode) };
}

function grouped(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const [name, value] of pairs) (all[name] ??= []).push(value);
  return all;
}

function lastOf(all: Readonly<Record<string, readonly string[]>>): Record<string, string> | null {
  return orNull(Object.fromEntries(Object.entries(all).map(([name, values]) => [name, values.at(-1)!])));
}

function orNull<T extends object>(values: T): T | null {
  return Object.keys(values).length > 0 ? values : null;
}
