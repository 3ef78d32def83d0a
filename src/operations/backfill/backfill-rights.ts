import { Grant, IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { LISTING_INDEX, LISTS_PREFIX, REPORTS_PREFIX } from '../../contract';
import type { ImageResizePipeline } from '../../pipeline/image-resize-pipeline';
import { encryptWith, grantObjects } from '../../support/grant-objects';

/** What the backfill's function does: it reads records, and reads and writes reports. It sees neither originals nor renditions. */
export function grantPlanning(grantee: IGrantable, { table }: ImageResizePipeline, reports: IBucket): void {
  Grant.addToPrincipal({ grantee, actions: ['dynamodb:BatchGetItem'], resourceArns: [table.tableArn] });
  Grant.addToPrincipal({ grantee, actions: ['dynamodb:Query'], resourceArns: [`${table.tableArn}/index/${LISTING_INDEX}`] });
  table.encryptionKey?.grantDecrypt(grantee);
  grantReports(grantee, reports);
}

/**
 * What the function that prunes does: it reads the metadata of renditions and deletes them, takes them out of their records, and writes
 * reports. It alone may delete, and nothing but renditions.
 */
export function grantPruning(grantee: IGrantable, pipeline: ImageResizePipeline, reports: IBucket): void {
  const { table } = pipeline;
  Grant.addToPrincipal({ grantee, actions: ['dynamodb:BatchGetItem', 'dynamodb:UpdateItem'], resourceArns: [table.tableArn] });
  table.encryptionKey?.grantEncryptDecrypt(grantee);
  // S3 compares ETags for those who may read.
  pipeline._onRenditions((space) => grantObjects(grantee, space, ['s3:GetObject', 's3:DeleteObject'], () => undefined));
  grantReports(grantee, reports);
}

/** What the functions do with reports. */
export function grantReports(grantee: IGrantable, reports: IBucket): void {
  grantObjects(grantee, { bucket: reports, prefix: REPORTS_PREFIX }, ['s3:PutObject', 's3:GetObject', 's3:AbortMultipartUpload'], encryptWith);
  grantee.grantPrincipal.addToPrincipalPolicy(listing(reports, REPORTS_PREFIX));
}

/** The right to list what begins with a prefix. */
export function listing(bucket: IBucket, prefix: string): PolicyStatement {
  return new PolicyStatement({
    actions: ['s3:ListBucket'],
    resources: [bucket.bucketArn],
    conditions: { StringLike: { 's3:prefix': `${prefix}*` } },
  });
}

/** What a state machine does with reports: it reads lists of items, and writes results, in parts where they are large. */
export function grantMapRuns(grantee: IGrantable, reports: IBucket, readsLists: boolean): void {
  grantObjects(grantee, { bucket: reports, prefix: REPORTS_PREFIX },
    ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'], encryptWith);
  if (readsLists) grantObjects(grantee, { bucket: reports, prefix: LISTS_PREFIX }, ['s3:GetObject'], () => undefined);
}
