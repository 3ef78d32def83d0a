import { createReadStream, openSync } from 'fs';
import { pipeline } from 'stream/promises';
import { BucketCall } from '../exchange/call';
import { versionHeader } from '../exchange/commit';
import { isModified } from '../exchange/preconditions';
import { sendEmpty } from '../exchange/respond';
import { Bucket, StoredObject } from '../storage/store';
import { checksumHeaders } from '../wire/checksums';
import { invalidArgument, S3Error } from '../wire/errors';
import { metadataHeaders } from '../wire/metadata';

const OVERRIDES = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'content-type', 'expires'];

export async function getObject(call: BucketCall): Promise<void> {
  const { request, response, bucket } = call;
  const object = findObject(bucket, request.key, request.query.get('versionId'));
  if (['GLACIER', 'DEEP_ARCHIVE'].includes(object.metadata.storageClass)) {
    throw new S3Error('InvalidObjectState', { details: { StorageClass: object.metadata.storageClass } });
  }
  const reply = describe(call, object);
  const { range } = reply;
  if (reply.status === 304 || object.size === 0) return sendEmpty(response, reply.status, reply.headers);
  // Opened before anything is awaited: from now on the file stays readable even if the object is replaced.
  const fd = openSync(object.path, 'r');
  response.writeHead(reply.status, reply.headers);
  await pipeline(createReadStream('', { fd, ...range }), response);
}

export function headObject(call: BucketCall): void {
  const { request, response, bucket } = call;
  const { status, headers } = describe(call, findObject(bucket, request.key, request.query.get('versionId')));
  sendEmpty(response, status, headers);
}

/** The object that a read means; what it says about delete markers is what S3 says. */
export function findObject(bucket: Bucket, key: string, versionId: string | undefined): StoredObject {
  const version = versionId === undefined ? bucket.current(key) : bucket.version(key, versionId);
  if (!version) {
    throw versionId === undefined
      ? new S3Error('NoSuchKey', { details: { Key: key } })
      : new S3Error('NoSuchVersion', { details: { Key: key, VersionId: versionId } });
  }
  if (version.deleteMarker) {
    const headers = { 'x-amz-delete-marker': 'true', ...versionHeader(bucket, version) };
    throw versionId === undefined
      ? new S3Error('NoSuchKey', { details: { Key: key }, headers })
      : new S3Error('MethodNotAllowed', { headers: { ...headers, allow: 'DELETE' } });
  }
  return version;
}

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly range?: ByteRange;
}

function describe({ request, bucket }: BucketCall, object: StoredObject): Reply {
  const identity = {
    'etag': `"${object.etag}"`,
    'last-modified': object.lastModified.toUTCString(),
    ...versionHeader(bucket, object),
  };
  if (!isModified(request.headers, object)) return { status: 304, headers: identity };
  const range = parseRange(request.headers.range, object.size);
  const headers: Record<string, string> = {
    ...identity,
    ...metadataHeaders(object.metadata),
    'accept-ranges': 'bytes',
  };
  for (const name of OVERRIDES) {
    const value = request.query.get(`response-${name}`);
    if (value) headers[name] = assertHeaderValue(`response-${name}`, value);
  }
  // The last of them: Node.js garbles a content disposition that comes after the length.
  headers['content-length'] = String(range ? range.end - range.start + 1 : object.size);
  if (range) return { status: 206, headers: { ...headers, 'content-range': `bytes ${range.start}-${range.end}/${object.size}` }, range };
  // A part of the object has another checksum than the whole.
  if (request.headers['x-amz-checksum-mode'] === 'ENABLED') Object.assign(headers, checksumHeaders(object.checksum));
  return { status: 200, headers };
}

interface ByteRange {
  readonly start: number;
  /** Inclusive. */
  readonly end: number;
}

/** S3 serves one range; several ranges, and what is no range at all, get the whole object. */
function parseRange(header: string | undefined, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '');
  if (!match || (match[1] === '' && match[2] === '')) return undefined;
  const [first, last] = [Number(match[1]), Number(match[2])];
  if (match[1] !== '' && match[2] !== '' && first > last) return undefined;
  const start = match[1] === '' ? Math.max(size - last, 0) : first;
  if (start >= size) {
    throw new S3Error('InvalidRange', { details: { RangeRequested: header!, ActualObjectSize: size } });
  }
  return { start, end: match[1] === '' || match[2] === '' ? size - 1 : Math.min(last, size - 1) };
}

function assertHeaderValue(name: string, value: string): string {
  if (/[^\x20-\x7e\xa0-\xff]/.test(value)) throw invalidArgument('Header value cannot be represented using ISO-8859-1.', name, value);
  return value;
}
