import { CorsConfiguration, isPreflight, preflightResponse, withCors } from './cors';
import { HttpCall, httpEvent } from './event';
import type { Authorization, LambdaAuthorizer } from './lambda-authorizer';
import { httpResponse } from './response';
import { matchRoute, RouteKey } from './routes';
import type { LocalFunction } from '../../lambda/local-function';
import { newCallIds } from '../shared/call-ids';
import type { IamAuthorizer } from '../shared/iam';
import { invoke } from '../shared/invoke';
import { decodePart } from '../shared/paths';
import type { ApiRequest } from '../shared/request';
import { ApiResponse, messageResponse } from '../shared/response';

export interface HttpRoute {
  readonly key: RouteKey;
  readonly target: LocalFunction;
  /** How long the function may take. */
  readonly timeoutMs: number;
  /** @default - everybody may use the route */
  readonly authorizer?: IamAuthorizer | LambdaAuthorizer;
}

export interface HttpStage {
  readonly name: string;
  readonly variables?: Readonly<Record<string, string>>;
}

export interface HttpApiOptions {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly routes: readonly HttpRoute[];
  readonly stages: readonly HttpStage[];
  /** @default - cross-origin requests are the functions' business */
  readonly cors?: CorsConfiguration;
}

const ERRORS = {
  400: 'Bad Request', 401: 'Unauthorized', 403: 'Forbidden', 404: 'Not Found', 413: 'Request Entity Too Large', 500: 'Internal Server Error', 503: 'Service Unavailable',
} as const;

/** An HTTP API of API Gateway. */
export class HttpApi {
  constructor(private readonly options: HttpApiOptions) {}

  async respond(request: ApiRequest): Promise<ApiResponse> {
    const { cors } = this.options;
    const ids = newCallIds();
    if (cors && isPreflight(request)) return preflightResponse(cors, request);
    const answer = await this.run(request, ids);
    const response = typeof answer === 'number' ? messageResponse(answer, ERRORS[answer]) : answer;
    const whole = { ...response, headers: [...response.headers, ['apigw-requestid', ids.requestId] as const] };
    return cors ? withCors(cors, request, whole) : whole;
  }

  private async run(request: ApiRequest, ids: HttpCall['ids']): Promise<ApiResponse | keyof typeof ERRORS> {
    const { id, account, routes } = this.options;
    if (request.body === undefined) return 413;
    const path = decodePart(request.path);
    if (path === undefined) return 400;
    const staged = this.stageOf(request.path);
    const match = staged && matchRoute(routes, request.method, staged.path);
    if (!match) return 404;
    const { route, pathParameters } = match;
    const { name: stage, variables: stageVariables } = staged.stage;
    const call: HttpCall = { request, ids, accountId: account, apiId: id, routeKey: route.key, stage, stageVariables, path, pathParameters };

    const authorization = await this.authorize(route, call);
    if ('refused' in authorization) return authorization.refused;
    const outcome = await invoke(route.target, httpEvent(call, authorization.context), route.timeoutMs);
    switch (outcome) {
      case 'too large': return 413;
      case 'timed out': return 503;
      case 'failed': return 500;
      default: return httpResponse(outcome.payload) ?? 500;
    }
  }

  /** A named stage is the first segment of the path; the stage `$default` has none. */
  private stageOf(path: string): { readonly stage: HttpStage; readonly path: string } | undefined {
    const { stages } = this.options;
    const named = stages.find(({ name }) => path === `/${name}` || path.startsWith(`/${name}/`));
    if (named) return { stage: named, path: path.slice(named.name.length + 1) || '/' };
    const stage = stages.find(({ name }) => name === '$default');
    return stage && { stage, path };
  }

  private async authorize({ authorizer, key }: HttpRoute, call: HttpCall): Promise<Authorization> {
    const { id, account, region } = this.options;
    if (!authorizer) return {};
    if ('refusal' in authorizer) {
      return (await authorizer.refusal(call.request)) ? { refused: 403 } : { context: { iam: authorizer.identity(account) } };
    }
    const [method, path = ''] = key.split(' ');
    return authorizer.authorize(call, `arn:aws:execute-api:${region}:${account}:${id}/${call.stage}/${method}${path}`);
  }
}
