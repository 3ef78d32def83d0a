import type { MappingScope } from './mapping';
import type { CallIds } from '../shared/call-ids';
import { ApiRequest, headerOf, joined, queryOf } from '../shared/request';

/** What is known of a request when its method was found. */
export interface RestCall {
  readonly request: ApiRequest;
  readonly body: Buffer;
  readonly ids: CallIds;
  readonly accountId: string;
  readonly apiId: string;
  readonly stage: string;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly resourceId: string;
  /** For example `/{bucket}/{key}`. */
  readonly resourcePath: string;
  /** Percent-encoded, as they stand in the request. */
  readonly pathParameters: Readonly<Record<string, string>>;
  /** Media types whose bodies are bytes. */
  readonly binaryMediaTypes: readonly string[];
}

/** What API Gateway tells of a request, to events and templates alike. */
export function contextOf({ request, ids, accountId, apiId, stage, resourceId, resourcePath }: RestCall) {
  const domainName = headerOf(request, 'host') ?? '';
  return {
    accountId,
    apiId,
    domainName,
    domainPrefix: domainName.split('.')[0],
    extendedRequestId: ids.requestId,
    httpMethod: request.method,
    identity: { sourceIp: request.sourceIp, userAgent: headerOf(request, 'user-agent') ?? null },
    path: request.path,
    protocol: request.protocol,
    requestId: ids.requestId,
    requestTime: ids.time,
    requestTimeEpoch: ids.timeEpoch,
    resourceId,
    resourcePath,
    stage,
  };
}

export function mappingScopeOf(call: RestCall): MappingScope {
  return {
    path: call.pathParameters,
    querystring: Object.fromEntries(queryOf(call.request)),
    header: joined(call.request.headers),
    context: contextOf(call),
    stageVariables: call.stageVariables,
  };
}

/** Whether a media type is one whose bodies are bytes: named as it is, or by `*` for all. */
export function isBinary({ binaryMediaTypes }: Pick<RestCall, 'binaryMediaTypes'>, mediaType: string | undefined): boolean {
  const type = mediaType?.split(/[;,]/)[0].trim().toLowerCase();
  return binaryMediaTypes.some((each) => each === '*/*' || each.toLowerCase() === type);
}

/** Bodies of all other types are text in UTF-8, and what is not becomes replacement characters. */
export function asText(body: Buffer): Buffer {
  return Buffer.from(body.toString('utf8'));
}
