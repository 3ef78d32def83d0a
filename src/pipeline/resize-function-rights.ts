import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, IRole, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { decryptWith, grantObjects, storeWith } from '../support/grant-objects';
import { KeySpace } from '../support/key-spaces';

/** What the handler does with originals. */
export function grantSource(role: IRole, source: KeySpace, deleteSource: boolean, formerKeys: readonly IKey[]): void {
  grantObjects(role, source, ['s3:GetObject', ...(deleteSource ? ['s3:DeleteObject'] : [])], decryptWith(formerKeys));
  // Without the right to list, S3 answers a missing object as a forbidden one; the handler then looks the key up.
  role.addToPrincipalPolicy(new PolicyStatement({
    actions: ['s3:ListBucket'],
    resources: [source.bucket.bucketArn],
    conditions: { StringLike: { 's3:prefix': `${source.prefix}*` } },
  }));
}

/**
 * What the handler does with renditions. It reads back only their metadata, to see whose they are when events overtook each
 * other, and S3 compares ETags for those who may read.
 */
export function grantOutput(role: IRole, output: KeySpace, deleteRenditions: boolean): void {
  grantObjects(role, output, ['s3:PutObject', 's3:GetObject', ...(deleteRenditions ? ['s3:DeleteObject'] : [])], storeWith);
}

/** What the handler does with renditions that are no longer stored there: the object's metadata says whether it is one. */
export function grantFormerOutput(role: IRole, output: KeySpace): void {
  grantObjects(role, output, ['s3:GetObject', 's3:DeleteObject'], () => undefined);
}

/** What the handler does with records. */
export function grantTable(role: IRole, table: ITable): void {
  Grant.addToPrincipal({ grantee: role, actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'], resourceArns: [table.tableArn] });
  table.encryptionKey?.grantEncryptDecrypt(role);
}
