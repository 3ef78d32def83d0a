/**
 * Deployments of files into buckets: `Custom::CDKBucketDeployment`, as CDK's `BucketDeployment` synthesises it.
 *
 * Wiring hands over the resolved properties and finds staged assets by their keys; it calls this after the destination
 * bucket exists and before anything reads from it. The function behind the resource does not run. `DestinationBucketArn` and
 * `SourceObjectKeys`, which the resource gives back, are its own properties. Invalidations have nothing to do here.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { extname, join, relative, sep } from 'path';
import { DeleteObjectsCommand, paginateListObjectsV2, PutObjectCommand, PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import { requireKnownProperties } from '../../template/known-properties';

export interface BucketDeploymentProperties {
  readonly SourceObjectKeys: readonly string[];
  /** What stands in the files of each source for values that are known at deployment. */
  readonly SourceMarkers?: readonly Readonly<Record<string, unknown>>[];
  readonly SourceMarkersConfig?: readonly { readonly jsonEscape?: boolean | string }[];
  readonly DestinationBucketName: string;
  readonly DestinationBucketKeyPrefix?: string;
  readonly Extract?: boolean | string;
  readonly Prune?: boolean | string;
  readonly Exclude?: readonly string[];
  readonly Include?: readonly string[];
  readonly UserMetadata?: Readonly<Record<string, string>>;
  readonly SystemMetadata?: Readonly<Record<string, string>>;
}

const PROPERTIES = [
  'ServiceToken', 'SourceBucketNames', 'SourceObjectKeys', 'SourceMarkers', 'SourceMarkersConfig', 'DestinationBucketName', 'DestinationBucketKeyPrefix',
  'DestinationBucketArn', 'Extract', 'Prune', 'Exclude', 'Include', 'UserMetadata', 'SystemMetadata', 'DistributionId', 'DistributionPaths',
  'WaitForDistributionInvalidation', 'RetainOnDelete', 'OutputObjectKeys', 'SignContent',
];

export interface BucketDeploymentOptions {
  readonly properties: BucketDeploymentProperties;
  /** The staged file or folder with this key in the assets bucket. */
  readonly assetOf: (key: string) => string | undefined;
  readonly client: S3Client;
  /** Where the resource stands in the templates, for errors. */
  readonly at: string;
}

type Parameter = 'CacheControl' | 'ContentDisposition' | 'ContentEncoding' | 'ContentLanguage' | 'ContentType' | 'SSEKMSKeyId' | 'ServerSideEncryption' | 'StorageClass' | 'WebsiteRedirectLocation';

/** Parameters of S3 by the options of the AWS CLI. */
const SYSTEM_METADATA: Readonly<Record<string, Parameter>> = {
  'cache-control': 'CacheControl',
  'content-disposition': 'ContentDisposition',
  'content-encoding': 'ContentEncoding',
  'content-language': 'ContentLanguage',
  'content-type': 'ContentType',
  'sse': 'ServerSideEncryption',
  'sse-kms-key-id': 'SSEKMSKeyId',
  'storage-class': 'StorageClass',
  'website-redirect': 'WebsiteRedirectLocation',
};

/** What the AWS CLI takes the content of a file for. */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.avif': 'image/avif',
  '.bmp': 'image/bmp',
  '.css': 'text/css',
  '.csv': 'text/csv',
  '.gif': 'image/gif',
  '.heic': 'image/heic',
  '.htm': 'text/html',
  '.html': 'text/html',
  '.ico': 'image/vnd.microsoft.icon',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.mjs': 'text/javascript',
  '.mp3': 'audio/mpeg',
  '.mp4': 'video/mp4',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.txt': 'text/plain',
  '.wasm': 'application/wasm',
  '.webm': 'video/webm',
  '.webmanifest': 'application/manifest+json',
  '.webp': 'image/webp',
  '.xml': 'text/xml',
  '.zip': 'application/zip',
};

/** Copies the files of all sources; of files with one name the last source wins. */
export async function deployToBucket({ properties, assetOf, client, at }: BucketDeploymentOptions): Promise<void> {
  requireKnownProperties(properties, PROPERTIES, at);
  const { DestinationBucketName: Bucket, Exclude = [], Include = [], Prune = true } = properties;
  const metadata = metadataOf(properties, at);
  const files = new Map<string, Buffer>();
  properties.SourceObjectKeys.forEach((key, index) => {
    const replace = replacement(properties.SourceMarkers?.[index] ?? {}, properties.SourceMarkersConfig?.[index]?.jsonEscape);
    for (const [name, body] of filesOf(key, assetOf(key), isTrue(properties.Extract ?? true), at)) files.set(name, replace(body));
  });

  const takes = filter(Exclude, Include);
  const prefix = prefixOf(properties);
  for (const [name, Body] of files) {
    if (!takes(name)) continue;
    await client.send(new PutObjectCommand({ Bucket, Key: prefix + name, Body, ContentType: contentTypeOf(name), ...metadata }));
  }
  if (isTrue(Prune)) await prune(client, Bucket, prefix, (name) => !files.has(name) && takes(name));
}

function filesOf(key: string, asset: string | undefined, extract: boolean, at: string): Map<string, Buffer> {
  if (asset === undefined || !existsSync(asset)) throw new Error(`${at} must have its sources in assets of the app, received ${JSON.stringify(key)}`);
  const isFolder = statSync(asset).isDirectory();
  if (isFolder !== extract) {
    const rule = extract ? 'copy a folder' : 'copy a file as it is';
    throw new Error(`${at} must ${rule}, received ${JSON.stringify(key)}: the local runner neither packs nor unpacks`);
  }
  if (!isFolder) return new Map([[key, readFileSync(asset)]]);
  const entries = readdirSync(asset, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
  const files = entries.map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.sort().map((file) => [relative(asset, file).replaceAll(sep, '/'), readFileSync(file)]));
}

/** The content type by the name of a file. Of names that it does not know the AWS CLI says nothing, and S3 takes the files for bytes. */
export function contentTypeOf(name: string): string {
  return CONTENT_TYPES[extname(name).toLowerCase()] ?? 'binary/octet-stream';
}

/** Puts values in the place of their markers. */
function replacement(markers: Readonly<Record<string, unknown>>, jsonEscape: boolean | string = false): (body: Buffer) => Buffer {
  const values = Object.entries(markers).map(([marker, value]) => {
    const json = JSON.stringify(value);
    const escaped = typeof value === 'string' ? json.slice(1, -1) : json;
    return [marker, isTrue(jsonEscape) ? escaped : String(value)] as const;
  });
  // Latin-1 keeps every byte of what is no text.
  const bytes = (text: string) => Buffer.from(text).toString('latin1');
  return (body) => {
    if (values.length === 0) return body;
    const text = values.reduce((part, [marker, value]) => part.replaceAll(bytes(marker), () => bytes(value)), body.toString('latin1'));
    return Buffer.from(text, 'latin1');
  };
}

function metadataOf({ SystemMetadata = {}, UserMetadata = {} }: BucketDeploymentProperties, at: string): Partial<PutObjectCommandInput> {
  const system = Object.entries(SystemMetadata).map(([name, value]) => {
    if (name.toLowerCase() === 'expires') return ['Expires', new Date(value)] as const;
    const parameter = SYSTEM_METADATA[name.toLowerCase()];
    if (!parameter) throw new Error(`${at} has system metadata ${JSON.stringify(name)}, which the local runner does not know`);
    return [parameter, value] as const;
  });
  const user = Object.entries(UserMetadata).map(([name, value]) => [name.toLowerCase(), value]);
  return { ...Object.fromEntries(system), ...(user.length > 0 && { Metadata: Object.fromEntries(user) as Record<string, string> }) };
}

/** Everything that is not excluded, or that is included again. In the CLI's patterns `*` also stands for slashes. */
function filter(exclude: readonly string[], include: readonly string[]): (name: string) => boolean {
  const any = (patterns: readonly string[]) => {
    const forms = patterns.map((pattern) => new RegExp(`^${globOf(pattern)}$`, 's'));
    return (name: string) => forms.some((form) => form.test(name));
  };
  const [excluded, included] = [any(exclude), any(include)];
  return (name) => !excluded(name) || included(name);
}

function globOf(pattern: string): string {
  return pattern.replace(/\[!?[^\]]+\]|[\\^$.|?*+()[\]{}]/g, (part) => {
    if (part === '*') return '.*';
    if (part === '?') return '.';
    return part.length > 1 ? part.replace(/^\[!/, '[^').replaceAll('\\', '\\\\') : `\\${part}`;
  });
}

function prefixOf({ DestinationBucketKeyPrefix = '' }: BucketDeploymentProperties): string {
  const prefix = DestinationBucketKeyPrefix === '/' ? '' : DestinationBucketKeyPrefix;
  return prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
}

async function prune(client: S3Client, bucket: string, prefix: string, isObsolete: (name: string) => boolean): Promise<void> {
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
    const Objects = Contents.filter(({ Key }) => isObsolete(Key!.slice(prefix.length))).map(({ Key }) => ({ Key }));
    if (Objects.length > 0) await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
  }
}

/** Properties of custom resources are booleans in templates, and texts where they arrive. */
function isTrue(value: boolean | string): boolean {
  return String(value).toLowerCase() === 'true';
}
