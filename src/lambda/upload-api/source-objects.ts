import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';

/** The objects that were uploaded. */
export class SourceObjects {
  constructor(private readonly s3: S3Client) {}

  /** Does nothing where there is none. */
  public async delete(bucket: string, key: string): Promise<void> {
    await this.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  }
}
