import { commonEvent, HttpCall } from './event';
import type { LocalFunction } from '../../lambda/local-function';
import { invoke } from '../shared/invoke';
import { allows, PolicyDocument } from '../shared/policy';
import { headerOf, queryOf } from '../shared/request';

const TIMEOUT_MS = 10_000;

export interface LambdaAuthorizerOptions {
  readonly target: LocalFunction;
  /** Of the event; only 2.0 knows decisions. */
  readonly payloadFormat: '1.0' | '2.0';
  /** Whether the function answers with a decision, or with a policy. */
  readonly simple: boolean;
  /** For example `$request.header.Authorization`; each must have a value. */
  readonly identitySources: readonly string[];
}

/** What became of the question: let in, with what the function adds to the event, or the status that refuses. */
export type Authorization = { readonly context?: object } | { readonly refused: 401 | 403 | 500 };

/** An authorizer that asks a function, each time: nothing is cached. */
export class LambdaAuthorizer {
  constructor(private readonly options: LambdaAuthorizerOptions) {
    for (const source of options.identitySources) {
      if (!SOURCE.test(source)) throw new Error(`the identity source ${JSON.stringify(source)} of an authorizer is none that the local runner knows`);
    }
  }

  /** @param routeArn of the route that is asked for */
  async authorize(call: HttpCall, routeArn: string): Promise<Authorization> {
    const { target, payloadFormat, simple, identitySources } = this.options;
    const identity = identitySources.map((source) => valueOf(source, call) ?? '');
    if (identity.includes('')) return { refused: 401 };
    const event = payloadFormat === '2.0' ? { type: 'REQUEST', routeArn, identitySource: identity, ...commonEvent(call) } : firstFormat(call, routeArn, identity);
    const outcome = await invoke(target, event, TIMEOUT_MS);
    if (typeof outcome === 'string') return { refused: 500 };
    return simple ? fromDecision(outcome.payload) : fromPolicy(outcome.payload, routeArn);
  }
}

const SOURCE = /^\$(?:request\.(header|querystring)\.(.+)|context\.(identity\.sourceIp|routeKey|stage)|stageVariables\.(.+))$/;

function valueOf(source: string, call: HttpCall): string | undefined {
  const [, kind, name, context, variable] = SOURCE.exec(source)!;
  if (kind === 'header') return headerOf(call.request, name);
  if (kind === 'querystring') return queryOf(call.request).find(([each]) => each === name)?.[1];
  if (variable) return call.stageVariables?.[variable];
  return { 'identity.sourceIp': call.request.sourceIp, 'routeKey': call.routeKey, 'stage': call.stage }[context];
}

function firstFormat(call: HttpCall, methodArn: string, identity: readonly string[]): object {
  const { cookies = [], headers, queryStringParameters = {}, pathParameters = {}, stageVariables = {}, requestContext } = commonEvent(call);
  const { http, ...context } = requestContext;
  return {
    version: '1.0',
    type: 'REQUEST',
    methodArn,
    identitySource: identity.join(','),
    authorizationToken: identity[0],
    resource: call.routeKey.replace(/^\S+ /, ''),
    path: call.path,
    httpMethod: http.method,
    headers: cookies.length > 0 ? { ...headers, cookie: cookies.join('; ') } : headers,
    queryStringParameters,
    pathParameters,
    stageVariables,
    requestContext: { ...context, path: call.path, httpMethod: http.method, identity: { sourceIp: http.sourceIp, userAgent: http.userAgent } },
  };
}

function fromDecision(payload: unknown): Authorization {
  const { isAuthorized, context = {} } = (payload ?? {}) as { isAuthorized?: unknown; context?: object };
  if (typeof isAuthorized !== 'boolean') return { refused: 500 };
  return isAuthorized ? { context: { lambda: context } } : { refused: 403 };
}

function fromPolicy(payload: unknown, routeArn: string): Authorization {
  const { policyDocument, context = {} } = (payload ?? {}) as { policyDocument?: PolicyDocument; context?: object };
  if (!Array.isArray(policyDocument?.Statement)) return { refused: 500 };
  return allows(policyDocument, routeArn) ? { context: { lambda: context } } : { refused: 403 };
}
