import { createHash, randomBytes } from 'crypto';
import { createReadStream } from 'fs';
import { assertWholeChecksum, choosePart, compositeChecksum, parsePartList } from './part-list';
import { BucketCall } from '../exchange/call';
import { commitObject, writeHeaders } from '../exchange/commit';
import { receiveDocument, receivePayload } from '../exchange/payload';
import { assertWritable } from '../exchange/preconditions';
import { sendEmpty, sendXml } from '../exchange/respond';
import { Part, Upload, wholeSecond } from '../storage/store';
import { checksumElements, checksumHeaders, ChecksumType, parseAlgorithm } from '../wire/checksums';
import { encodePath } from '../wire/encoding';
import { invalidArgument, S3Error } from '../wire/errors';
import { parseMetadata } from '../wire/metadata';
import { S3Request } from '../wire/request';

const MAX_PARTS = 10_000;

export function createMultipartUpload(call: BucketCall): void {
  const { request, bucket } = call;
  const checksum = parseUploadChecksum(request.headers['x-amz-checksum-algorithm'], request.headers['x-amz-checksum-type']);
  const upload: Upload = {
    id: randomBytes(48).toString('base64url'),
    key: request.key,
    initiated: wholeSecond(),
    metadata: parseMetadata(request.headers),
    checksum,
    parts: new Map(),
  };
  bucket.uploads.set(upload.id, upload);
  sendXml(call.response, 'InitiateMultipartUploadResult', { Bucket: bucket.name, Key: upload.key, UploadId: upload.id }, {
    ...upload.metadata.encryption,
    ...(checksum && { 'x-amz-checksum-algorithm': checksum.algorithm.toUpperCase(), 'x-amz-checksum-type': checksum.type }),
  });
}

export async function uploadPart(call: BucketCall): Promise<void> {
  const { request, bucket, spool } = call;
  const [id, number] = [request.query.get('uploadId')!, request.query.get('partNumber') ?? ''];
  if (!/^\d{1,5}$/.test(number) || Number(number) < 1 || Number(number) > MAX_PARTS) {
    throw invalidArgument('Part number must be an integer between 1 and 10000, inclusive', 'partNumber', number);
  }
  const { checksum: announced } = bucket.upload(request.key, id);
  const { file, checksum } = await receivePayload(request, call.authentication, spool);
  try {
    if (announced && checksum?.algorithm !== announced.algorithm && (checksum || announced.type === 'COMPOSITE')) {
      throw new S3Error('InvalidRequest', {
        message: `Checksum Type mismatch occurred, expected checksum Type: ${announced.algorithm}, actual checksum Type: ${checksum?.algorithm ?? 'null'}`,
      });
    }
    // The upload may have been aborted or completed while the part was on its way.
    const { parts } = bucket.upload(request.key, id);
    const replaced = parts.get(Number(number));
    parts.set(Number(number), { file, checksum, lastModified: wholeSecond() });
    if (replaced) spool.discard(replaced.file.path);
  } catch (error) {
    spool.discard(file.path);
    throw error;
  }
  const { 'x-amz-checksum-type': _whole, ...headers } = checksumHeaders(checksum);
  sendEmpty(call.response, 200, { etag: `"${file.md5.toString('hex')}"`, ...headers });
}

export async function completeMultipartUpload(call: BucketCall): Promise<void> {
  const { request, bucket, spool } = call;
  const id = request.query.get('uploadId')!;
  const { checksum } = bucket.upload(request.key, id);
  const wanted = parsePartList(await receiveDocument(withoutChecksum(request), call.authentication, spool));

  const upload = bucket.upload(request.key, id);
  const parts = wanted.map((part, index) => choosePart(upload, part, index === wanted.length - 1));
  assertWritable(request.headers, bucket.current(upload.key));
  // From here on no other request can change or complete the upload.
  bucket.uploads.delete(id);
  try {
    const whole = checksum?.type === 'FULL_OBJECT' ? [checksum.algorithm] : [];
    const file = await spool.write(concatenate(parts), whole);
    const result = checksum && (checksum.type === 'FULL_OBJECT'
      ? { ...checksum, value: file.digests.get(checksum.algorithm)!.toString('base64') }
      : compositeChecksum(checksum.algorithm, parts));
    try {
      assertWholeChecksum(request.headers, result, file.size);
    } catch (error) {
      spool.discard(file.path);
      throw error;
    }
    const etag = `${createHash('md5').update(Buffer.concat(parts.map((part) => part.file.md5))).digest('hex')}-${parts.length}`;
    const object = commitObject(call, { key: upload.key, file, etag, metadata: upload.metadata, checksum: result }, 'ObjectCreated:CompleteMultipartUpload');
    discardParts(call, upload);
    const { etag: quoted, ...headers } = writeHeaders(bucket, object);
    sendXml(call.response, 'CompleteMultipartUploadResult', {
      Location: `http://${request.headers.host}${encodePath(request.path)}`,
      Bucket: bucket.name,
      Key: upload.key,
      ETag: quoted,
      ...checksumElements(result),
    }, headers);
  } catch (error) {
    // A refused completion leaves the upload as it was.
    bucket.uploads.set(id, upload);
    throw error;
  }
}

export function abortMultipartUpload(call: BucketCall): void {
  const { request, bucket } = call;
  const upload = bucket.upload(request.key, request.query.get('uploadId')!);
  bucket.uploads.delete(upload.id);
  discardParts(call, upload);
  sendEmpty(call.response, 204);
}

export function listParts(call: BucketCall): void {
  const { request, bucket } = call;
  const upload = bucket.upload(request.key, request.query.get('uploadId')!);
  const marker = Number(request.query.get('part-number-marker') ?? 0);
  const limit = Math.min(Number(request.query.get('max-parts') ?? 1000), 1000);
  const parts = [...upload.parts].sort(([a], [b]) => a - b).filter(([number]) => number > marker);
  const page = parts.slice(0, limit);
  sendXml(call.response, 'ListPartsResult', {
    Bucket: bucket.name,
    Key: upload.key,
    UploadId: upload.id,
    PartNumberMarker: marker,
    NextPartNumberMarker: page.at(-1)?.[0] ?? 0,
    MaxParts: limit,
    IsTruncated: parts.length > page.length,
    Part: page.map(([number, part]) => ({
      PartNumber: number,
      LastModified: part.lastModified,
      ETag: `"${part.file.md5.toString('hex')}"`,
      Size: part.file.size,
      ...checksumElements(part.checksum),
      ChecksumType: undefined,
    })),
    StorageClass: upload.metadata.storageClass,
    ChecksumAlgorithm: upload.checksum?.algorithm.toUpperCase(),
    ChecksumType: upload.checksum?.type,
  });
}

export function listMultipartUploads(call: BucketCall): void {
  const { bucket } = call;
  sendXml(call.response, 'ListMultipartUploadsResult', {
    Bucket: bucket.name,
    IsTruncated: false,
    Upload: [...bucket.uploads.values()].map((upload) => ({
      Key: upload.key,
      UploadId: upload.id,
      StorageClass: upload.metadata.storageClass,
      Initiated: upload.initiated,
      ChecksumAlgorithm: upload.checksum?.algorithm.toUpperCase(),
      ChecksumType: upload.checksum?.type,
    })),
  });
}

/** A checksum in the completing request is one of the object, not of the part list in its body. */
function withoutChecksum(request: S3Request): S3Request {
  return { ...request, headers: Object.fromEntries(Object.entries(request.headers).filter(([name]) => !/^x-amz-(sdk-)?checksum-/.test(name))) };
}

function parseUploadChecksum(algorithmName: string | undefined, type: string | undefined): Upload['checksum'] {
  if (algorithmName === undefined) {
    if (type !== undefined) throw new S3Error('InvalidRequest', { message: 'The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.' });
    return undefined;
  }
  const algorithm = parseAlgorithm(algorithmName, 'x-amz-checksum-algorithm');
  const chosen = (type ?? (algorithm === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE')) as ChecksumType;
  // Only a CRC of the whole can be computed from the parts, and CRC64NVME is nothing else.
  const possible = chosen === 'FULL_OBJECT' ? algorithm.startsWith('crc') : chosen === 'COMPOSITE' && algorithm !== 'crc64nvme';
  if (!possible) {
    throw new S3Error('InvalidRequest', { message: `The ${chosen} checksum type cannot be used with the ${algorithm} checksum algorithm.` });
  }
  return { algorithm, type: chosen };
}

async function* concatenate(parts: readonly Part[]): AsyncGenerator<Buffer> {
  for (const part of parts) yield* createReadStream(part.file.path);
}

function discardParts(call: BucketCall, upload: Upload): void {
  for (const part of upload.parts.values()) call.spool.discard(part.file.path);
}
