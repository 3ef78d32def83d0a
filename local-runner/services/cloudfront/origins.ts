import { IncomingHttpHeaders } from 'http';
import { Readable } from 'stream';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import type { Forwarded } from './behaviors';
import { split } from './signed-url';
import { endToEnd, forward } from '../../http/forward';
import { requireKnownProperties } from '../../template/known-properties';
import type { Credentials } from '../s3';
import { encodePath } from '../s3/wire/encoding';

export interface OriginProperties {
  readonly Id: string;
  readonly DomainName: string;
  readonly OriginPath?: string;
  readonly OriginAccessControlId?: string;
  readonly OriginCustomHeaders?: readonly { readonly HeaderName: string; readonly HeaderValue: string }[];
  readonly S3OriginConfig?: { readonly OriginAccessIdentity?: string };
  readonly CustomOriginConfig?: object;
}

const PROPERTIES = [
  'Id', 'DomainName', 'OriginPath', 'OriginAccessControlId', 'OriginCustomHeaders', 'S3OriginConfig', 'CustomOriginConfig',
  'ConnectionAttempts', 'ConnectionTimeout', 'OriginShield', 'ResponseCompletionTimeout',
];

/** Headers that CloudFront passes on whatever the policies say. */
const ALWAYS_FORWARDED = ['content-type', 'content-length', 'range', 'if-match', 'if-modified-since', 'if-none-match', 'if-range', 'if-unmodified-since'];
/** What a browser's preflight says; CloudFront passes it on where OPTIONS is allowed. */
const PREFLIGHT = ['origin', 'access-control-request-method', 'access-control-request-headers'];

/** A bucket that is an origin. */
export interface OriginBucket {
  readonly name: string;
  /** Whether the bucket lets the distribution list it: then what is missing is not found, otherwise it is forbidden. */
  readonly mayList: boolean;
}

export interface OriginOptions {
  readonly s3: { readonly endpoint: string; readonly region: string; readonly credentials: Credentials };
  /** The bucket of a domain name. */
  readonly bucketOf: (domainName: string) => OriginBucket | undefined;
  /** The local origin that stands for a host of the app. */
  readonly originOf: (host: string) => string | undefined;
}

export interface ForwardedRequest {
  readonly method: string;
  /** Path and query, as the viewer wrote them. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body?: Readable;
  readonly forwarded: Forwarded;
}

/** Where a distribution gets its responses from. */
export interface Origin {
  send(request: ForwardedRequest): Promise<OriginResponse>;
}

export interface OriginResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
}

export function originOf(properties: OriginProperties, methods: readonly string[], options: OriginOptions, at: string): Origin {
  requireKnownProperties(properties, PROPERTIES, at);
  const { DomainName, S3OriginConfig } = properties;
  if (S3OriginConfig?.OriginAccessIdentity) throw new Error(`${at} has an origin access identity, which the local runner does not know: use an origin access control`);
  if (S3OriginConfig) {
    const bucket = options.bucketOf(DomainName);
    if (!bucket) throw new Error(`${at} must be a bucket of the app, received ${JSON.stringify(DomainName)}`);
    const written = methods.find((method) => !['GET', 'HEAD', 'OPTIONS'].includes(method));
    if (written !== undefined) throw new Error(`${at} is a bucket, to which the local runner passes reads only, received method ${written}`);
    return bucketOrigin(properties, bucket, options);
  }
  if (options.originOf(DomainName) === undefined) throw new Error(`${at} must be a server of the app, received ${JSON.stringify(DomainName)}`);
  return customOrigin(properties, options);
}

function bucketOrigin(properties: OriginProperties, bucket: OriginBucket, { s3 }: OriginOptions): Origin {
  const signer = new SignatureV4({ credentials: s3.credentials, region: s3.region, service: 's3', sha256: Sha256, uriEscapePath: false });
  const signed = properties.OriginAccessControlId !== undefined;
  return {
    async send({ method, target, headers }) {
      const [path] = split((properties.OriginPath ?? '') + target);
      const key = decoded(path);
      if (key === undefined) return answer(400, 'InvalidURI', "Couldn't parse the specified URI.");
      const wire = encodePath(`/${bucket.name}${key}`);
      const own = { ...pick(headers, ALWAYS_FORWARDED), ...pick(headers, PREFLIGHT), ...customHeaders(properties), host: new URL(s3.endpoint).host };
      const preflight = method === 'OPTIONS';
      const request = new HttpRequest({ method, path: wire, headers: own });
      const response = await exchange(s3.endpoint, method, wire, signed && !preflight ? (await signer.sign(request)).headers : own);
      if (response.status !== 404 || bucket.mayList || preflight) return response;
      // S3 does not tell who may not list what a bucket has.
      response.body.resume();
      return answer(403, 'AccessDenied', 'Access Denied');
    },
  };
}

function customOrigin(properties: OriginProperties, options: OriginOptions): Origin {
  const { DomainName, OriginPath = '' } = properties;
  return {
    send({ method, target, headers, body, forwarded }) {
      const [path, query] = split(target);
      const own = forwarded === 'little' ? { ...pick(headers, ALWAYS_FORWARDED), ...(method === 'OPTIONS' ? pick(headers, PREFLIGHT) : {}) } : endToEnd(headers);
      const host = forwarded === 'all' ? headers.host : DomainName;
      const wire = OriginPath + (forwarded === 'little' || query === '' ? path : `${path}?${query}`);
      return exchange(options.originOf(DomainName)!, method, wire, { ...own, ...customHeaders(properties), host }, body);
    },
  };
}

/** An answer of the distribution itself, in the form of S3's errors. */
export function answer(status: number, code: string, message: string): OriginResponse {
  const body = `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status, headers: { 'content-type': 'application/xml', 'content-length': String(Buffer.byteLength(body)) }, body: Readable.from([body]) };
}

async function exchange(origin: string, method: string, path: string, headers: IncomingHttpHeaders, body?: Readable): Promise<OriginResponse> {
  const incoming = await forward(origin, { method, target: path, headers, body });
  return { status: incoming.statusCode!, headers: endToEnd(incoming.headers), body: incoming };
}

function customHeaders({ OriginCustomHeaders = [] }: OriginProperties): Record<string, string> {
  return Object.fromEntries(OriginCustomHeaders.map(({ HeaderName, HeaderValue }) => [HeaderName.toLowerCase(), HeaderValue]));
}

function pick(headers: IncomingHttpHeaders, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])));
}

function decoded(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
