import type { GatewayFailure } from './gateway-responses';
import type { RestCall } from './rest-call';
import type { ApiResponse } from '../shared/response';

/** What answers the requests of a method. */
export interface RestIntegration {
  run(call: RestCall): Promise<ApiResponse | GatewayFailure>;
}

/** As a template has it. */
export interface IntegrationProperties {
  readonly Type: string;
  readonly Uri?: string;
  readonly IntegrationHttpMethod?: string;
  readonly PassthroughBehavior?: string;
  readonly RequestParameters?: Readonly<Record<string, string>>;
  readonly RequestTemplates?: Readonly<Record<string, string>>;
  readonly IntegrationResponses?: readonly IntegrationResponseProperties[];
  readonly TimeoutInMillis?: number;
  readonly ContentHandling?: string;
}

export interface IntegrationResponseProperties {
  readonly StatusCode: string;
  readonly SelectionPattern?: string;
  readonly ResponseParameters?: Readonly<Record<string, string>>;
  readonly ResponseTemplates?: Readonly<Record<string, string>>;
  readonly ContentHandling?: string;
}
