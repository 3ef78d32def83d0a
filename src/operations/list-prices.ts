import { Architecture, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';

/** List prices in US dollars of us-east-1, November 2025, for a million of each: defaults of what users can set. */
export const LIST_PRICES = {
  lambdaArmGbSeconds: 13.3334,
  lambdaX86GbSeconds: 16.6667,
  lambdaRequests: 0.2,
  s3Puts: 5,
  s3Gets: 0.4,
  sqsRequests: 0.4,
  dynamoWriteUnits: 0.625,
  dynamoReadUnits: 0.125,
  /** For one. */
  logsGigabyte: 0.5,
  stateTransitions: 25,
  expressRequests: 1,
  expressGbSeconds: 16.67,
  httpApiRequests: 1,
} as const;

/** A million GB-seconds of a function's processor. */
export function gbSecondsOf({ architecture }: LambdaFunction): number {
  return architecture === Architecture.X86_64 ? LIST_PRICES.lambdaX86GbSeconds : LIST_PRICES.lambdaArmGbSeconds;
}
