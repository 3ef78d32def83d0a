import type { GatewayFailure, GatewayResponses } from './gateway-responses';
import type { RestIntegration } from './integration';
import { mappingScopeOf, RestCall } from './rest-call';
import { newCallIds } from '../shared/call-ids';
import type { IamAuthorizer, Refusal } from '../shared/iam';
import { decodePart, matchPath, segmentsOf } from '../shared/paths';
import { ApiRequest, headerOf } from '../shared/request';
import { ApiResponse, messageResponse } from '../shared/response';

export interface RestMethod {
  /** `ANY` for all. */
  readonly httpMethod: string;
  readonly resourceId: string;
  readonly resourcePath: string;
  readonly integration: RestIntegration;
  /** @default - everybody may use the method */
  readonly authorizer?: IamAuthorizer;
  readonly apiKeyRequired: boolean;
  /** Parameters that must be there, such as `method.request.header.X-Image-Id`. */
  readonly requiredParameters: readonly string[];
}

export interface RestStage {
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  /** The values of the keys that the stage takes. */
  readonly apiKeys: ReadonlySet<string>;
}

export interface RestApiOptions {
  readonly id: string;
  readonly account: string;
  readonly methods: readonly RestMethod[];
  readonly stages: readonly RestStage[];
  readonly gatewayResponses: GatewayResponses;
  readonly binaryMediaTypes: readonly string[];
}

const REFUSALS: Readonly<Record<Refusal, GatewayFailure>> = {
  missing: { failure: 'MISSING_AUTHENTICATION_TOKEN' },
  incomplete: { failure: 'INVALID_SIGNATURE', message: 'Authorization header requires \'Credential\', \'Signature\' and \'SignedHeaders\' parameters, and existence of a \'X-Amz-Date\' header' },
  unknown: { failure: 'ACCESS_DENIED' },
  expired: { failure: 'EXPIRED_TOKEN' },
  mismatch: { failure: 'INVALID_SIGNATURE' },
};

/** A REST API of API Gateway. */
export class RestApi {
  constructor(private readonly options: RestApiOptions) {}

  async respond(request: ApiRequest): Promise<ApiResponse> {
    const ids = newCallIds();
    const stage = this.options.stages.find(({ name }) => name === segmentsOf(request.path)[0]);
    if (!stage) return messageResponse(403, 'Forbidden', [['x-amzn-errortype', 'ForbiddenException'], ['x-amzn-requestid', ids.requestId]]);
    const match = this.match(request, stage);
    const call: RestCall = {
      request,
      body: request.body ?? Buffer.alloc(0),
      ids,
      accountId: this.options.account,
      apiId: this.options.id,
      stage: stage.name,
      stageVariables: stage.variables,
      resourceId: match?.target.resourceId ?? '',
      resourcePath: match?.target.resourcePath ?? '',
      pathParameters: match?.parameters ?? {},
      binaryMediaTypes: this.options.binaryMediaTypes,
    };
    const answer = await this.run(match?.target, stage, call).catch((error: unknown): GatewayFailure => {
      console.error('local REST API:', request.method, request.path, error);
      return { failure: 'API_CONFIGURATION_ERROR' };
    });
    const response = 'failure' in answer ? this.options.gatewayResponses.respond(answer, mappingScopeOf(call), headerOf(request, 'accept')) : answer;
    return { ...response, headers: [...response.headers, ['x-amzn-requestid', ids.requestId]] };
  }

  private async run(method: RestMethod | undefined, stage: RestStage, call: RestCall): Promise<ApiResponse | GatewayFailure> {
    const { request } = call;
    if (request.body === undefined) return { failure: 'REQUEST_TOO_LARGE' };
    // The answer of API Gateway to a path or method that is not there, too.
    if (!method) return { failure: 'MISSING_AUTHENTICATION_TOKEN' };
    const refusal = await method.authorizer?.refusal(request);
    if (refusal) return REFUSALS[refusal];
    if (method.apiKeyRequired && !stage.apiKeys.has(headerOf(request, 'x-api-key') ?? '')) return { failure: 'INVALID_API_KEY' };
    const missing = missingParameters(method, call);
    if (missing.length > 0) return { failure: 'BAD_REQUEST_PARAMETERS', message: `Missing required request parameters: [${missing.join(', ')}]` };
    return method.integration.run(call);
  }

  private match({ method, path }: ApiRequest, { name }: RestStage) {
    // A slash at the end is of no account.
    const below = path.slice(name.length + 1).replace(/\/$/, '') || '/';
    const candidates = [method, 'ANY'].flatMap((each) => this.options.methods
      .filter(({ httpMethod }) => httpMethod === each)
      .map((target) => ({ template: target.resourcePath, target })));
    return decodePart(below) === undefined ? undefined : matchPath(segmentsOf(below), candidates);
  }
}

function missingParameters({ requiredParameters }: RestMethod, call: RestCall): string[] {
  const scope = mappingScopeOf(call);
  return requiredParameters.flatMap((parameter) => {
    const [, kind, name] = /^method\.request\.(path|querystring|header)\.(.+)$/.exec(parameter)!;
    const value = kind === 'header' ? scope.header[name.toLowerCase()] : scope[kind as 'path' | 'querystring'][name];
    return value ? [] : [name];
  });
}
