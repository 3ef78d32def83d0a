import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import type { S3Client } from '@aws-sdk/client-s3';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Records } from './records';
import { Reports } from './reports';
import { BackfillConfig, HandlerConfig } from '../../contract';
import type { Source } from '../shared/sources';

/** What the steps work with. Made once per cold start; tests pass their own. */
export interface Services {
  readonly config: BackfillConfig;
  readonly pipeline: HandlerConfig;
  readonly sources: readonly Source[];
  readonly records: Records;
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBDocumentClient;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Epoch millisecond. */
  readonly now: () => number;
}

export function reportsOf({ s3, config }: Services, execution: string): Reports {
  return new Reports(s3, config.reportBucket, execution);
}
