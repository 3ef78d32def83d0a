import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

/** What holds for everything that a pipeline creates to store something in. */
export interface StorageOptions {
  readonly encryptionKey?: IKey;
  /** Those with which something may still be encrypted. */
  readonly formerEncryptionKeys: readonly IKey[];
  readonly removalPolicy: RemovalPolicy;
}

/** A private bucket. With `RemovalPolicy.DESTROY` its objects go with it. */
export function createBucket(scope: Construct, id: string, options: StorageOptions): Bucket {
  return new Bucket(scope, id, {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    encryption: options.encryptionKey ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
    encryptionKey: options.encryptionKey,
    // One KMS call per bucket and hour instead of one per object.
    bucketKeyEnabled: options.encryptionKey ? true : undefined,
    lifecycleRules: [{ id: 'AbortIncompleteUploads', abortIncompleteMultipartUploadAfter: Duration.days(7) }],
    removalPolicy: options.removalPolicy,
    autoDeleteObjects: options.removalPolicy === RemovalPolicy.DESTROY,
  });
}
