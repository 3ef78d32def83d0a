import { encodePath } from '../wire/encoding';
import { S3Error } from '../wire/errors';
import { Headers, S3Request } from '../wire/request';
import { ALGORITHM, CanonicalInput, ChunkSignatures, Credentials, CredentialScope, parseAmzDate, parseAuthorization, parseCredential, sameSignature, Signer } from '../wire/sigv4';

const MAX_SKEW_MS = 15 * 60 * 1000;
const MAX_EXPIRY_SECONDS = 7 * 24 * 60 * 60;
const QUERY_PARAMETERS = ['X-Amz-Algorithm', 'X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-Date', 'X-Amz-SignedHeaders', 'X-Amz-Expires'];
const UNSIGNED_PAYLOAD = 'UNSIGNED-PAYLOAD';

export interface Authentication {
  /** The value of `x-amz-content-sha256`: a digest or one of the literal payload kinds. */
  readonly payload: string;
  /** The request headers, with what a presigned URL carries in their place. */
  readonly headers: Headers;
  readonly chunks: ChunkSignatures;
}

/** Decides who sent a request: Signature Version 4, in the `Authorization` header or in the query. */
export class Authenticator {
  private readonly signer: Signer;

  constructor(private readonly credentials: Credentials, private readonly region: string) {
    this.signer = new Signer(credentials, region, 's3');
  }

  async authenticate(request: S3Request): Promise<Authentication> {
    const inQuery = request.query.has('X-Amz-Algorithm') || request.query.has('X-Amz-Signature');
    const { authorization } = request.headers;
    if (inQuery && authorization !== undefined) {
      throw new S3Error('InvalidArgument', {
        message: 'Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified',
        details: { ArgumentName: 'Authorization', ArgumentValue: authorization },
      });
    }
    if (inQuery) return this.fromQuery(request);
    if (authorization !== undefined) return this.fromHeader(request, authorization);
    // Nothing is public here, so an anonymous request may do nothing.
    throw new S3Error('AccessDenied');
  }

  /** A browser form: the signature covers the encoded policy alone. */
  async authenticateForm(field: (name: string) => string, policy: string): Promise<void> {
    if (field('x-amz-algorithm') !== ALGORITHM) unsupportedMechanism();
    const scope = parseCredential(field('x-amz-credential'));
    const amzDate = field('x-amz-date');
    if (!scope || !parseAmzDate(amzDate) || !amzDate.startsWith(scope.date)) throw new S3Error('AuthorizationQueryParametersError');
    this.assertScope(scope, 'AuthorizationQueryParametersError');
    const provided = field('x-amz-signature');
    if (!sameSignature(await this.signer.sign(amzDate, policy), provided)) {
      throw new S3Error('SignatureDoesNotMatch', {
        details: { AWSAccessKeyId: scope.accessKeyId, StringToSign: policy, SignatureProvided: provided },
      });
    }
  }

  private async fromHeader(request: S3Request, authorization: string): Promise<Authentication> {
    if (!authorization.startsWith(`${ALGORITHM} `)) unsupportedMechanism();
    const parsed = parseAuthorization(authorization);
    if (!parsed) throw new S3Error('AuthorizationHeaderMalformed');
    const { scope, signedHeaders, signature } = parsed;
    this.assertScope(scope, 'AuthorizationHeaderMalformed');
    this.assertNoToken(request.headers['x-amz-security-token']);

    const amzDate = request.headers['x-amz-date'] ?? '';
    const date = parseAmzDate(amzDate);
    if (!date) throw new S3Error('AccessDenied', { message: 'AWS authentication requires a valid Date or x-amz-date header' });
    if (!amzDate.startsWith(scope.date)) throw new S3Error('AuthorizationHeaderMalformed', { message: 'Invalid credential date. Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP.' });
    if (Math.abs(Date.now() - date.getTime()) > MAX_SKEW_MS) {
      throw new S3Error('RequestTimeTooSkewed', {
        details: { RequestTime: amzDate, ServerTime: new Date().toISOString(), MaxAllowedSkewMilliseconds: MAX_SKEW_MS },
      });
    }
    const payloadHash = request.headers['x-amz-content-sha256'];
    if (!payloadHash) throw new S3Error('InvalidRequest', { message: 'Missing required header for this request: x-amz-content-sha256' });
    await this.assertSignature({ request: canonicalForm(request), signedHeaders, payloadHash }, amzDate, scope, signature);
    return { payload: payloadHash, headers: request.headers, chunks: new ChunkSignatures(this.signer, amzDate, signature) };
  }

  private async fromQuery(request: S3Request): Promise<Authentication> {
    const [algorithm, credential, signature, amzDate, signedHeaders, expires] = QUERY_PARAMETERS.map((name) => {
      const value = request.query.get(name);
      if (!value) {
        throw new S3Error('AuthorizationQueryParametersError', {
          message: 'Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.',
        });
      }
      return value;
    });
    if (algorithm !== ALGORITHM) throw new S3Error('AuthorizationQueryParametersError', { message: `X-Amz-Algorithm only supports "${ALGORITHM}"` });
    const scope = parseCredential(credential);
    if (!scope) throw new S3Error('AuthorizationQueryParametersError', { message: 'Error parsing the X-Amz-Credential parameter' });
    this.assertScope(scope, 'AuthorizationQueryParametersError');
    this.assertNoToken(request.query.get('X-Amz-Security-Token'));
    this.assertNotExpired(amzDate, scope, expires);

    const payloadHash = request.headers['x-amz-content-sha256'] ?? request.query.get('X-Amz-Content-Sha256') ?? UNSIGNED_PAYLOAD;
    await this.assertSignature({ request: canonicalForm(request), signedHeaders: signedHeaders.split(';'), payloadHash }, amzDate, scope, signature);
    return {
      payload: payloadHash,
      headers: { ...hoistedHeaders(request.query), ...request.headers },
      chunks: new ChunkSignatures(this.signer, amzDate, signature),
    };
  }

  private assertNotExpired(amzDate: string, scope: CredentialScope, expires: string): void {
    const signed = parseAmzDate(amzDate);
    if (!signed || !amzDate.startsWith(scope.date)) {
      throw new S3Error('AuthorizationQueryParametersError', { message: 'X-Amz-Date must be in the ISO8601 Long Format "yyyyMMdd\'T\'HHmmss\'Z\'"' });
    }
    if (!/^-?\d+$/.test(expires)) throw new S3Error('AuthorizationQueryParametersError', { message: 'X-Amz-Expires should be a number' });
    const seconds = Number(expires);
    if (seconds < 0) throw new S3Error('AuthorizationQueryParametersError', { message: 'X-Amz-Expires must be non-negative' });
    if (seconds > MAX_EXPIRY_SECONDS) {
      throw new S3Error('AuthorizationQueryParametersError', {
        message: 'X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds',
      });
    }
    if (signed.getTime() - Date.now() > MAX_SKEW_MS) throw new S3Error('AccessDenied', { message: 'Request is not yet valid' });
    const end = new Date(signed.getTime() + seconds * 1000);
    if (end.getTime() <= Date.now()) {
      throw new S3Error('AccessDenied', {
        message: 'Request has expired',
        details: { 'X-Amz-Expires': expires, 'Expires': end.toISOString(), 'ServerTime': new Date().toISOString() },
      });
    }
  }

  private async assertSignature(input: CanonicalInput, amzDate: string, scope: CredentialScope, provided: string): Promise<void> {
    const unsigned = Object.keys(input.request.headers)
      .filter((name) => (name === 'host' || name.startsWith('x-amz-')) && !input.signedHeaders.includes(name));
    if (unsigned.length > 0) {
      throw new S3Error('AccessDenied', {
        message: 'There were headers present in the request which were not signed',
        details: { HeadersNotSigned: unsigned.join(', ') },
      });
    }
    const canonicalRequest = this.signer.canonicalRequest(input);
    const stringToSign = await this.signer.stringToSign(amzDate, canonicalRequest);
    if (!sameSignature(await this.signer.sign(amzDate, stringToSign), provided)) {
      throw new S3Error('SignatureDoesNotMatch', {
        details: {
          AWSAccessKeyId: scope.accessKeyId,
          StringToSign: stringToSign,
          SignatureProvided: provided,
          CanonicalRequest: canonicalRequest,
        },
      });
    }
  }

  private assertScope(scope: CredentialScope, malformed: 'AuthorizationHeaderMalformed' | 'AuthorizationQueryParametersError'): void {
    if (scope.accessKeyId !== this.credentials.accessKeyId) {
      throw new S3Error('InvalidAccessKeyId', { details: { AWSAccessKeyId: scope.accessKeyId } });
    }
    if (scope.region !== this.region) {
      throw new S3Error(malformed, {
        message: `The authorization header is malformed; the region '${scope.region}' is wrong; expecting '${this.region}'`,
        details: { Region: this.region },
      });
    }
    if (scope.service !== 's3' || scope.terminator !== 'aws4_request') throw new S3Error(malformed);
  }

  /** The credentials of this server are long-term ones: no session token belongs to them. */
  private assertNoToken(token: string | undefined): void {
    if (token !== undefined) throw new S3Error('InvalidToken', { details: { 'Token-0': token } });
  }
}

function canonicalForm({ method, path, query, headers }: S3Request): CanonicalInput['request'] {
  return { method, path: encodePath(path), query: Object.fromEntries(query), headers };
}

/**
 * A presigned URL carries `x-amz-*` headers, such as user metadata, as query parameters. S3 takes them from there,
 * except for encryption, and except for checksums: the SDK signs the one of an empty body into the URL.
 */
function hoistedHeaders(query: ReadonlyMap<string, string>): Headers {
  return Object.fromEntries([...query]
    .map(([name, value]) => [name.toLowerCase(), value])
    .filter(([name]) => name.startsWith('x-amz-'))
    .filter(([name]) => !/^x-amz-(checksum-(?!mode)|sdk-checksum-|server-side-encryption)/.test(name))
    .filter(([name]) => !QUERY_PARAMETERS.some((parameter) => parameter.toLowerCase() === name)));
}

function unsupportedMechanism(): never {
  throw new S3Error('InvalidRequest', { message: `The authorization mechanism you have provided is not supported. Please use ${ALGORITHM}.` });
}
