import { Annotations, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { WARNINGS } from './warnings';

/** Lets an AWS service use the key of a queue that it sends to. */
export function allowService(scope: Construct, key: IKey, service: string): void {
  const statement = new PolicyStatement({ principals: [new ServicePrincipal(service)], actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: ['*'] });
  if (key.addToResourcePolicy(statement).statementAdded) return;
  Annotations.of(scope).addWarningV2(WARNINGS.IMPORTED_KEY,
    `the policy of encryptionKey ${key.node.path} cannot be changed from here: add ${JSON.stringify(Stack.of(scope).resolve(statement.toStatementJson()))}`);
}
