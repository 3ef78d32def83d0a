import { Annotations, Stack } from 'aws-cdk-lib';
import { AddToResourcePolicyResult, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { atEnd } from './at-end';

export interface PolicyAddition {
  readonly scope: Construct;
  /** Of the warning. */
  readonly id: string;
  /** Whose policy it is. */
  readonly what: string;
  readonly statement: PolicyStatement;
}

/**
 * Tells what the owner of an imported resource must add to its policy. At the end of synthesis, when everything that the
 * statement names is known.
 */
export function warnUnlessAdded({ statementAdded }: AddToResourcePolicyResult, { scope, id, what, statement }: PolicyAddition): void {
  if (statementAdded) return;
  atEnd(scope, () => {
    const json = JSON.stringify(Stack.of(scope).resolve(statement.toStatementJson()));
    Annotations.of(scope).addWarningV2(id, `the policy of ${what} cannot be changed from here: add ${json}`);
  });
}
