import { BucketCall } from '../exchange/call';
import { sendXml } from '../exchange/respond';
import { ObjectVersion, StoredObject } from '../storage/store';
import { compareUtf8, encodeForm } from '../wire/encoding';
import { invalidArgument } from '../wire/errors';
import { XmlContent } from '../wire/xml';

const MAX_KEYS = 1000;

export function listObjects(call: BucketCall): void {
  const { bucket, request: { query } } = call;
  const options = parseOptions(query);
  const token = query.get('continuation-token');
  const startAfter = query.get('start-after');
  const objects = bucket.keys().map((key) => bucket.current(key)!).filter((version): version is StoredObject => !version.deleteMarker);
  const page = paginate(objects, options, token === undefined ? startAfter : decodeToken(token));
  sendXml(call.response, 'ListBucketResult', {
    Name: bucket.name,
    ...describeOptions(options),
    StartAfter: startAfter && options.encode(startAfter),
    ContinuationToken: token,
    NextContinuationToken: page.next && encodeToken(page.next),
    KeyCount: page.entries.length + page.prefixes.length,
    IsTruncated: page.next !== undefined,
    Contents: page.entries.map((object) => ({
      ...describeObject(object, options),
      Owner: query.get('fetch-owner') === 'true' ? { ID: call.accountId } : undefined,
    })),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: options.encode(prefix) })),
  });
}

export function listObjectVersions(call: BucketCall): void {
  const { bucket, request: { query } } = call;
  const options = parseOptions(query);
  const keyMarker = query.get('key-marker') ?? '';
  const versionMarker = query.get('version-id-marker');
  const versions = bucket.keys().flatMap((key) => {
    const all = bucket.versionsOf(key);
    if (key !== keyMarker) return all;
    // A version marker continues inside the key that the key marker names.
    return versionMarker ? all.slice(all.findIndex(({ versionId }) => versionId === versionMarker) + 1) : [];
  });
  const page = paginate(versions, options, keyMarker, true);
  const describe = (version: ObjectVersion): Record<string, XmlContent> => ({
    Key: options.encode(version.key),
    VersionId: version.versionId,
    IsLatest: bucket.current(version.key) === version,
    LastModified: version.lastModified,
    Owner: { ID: call.accountId },
  });
  sendXml(call.response, 'ListVersionsResult', {
    Name: bucket.name,
    ...describeOptions(options),
    KeyMarker: options.encode(keyMarker),
    VersionIdMarker: versionMarker ?? '',
    NextKeyMarker: page.next && options.encode(page.next),
    NextVersionIdMarker: page.next && page.lastEntry?.versionId,
    IsTruncated: page.next !== undefined,
    Version: page.entries.filter((version): version is StoredObject => !version.deleteMarker)
      .map((object) => ({ ...describe(object), ...describeObject(object, options) })),
    DeleteMarker: page.entries.filter((version) => version.deleteMarker).map(describe),
    CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: options.encode(prefix) })),
  });
}

interface ListOptions {
  readonly prefix: string;
  readonly delimiter: string;
  readonly maxKeys: number;
  readonly encodingType?: string;
  encode(text: string): string;
}

function parseOptions(query: ReadonlyMap<string, string>): ListOptions {
  const maxKeys = query.get('max-keys') ?? String(MAX_KEYS);
  if (!/^\d{1,10}$/.test(maxKeys)) throw invalidArgument('Provided max-keys not an integer or within integer range', 'max-keys', maxKeys);
  const encodingType = query.get('encoding-type');
  if (encodingType !== undefined && encodingType !== 'url') throw invalidArgument('Invalid Encoding Method specified in Request', 'encoding-type', encodingType);
  return {
    prefix: query.get('prefix') ?? '',
    delimiter: query.get('delimiter') ?? '',
    maxKeys: Math.min(Number(maxKeys), MAX_KEYS),
    encodingType,
    encode: encodingType ? encodeForm : (text) => text,
  };
}

function describeOptions(options: ListOptions): Record<string, XmlContent> {
  return {
    Prefix: options.encode(options.prefix),
    Delimiter: options.delimiter ? options.encode(options.delimiter) : undefined,
    MaxKeys: options.maxKeys,
    EncodingType: options.encodingType,
  };
}

function describeObject(object: StoredObject, options: ListOptions): Record<string, XmlContent> {
  return {
    Key: options.encode(object.key),
    LastModified: object.lastModified,
    ETag: `"${object.etag}"`,
    ChecksumAlgorithm: object.checksum?.algorithm.toUpperCase(),
    ChecksumType: object.checksum?.type,
    Size: object.size,
    StorageClass: object.metadata.storageClass,
  };
}

interface Page<T> {
  readonly entries: T[];
  readonly prefixes: string[];
  /** The last entry, where the page ends with one. */
  readonly lastEntry?: T;
  /** The last key or common prefix, where there is more. */
  readonly next?: string;
}

/** One page of entries in key order; a common prefix counts as one of them. `inclusive` keeps the entries of the key `after`. */
function paginate<T extends { readonly key: string }>(sorted: readonly T[], options: ListOptions, after: string = '', inclusive: boolean = false): Page<T> {
  const entries: T[] = [];
  const prefixes: string[] = [];
  let last: { name: string; entry?: T } | undefined;
  for (const entry of sorted) {
    const { key } = entry;
    const order = compareUtf8(key, after);
    if (!key.startsWith(options.prefix) || order < 0 || (order === 0 && !inclusive)) continue;
    const end = options.delimiter ? key.indexOf(options.delimiter, options.prefix.length) : -1;
    const common = end < 0 ? undefined : key.slice(0, end + options.delimiter.length);
    if (common !== undefined && (common === after || common === prefixes[prefixes.length - 1])) continue;
    if (options.maxKeys === 0) return { entries, prefixes };
    if (entries.length + prefixes.length === options.maxKeys) return { entries, prefixes, next: last!.name, lastEntry: last!.entry };
    if (common === undefined) {
      entries.push(entry);
      last = { name: key, entry };
    } else {
      prefixes.push(common);
      last = { name: common };
    }
  }
  return { entries, prefixes };
}

/** Opaque to the client, as it is on S3. */
function encodeToken(after: string): string {
  return Buffer.from(after).toString('base64');
}

function decodeToken(token: string): string {
  const after = Buffer.from(token, 'base64').toString();
  if (token === '' || encodeToken(after) !== token) throw invalidArgument('The continuation token provided is incorrect', 'continuation-token', token);
  return after;
}
