import { Readable } from 'node:stream';
import {
  DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, PutObjectCommandInput, S3ServiceException,
} from '@aws-sdk/client-s3';
import { asObject, Bucket, StoredObject } from './bucket';
import { nameOf } from './names';
import { Rights } from './rights';

/** Is told what calls did and saw. */
export interface S3Observer {
  wrote?(actor: unknown, bucket: string, key: string, before: StoredObject | undefined, after: StoredObject | undefined): void;
  read?(actor: unknown, bucket: string, key: string, object: StoredObject | undefined): void;
  denied?(actor: unknown, action: string, bucket: string, key: string): void;
}

export interface S3Options {
  /** Of the function's role. */
  readonly rights: () => Rights;
  readonly now: () => number;
  /** Where S3 may answer one way or another. */
  readonly decide: (choices: number) => number;
  readonly observer: S3Observer;
}

interface Target {
  readonly Bucket?: string;
  readonly Key?: string;
  readonly VersionId?: string;
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
}

/** S3 in memory, as strongly consistent as it is. */
export class S3 {
  constructor(private readonly buckets: Readonly<Record<string, Bucket>>, private readonly options: S3Options) {}

  send(command: unknown, actor?: unknown): unknown {
    if (command instanceof ListObjectsV2Command) return this.list(actor, command.input);
    if (command instanceof PutObjectCommand) return this.put(actor, command.input);
    if (command instanceof DeleteObjectCommand) return this.delete(actor, command.input);
    if (command instanceof HeadObjectCommand) return this.read(actor, command.input, 'NotFound');
    if (command instanceof GetObjectCommand) {
      const { head, body } = this.read(actor, command.input, 'NoSuchKey');
      return { ...head, Body: Readable.from([Buffer.from(body)]) };
    }
    throw new Error(`no model of ${nameOf(command)}`);
  }

  private list(actor: unknown, { Bucket: name, Prefix = '' }: ListObjectsV2Command['input']): unknown {
    this.allow(actor, 'ListBucket', name!, Prefix);
    return { Contents: this.buckets[name!].entries().filter(([key]) => key.startsWith(Prefix)).map(([Key]) => ({ Key })) };
  }

  private put(actor: unknown, input: PutObjectCommandInput): unknown {
    const { bucket, key, current } = this.find(input);
    this.allow(actor, 'PutObject', bucket.name, key);
    if (input.IfMatch !== undefined || input.IfNoneMatch !== undefined) this.allow(actor, 'GetObject', bucket.name, key);
    if (input.IfMatch !== undefined && !current) throw s3Error('NoSuchKey', 404);
    if (input.IfMatch !== undefined && !matches(input.IfMatch, current!) || input.IfNoneMatch !== undefined && current) throw s3Error('PreconditionFailed', 412);
    const stored = bucket.put(key, String(input.Body), this.options.now(), { metadata: input.Metadata });
    this.options.observer.wrote?.(actor, bucket.name, key, current, stored);
    return { ETag: `"${stored.etag}"`, VersionId: stored.versionId };
  }

  private delete(actor: unknown, input: Target): unknown {
    const { bucket, key, current } = this.find(input);
    this.allow(actor, 'DeleteObject', bucket.name, key);
    if (input.IfMatch !== undefined) {
      this.allow(actor, 'GetObject', bucket.name, key);
      if (!current && this.options.decide(2) === 1) throw s3Error('NoSuchKey', 404);
      if (current && !matches(input.IfMatch, current)) throw s3Error('PreconditionFailed', 412);
    }
    if (input.VersionId !== undefined) bucket.deleteVersion(key, input.VersionId);
    const marker = input.VersionId === undefined ? bucket.delete(key) : undefined;
    this.options.observer.wrote?.(actor, bucket.name, key, current, bucket.get(key));
    return { VersionId: marker?.versionId, DeleteMarker: marker?.deleteMarker };
  }

  private read(actor: unknown, input: Target, missing: string): { head: object; body: string } & object {
    const { bucket, key, current } = this.find(input);
    this.allow(actor, 'GetObject', bucket.name, key);
    const found = input.VersionId === undefined ? current : asObject(bucket.versionsOf(key).find(({ versionId }) => versionId === input.VersionId));
    if (!found) {
      this.options.observer.read?.(actor, bucket.name, key, undefined);
      // Who may not list a bucket is not told what is missing.
      throw this.options.rights().allows('ListBucket', bucket.name, key) ? s3Error(missing, 404) : s3Error(missing === 'NotFound' ? 'Forbidden' : 'AccessDenied', 403);
    }
    if (found.customerKey) throw s3Error('InvalidRequest', 400);
    if (found.archived && missing === 'NoSuchKey') throw s3Error('InvalidObjectState', 403);
    if (input.IfMatch !== undefined && !matches(input.IfMatch, found)) throw s3Error('PreconditionFailed', 412);
    this.options.observer.read?.(actor, bucket.name, key, found);
    const head = {
      ContentLength: found.body.length,
      ETag: `"${found.etag}"`,
      VersionId: found.versionId,
      Metadata: found.metadata,
      LastModified: found.lastModified,
      StorageClass: found.archived ? 'GLACIER' : undefined,
    };
    return { ...head, head, body: found.body };
  }

  private find({ Bucket: name, Key: key }: Target): { bucket: Bucket; key: string; current: StoredObject | undefined } {
    const bucket = this.buckets[name!];
    return { bucket, key: key!, current: bucket.get(key!) };
  }

  private allow(actor: unknown, action: string, bucket: string, key: string): void {
    if (this.options.rights().allows(action, bucket, key)) return;
    this.options.observer.denied?.(actor, action, bucket, key);
    throw s3Error('AccessDenied', 403);
  }
}

function matches(condition: string, { etag }: StoredObject): boolean {
  return condition === '*' || condition.replaceAll('"', '') === etag;
}

export function s3Error(name: string, httpStatusCode: number): S3ServiceException {
  return new S3ServiceException({ name, message: name, $fault: httpStatusCode < 500 ? 'client' : 'server', $metadata: { httpStatusCode } });
}
