/**
 * What the cost of a backfill is estimated from, in US dollars. The defaults are list prices of us-east-1 as known in November
 * 2025, without free tiers and discounts: set those of your region and contract.
 */
export interface ImageBackfillPrices {
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
   * A million PUT or LIST requests of S3.
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
   * A million express workflows of Step Functions.
   *
   * @default 1
   */
  readonly expressRequests?: number;
  /**
   * A million GB-seconds of express workflows.
   *
   * @default 16.67
   */
  readonly expressGbSeconds?: number;
  /**
   * A million state transitions of standard workflows, by which images are charged whose tries may take longer than five minutes.
   *
   * @default 25
   */
  readonly stateTransitions?: number;
}
