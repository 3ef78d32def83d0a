import { readFile } from 'fs/promises';
import { Authentication } from './authentication';
import { Spool, SpooledFile } from '../storage/spool';
import { decodeAwsChunked } from '../wire/aws-chunked';
import { assertWellFormed, badChecksum, Checksum, ChecksumAlgorithm, declaredChecksum, DeclaredChecksum, headerOf } from '../wire/checksums';
import { S3Error } from '../wire/errors';
import { Headers, S3Request } from '../wire/request';

/** Of one request; a multipart object can be larger. */
export const MAX_OBJECT_BYTES = 5 * 1024 ** 3;
const MAX_DOCUMENT_BYTES = 8 * 1024 ** 2;

/** A body that is what the request said it would be. */
export interface Payload {
  readonly file: SpooledFile;
  readonly checksum?: Checksum;
}

/** Spools the body of an upload and compares it with every length, digest and signature that the request gives for it. */
export async function receivePayload(
  request: S3Request,
  authentication: Authentication,
  spool: Spool,
  maxBytes: number = MAX_OBJECT_BYTES,
): Promise<Payload> {
  const { headers } = request;
  const { payload } = authentication;
  const streaming = parsePayloadKind(payload);
  const declared = declaredChecksum(headers);
  const md5 = declaredMd5(headers);
  const length = declaredLength(headers, streaming ? 'x-amz-decoded-content-length' : 'content-length');
  if (length > maxBytes) throw tooLarge(length, maxBytes);

  let trailers: ReadonlyMap<string, string> = new Map();
  async function* decoded(options: Parameters<typeof decodeAwsChunked>[1]): AsyncGenerator<Buffer> {
    trailers = yield* decodeAwsChunked(request.body(), options);
  }
  const source = streaming
    ? decoded({
      trailers: streaming.trailers ? (headers['x-amz-trailer'] ?? '').split(',').map((name) => name.trim().toLowerCase()).filter(Boolean) : [],
      signatures: streaming.signed ? authentication.chunks : undefined,
    })
    : request.body();

  const digest = /^[0-9a-f]{64}$/.test(payload) ? payload : undefined;
  const algorithms = new Set<ChecksumAlgorithm>();
  if (digest) algorithms.add('sha256');
  if (declared) algorithms.add(declared.algorithm);
  const file = await spool.write(source, algorithms, { limit: length, error: () => new S3Error('IncompleteBody') });
  try {
    if (file.size !== length) {
      throw new S3Error('IncompleteBody', { details: { NumberBytesExpected: length, NumberBytesProvided: file.size } });
    }
    const sha256 = file.digests.get('sha256')?.toString('hex');
    if (digest && sha256 !== digest) {
      throw new S3Error('XAmzContentSHA256Mismatch', { details: { ClientComputedContentSHA256: digest, S3ComputedContentSHA256: sha256! } });
    }
    if (md5 && !md5.equals(file.md5)) {
      throw new S3Error('BadDigest', { details: { ExpectedDigest: md5.toString('base64'), CalculatedDigest: file.md5.toString('base64') } });
    }
    return { file, checksum: verifyChecksum(declared, file, trailers) };
  } catch (error) {
    spool.discard(file.path);
    throw error;
  }
}

/** The XML document in the body, as text. */
export async function receiveDocument(request: S3Request, authentication: Authentication, spool: Spool): Promise<string> {
  const { file } = await receivePayload(request, authentication, spool, MAX_DOCUMENT_BYTES);
  try {
    return await readFile(file.path, 'utf8');
  } finally {
    spool.discard(file.path);
  }
}

/** Compares a body with the announced checksum, which is in a header or, after the body, in a trailer. */
export function verifyChecksum(
  declared: DeclaredChecksum | undefined,
  file: SpooledFile,
  trailers: ReadonlyMap<string, string> = new Map(),
): Checksum | undefined {
  if (!declared) return undefined;
  const { algorithm } = declared;
  const expected = declared.value ?? trailers.get(headerOf(algorithm));
  if (expected === undefined) throw new S3Error('MalformedTrailerError');
  assertWellFormed(algorithm, expected);
  const value = file.digests.get(algorithm)!.toString('base64');
  if (value !== expected) throw badChecksum(algorithm);
  return { algorithm, value, type: 'FULL_OBJECT' };
}

export function tooLarge(size: number, limit: number): S3Error {
  return new S3Error('EntityTooLarge', { details: { ProposedSize: size, MaxSizeAllowed: limit } });
}

/** `undefined` for a body that is sent as it is. */
function parsePayloadKind(payload: string): { signed: boolean; trailers: boolean } | undefined {
  switch (payload) {
    case 'STREAMING-UNSIGNED-PAYLOAD-TRAILER': return { signed: false, trailers: true };
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD': return { signed: true, trailers: false };
    case 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER': return { signed: true, trailers: true };
    case 'UNSIGNED-PAYLOAD': return undefined;
  }
  if (/^[0-9a-f]{64}$/.test(payload)) return undefined;
  throw new S3Error('InvalidArgument', {
    message: 'x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256 value.',
    details: { ArgumentName: 'x-amz-content-sha256', ArgumentValue: payload },
  });
}

export function declaredMd5(headers: Headers): Buffer | undefined {
  const text = headers['content-md5'];
  if (text === undefined) return undefined;
  const md5 = Buffer.from(text, 'base64');
  if (md5.length !== 16 || md5.toString('base64') !== text) throw new S3Error('InvalidDigest', { details: { 'Content-MD5': text } });
  return md5;
}

function declaredLength(headers: Headers, name: string): number {
  const text = headers[name];
  if (text === undefined || !/^\d{1,16}$/.test(text)) throw new S3Error('MissingContentLength');
  return Number(text);
}
