import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { warnUnlessAdded } from './resource-policies';
import { WARNINGS } from './warnings';

/** Lets an AWS service use the key of a queue that it sends to. */
export function allowService(scope: Construct, key: IKey, service: string): void {
  const statement = new PolicyStatement({ principals: [new ServicePrincipal(service)], actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: ['*'] });
  warnUnlessAdded(key.addToResourcePolicy(statement), { scope, id: WARNINGS.IMPORTED_KEY, what: `encryptionKey ${key.node.path}`, statement });
}
