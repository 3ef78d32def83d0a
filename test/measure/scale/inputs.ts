/** What the tables of docs/scale.md are computed from: prices and quotas to check against AWS's own pages, and measured times. */

/**
 * List prices in US dollars of us-east-1, noted in November 2025 without discounts and free tiers. Lambda's, DynamoDB's and
 * Step Functions' agree with published copies of the price lists, the others are from memory: check them before you rely on a sum.
 */
export const PRICES = {
  lambdaGbSecond: 0.0000133334,
  lambdaRequest: 0.20e-6,
  s3Put: 5e-6,
  s3Get: 0.4e-6,
  s3GbMonth: 0.023,
  sqsRequest: 0.40e-6,
  dynamoWriteUnit: 0.625e-6,
  dynamoReadUnit: 0.125e-6,
  logsGb: 0.50,
  stateTransition: 25e-6,
  expressRequest: 1e-6,
  expressGbSecond: 16.67e-6,
} as const;

/** AWS's default quotas and documented rates, from the same time; from memory where nothing is said. */
export const QUOTAS = {
  lambdaConcurrency: 1000,
  /**
   * Invocations that one event source mapping of a queue reaches, and how it gets there.
   *
   * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   */
  pollerConcurrency: 1000,
  pollerStart: 5,
  pollerPerMinute: 300,
  /** Requests in a second to one prefix of a bucket. */
  s3Puts: 3500,
  s3Gets: 5500,
  /**
   * Write units in a second: one partition, one on-demand table that is new, the table's quota.
   *
   * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput-scenarios.html of partitions
   */
  partitionWrites: 1000,
  newTableWrites: 4000,
  tableWrites: 40_000,
  sqsInFlight: 120_000,
} as const;

/**
 * Processor milliseconds for one 24-megapixel JPEG on an Intel Xeon at 2.1 GHz, taken as those of one vCPU. `three` is from a run of the
 * benchmark; the others are from its programs, run by hand with other sizes.
 */
export const CPU_MS = {
  /** The packaged handler, with reading and writing. */
  handler: { three: 165, half: 237, small: 90, fanOut: 93 },
  pillow: { three: 1113, half: 484, small: 336 },
  /** One pipeline of sharp for each of 400, 200 and 100 pixels. */
  sharpSmall: 65,
} as const;

/**
 * Write units of the usual upload, with three renditions and names as CDK gives them, of the table and of its listing index.
 * `write-units.test.ts` measures them.
 */
export const RECORD_UNITS = {
  claim: { table: 1, index: 0 },
  completion: { table: 2, index: 2 },
} as const;

/** Assumed. */
export const ASSUMED = {
  /** Milliseconds in which an invocation waits for S3 and DynamoDB; a download more costs as much as the first. */
  waitMs: 150,
  downloadMs: 80,
  /** Share of the processor time that a second vCPU takes over. */
  parallelShare: 0.2,
  /** Bytes of log per invocation: Lambda's lines, the image's line, and its metrics. */
  logBytes: 2200,
  plainLogBytes: 600,
} as const;

export const MIB_PER_VCPU = 1769;
