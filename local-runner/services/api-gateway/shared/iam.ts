import { createHash } from 'crypto';
import { ApiRequest, joined, queryOf } from './request';
import { ALGORITHM, Credentials, parseAmzDate, parseAuthorization, sameSignature, Signer } from '../../s3/wire/sigv4';

const MAX_SKEW_MS = 5 * 60 * 1000;

/** Why a request is not let in. */
export type Refusal = 'missing' | 'incomplete' | 'unknown' | 'expired' | 'mismatch';

/** Decides whether a request was signed with the app's own credentials, which may do everything. */
export class IamAuthorizer {
  private readonly signer: Signer;

  constructor(private readonly credentials: Credentials, private readonly region: string) {
    this.signer = new Signer(credentials, region, 'execute-api');
  }

  /** @returns undefined for a request that is let in */
  async refusal(request: ApiRequest): Promise<Refusal | undefined> {
    const headers = joined(request.headers);
    const { authorization = '', 'x-amz-date': amzDate = '' } = headers;
    if (authorization === '') return 'missing';
    if (!authorization.startsWith(`${ALGORITHM} `)) return 'incomplete';
    const parsed = parseAuthorization(authorization);
    const date = parseAmzDate(amzDate);
    if (!parsed || !date || !parsed.signedHeaders.includes('host')) return 'incomplete';
    const { scope, signedHeaders, signature } = parsed;
    // The credentials are long-term ones: no session token belongs to them.
    if (scope.accessKeyId !== this.credentials.accessKeyId || headers['x-amz-security-token'] !== undefined) return 'unknown';
    const isHere = scope.region === this.region && scope.service === 'execute-api' && scope.terminator === 'aws4_request';
    if (!isHere || !amzDate.startsWith(scope.date)) return 'mismatch';
    if (Math.abs(Date.now() - date.getTime()) > MAX_SKEW_MS) return 'expired';

    const query: Record<string, string[]> = {};
    for (const [name, value] of queryOf(request)) (query[name] ??= []).push(value);
    const payloadHash = createHash('sha256').update(request.body ?? '').digest('hex');
    const { method, path } = request;
    const canonicalRequest = this.signer.canonicalRequest({ request: { method, path, query, headers }, signedHeaders, payloadHash });
    const expected = await this.signer.sign(amzDate, await this.signer.stringToSign(amzDate, canonicalRequest));
    return sameSignature(expected, signature) ? undefined : 'mismatch';
  }

  /** Who the credentials are, as events tell it. */
  identity(account: string): { readonly accessKey: string; readonly accountId: string; readonly userArn: string; readonly userId: string } {
    return { accessKey: this.credentials.accessKeyId, accountId: account, userArn: `arn:aws:iam::${account}:root`, userId: account };
  }
}
