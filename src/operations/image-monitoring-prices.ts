/**
 * What the cost on the dashboard is computed from, in US dollars. The defaults are list prices of us-east-1 as known in November
 * 2025, without free tiers and discounts: set those of your region and contract.
 */
export interface ImageMonitoringPrices {
  /**
   * A million GB-seconds of Lambda.
   *
   * @default - 13.3334, or 16.6667 where the function's architecture is x86_64
   */
  readonly lambdaGbSeconds?: number;
  /**
   * A million invocations of Lambda.
   *
   * @default 0.2
   */
  readonly lambdaRequests?: number;
  /**
   * A million PUT requests of S3.
   *
   * @default 5
   */
  readonly s3Puts?: number;
  /**
   * A million GET requests of S3.
   *
   * @default 0.4
   */
  readonly s3Gets?: number;
  /**
   * A million requests of SQS.
   *
   * @default 0.4
   */
  readonly sqsRequests?: number;
  /**
   * A million write units of DynamoDB.
   *
   * @default 0.625
   */
  readonly dynamoWriteUnits?: number;
  /**
   * A million read units of DynamoDB.
   *
   * @default 0.125
   */
  readonly dynamoReadUnits?: number;
  /**
   * A gigabyte that CloudWatch Logs takes.
   *
   * @default 0.5
   */
  readonly logsGigabyte?: number;
  /**
   * A million state transitions of Step Functions.
   *
   * @default 25
   */
  readonly stateTransitions?: number;
  /**
   * A million workflows of a backfill, of which each makes an image.
   *
   * @default 1
   */
  readonly expressRequests?: number;
  /**
   * A million GB-seconds of these workflows.
   *
   * @default 16.67
   */
  readonly expressGbSeconds?: number;
  /**
   * A million requests of an HTTP API.
   *
   * @default 1
   */
  readonly httpApiRequests?: number;
}
