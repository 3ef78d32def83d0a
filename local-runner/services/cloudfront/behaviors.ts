import { requireKnownProperties } from '../../template/known-properties';

export interface BehaviorProperties {
  readonly AllowedMethods?: readonly string[];
  readonly CachePolicyId?: string;
  readonly OriginRequestPolicyId?: string;
  /** Only the default behavior has none. */
  readonly PathPattern?: string;
  readonly ResponseHeadersPolicyId?: string;
  readonly TargetOriginId: string;
  readonly TrustedKeyGroups?: readonly string[];
}

/** The others that the runner knows have nothing to do here: it neither caches nor compresses, and speaks plain HTTP. */
const PROPERTIES = [
  'AllowedMethods', 'CachedMethods', 'CachePolicyId', 'Compress', 'OriginRequestPolicyId', 'PathPattern', 'ResponseHeadersPolicyId', 'TargetOriginId',
  'TrustedKeyGroups', 'ViewerProtocolPolicy',
];

/** The managed cache policies that put nothing of the request but its path into the key, and so pass nothing else on. */
const PATH_ONLY_CACHE_POLICIES: Readonly<Record<string, string>> = {
  '658327ea-f89d-4fab-a63d-7e88639e58f6': 'CachingOptimized',
  'b2884449-e4de-46a7-ac36-70bc7f1ddd6d': 'CachingOptimizedForUncompressedObjects',
  '4135ea2d-6df8-44a3-9df3-4b5a84be39ad': 'CachingDisabled',
};

/** `CachePolicyConfig` of `AWS::CloudFront::CachePolicy`, as far as it says what goes to the origin. */
export interface CachePolicyConfig {
  readonly ParametersInCacheKeyAndForwardedToOrigin: {
    readonly CookiesConfig: { readonly CookieBehavior: string };
    readonly HeadersConfig: { readonly HeaderBehavior: string };
    readonly QueryStringsConfig: { readonly QueryStringBehavior: string };
  };
}

/** What of a request goes to the origin: little by default, all that the viewer sent, or all but the host. */
export type Forwarded = 'little' | 'all' | 'allExceptHost';

const ORIGIN_REQUEST_POLICIES: Readonly<Record<string, Forwarded>> = {
  '216adef6-5c7f-47e4-b989-5492eafa07d3': 'all',
  'b689b0a8-53d0-40ab-baf2-68738e2966ac': 'allExceptHost',
};

/**
 * @param cachePolicies the app's own, by id
 * @throws Error that names what the runner does not know
 */
export function requireKnownBehavior(behavior: BehaviorProperties, cachePolicies: ReadonlyMap<string, CachePolicyConfig>, at: string): void {
  requireKnownProperties(behavior, PROPERTIES, at);
  const { CachePolicyId = '', OriginRequestPolicyId } = behavior;
  const own = cachePolicies.get(CachePolicyId);
  if (own ? !isPathOnly(own) : !(CachePolicyId in PATH_ONLY_CACHE_POLICIES)) {
    const known = `${Object.values(PATH_ONLY_CACHE_POLICIES).join(', ')}, or an own one without cookies, headers and queries`;
    throw new Error(`${at} must have a cache policy of ${known}, received ${JSON.stringify(CachePolicyId)}: the local runner knows no other`);
  }
  if (OriginRequestPolicyId !== undefined && !(OriginRequestPolicyId in ORIGIN_REQUEST_POLICIES)) {
    throw new Error(`${at} must have an origin request policy of AllViewer, AllViewerExceptHostHeader, or none, received ${JSON.stringify(OriginRequestPolicyId)}: the local runner knows no other`);
  }
}

function isPathOnly({ ParametersInCacheKeyAndForwardedToOrigin: { CookiesConfig, HeadersConfig, QueryStringsConfig } }: CachePolicyConfig): boolean {
  return [CookiesConfig.CookieBehavior, HeadersConfig.HeaderBehavior, QueryStringsConfig.QueryStringBehavior].every((behavior) => behavior === 'none');
}

export function forwardedBy({ OriginRequestPolicyId }: BehaviorProperties): Forwarded {
  return OriginRequestPolicyId === undefined ? 'little' : ORIGIN_REQUEST_POLICIES[OriginRequestPolicyId];
}

/** Whether a path, as the viewer wrote it, has the form of a pattern: `*` is any text, `?` any character. */
export function matchesPath(pattern: string, path: string): boolean {
  const form = pattern.replace(/^\//, '').replace(/[.+^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  return new RegExp(`^/${form}$`, 's').test(path);
}
