import { Arn, ArnFormat, ResourceEnvironment, Stack, Token, TokenComparison } from 'aws-cdk-lib';
import { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { checked, invalid } from './checks';

/**
 * Refuses what is known to be in another region or account than the construct that works with it.
 *
 * @param name what an error calls the construct
 * @param used where things are, by the paths of their props
 */
export function requireSameEnvironment(construct: Construct, name: string, used: Readonly<Record<string, ResourceEnvironment | undefined>>): void {
  const own = Stack.of(construct);
  for (const [path, environment] of Object.entries(used)) {
    if (!environment) continue;
    for (const part of ['region', 'account'] as const) {
      if (Token.compareStrings(environment[part], own[part]) !== TokenComparison.DIFFERENT) continue;
      checked(construct, () => { throw invalid(path, `in the ${part} of ${name}, ${own[part]}`, environment[part]); });
    }
  }
}

/** Where a table is. `Table.fromTableArn` takes it for one of the stack's own region, whatever its ARN says. */
export function environmentOf(table: ITable): ResourceEnvironment {
  if (Token.isUnresolved(table.tableArn)) return table.env;
  return { ...table.env, ...Arn.split(table.tableArn, ArnFormat.SLASH_RESOURCE_NAME) };
}
