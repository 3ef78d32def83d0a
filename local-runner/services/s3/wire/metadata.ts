import { encodeHeaderValue } from './encoding';
import { invalidArgument, S3Error } from './errors';
import { Headers } from './request';

/** Everything about an object that its writer chose, ready to be sent back as response headers. */
export interface ObjectMetadata {
  /** `Content-Type` and the other headers that S3 stores with an object, names in lower case. */
  readonly system: Readonly<Record<string, string>>;
  /** Names without `x-amz-meta-`, in lower case. */
  readonly user: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly encryption: Readonly<Record<string, string>>;
  readonly tags: ReadonlyMap<string, string>;
}

const SYSTEM_HEADERS = ['cache-control', 'content-disposition', 'content-encoding', 'content-language', 'content-type', 'expires'];
const REDIRECT_HEADER = 'x-amz-website-redirect-location';
const USER_PREFIX = 'x-amz-meta-';
const MAX_USER_METADATA_BYTES = 2048;
const MAX_TAGS = 10;
const ENCRYPTION = 'x-amz-server-side-encryption';
const KMS_KEY = `${ENCRYPTION}-aws-kms-key-id`;
const BUCKET_KEY = `${ENCRYPTION}-bucket-key-enabled`;
const STORAGE_CLASSES = [
  'STANDARD', 'REDUCED_REDUNDANCY', 'STANDARD_IA', 'ONEZONE_IA', 'INTELLIGENT_TIERING', 'GLACIER', 'DEEP_ARCHIVE', 'GLACIER_IR',
];

export function parseMetadata(headers: Headers): ObjectMetadata {
  refuseUnavailable(headers);
  const system: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  for (const name of [...SYSTEM_HEADERS, REDIRECT_HEADER]) {
    const value = name === 'content-encoding' ? withoutTransferCoding(headers[name]) : headers[name];
    if (value) system[name] = value;
  }
  return {
    system,
    user: parseUserMetadata(headers),
    storageClass: parseStorageClass(headers['x-amz-storage-class'] ?? 'STANDARD'),
    encryption: parseEncryption(headers),
    tags: parseTags(headers['x-amz-tagging'] ?? ''),
  };
}

/** The headers of GetObject and HeadObject that come from the writer. */
export function metadataHeaders(metadata: ObjectMetadata): Record<string, string> {
  const headers: Record<string, string> = { ...metadata.encryption };
  for (const [name, value] of Object.entries(metadata.system)) headers[name] = encodeHeaderValue(value);
  let missing = 0;
  for (const [name, value] of Object.entries(metadata.user)) {
    // A form can name metadata in ways that no header can.
    if (/^[!#$%&'*+.^_`|~\w-]+$/.test(name)) headers[USER_PREFIX + name] = encodeHeaderValue(value);
    else missing += 1;
  }
  if (missing > 0) headers['x-amz-missing-meta'] = String(missing);
  if (metadata.storageClass !== 'STANDARD') headers['x-amz-storage-class'] = metadata.storageClass;
  if (metadata.tags.size > 0) headers['x-amz-tagging-count'] = String(metadata.tags.size);
  return headers;
}

/** `aws-chunked` belongs to the transfer, not to the object. */
function withoutTransferCoding(encoding: string | undefined): string | undefined {
  return encoding?.split(',').map((coding) => coding.trim()).filter((coding) => coding !== 'aws-chunked').join(',');
}

function parseUserMetadata(headers: Headers): Record<string, string> {
  const user: Record<string, string> = {};
  let bytes = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith(USER_PREFIX) || value === undefined) continue;
    const short = name.slice(USER_PREFIX.length);
    user[short] = value;
    bytes += Buffer.byteLength(short) + Buffer.byteLength(value);
  }
  if (bytes > MAX_USER_METADATA_BYTES) {
    throw new S3Error('MetadataTooLarge', { details: { Size: bytes, MaxSizeAllowed: MAX_USER_METADATA_BYTES } });
  }
  return user;
}

function parseStorageClass(storageClass: string): string {
  if (!STORAGE_CLASSES.includes(storageClass)) {
    throw new S3Error('InvalidStorageClass', { details: { StorageClassRequested: storageClass } });
  }
  return storageClass;
}

/** Nothing is encrypted here; S3 always is, so the headers say what S3's would. */
function parseEncryption(headers: Headers): Record<string, string> {
  const algorithm = headers[ENCRYPTION] ?? 'AES256';
  if (!['AES256', 'aws:kms', 'aws:kms:dsse'].includes(algorithm)) {
    throw new S3Error('InvalidEncryptionAlgorithmError', { details: { ArgumentName: ENCRYPTION, ArgumentValue: algorithm } });
  }
  const key = headers[KMS_KEY];
  if (key !== undefined && algorithm === 'AES256') {
    throw invalidArgument(`Server Side Encryption with AWS KMS managed key requires HTTP header ${ENCRYPTION} : aws:kms`, ENCRYPTION, algorithm);
  }
  return {
    [ENCRYPTION]: algorithm,
    ...(key !== undefined && { [KMS_KEY]: key }),
    ...(headers[BUCKET_KEY] === 'true' && { [BUCKET_KEY]: 'true' }),
  };
}

function parseTags(header: string): Map<string, string> {
  const tags = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(header)) {
    if (tags.has(name) || name === '' || name.length > 128 || value.length > 256) {
      throw invalidArgument('The header \'x-amz-tagging\' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.', 'x-amz-tagging', header);
    }
    tags.set(name, value);
  }
  if (tags.size > MAX_TAGS) throw new S3Error('BadRequest', { message: 'Object tags cannot be greater than 10' });
  return tags;
}

/** What a new bucket refuses: ACLs are off, and there is neither object lock nor transport encryption. */
function refuseUnavailable(headers: Headers): void {
  const acl = headers['x-amz-acl'];
  const names = Object.keys(headers);
  if ((acl !== undefined && acl !== 'bucket-owner-full-control') || names.some((name) => name.startsWith('x-amz-grant-'))) {
    throw new S3Error('AccessControlListNotSupported');
  }
  if (names.some((name) => name.startsWith('x-amz-object-lock-'))) {
    throw new S3Error('InvalidRequest', { message: 'Bucket is missing Object Lock Configuration' });
  }
  if (names.some((name) => name.includes('server-side-encryption-customer-'))) {
    throw new S3Error('InvalidRequest', { message: 'Requests specifying Server Side Encryption with Customer provided keys must be made over a secure connection.' });
  }
}
