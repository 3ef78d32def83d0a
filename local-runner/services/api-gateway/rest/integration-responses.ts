import type { GatewayFailure } from './gateway-responses';
import type { IntegrationResponseProperties } from './integration';
import { createMapping, Mapping } from './mapping';
import { asText, isBinary, mappingScopeOf, RestCall } from './rest-call';
import { parseTemplate, Template } from './template';
import { TEMPLATE_ROOTS, templateScopeOf } from './template-scope';
import { headerOf, joined } from '../shared/request';
import type { ApiResponse } from '../shared/response';

interface Rule {
  readonly status: number;
  /** @default - what no other rule takes */
  readonly selects?: RegExp;
  readonly headers: readonly (readonly [string, Mapping])[];
  readonly templates: readonly (readonly [string, Template])[];
}

/** What `#set` may change while a template is rendered. */
interface ResponseOverride {
  readonly status?: unknown;
  readonly header?: Readonly<Record<string, unknown>>;
}

/** The responses of a method whose integration is no proxy, made from those of the integration. */
export class IntegrationResponses {
  private readonly rules: readonly Rule[];

  constructor(responses: readonly IntegrationResponseProperties[], at: string) {
    this.rules = responses.map((response) => ruleOf(response, at));
  }

  respond(call: RestCall, integration: ApiResponse): ApiResponse | GatewayFailure {
    const status = String(integration.status);
    const rule = this.rules.find(({ selects }) => selects?.test(status)) ?? this.rules.find(({ selects }) => !selects);
    if (!rule) return { failure: 'API_CONFIGURATION_ERROR' };
    const headers = new Map<string, string>();
    const set = (name: string, value: string) => headers.set(name.toLowerCase(), value);

    const accept = headerOf(call.request, 'accept');
    const [contentType, template] = rule.templates.find(([type]) => accept?.includes(type)) ?? rule.templates[0] ?? ['application/json'];
    set('content-type', contentType);
    const scope = templateScopeOf(call, integration.body);
    const body = template ? Buffer.from(template(scope)) : isBinary(call, accept) ? integration.body : asText(integration.body);
    const mappingScope = { ...mappingScopeOf(call), responseHeader: joined(integration.headers) };
    for (const [name, mapping] of rule.headers) {
      const value = mapping(mappingScope);
      if (value !== undefined) set(name, value);
    }
    const { responseOverride = {} } = scope.context as { responseOverride?: ResponseOverride };
    for (const [name, value] of Object.entries(responseOverride.header ?? {})) set(name, String(value));
    return { status: Number(responseOverride.status ?? rule.status), headers: [...headers], body };
  }
}

function ruleOf(properties: IntegrationResponseProperties, at: string): Rule {
  const { StatusCode, SelectionPattern, ResponseParameters = {}, ResponseTemplates = {}, ContentHandling } = properties;
  if (ContentHandling) throw new Error(`${at} converts the content of a response (${ContentHandling}), which the local runner does not know`);
  return {
    status: Number(StatusCode),
    selects: SelectionPattern ? new RegExp(`^(?:${SelectionPattern})$`) : undefined,
    headers: Object.entries(ResponseParameters).map(([target, source]) => {
      const [, name] = /^method\.response\.header\.(.+)$/.exec(target) ?? [];
      if (!name) throw new Error(`${at} maps to ${JSON.stringify(target)}, which the local runner does not know`);
      return [name, createMapping(source, at)] as const;
    }),
    templates: Object.entries(ResponseTemplates).map(([type, text]) => [type, parseTemplate(text, TEMPLATE_ROOTS, at)] as const),
  };
}
