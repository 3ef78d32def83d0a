import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { ImageBackfillProps } from './image-backfill-props';

/** What `ImageMonitoring` looks at. */
export interface WatchedBackfill {
  readonly pipeline: ImageBackfillProps['pipeline'];
  /** Whether each image is a workflow that is charged by its transitions. */
  readonly isStandard: boolean;
  readonly laneFunctionName: string;
  /** Of the function that plans and reports. */
  readonly logGroup: ILogGroup;
  /** Of the one that prunes. */
  readonly pruneLogGroup?: ILogGroup;
}
