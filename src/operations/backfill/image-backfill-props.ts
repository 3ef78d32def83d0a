import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ImageBackfillPrices } from './image-backfill-prices';
import type { ImageResizePipeline } from '../../pipeline/image-resize-pipeline';

/** Properties of `ImageBackfill`. */
export interface ImageBackfillProps {
  /** Pipeline whose originals are brought to its configuration. */
  readonly pipeline: ImageResizePipeline;
  /**
   * Bucket for reports, and for lists of keys: reports are written under `backfill/`, lists are read from `lists/`. No source and no
   * renditions of the pipeline may be there.
   *
   * @default - a private bucket is created, which forgets reports after 90 days
   */
  readonly reportBucket?: IBucket;
  /**
   * Images that are made at a time, from 1 to 10000. The concurrency is the account's: what a backfill takes, fresh uploads
   * cannot have.
   *
   * @default 20
   */
  readonly maxConcurrency?: number;
  /**
   * Concurrency that is reserved for the backfill's function and that it cannot exceed. It is taken from the account for good,
   * also while no backfill runs.
   *
   * @default - none is reserved
   */
  readonly reservedConcurrency?: number;
  /**
   * How often an image is tried, from 1 to 5, before it is recorded as `FAILED`.
   *
   * @default 3
   */
  readonly maxTries?: number;
  /**
   * Share of a run's images, in percent, that may fail for passing reasons, such as a missing right, in every try. Beyond it the run
   * ends. Originals that are no images do not count.
   *
   * @default 5
   */
  readonly toleratedFailurePercentage?: number;
  /**
   * Whether renditions that nobody needs any more can be deleted: of profiles that were dropped, of former templates and prefixes, of images
   * that are gone, and those that no record knows. A state machine, a function and a role of their own are created for it; nothing is deleted
   * until an execution is started.
   *
   * @default false
   */
  readonly prune?: boolean;
  /**
   * Prices from which the cost of a run is estimated, and at which `maxDollars` stops it.
   *
   * @default - list prices of us-east-1, November 2025
   */
  readonly prices?: ImageBackfillPrices;
}
