import { OutgoingHttpHeaders } from 'http';

interface Items<T> {
  readonly Items: readonly T[];
}

interface Overriding {
  readonly Override: boolean;
}

/** `ResponseHeadersPolicyConfig` of `AWS::CloudFront::ResponseHeadersPolicy`. */
export interface ResponseHeadersPolicyConfig {
  readonly CorsConfig?: {
    readonly AccessControlAllowCredentials: boolean;
    readonly AccessControlAllowHeaders: Items<string>;
    readonly AccessControlAllowMethods: Items<string>;
    readonly AccessControlAllowOrigins: Items<string>;
    readonly AccessControlExposeHeaders?: Items<string>;
    readonly AccessControlMaxAgeSec?: number;
    readonly OriginOverride: boolean;
  };
  readonly CustomHeadersConfig?: Items<Overriding & { readonly Header: string; readonly Value: string }>;
  readonly RemoveHeadersConfig?: Items<{ readonly Header: string }>;
  readonly SecurityHeadersConfig?: {
    readonly ContentSecurityPolicy?: Overriding & { readonly ContentSecurityPolicy: string };
    readonly ContentTypeOptions?: Overriding;
    readonly FrameOptions?: Overriding & { readonly FrameOption: string };
    readonly ReferrerPolicy?: Overriding & { readonly ReferrerPolicy: string };
    readonly StrictTransportSecurity?: Overriding & {
      readonly AccessControlMaxAgeSec: number;
      readonly IncludeSubdomains?: boolean;
      readonly Preload?: boolean;
    };
    readonly XSSProtection?: Overriding & { readonly Protection: boolean; readonly ModeBlock?: boolean; readonly ReportUri?: string };
  };
  readonly ServerTimingHeadersConfig?: { readonly Enabled: boolean };
}

const ALL_METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

const SIMPLE_CORS: ResponseHeadersPolicyConfig['CorsConfig'] = {
  AccessControlAllowCredentials: false,
  AccessControlAllowHeaders: { Items: [] },
  AccessControlAllowMethods: { Items: [] },
  AccessControlAllowOrigins: { Items: ['*'] },
  OriginOverride: false,
};

const CORS_WITH_PREFLIGHT: ResponseHeadersPolicyConfig['CorsConfig'] = {
  ...SIMPLE_CORS,
  AccessControlAllowMethods: { Items: ALL_METHODS },
  AccessControlExposeHeaders: { Items: ['*'] },
};

const SECURITY: ResponseHeadersPolicyConfig['SecurityHeadersConfig'] = {
  ContentTypeOptions: { Override: true },
  FrameOptions: { FrameOption: 'SAMEORIGIN', Override: false },
  ReferrerPolicy: { ReferrerPolicy: 'strict-origin-when-cross-origin', Override: false },
  StrictTransportSecurity: { AccessControlMaxAgeSec: 31_536_000, Override: false },
  XSSProtection: { Protection: true, ModeBlock: true, Override: false },
};

/** The policies that every account has, by their ids. */
export const MANAGED_POLICIES: Readonly<Record<string, ResponseHeadersPolicyConfig>> = {
  '60669652-455b-4ae9-85a4-c4c02393f86c': { CorsConfig: SIMPLE_CORS },
  '5cc3b908-e619-4b99-88e5-2cf7f45965bd': { CorsConfig: CORS_WITH_PREFLIGHT },
  '67f7725c-6f97-4210-82d7-5512b31e9d03': { SecurityHeadersConfig: SECURITY },
  'e61eb60c-9c35-4d20-a928-2b84e02af89c': { CorsConfig: SIMPLE_CORS, SecurityHeadersConfig: SECURITY },
  'eaab4381-ed33-4a86-88ca-d9558dc6cd63': { CorsConfig: CORS_WITH_PREFLIGHT, SecurityHeadersConfig: SECURITY },
};

/** The part of a viewer's request that decides about headers. */
export interface Viewer {
  readonly method: string;
  readonly origin?: string;
  /** Whether a browser asks what it may do. */
  readonly isPreflight: boolean;
}

/** The headers of a response after a policy; names in lower case. */
export function applyPolicy(policy: ResponseHeadersPolicyConfig, headers: OutgoingHttpHeaders, viewer: Viewer): OutgoingHttpHeaders {
  const result = { ...headers };
  for (const { Header } of policy.RemoveHeadersConfig?.Items ?? []) delete result[Header.toLowerCase()];
  const set = (name: string, value: string, override: boolean) => {
    if (override || headers[name] === undefined) result[name] = value;
  };

  const cors = policy.CorsConfig;
  const ownCors = Object.keys(headers).some((name) => name.startsWith('access-control-'));
  const allowed = cors && allowedOrigin(cors.AccessControlAllowOrigins.Items, viewer.origin);
  if (cors && allowed !== undefined && (cors.OriginOverride || !ownCors)) {
    set('access-control-allow-origin', allowed, true);
    if (allowed !== '*') set('vary', 'Origin', false);
    if (cors.AccessControlAllowCredentials) set('access-control-allow-credentials', 'true', true);
    if (viewer.isPreflight) {
      const { AccessControlAllowHeaders, AccessControlAllowMethods, AccessControlMaxAgeSec } = cors;
      const methods = AccessControlAllowMethods.Items.includes('ALL') ? ALL_METHODS : AccessControlAllowMethods.Items;
      if (methods.length > 0) set('access-control-allow-methods', methods.join(', '), true);
      if (AccessControlAllowHeaders.Items.length > 0) set('access-control-allow-headers', AccessControlAllowHeaders.Items.join(', '), true);
      if (AccessControlMaxAgeSec !== undefined) set('access-control-max-age', String(AccessControlMaxAgeSec), true);
    } else if (cors.AccessControlExposeHeaders) {
      set('access-control-expose-headers', cors.AccessControlExposeHeaders.Items.join(', '), true);
    }
  }

  const security = policy.SecurityHeadersConfig ?? {};
  const { ContentSecurityPolicy: csp, ContentTypeOptions: type, FrameOptions: frame, ReferrerPolicy: referrer } = security;
  const { StrictTransportSecurity: transport, XSSProtection: xss } = security;
  if (csp) set('content-security-policy', csp.ContentSecurityPolicy, csp.Override);
  if (type) set('x-content-type-options', 'nosniff', type.Override);
  if (frame) set('x-frame-options', frame.FrameOption, frame.Override);
  if (referrer) set('referrer-policy', referrer.ReferrerPolicy, referrer.Override);
  if (transport) {
    const directives = [`max-age=${transport.AccessControlMaxAgeSec}`, transport.IncludeSubdomains && 'includeSubDomains', transport.Preload && 'preload'];
    set('strict-transport-security', directives.filter(Boolean).join('; '), transport.Override);
  }
  if (xss) set('x-xss-protection', [xss.Protection ? '1' : '0', xss.ModeBlock && 'mode=block', xss.ReportUri && `report=${xss.ReportUri}`].filter(Boolean).join('; '), xss.Override);
  for (const { Header, Value, Override } of policy.CustomHeadersConfig?.Items ?? []) set(Header.toLowerCase(), Value, Override);
  return result;
}

/** What to allow a page of this origin; an origin in a policy may have `*` for a part of it. */
function allowedOrigin(patterns: readonly string[], origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined;
  if (patterns.includes('*')) return '*';
  const matches = (pattern: string) => new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[^/]*')}$`).test(origin);
  return patterns.some(matches) ? origin : undefined;
}
