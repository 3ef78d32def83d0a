import type { CallIds } from '../shared/call-ids';
import { ApiRequest, forwardedHeaders, headerOf, joined, queryOf } from '../shared/request';

/** What is known of a request when its route was found. */
export interface HttpCall {
  readonly request: ApiRequest;
  readonly ids: CallIds;
  readonly accountId: string;
  readonly apiId: string;
  readonly routeKey: string;
  readonly stage: string;
  readonly stageVariables?: Readonly<Record<string, string>>;
  /** Decoded. */
  readonly path: string;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** What the events for functions and for authorizers have in common. */
export function commonEvent({ request, ids, accountId, apiId, routeKey, stage, stageVariables, path, pathParameters }: HttpCall) {
  const { cookie, ...headers } = joined([...request.headers, ...forwardedHeaders(request, ids.traceId)]);
  const domainName = headerOf(request, 'host') ?? '';
  return {
    version: '2.0',
    routeKey,
    rawPath: path,
    rawQueryString: request.query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; */) }),
    headers,
    ...present('queryStringParameters', joinedQuery(request)),
    requestContext: {
      accountId,
      apiId,
      domainName,
      domainPrefix: domainName.split('.')[0],
      http: { method: request.method, path, protocol: request.protocol, sourceIp: request.sourceIp, userAgent: headerOf(request, 'user-agent') ?? '' },
      requestId: ids.requestId,
      routeKey,
      stage,
      time: ids.time,
      timeEpoch: ids.timeEpoch,
    },
    ...present('pathParameters', pathParameters),
    ...present('stageVariables', stageVariables ?? {}),
  };
}

/**
 * The event of payload format 2.0.
 *
 * @param authorizer what the authorizer found out
 */
export function httpEvent(call: HttpCall, authorizer?: object): object {
  const { requestContext, ...event } = commonEvent(call);
  const { body } = call.request;
  const isBase64Encoded = body !== undefined && body.length > 0 && !isText(headerOf(call.request, 'content-type'));
  return {
    ...event,
    requestContext: { ...requestContext, ...(authorizer ? { authorizer } : {}) },
    ...(body && body.length > 0 ? { body: body.toString(isBase64Encoded ? 'base64' : 'utf8') } : {}),
    isBase64Encoded,
  };
}

/** Types whose bodies HTTP APIs hand on as they are. */
function isText(contentType: string | undefined): boolean {
  const type = contentType?.split(';')[0].trim().toLowerCase() ?? '';
  return type.startsWith('text/') || /^application\/(?:.+\+)?(?:json|xml|javascript)$/.test(type);
}

function joinedQuery(request: ApiRequest): Record<string, string> {
  const all: Record<string, string> = {};
  for (const [name, value] of queryOf(request)) all[name] = name in all ? `${all[name]},${value}` : value;
  return all;
}

function present<N extends string>(name: N, values: Readonly<Record<string, string>>): { [K in N]?: Readonly<Record<string, string>> } {
  return Object.keys(values).length > 0 ? { [name]: values } as { [K in N]: Readonly<Record<string, string>> } : {};
}
