import { ApiRequest, headerOf } from '../shared/request';
import type { ApiResponse } from '../shared/response';

/** As a template has it. */
export interface CorsConfiguration {
  readonly AllowCredentials?: boolean;
  readonly AllowHeaders?: readonly string[];
  readonly AllowMethods?: readonly string[];
  readonly AllowOrigins?: readonly string[];
  readonly ExposeHeaders?: readonly string[];
  readonly MaxAge?: number;
}

/** Whether a browser asks what it may send: such a request is answered before any route is looked for. */
export function isPreflight(request: ApiRequest): boolean {
  return request.method === 'OPTIONS' && headerOf(request, 'origin') !== undefined && headerOf(request, 'access-control-request-method') !== undefined;
}

export function preflightResponse(cors: CorsConfiguration, request: ApiRequest): ApiResponse {
  const headers = allowed(cors, request);
  if (headers.length > 0) {
    headers.push(...list('access-control-allow-methods', cors.AllowMethods), ...list('access-control-allow-headers', cors.AllowHeaders));
    if (cors.MaxAge !== undefined) headers.push(['access-control-max-age', String(cors.MaxAge)]);
  }
  return { status: 204, headers, body: Buffer.alloc(0) };
}

/** The response with the headers of the API in place of those that the integration gave. */
export function withCors(cors: CorsConfiguration, request: ApiRequest, response: ApiResponse): ApiResponse {
  const own = response.headers.filter(([name]) => !name.toLowerCase().startsWith('access-control-'));
  return { ...response, headers: [...own, ...allowed(cors, request)] };
}

/** None for an origin that is not allowed, and for a request without one. */
function allowed({ AllowCredentials, AllowOrigins = [], ExposeHeaders }: CorsConfiguration, request: ApiRequest): [string, string][] {
  const origin = headerOf(request, 'origin');
  if (origin === undefined) return [];
  if (!AllowOrigins.some((each) => each === '*' || each === origin || (each.endsWith('://*') && origin.startsWith(each.slice(0, -1))))) return [];
  const headers: [string, string][] = [['access-control-allow-origin', AllowOrigins.includes('*') ? '*' : origin]];
  if (AllowCredentials) headers.push(['access-control-allow-credentials', 'true']);
  return [...headers, ...list('access-control-expose-headers', ExposeHeaders)];
}

function list(name: string, values: readonly string[] = []): [string, string][] {
  return values.length > 0 ? [[name, values.join(',')]] : [];
}
