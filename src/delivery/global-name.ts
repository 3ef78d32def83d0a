import { Names, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';

/** Of the names of AWS regions, the longest: ap-southeast-2. */
const REGION_LENGTH = 14;

/** Names of CloudFront's policies are global: without the region, a stack could be deployed in one only. */
export function globalName(scope: Construct, maxLength: number): string {
  return `${Names.uniqueResourceName(scope, { maxLength: maxLength - 1 - REGION_LENGTH, separator: '-' })}-${Stack.of(scope).region}`;
}
