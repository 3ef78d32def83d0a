import { randomBytes } from 'crypto';
import { SpooledFile } from './spool';
import { Checksum, ChecksumAlgorithm, ChecksumType } from '../wire/checksums';
import { compareUtf8 } from '../wire/encoding';
import { invalidArgument, S3Error } from '../wire/errors';
import { ObjectMetadata } from '../wire/metadata';

/** The version id of every object of a bucket without versioning. */
const NULL_VERSION = 'null';

interface Version {
  readonly key: string;
  readonly versionId: string;
  /** Whole seconds, as S3 keeps it. */
  readonly lastModified: Date;
}

export interface StoredObject extends Version {
  readonly deleteMarker: false;
  readonly path: string;
  readonly size: number;
  /** Unquoted. */
  readonly etag: string;
  readonly metadata: ObjectMetadata;
  readonly checksum?: Checksum;
}

export interface DeleteMarker extends Version {
  readonly deleteMarker: true;
}

export type ObjectVersion = StoredObject | DeleteMarker;

export interface Part {
  readonly file: SpooledFile;
  readonly lastModified: Date;
  readonly checksum?: Checksum;
}

export interface Upload {
  readonly id: string;
  readonly key: string;
  readonly initiated: Date;
  readonly metadata: ObjectMetadata;
  readonly checksum?: { readonly algorithm: ChecksumAlgorithm; readonly type: ChecksumType };
  readonly parts: Map<number, Part>;
}

export interface CorsRule {
  /** One `*` stands for any characters, for example `https://*.example.com`. */
  readonly allowedOrigins: readonly string[];
  readonly allowedMethods: readonly ('GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD')[];
  /** @default - no request header may be announced in a preflight request */
  readonly allowedHeaders?: readonly string[];
  /** @default - no response header is exposed to scripts */
  readonly exposedHeaders?: readonly string[];
  /** @default - browsers decide how long they cache a preflight response */
  readonly maxAgeSeconds?: number;
}

export interface BucketOptions {
  /** @default false */
  readonly versioned?: boolean;
  /** @default - no cross-origin requests */
  readonly corsRules?: readonly CorsRule[];
}

/** What one bucket holds. All methods are synchronous, so each change is seen whole or not at all. */
export class Bucket {
  readonly created = wholeSecond();
  readonly versioned: boolean;
  readonly corsRules: readonly CorsRule[];
  readonly uploads = new Map<string, Upload>();
  /** Newest first; a key without versions has no entry. */
  private readonly versions = new Map<string, ObjectVersion[]>();

  constructor(readonly name: string, options: BucketOptions = {}) {
    this.versioned = options.versioned ?? false;
    this.corsRules = options.corsRules ?? [];
  }

  get empty(): boolean {
    return this.versions.size === 0;
  }

  /** In the order of listings. */
  keys(): string[] {
    return [...this.versions.keys()].sort(compareUtf8);
  }

  versionsOf(key: string): readonly ObjectVersion[] {
    return this.versions.get(key) ?? [];
  }

  /** What an unversioned request for the key sees. */
  current(key: string): ObjectVersion | undefined {
    return this.versionsOf(key)[0];
  }

  version(key: string, versionId: string): ObjectVersion | undefined {
    if (!/^(null|[\w-]{32})$/.test(versionId)) throw invalidArgument('Invalid version id specified', 'versionId', versionId);
    return this.versionsOf(key).find((version) => version.versionId === versionId);
  }

  /** Adds a version, or replaces the object where there are no versions; returns what it replaced. */
  add(version: ObjectVersion): ObjectVersion | undefined {
    const earlier = this.versionsOf(version.key);
    this.versions.set(version.key, this.versioned ? [version, ...earlier] : [version]);
    return this.versioned ? undefined : earlier[0];
  }

  remove(version: ObjectVersion): void {
    const left = this.versionsOf(version.key).filter((each) => each !== version);
    if (left.length > 0) this.versions.set(version.key, left);
    else this.versions.delete(version.key);
  }

  newVersionId(): string {
    return this.versioned ? randomBytes(24).toString('base64url') : NULL_VERSION;
  }

  upload(key: string, id: string): Upload {
    const upload = this.uploads.get(id);
    if (upload?.key !== key) throw new S3Error('NoSuchUpload', { details: { UploadId: id } });
    return upload;
  }
}

/** All buckets. */
export class Store {
  private readonly buckets = new Map<string, Bucket>();

  create(name: string, options?: BucketOptions): Bucket {
    if (this.buckets.has(name)) throw new S3Error('BucketAlreadyOwnedByYou', { details: { BucketName: name } });
    assertBucketName(name);
    const bucket = new Bucket(name, options);
    this.buckets.set(name, bucket);
    return bucket;
  }

  find(name: string): Bucket | undefined {
    return this.buckets.get(name);
  }

  get(name: string): Bucket {
    const bucket = this.buckets.get(name);
    if (!bucket) throw new S3Error('NoSuchBucket', { details: { BucketName: name } });
    return bucket;
  }

  list(): Bucket[] {
    return [...this.buckets.values()].sort((a, b) => compareUtf8(a.name, b.name));
  }

  delete(bucket: Bucket): void {
    if (!bucket.empty) throw new S3Error('BucketNotEmpty', { details: { BucketName: bucket.name } });
    this.buckets.delete(bucket.name);
  }
}

export function wholeSecond(): Date {
  return new Date(Math.floor(Date.now() / 1000) * 1000);
}

function assertBucketName(name: string): void {
  const wellFormed = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !/^\d+\.\d+\.\d+\.\d+$/.test(name);
  const reserved = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/.test(name);
  if (!wellFormed || reserved) throw new S3Error('InvalidBucketName', { details: { BucketName: name } });
}
