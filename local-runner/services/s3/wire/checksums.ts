import { createHash } from 'crypto';
import { Crc32 } from '@aws-crypto/crc32';
import { Crc32c } from '@aws-crypto/crc32c';
import { Crc64Nvme } from './crc64nvme';
import { S3Error } from './errors';
import { Headers } from './request';

export const CHECKSUM_ALGORITHMS = ['crc32', 'crc32c', 'crc64nvme', 'sha1', 'sha256'] as const;
export type ChecksumAlgorithm = typeof CHECKSUM_ALGORITHMS[number];
export type ChecksumType = 'FULL_OBJECT' | 'COMPOSITE';

export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  /** Base64; `-<parts>` follows where it is a checksum of part checksums. */
  readonly value: string;
  readonly type: ChecksumType;
}

/** What a request says about its body: the value itself, or that a trailer will bring it. */
export interface DeclaredChecksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value?: string;
}

export interface RunningHash {
  update(data: Uint8Array): void;
  digest(): Buffer;
}

const DIGEST_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = { crc32: 4, crc32c: 4, crc64nvme: 8, sha1: 20, sha256: 32 };

export function startHash(algorithm: ChecksumAlgorithm | 'md5'): RunningHash {
  switch (algorithm) {
    case 'crc32': return crc(new Crc32());
    case 'crc32c': return crc(new Crc32c());
    case 'crc64nvme': return new Crc64Nvme();
    default: return createHash(algorithm);
  }
}

function crc(state: { update(data: Uint8Array): unknown; digest(): number }): RunningHash {
  return {
    update: (data) => void state.update(data),
    digest: () => {
      const result = Buffer.alloc(4);
      result.writeUInt32BE(state.digest());
      return result;
    },
  };
}

export function headerOf(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm}`;
}

/** The element of a response or request document, for example `ChecksumCRC32`. */
export function elementOf(algorithm: ChecksumAlgorithm): string {
  return `Checksum${algorithm.toUpperCase()}`;
}

export function checksumElements(checksum: Checksum | undefined): Record<string, string> {
  return checksum ? { [elementOf(checksum.algorithm)]: checksum.value, ChecksumType: checksum.type } : {};
}

export function checksumHeaders(checksum: Checksum | undefined): Record<string, string> {
  return checksum ? { [headerOf(checksum.algorithm)]: checksum.value, 'x-amz-checksum-type': checksum.type } : {};
}

export function parseAlgorithm(name: string, header: string): ChecksumAlgorithm {
  const algorithm = CHECKSUM_ALGORITHMS.find((known) => known === name.toLowerCase());
  if (!algorithm) throw new S3Error('InvalidRequest', { message: `Value for ${header} header is invalid.` });
  return algorithm;
}

/** The checksum that the headers announce: at most one, well formed, and in line with `x-amz-sdk-checksum-algorithm`. */
export function declaredChecksum(headers: Headers): DeclaredChecksum | undefined {
  const inHeader = CHECKSUM_ALGORITHMS.filter((algorithm) => headers[headerOf(algorithm)] !== undefined);
  const trailers = (headers['x-amz-trailer'] ?? '').split(',').map((name) => name.trim().toLowerCase());
  const inTrailer = CHECKSUM_ALGORITHMS.filter((algorithm) => trailers.includes(headerOf(algorithm)));
  const found = [...inHeader, ...inTrailer];
  if (found.length > 1) {
    throw new S3Error('InvalidRequest', { message: 'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.' });
  }
  const [algorithm] = found;
  const announced = headers['x-amz-sdk-checksum-algorithm'];
  if (announced !== undefined && algorithm !== parseAlgorithm(announced, 'x-amz-sdk-checksum-algorithm')) {
    throw new S3Error('InvalidRequest', {
      message: algorithm
        ? 'Value for x-amz-sdk-checksum-algorithm header is invalid.'
        : 'x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers were found.',
    });
  }
  if (!algorithm) return undefined;
  const value = headers[headerOf(algorithm)];
  if (value !== undefined) assertWellFormed(algorithm, value);
  return { algorithm, value };
}

export function assertWellFormed(algorithm: ChecksumAlgorithm, value: string): void {
  const bytes = Buffer.from(value, 'base64');
  if (bytes.length !== DIGEST_BYTES[algorithm] || bytes.toString('base64') !== value) {
    throw new S3Error('InvalidRequest', { message: `Value for ${headerOf(algorithm)} header is invalid.` });
  }
}

export function badChecksum(algorithm: ChecksumAlgorithm): S3Error {
  return new S3Error('BadDigest', { message: `The ${algorithm.toUpperCase()} you specified did not match the calculated checksum.` });
}
