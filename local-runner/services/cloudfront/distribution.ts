/**
 * Distributions of CloudFront: `AWS::CloudFront::Distribution`, served on 127.0.0.1.
 *
 * Wiring hands over the resolved `DistributionConfig`, finds buckets by their (regional) domain names and servers of the
 * app by their hosts, and gives the properties of response headers policies and the keys of key groups by their ids; a
 * key's id is what `Ref` of its `AWS::CloudFront::PublicKey` gives. `origin` is where `serve` is called; it stands for the
 * attribute `DomainName`.
 *
 * Every response is fresh, as if nothing were ever cached; compression, protocols, certificates, price classes and logs have
 * nothing to do here. What a policy would pass on to the origin, and nothing else, is passed on.
 */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'http';
import { pipeline } from 'stream/promises';
import { BehaviorProperties, CachePolicyConfig, forwardedBy, matchesPath, requireKnownBehavior } from './behaviors';
import { answer, Origin, OriginOptions, originOf, OriginProperties, OriginResponse } from './origins';
import { applyPolicy, MANAGED_POLICIES, ResponseHeadersPolicyConfig } from './response-headers';
import { refusalOf, split, withoutSignature } from './signed-url';
import { requireKnownProperties } from '../../template/known-properties';

export type { CachePolicyConfig } from './behaviors';
export type { OriginBucket } from './origins';
export type { ResponseHeadersPolicyConfig } from './response-headers';

interface ErrorResponse {
  readonly ErrorCode: number;
  readonly ResponseCode?: number;
  readonly ResponsePagePath?: string;
}

/** `DistributionConfig` of the resource. */
export interface DistributionConfig {
  readonly CacheBehaviors?: readonly BehaviorProperties[];
  readonly CustomErrorResponses?: readonly ErrorResponse[];
  readonly DefaultCacheBehavior: BehaviorProperties;
  readonly DefaultRootObject?: string;
  readonly Enabled: boolean;
  readonly Origins: readonly OriginProperties[];
}

const PROPERTIES = [
  'Aliases', 'CacheBehaviors', 'Comment', 'CustomErrorResponses', 'DefaultCacheBehavior', 'DefaultRootObject', 'Enabled', 'HttpVersion', 'IPV6Enabled',
  'Logging', 'Origins', 'PriceClass', 'ViewerCertificate',
];

export interface DistributionOptions extends OriginOptions {
  readonly config: DistributionConfig;
  /** What the distribution is called on AWS: URLs may be signed for this name. */
  readonly domainName: string;
  /** Scheme, host and port where the distribution is. */
  readonly origin: string;
  /** Where the resource stands in the templates, for errors. */
  readonly at: string;
  /** The app's own policies, by id. */
  readonly cachePolicies: ReadonlyMap<string, CachePolicyConfig>;
  readonly responseHeadersPolicies: ReadonlyMap<string, ResponseHeadersPolicyConfig>;
  /** Public keys in PEM by their ids, by the id of the group. */
  readonly keyGroups: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

interface Behavior {
  readonly properties: BehaviorProperties;
  readonly methods: readonly string[];
  readonly origin: Origin;
  readonly policy?: ResponseHeadersPolicyConfig;
  /** Who may sign; undefined for content that everybody may see. */
  readonly keys?: ReadonlyMap<string, string>;
}

export class Distribution {
  private readonly behaviors: readonly Behavior[];

  /** @throws Error that names what the runner does not know of the distribution */
  constructor(private readonly options: DistributionOptions) {
    const { config, at } = options;
    requireKnownProperties(config, PROPERTIES, at);
    if (!config.Enabled) throw new Error(`${at} must be enabled`);
    this.behaviors = [...(config.CacheBehaviors ?? []), config.DefaultCacheBehavior].map((properties) => this.behavior(properties));
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.respond(request, response);
    } catch (error) {
      if (response.headersSent) response.destroy(error as Error);
      else response.writeHead(502, { 'content-type': 'text/plain' }).end(`The origin does not answer: ${(error as Error).message}`);
    }
  }

  private behavior(properties: BehaviorProperties): Behavior {
    const { config, at } = this.options;
    const where = `${at}: behavior ${JSON.stringify(properties.PathPattern ?? 'default')}`;
    requireKnownBehavior(properties, this.options.cachePolicies, where);
    const methods = properties.AllowedMethods ?? ['GET', 'HEAD'];
    const target = config.Origins.find(({ Id }) => Id === properties.TargetOriginId);
    if (!target) throw new Error(`${where} must have an origin of the distribution, received ${JSON.stringify(properties.TargetOriginId)}`);
    return {
      properties,
      methods,
      origin: originOf(target, methods, this.options, `${at}: origin ${JSON.stringify(target.Id)}`),
      policy: this.policy(properties.ResponseHeadersPolicyId, where),
      keys: this.keys(properties.TrustedKeyGroups, where),
    };
  }

  private policy(id: string | undefined, at: string): ResponseHeadersPolicyConfig | undefined {
    if (id === undefined) return undefined;
    const found = this.options.responseHeadersPolicies.get(id) ?? MANAGED_POLICIES[id];
    if (!found) throw new Error(`${at} must have a response headers policy of the app or a managed one, received ${JSON.stringify(id)}`);
    if (found.ServerTimingHeadersConfig?.Enabled) throw new Error(`${at} sends server timings, which the local runner does not know`);
    return found;
  }

  private keys(groups: readonly string[] | undefined, at: string): ReadonlyMap<string, string> | undefined {
    if (!groups?.length) return undefined;
    return new Map(groups.flatMap((group) => {
      const keys = this.options.keyGroups.get(group);
      if (!keys) throw new Error(`${at} must trust key groups of the app, received ${JSON.stringify(group)}`);
      return [...keys];
    }));
  }

  private async respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/', headers } = request;
    const { config } = this.options;
    const [path, query] = split(url);
    const target = path === '/' && config.DefaultRootObject ? `/${config.DefaultRootObject}${query && `?${query}`}` : url;
    const behavior = this.behaviorFor(target);
    if (!behavior.methods.includes(method)) {
      request.resume();
      return this.reply(response, method, denied('This distribution is not configured to allow the HTTP request method that was used for this request.'));
    }
    const first = this.refusal(behavior, url) ?? await behavior.origin.send({
      method, headers, target: behavior.keys ? withoutSignature(target) : target, body: request, forwarded: forwardedBy(behavior.properties),
    });
    const final = await this.withErrorPage(first);
    if (!behavior.policy) return this.reply(response, method, final);
    const viewer = { method, origin: headers.origin, isPreflight: method === 'OPTIONS' && headers['access-control-request-method'] !== undefined };
    return this.reply(response, method, { ...final, headers: applyPolicy(behavior.policy, final.headers, viewer) });
  }

  private behaviorFor(target: string): Behavior {
    const [path] = split(target);
    return this.behaviors.find(({ properties: { PathPattern } }) => PathPattern === undefined || matchesPath(PathPattern, path))!;
  }

  private refusal({ keys }: Behavior, url: string): OriginResponse | undefined {
    const refused = keys && refusalOf([`https://${this.options.domainName}`, this.options.origin], url, keys, Date.now());
    if (!refused) return undefined;
    return refused === 'MissingKey'
      ? answer(403, refused, 'Missing Key-Pair-Id query parameter or cookie value')
      : answer(403, refused, 'Access denied');
  }

  /** What the distribution shows instead of an error, or the response itself. */
  private async withErrorPage(received: OriginResponse): Promise<OriginResponse> {
    const custom = this.options.config.CustomErrorResponses?.find(({ ErrorCode }) => ErrorCode === received.status);
    if (custom?.ResponsePagePath === undefined) return received;
    const { ResponsePagePath: target, ResponseCode = received.status } = custom;
    const page = await this.behaviorFor(target).origin.send({ method: 'GET', target, headers: {}, forwarded: 'little' });
    // An error page that is missing itself is not shown.
    if (page.status !== 200) {
      page.body.resume();
      return received;
    }
    received.body.resume();
    return { ...page, status: ResponseCode };
  }

  private async reply(response: ServerResponse, method: string, { status, headers, body }: { status: number; headers: OutgoingHttpHeaders; body: OriginResponse['body'] }): Promise<void> {
    response.writeHead(status, { ...headers, 'x-cache': status >= 400 ? 'Error from cloudfront' : 'Miss from cloudfront' });
    if (method === 'HEAD') {
      body.resume();
      response.end();
    } else {
      await pipeline(body, response);
    }
  }
}

function denied(message: string): OriginResponse {
  return answer(403, 'AccessDenied', message);
}
