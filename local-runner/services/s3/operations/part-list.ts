import { unquote } from '../exchange/preconditions';
import { Part, Upload } from '../storage/store';
import { Checksum, CHECKSUM_ALGORITHMS, ChecksumAlgorithm, badChecksum, elementOf, headerOf, startHash } from '../wire/checksums';
import { S3Error } from '../wire/errors';
import { Headers } from '../wire/request';
import { childText, parseXml } from '../wire/xml';

const MIN_PART_BYTES = 5 * 1024 ** 2;
const MAX_PARTS = 10_000;

/** One part as the client that completes an upload names it. */
export interface WantedPart {
  readonly number: number;
  readonly etag: string;
  readonly checksums: ReadonlyMap<ChecksumAlgorithm, string>;
}

export function parsePartList(document: string): WantedPart[] {
  const parts = parseXml(document, 'CompleteMultipartUpload').children.map((element) => {
    const number = childText(element, 'PartNumber') ?? '';
    const etag = childText(element, 'ETag');
    if (element.name !== 'Part' || !/^\d{1,5}$/.test(number) || !etag) throw new S3Error('MalformedXML');
    const checksums = new Map(CHECKSUM_ALGORITHMS.flatMap((algorithm) => {
      const value = childText(element, elementOf(algorithm));
      return value === undefined ? [] : [[algorithm, value] as const];
    }));
    return { number: Number(number), etag: unquote(etag), checksums };
  });
  if (parts.length === 0 || parts.length > MAX_PARTS) throw new S3Error('MalformedXML');
  if (parts.some((part, index) => index > 0 && part.number <= parts[index - 1].number)) throw new S3Error('InvalidPartOrder');
  return parts;
}

/** The uploaded part that is meant, provided that it is the one, and large enough. */
export function choosePart(upload: Upload, wanted: WantedPart, last: boolean): Part {
  const part = upload.parts.get(wanted.number);
  const details = { UploadId: upload.id, PartNumber: wanted.number, ETag: wanted.etag };
  if (!part || part.file.md5.toString('hex') !== wanted.etag) throw new S3Error('InvalidPart', { details });
  if (upload.checksum?.type === 'COMPOSITE' && !wanted.checksums.has(upload.checksum.algorithm)) {
    throw new S3Error('InvalidRequest', {
      message: `The upload was created using a ${upload.checksum.algorithm} checksum. The complete request must include the checksum for each part. It was missing for part ${wanted.number} in the request.`,
    });
  }
  for (const [algorithm, value] of wanted.checksums) {
    if (part.checksum?.algorithm !== algorithm || part.checksum.value !== value) throw new S3Error('InvalidPart', { details });
  }
  if (!last && part.file.size < MIN_PART_BYTES) {
    throw new S3Error('EntityTooSmall', {
      details: { ProposedSize: part.file.size, MinSizeAllowed: MIN_PART_BYTES, PartNumber: wanted.number, ETag: wanted.etag },
    });
  }
  return part;
}

export function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly Part[]): Checksum {
  const hash = startHash(algorithm);
  for (const part of parts) hash.update(Buffer.from(part.checksum!.value, 'base64'));
  return { algorithm, value: `${hash.digest().toString('base64')}-${parts.length}`, type: 'COMPOSITE' };
}

/** What the completing request says about the object as a whole. */
export function assertWholeChecksum(headers: Headers, actual: Checksum | undefined, size: number): void {
  const type = headers['x-amz-checksum-type'];
  if (type !== undefined && type !== actual?.type) {
    throw new S3Error('InvalidRequest', { message: 'The checksum type of the request is not the one with which the upload was created.' });
  }
  for (const algorithm of CHECKSUM_ALGORITHMS) {
    const expected = headers[headerOf(algorithm)];
    if (expected === undefined) continue;
    // The number of parts may be left out.
    const given = actual?.algorithm === algorithm ? [actual.value, actual.value.replace(/-\d+$/, '')] : [];
    if (!given.includes(expected)) throw badChecksum(algorithm);
  }
  const expectedSize = headers['x-amz-mp-object-size'];
  if (expectedSize !== undefined && Number(expectedSize) !== size) {
    throw new S3Error('InvalidRequest', { message: 'The provided \'x-amz-mp-object-size\' header does not match what was computed.' });
  }
}
