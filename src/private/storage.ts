import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ITable, ProjectionType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { EXPIRY_ATTRIBUTE, LISTING_INDEX, LISTING_PARTITION, LISTING_SORT } from '../contract';

export interface StorageOptions {
  readonly encryptionKey?: IKey;
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

/** The table of image records with its listing index. */
export function createTable(scope: Construct, id: string, partitionKey: string, options: StorageOptions): ITable {
  const table = new Table(scope, id, {
    partitionKey: { name: partitionKey, type: AttributeType.STRING },
    billingMode: BillingMode.PAY_PER_REQUEST,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    timeToLiveAttribute: EXPIRY_ATTRIBUTE,
    encryption: options.encryptionKey ? TableEncryption.CUSTOMER_MANAGED : TableEncryption.DEFAULT,
    encryptionKey: options.encryptionKey,
    removalPolicy: options.removalPolicy,
  });
  table.addGlobalSecondaryIndex({
    indexName: LISTING_INDEX,
    partitionKey: { name: LISTING_PARTITION, type: AttributeType.STRING },
    sortKey: { name: LISTING_SORT, type: AttributeType.STRING },
    projectionType: ProjectionType.ALL,
  });
  return table;
}
