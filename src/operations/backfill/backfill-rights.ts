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
export function grantMapRuns(grantee: IGrantable, reports: IBucket): void {
  grantObjects(grantee, { bucket: reports, prefix: REPORTS_PREFIX },
    ['s3:PutObject', 's3:GetObject', 's3:ListMultipartUploadParts', 's3:AbortMultipartUpload'], encryptWith);
  grantObjects(grantee, { bucket: reports, prefix: LISTS_PREFIX }, ['s3:GetObject'], () => undefined);
}
