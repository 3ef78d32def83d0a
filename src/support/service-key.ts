import { IGrantable, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { warnUnlessAdded } from './resource-policies';
import { WARNINGS } from './warnings';

/** What encrypts the queues of a pipeline, or did. */
export interface QueueKeys {
  readonly encryptionKey?: IKey;
  readonly formerEncryptionKeys?: readonly IKey[];
}

/** Lets an AWS service use the keys of queues that it sends to, also those that a deployment is about to replace. */
export function allowService(scope: Construct, { encryptionKey, formerEncryptionKeys = [] }: QueueKeys, service: string): void {
  for (const key of [...(encryptionKey ? [encryptionKey] : []), ...formerEncryptionKeys]) allowUse(scope, key, service);
}

/** Lets a role send to queues whose key a deployment is about to replace. */
export function grantFormerKeys({ formerEncryptionKeys = [] }: QueueKeys, grantee: IGrantable): void {
  for (const key of formerEncryptionKeys) key.grant(grantee, 'kms:GenerateDataKey', 'kms:Decrypt');
}

/** Lets an AWS service use the key of something that it sends to. */
export function allowUse(scope: Construct, key: IKey, service: string, name = 'encryptionKey'): void {
  const statement = new PolicyStatement({ principals: [new ServicePrincipal(service)], actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: ['*'] });
  warnUnlessAdded(key.addToResourcePolicy(statement), { scope, id: WARNINGS.IMPORTED_KEY, what: `${name} ${key.node.path}`, statement });
}
