import { DeleteObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client, StorageClass } from '@aws-sdk/client-s3';
import { statusOf } from './originals';
import { ProfileConfig, RENDITION_METADATA } from '../../../contract';

/** What links a rendition to the object that it was made from. */
export interface RenditionOrigin {
  readonly pipeline: string;
  readonly imageId: string;
  readonly bucket: string;
  readonly key: string;
  readonly etag?: string;
  readonly versionId?: string;
  /** User metadata of the source that the rendition is to carry. */
  readonly userMetadata: Readonly<Record<string, string>>;
}

export interface StoredRendition {
  readonly bucket: string;
  readonly key: string;
  readonly body: Buffer;
  readonly contentType: string;
  readonly profile: ProfileConfig;
}

/** S3's limit for names and values of all user metadata. */
const MAX_METADATA_BYTES = 2048;

/** The objects in the output bucket. */
export class Renditions {
  constructor(private readonly s3: S3Client) {}

  public async store(rendition: StoredRendition, origin: RenditionOrigin): Promise<void> {
    await this.s3.send(new PutObjectCommand({
      Bucket: rendition.bucket,
      Key: rendition.key,
      Body: rendition.body,
      ContentType: rendition.contentType,
      CacheControl: rendition.profile.cacheControl,
      StorageClass: rendition.profile.storageClass as StorageClass | undefined,
      Metadata: renditionMetadata(rendition.profile, origin),
    }));
  }

  /** Whether the object is there and was made from content with this ETag. */
  public async isMadeFrom(bucket: string, key: string, etag: string | undefined): Promise<boolean> {
    try {
      const { Metadata } = await this.s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return Metadata?.[RENDITION_METADATA.sourceETag] === (etag ?? '');
    } catch (error) {
      // The handler may not list the output bucket, so that a missing object is a forbidden one.
      if (statusOf(error) === 404 || statusOf(error) === 403) return false;
      throw error;
    }
  }

  public async delete(bucket: string, keys: Iterable<string>): Promise<void> {
    for (const key of keys) await this.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  }
}

/** Whether an object is a rendition of this pipeline, which must not be resized again. */
export function isOwnRendition(metadata: Readonly<Record<string, string>>, pipeline: string): boolean {
  return metadata[RENDITION_METADATA.pipeline] === pipeline && RENDITION_METADATA.sourceETag in metadata;
}

/**
 * Metadata in the order of importance. What does not fit into S3's limit or an HTTP header is left out: a long key's
 * encoded form, or user metadata, must not keep an image from being made.
 */
export function renditionMetadata(profile: ProfileConfig, origin: RenditionOrigin): Record<string, string> {
  const names = RENDITION_METADATA;
  const entries = Object.entries({
    [names.pipeline]: origin.pipeline,
    [names.sourceETag]: origin.etag ?? '',
    [names.imageId]: encodeURIComponent(origin.imageId),
    [names.profile]: profile.name,
    [names.sourceBucket]: origin.bucket,
    ...(origin.versionId ? { [names.sourceVersionId]: origin.versionId } : {}),
    // HTTP headers hold ASCII; encoded like the path of a URL.
    [names.sourceKey]: origin.key.split('/').map(encodeURIComponent).join('/'),
  });
  const taken = new Set<string>(Object.values(names));
  for (const entry of [...Object.entries(profile.metadata), ...Object.entries(origin.userMetadata)]) {
    if (!taken.has(entry[0])) entries.push(entry);
    taken.add(entry[0]);
  }

  let left = MAX_METADATA_BYTES;
  return Object.fromEntries(entries.filter(([name, value]) => {
    const bytes = name.length + value.length;
    if (bytes > left || !/^[\x20-\x7e]*$/.test(value)) return false;
    left -= bytes;
    return true;
  }));
}
