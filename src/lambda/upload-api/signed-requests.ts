import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

/** Checksums that the SDK adds would be signed, and a browser does not send them. */
export const SIGNING_CONFIG: S3ClientConfig = { requestChecksumCalculation: 'WHEN_REQUIRED' };

/** An upload that is allowed: nothing in it is left to the client. */
export interface SignedUpload {
  readonly bucket: string;
  readonly key: string;
  readonly contentType: string;
  /** User metadata of the object. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly minBytes: number;
  readonly maxBytes: number;
}

export interface SignedGet {
  readonly expiresIn: number;
  readonly at: Date;
  readonly saveAs?: string;
}

export interface PostForm {
  readonly url: string;
  readonly fields: Record<string, string>;
}

export interface PutRequest {
  readonly url: string;
  readonly headers: Record<string, string>;
}

/** Requests to S3 that others may make for a while. */
export class SignedRequests {
  constructor(private readonly s3: S3Client) {}

  public async post(upload: SignedUpload, expiresIn: number): Promise<PostForm> {
    return createPresignedPost(this.s3, {
      Bucket: upload.bucket,
      Key: upload.key,
      // Every field becomes a condition of the policy that it must equal.
      Fields: { 'Content-Type': upload.contentType, ...metadataHeaders(upload.metadata) },
      Conditions: [['content-length-range', upload.minBytes, upload.maxBytes]],
      Expires: expiresIn,
    });
  }

  /** The exact length is `maxBytes`. */
  public async put(upload: SignedUpload, expiresIn: number): Promise<PutRequest> {
    const headers = { 'content-type': upload.contentType, 'if-none-match': '*', ...metadataHeaders(upload.metadata) };
    const names = Object.keys(headers);
    const command = new PutObjectCommand({
      Bucket: upload.bucket,
      Key: upload.key,
      ContentType: upload.contentType,
      ContentLength: upload.maxBytes,
      Metadata: { ...upload.metadata },
      IfNoneMatch: '*',
    });
    const url = await getSignedUrl(this.s3, command, {
      expiresIn,
      // The SDK leaves the content type unsigned, and would move the metadata into the query.
      signableHeaders: new Set(['host', 'content-length', ...names]),
      unhoistableHeaders: new Set(names),
    });
    return { url, headers };
  }

  /**
   * @param saveAs a file name, for a link by which browsers save the object in place of showing it
   * @param at from when on it is valid, for as many seconds as `expiresIn`
   */
  public async get(bucket: string, key: string, { expiresIn, at, saveAs }: SignedGet): Promise<string> {
    const disposition = saveAs === undefined ? undefined : `attachment; filename*=UTF-8''${encodeURIComponent(saveAs).replace(/['()*]/g, escaped)}`;
    const command = new GetObjectCommand({ Bucket: bucket, Key: key, ResponseContentDisposition: disposition });
    return getSignedUrl(this.s3, command, { expiresIn, signingDate: at });
  }
}

function escaped(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}

function metadataHeaders(metadata: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name}`, value]));
}

/** The objects that were uploaded. */
export class SourceObjects {
  constructor(private readonly s3: S3Client) {}

  /** Does nothing where there is none. */
  public async delete(bucket: string, key: string): Promise<void> {
    await this.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  }
}
