import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { KeySpace } from './key-spaces';

/** Grants actions on the objects of a key space, and the use of the bucket's customer key. */
export function grantObjects(grantee: IGrantable, space: KeySpace, actions: string[], useKey: KeyUse): Grant {
  const objects = Grant.addToPrincipalOrResource({ grantee, actions, resourceArns: [space.bucket.arnForObjects(`${space.prefix}*`)], resource: space.bucket });
  return combine([objects, useKey(space.bucket, grantee)]);
}

export type KeyUse = (bucket: IBucket, grantee: IGrantable) => Grant | undefined;

/** Of objects under the bucket's key, or under one of those that were before. */
export function decryptWith(former: readonly IKey[]): KeyUse {
  return (bucket, grantee) => {
    const grants = [bucket.encryptionKey, ...former].map((key) => key?.grantDecrypt(grantee)).filter((grant) => grant !== undefined);
    return grants.length > 0 ? combine(grants) : undefined;
  };
}

/** Of objects that are stored as a whole. Their metadata is not encrypted: to read it takes no key. */
export const storeWith: KeyUse = (bucket, grantee) => bucket.encryptionKey?.grant(grantee, 'kms:GenerateDataKey');

/** S3 decrypts the parts of a multipart upload as well. */
export const encryptWith: KeyUse = (bucket, grantee) => bucket.encryptionKey?.grant(grantee, 'kms:GenerateDataKey', 'kms:Decrypt');

/** All of the grants that there are, as one. */
export function combine(grants: readonly (Grant | undefined)[]): Grant {
  return grants.filter((grant) => grant !== undefined).reduce((all, grant) => all.combine(grant));
}
