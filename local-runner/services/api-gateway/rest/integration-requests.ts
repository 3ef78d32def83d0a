import type { IntegrationProperties } from './integration';
import { asText, isBinary, RestCall } from './rest-call';
import { parseTemplate, Template } from './template';
import { TEMPLATE_ROOTS, templateScopeOf } from './template-scope';
import { headerOf } from '../shared/request';

/** The bodies that an integration which is no proxy gets. */
export class IntegrationRequests {
  private readonly templates: ReadonlyMap<string, Template>;
  private readonly passthrough: string;

  constructor({ RequestTemplates = {}, PassthroughBehavior = 'WHEN_NO_MATCH', ContentHandling }: IntegrationProperties, at: string) {
    if (ContentHandling) throw new Error(`${at} converts the content of requests (${ContentHandling}), which the local runner does not know`);
    this.templates = new Map(Object.entries(RequestTemplates).map(([type, text]) => [type.toLowerCase(), parseTemplate(text, TEMPLATE_ROOTS, at)]));
    this.passthrough = PassthroughBehavior;
  }

  /** @returns undefined for a media type that the method does not take */
  body(call: RestCall): Buffer | undefined {
    const contentType = headerOf(call.request, 'content-type') ?? 'application/json';
    const template = this.templates.get(contentType.split(';')[0].trim().toLowerCase());
    if (template) return Buffer.from(template(templateScopeOf(call, call.body)));
    const passes = this.passthrough === 'WHEN_NO_MATCH' || (this.passthrough === 'WHEN_NO_TEMPLATES' && this.templates.size === 0);
    if (!passes) return undefined;
    return isBinary(call, contentType) ? call.body : asText(call.body);
  }
}
