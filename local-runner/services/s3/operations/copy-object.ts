import { createReadStream, openSync } from 'fs';
import { findObject } from './get-object';
import { BucketCall } from '../exchange/call';
import { commitObject, versionHeader, writeHeaders } from '../exchange/commit';
import { MAX_OBJECT_BYTES, tooLarge } from '../exchange/payload';
import { assertWritable, copySourceConditions, failed, isModified } from '../exchange/preconditions';
import { sendXml } from '../exchange/respond';
import { Bucket, StoredObject } from '../storage/store';
import { checksumElements, parseAlgorithm } from '../wire/checksums';
import { decodePercent } from '../wire/encoding';
import { invalidArgument, S3Error } from '../wire/errors';
import { ObjectMetadata, parseMetadata } from '../wire/metadata';
import { Headers } from '../wire/request';

export async function copyObject(call: BucketCall): Promise<void> {
  const { request, bucket } = call;
  const { headers } = request;
  const source = findSource(call, headers['x-amz-copy-source']!);
  if (!isModified(copySourceConditions(headers), source.object)) throw failed('x-amz-copy-source-If-None-Match');
  const metadata = metadataOfCopy(headers, source.object, source.bucket === bucket && source.object.key === request.key && !source.versionId);
  assertWritable(headers, bucket.current(request.key));
  if (source.object.size > MAX_OBJECT_BYTES) throw tooLarge(source.object.size, MAX_OBJECT_BYTES);

  const algorithm = headers['x-amz-checksum-algorithm']
    ? parseAlgorithm(headers['x-amz-checksum-algorithm'], 'x-amz-checksum-algorithm')
    : source.object.checksum?.algorithm;
  const body = createReadStream('', { fd: openSync(source.object.path, 'r') });
  const file = await call.spool.write(body, algorithm ? [algorithm] : []);
  const checksum = algorithm && { algorithm, value: file.digests.get(algorithm)!.toString('base64'), type: 'FULL_OBJECT' } as const;
  const copy = commitObject(call, { key: request.key, file, etag: file.md5.toString('hex'), metadata, checksum }, 'ObjectCreated:Copy');

  const { etag, ...acknowledgement } = writeHeaders(bucket, copy);
  const sourceVersion = versionHeader(source.bucket, source.object)['x-amz-version-id'];
  sendXml(
    call.response,
    'CopyObjectResult',
    { LastModified: copy.lastModified, ETag: etag, ...checksumElements(checksum) },
    { ...acknowledgement, ...(sourceVersion && { 'x-amz-copy-source-version-id': sourceVersion }) },
  );
}

interface Source {
  readonly bucket: Bucket;
  readonly object: StoredObject;
  readonly versionId?: string;
}

/** `/bucket/key?versionId=id`: the path is percent-encoded, with or without the leading slash. */
function findSource(call: BucketCall, header: string): Source {
  const [, path, versionId] = /^(.*?)(?:\?versionId=([^?]*))?$/s.exec(header)!;
  const [, bucketName, key] = /^\/?([^/]+)\/(.+)$/s.exec(decodePercent(path)) ?? [];
  if (!bucketName) throw invalidArgument('Copy Source must mention the source bucket and key: sourcebucket/sourcekey', 'x-amz-copy-source', header);
  const bucket = call.store.get(bucketName);
  const owner = call.request.headers['x-amz-source-expected-bucket-owner'];
  if (owner !== undefined && owner !== call.accountId) throw new S3Error('AccessDenied');
  if (versionId !== undefined && bucket.version(key, versionId)?.deleteMarker) {
    throw new S3Error('InvalidRequest', { message: 'The source of a copy request may not specifically refer to a delete marker by version id.' });
  }
  return { bucket, object: findObject(bucket, key, versionId), versionId };
}

function metadataOfCopy(headers: Headers, source: StoredObject, ontoItself: boolean): ObjectMetadata {
  const metadataDirective = directive(headers, 'x-amz-metadata-directive');
  const taggingDirective = directive(headers, 'x-amz-tagging-directive');
  const asked = parseMetadata(headers);
  const changes = metadataDirective === 'REPLACE' || taggingDirective === 'REPLACE' ||
    ['x-amz-storage-class', 'x-amz-server-side-encryption', 'x-amz-website-redirect-location'].some((name) => headers[name] !== undefined);
  if (ontoItself && !changes) {
    throw new S3Error('InvalidRequest', {
      message: 'This copy request is illegal because it is trying to copy an object to itself without changing the object\'s metadata, storage class, website redirect location or encryption attributes.',
    });
  }
  const redirect = 'x-amz-website-redirect-location';
  const { [redirect]: _dropped, ...copied } = source.metadata.system;
  return {
    ...asked,
    ...(metadataDirective === 'COPY' && {
      system: { ...copied, ...(headers[redirect] !== undefined && { [redirect]: headers[redirect] }) },
      user: source.metadata.user,
    }),
    ...(taggingDirective === 'COPY' && { tags: source.metadata.tags }),
  };
}

function directive(headers: Headers, name: string): 'COPY' | 'REPLACE' {
  const value = headers[name] ?? 'COPY';
  if (value !== 'COPY' && value !== 'REPLACE') throw invalidArgument(`Unknown ${name.replace('x-amz-', '').replace('-', ' ')}.`, name, value);
  return value;
}
