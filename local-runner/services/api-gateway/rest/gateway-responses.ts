import { createMapping, MappingScope } from './mapping';
import { parseTemplate, Template } from './template';
import type { ApiResponse } from '../shared/response';

/** Answers of the API itself, with the status, message and exception that API Gateway gives them. */
const DEFAULTS = {
  ACCESS_DENIED: [403, 'The security token included in the request is invalid.', 'UnrecognizedClientException'],
  API_CONFIGURATION_ERROR: [500, 'Internal server error', 'InternalServerErrorException'],
  BAD_REQUEST_BODY: [400, 'Invalid request body', 'BadRequestException'],
  BAD_REQUEST_PARAMETERS: [400, 'Missing required request parameters', 'BadRequestException'],
  EXPIRED_TOKEN: [403, 'Signature expired', 'InvalidSignatureException'],
  INTEGRATION_FAILURE: [504, 'Network error communicating with endpoint', 'InternalServerErrorException'],
  INTEGRATION_TIMEOUT: [504, 'Endpoint request timed out', 'InternalServerErrorException'],
  INVALID_API_KEY: [403, 'Forbidden', 'ForbiddenException'],
  INVALID_SIGNATURE: [403, 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.', 'InvalidSignatureException'],
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token', 'MissingAuthenticationTokenException'],
  REQUEST_TOO_LARGE: [413, 'Request Too Long', 'RequestTooLargeException'],
  UNSUPPORTED_MEDIA_TYPE: [415, 'Unsupported Media Type', 'BadRequestException'],
} as const satisfies Record<string, readonly [number, string, string]>;

export type GatewayResponseType = keyof typeof DEFAULTS;

/** Why a request got no answer of an integration. */
export interface GatewayFailure {
  readonly failure: GatewayResponseType;
  /** @default - the message of the type */
  readonly message?: string;
  /** @default - the status of the type */
  readonly status?: number;
}

/** As a template has it. */
export interface GatewayResponseProperties {
  readonly ResponseType: string;
  readonly StatusCode?: string;
  readonly ResponseParameters?: Readonly<Record<string, string>>;
  readonly ResponseTemplates?: Readonly<Record<string, string>>;
}

interface Customised {
  readonly status?: number;
  readonly headers: readonly (readonly [string, (scope: MappingScope) => string | undefined])[];
  readonly templates: readonly (readonly [string, Template])[];
}

const DEFAULT_TEMPLATE = '{"message":$context.error.messageString}';

/** The answers of an API, as its owner wants them. */
export class GatewayResponses {
  private readonly customised: ReadonlyMap<string, Customised>;

  constructor(all: readonly { readonly at: string; readonly properties: GatewayResponseProperties }[]) {
    this.customised = new Map(all.map(({ at, properties }) => [properties.ResponseType, customise(properties, at)]));
  }

  /** @param accept of the request, which chooses among templates */
  respond({ failure, message, status }: GatewayFailure, scope: MappingScope, accept: string | undefined): ApiResponse {
    const [defaultStatus, defaultMessage, exception] = DEFAULTS[failure];
    const own = this.customised.get(failure) ?? this.customised.get((status ?? defaultStatus) < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
    const text = message ?? defaultMessage;
    const context = { ...scope.context, error: { message: text, messageString: JSON.stringify(text), responseType: failure } };
    const templates = own && own.templates.length > 0 ? own.templates : [['application/json', parseTemplate(DEFAULT_TEMPLATE, ['context'], failure)] as const];
    const [contentType, template] = templates.find(([type]) => accept?.includes(type)) ?? templates[0];
    const headers = (own?.headers ?? []).flatMap(([name, value]) => {
      const found = value({ ...scope, context });
      return found === undefined ? [] : [[name, found] as const];
    });
    return {
      status: own?.status ?? status ?? defaultStatus,
      headers: [['content-type', contentType], ['x-amzn-errortype', exception], ...headers],
      body: Buffer.from(template({ context, stageVariables: scope.stageVariables })),
    };
  }
}

function customise({ StatusCode, ResponseParameters = {}, ResponseTemplates = {} }: GatewayResponseProperties, at: string): Customised {
  return {
    status: StatusCode === undefined ? undefined : Number(StatusCode),
    headers: Object.entries(ResponseParameters).map(([target, source]) => {
      const [, name] = /^gatewayresponse\.header\.(.+)$/.exec(target) ?? [];
      if (!name) throw new Error(`${at} maps to ${JSON.stringify(target)}, which the local runner does not know`);
      return [name, createMapping(source, at)] as const;
    }),
    templates: Object.entries(ResponseTemplates).map(([type, text]) => [type, parseTemplate(text, ['context', 'stageVariables'], at)] as const),
  };
}
