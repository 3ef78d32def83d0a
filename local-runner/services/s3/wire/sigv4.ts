import { createHash, timingSafeEqual } from 'crypto';
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { createScope, getCanonicalHeaders, getSigningKey, SignatureV4Base } from '@smithy/signature-v4';
import { Headers } from './request';

export const ALGORITHM = 'AWS4-HMAC-SHA256';
const EMPTY_SHA256 = createHash('sha256').digest('hex');

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** `<access key>/<yyyymmdd>/<region>/<service>/aws4_request` */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
}

export function parseCredential(credential: string): CredentialScope | undefined {
  const parts = credential.split('/');
  if (parts.length < 5) return undefined;
  const [date, region, service, terminator] = parts.slice(-4);
  return { accessKeyId: parts.slice(0, -4).join('/'), date, region, service, terminator };
}

export interface Authorization {
  readonly scope: CredentialScope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** What an `Authorization` header of this algorithm says; undefined where a part is missing. */
export function parseAuthorization(header: string): Authorization | undefined {
  const fields = new Map(header.slice(ALGORITHM.length).split(',').map((part) => part.trim().split('=', 2) as [string, string]));
  const scope = parseCredential(fields.get('Credential') ?? '');
  const signedHeaders = fields.get('SignedHeaders')?.split(';');
  const signature = fields.get('Signature');
  return scope && signedHeaders && signature ? { scope, signedHeaders, signature } : undefined;
}

/** `yyyymmddThhmmssZ`, the only date form of Signature Version 4. */
export function parseAmzDate(text: string | undefined): Date | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number);
  return new Date(Date.UTC(year, month - 1, day, hour, minute, second));
}

export interface CanonicalInput {
  readonly request: {
    readonly method: string;
    /** Percent-encoded once. */
    readonly path: string;
    readonly query: Readonly<Record<string, string | string[]>>;
    readonly headers: Headers;
  };
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
}

/** Computes what a client with these credentials would have signed. */
export class Signer extends SignatureV4Base {
  private readonly credentials: Credentials;
  private readonly region: string;

  constructor(credentials: Credentials, region: string, service: string) {
    // Only S3 takes a path as it is: all others encode it once more.
    super({ credentials, region, service, sha256: Sha256, uriEscapePath: service !== 's3' });
    this.credentials = credentials;
    this.region = region;
  }

  canonicalRequest({ request, signedHeaders, payloadHash }: CanonicalInput): string {
    const http = new HttpRequest({
      method: request.method,
      path: request.path,
      query: request.query,
      headers: Object.fromEntries(signedHeaders.map((name) => [name, request.headers[name] ?? ''])),
    });
    return this.createCanonicalRequest(http, getCanonicalHeaders(http, undefined, new Set(signedHeaders)), payloadHash);
  }

  async stringToSign(amzDate: string, canonicalRequest: string): Promise<string> {
    return this.createStringToSign(amzDate, this.scope(amzDate), canonicalRequest, ALGORITHM);
  }

  async sign(amzDate: string, text: string): Promise<string> {
    const key = await getSigningKey(Sha256, this.credentials, amzDate.slice(0, 8), this.region, this.service);
    const hash = new Sha256(key);
    hash.update(text);
    return Buffer.from(await hash.digest()).toString('hex');
  }

  scope(amzDate: string): string {
    return createScope(amzDate.slice(0, 8), this.region, this.service);
  }
}

export function sameSignature(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}

/** The chain of chunk signatures of one streaming upload: each one covers the one before. */
export class ChunkSignatures {
  private previous: string;

  constructor(private readonly signer: Signer, private readonly amzDate: string, seed: string) {
    this.previous = seed;
  }

  async next(sha256: string): Promise<string> {
    return this.chain([`${ALGORITHM}-PAYLOAD`, this.amzDate, this.signer.scope(this.amzDate), this.previous, EMPTY_SHA256, sha256]);
  }

  async trailer(sha256: string): Promise<string> {
    return this.chain(['AWS4-HMAC-SHA256-TRAILER', this.amzDate, this.signer.scope(this.amzDate), this.previous, sha256]);
  }

  private async chain(lines: string[]): Promise<string> {
    this.previous = await this.signer.sign(this.amzDate, lines.join('\n'));
    return this.previous;
  }
}
