import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import {
  DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, S3Client, S3ServiceException,
} from '@aws-sdk/client-s3';
import { PermanentError } from '../endings/permanent-error';

/** What a source object says of itself, without its bytes. */
export interface OriginalHead {
  readonly bytes: number;
  readonly etag?: string;
  readonly versionId?: string;
  readonly lastModified?: Date;
  /** User metadata, with lower case names. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface Original extends OriginalHead {
  /** Undefined when it has more bytes than allowed. */
  readonly body?: Buffer;
}

/**
 * The objects of the sources. `undefined` stands for an object that does not exist.
 *
 * Reads throw PermanentError with ARCHIVED or CUSTOMER_KEY for objects that are there and cannot be read.
 */
export class Originals {
  constructor(private readonly s3: S3Client) {}

  /** One GET; the connection is dropped before the bytes when they are too many. */
  public async read(bucket: string, key: string, maxBytes: number): Promise<Original | undefined> {
    const found = await this.orMissing(bucket, key, () => this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key })));
    if (!found) return undefined;
    const head = headOf(found);
    if (head.bytes > maxBytes) {
      (found.Body as Readable).destroy();
      return head;
    }
    return { ...head, body: await readAll(found.Body as Readable, head.bytes) };
  }

  public async head(bucket: string, key: string): Promise<OriginalHead | undefined> {
    const found = await this.orMissing(bucket, key, () => this.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key })));
    return found && headOf(found);
  }

  /** Whether the object is there and is the version with this fingerprint. */
  public async isUnchanged(bucket: string, key: string, fingerprint: string | undefined): Promise<boolean> {
    try {
      const head = await this.head(bucket, key);
      return head !== undefined && fingerprintOf(head) === fingerprint;
    } catch (error) {
      // One that cannot be read is another.
      if (error instanceof PermanentError) return false;
      throw error;
    }
  }

  /** Deletes the object unless its bytes have changed since. */
  public async delete(bucket: string, key: string, etag: string | undefined): Promise<void> {
    try {
      await this.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag && `"${etag}"` }));
    } catch (error) {
      if (statusOf(error) !== 404 && statusOf(error) !== 412) throw error;
    }
  }

  private async orMissing<T>(bucket: string, key: string, request: () => Promise<T>): Promise<T | undefined> {
    try {
      return await request();
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throwUnreadable(error);
      // Who may not list the bucket is told 403 for a missing object; listing is allowed for the source's prefix.
      if (statusOf(error) === 403 && !(await this.isListed(bucket, key))) return undefined;
      throw error;
    }
  }

  private async isListed(bucket: string, key: string): Promise<boolean> {
    const { Contents } = await this.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: key, MaxKeys: 1 }));
    return Contents?.[0]?.Key === key;
  }
}

interface ObjectHeaders {
  ContentLength?: number;
  ETag?: string;
  VersionId?: string;
  LastModified?: Date;
  Metadata?: Record<string, string>;
}

function headOf({ ContentLength = 0, ETag, VersionId, LastModified, Metadata = {} }: ObjectHeaders): OriginalHead {
  return {
    bytes: ContentLength,
    etag: ETag?.replaceAll('"', ''),
    // Objects that were stored before versioning was switched on have the version "null".
    versionId: VersionId === 'null' ? undefined : VersionId,
    lastModified: LastModified,
    metadata: Metadata,
  };
}

function throwUnreadable(error: unknown): void {
  if (!(error instanceof S3ServiceException)) return;
  if (error.name === 'InvalidObjectState') {
    throw new PermanentError('ARCHIVED', 'This image is in an archive storage class. Restore it, and upload it again.', { cause: error });
  }
  // S3 answers a request without that key as a malformed one; HEAD has no body that would say more.
  if (error.name === 'InvalidRequest' || statusOf(error) === 400 && error.name !== 'InvalidArgument') {
    throw new PermanentError('CUSTOMER_KEY', 'This image is encrypted with a key of its uploader (SSE-C) and cannot be read. Upload it without such a key.', { cause: error });
  }
}

export function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

/** Into one buffer of the right size: pieces that are collected and joined are in memory twice. */
export async function readAll(stream: Readable, bytes: number, signal?: AbortSignal): Promise<Buffer> {
  const body = Buffer.allocUnsafe(bytes);
  let read = 0;
  stream.on('data', (chunk: Buffer) => { read += chunk.copy(body, read); });
  await finished(stream, { signal });
  if (read < bytes) throw new Error(`expected ${bytes} bytes from S3, received ${read}`);
  return body;
}

/** Tells versions apart that have the same bytes: other metadata may ask for another image id, or another size. */
export function fingerprintOf({ etag, versionId, lastModified, metadata }: OriginalHead): string {
  const facts = [versionId, etag, lastModified?.toISOString(), Object.entries(metadata).sort()];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 16);
}
