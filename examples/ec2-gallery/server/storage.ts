import { Readable } from 'node:stream';
import { DeleteObjectCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

/** S3's smallest part: what an upload needs of memory is twice this and a little more. */
const PART_BYTES = 5 * 1024 * 1024;
const PARTS_AT_A_TIME = 2;

export interface Buckets {
  readonly sourceBucket: string;
  readonly outputBucket: string;
}

export interface Original {
  readonly key: string;
  readonly imageId: string;
  readonly contentType: string;
  /** When it was announced. */
  readonly uploadedAt: string;
}

/** The originals and the renditions in S3. */
export class Storage {
  constructor(private readonly client: S3Client, private readonly buckets: Buckets, private readonly linkSeconds: number) {}

  /** Stores an original while it arrives. When the stream fails, nothing of it is left. */
  async store({ key, imageId, contentType, uploadedAt }: Original, body: Readable): Promise<void> {
    await new Upload({
      client: this.client,
      params: { Bucket: this.buckets.sourceBucket, Key: key, Body: body, ContentType: contentType, Metadata: { 'image-id': imageId, 'uploaded-at': uploadedAt } },
      partSize: PART_BYTES,
      queueSize: PARTS_AT_A_TIME,
    }).done();
  }

  async removeOriginal(key: string): Promise<void> {
    await this.client.send(new DeleteObjectCommand({ Bucket: this.buckets.sourceBucket, Key: key }));
  }

  /**
   * A link to a rendition. It stays the same for a while, so that browsers keep the picture when they ask again.
   * @param saveAs the name of a file, for a link by which browsers save it
   */
  async link(key: string, saveAs?: string, now = Date.now()): Promise<string> {
    return this.linkTo(this.buckets.outputBucket, key, saveAs, now);
  }

  async linkToOriginal(key: string, saveAs?: string): Promise<string> {
    return this.linkTo(this.buckets.sourceBucket, key, saveAs, Date.now());
  }

  /** Where links lead to, such as `https://<bucket>.s3.<region>.amazonaws.com`. */
  async linkOrigins(): Promise<readonly string[]> {
    const links = await Promise.all([this.link('any'), this.linkToOriginal('any')]);
    return [...new Set(links.map((link) => new URL(link).origin))];
  }

  private linkTo(bucket: string, key: string, saveAs: string | undefined, now: number): Promise<string> {
    const step = this.linkSeconds * 1000;
    const disposition = saveAs === undefined ? undefined : `attachment; filename*=UTF-8''${encodeURIComponent(saveAs).replace(/['()*]/g, '_')}`;
    return getSignedUrl(this.client, new GetObjectCommand({ Bucket: bucket, Key: key, ResponseContentDisposition: disposition }), {
      signingDate: new Date(Math.floor(now / step) * step),
      expiresIn: 2 * this.linkSeconds,
    });
  }
}
