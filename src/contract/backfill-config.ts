/** What `ImageBackfill` renders into its function's environment, and what its state machine and that function say to each other. */

import type { FormerOutput } from './config';
import { parseVariable } from './environment';

/** Environment variable that holds the function's own configuration, beside that of the pipeline. */
export const BACKFILL_VARIABLE = 'IMAGE_BACKFILL_CONFIG';

/** Raised when the shape of the configuration changes; both sides must agree. */
export const BACKFILL_VERSION = 1;

/** Folder of the report bucket with a folder for each execution. */
export const REPORTS_PREFIX = 'backfill/';
/** Folder of the report bucket from which lists of keys are read. */
export const LISTS_PREFIX = 'lists/';
/** Folders of an execution's folder: what is to be made, and what map runs write. */
export const REPORT_FOLDERS = { plan: 'plan/', planRuns: 'plan-runs/', results: 'results/' } as const;

/** US dollars for one of each. */
export interface BackfillPrices {
  readonly lambdaGbSecond: number;
  readonly lambdaRequest: number;
  readonly s3Put: number;
  readonly s3Get: number;
  readonly dynamoWriteUnit: number;
  readonly dynamoReadUnit: number;
  readonly logsGb: number;
  readonly expressRequest: number;
  readonly expressGbSecond: number;
  readonly stateTransition: number;
}

export interface BackfillConfig {
  readonly version: number;
  readonly reportBucket: string;
  readonly prices: BackfillPrices;
  /** Of the function that makes renditions. */
  readonly memoryMib: number;
  readonly timeoutSeconds: number;
  /** Images at a time. */
  readonly concurrency: number;
  /** Where renditions may be that former configurations stored, for the function that prunes. */
  readonly formerOutputs?: readonly FormerOutput[];
  /** Whether each image is made by a workflow that is charged by its transitions. */
  readonly isStandard: boolean;
}

/** Steps of the backfill's function; the values are the `step` of a request. */
export const BACKFILL_STEPS = {
  /** Checks the input, and says what is to be listed next. */
  begin: 'begin',
  /** Compares a batch of originals with their records. */
  plan: 'plan',
  /** Adds up what the batches found, and cuts it at the limits. */
  summarise: 'summarise',
  /** Says what became of each image. */
  report: 'report',
} as const;
/** Steps of the function that prunes. */
export const PRUNE_STEPS = {
  /** Checks the input, and says what is to be listed next. */
  beginPrune: 'beginPrune',
  /** Judges a batch of stored objects. */
  judge: 'judge',
  /** Adds up, and cuts at the limit. */
  summarisePrune: 'summarisePrune',
  /** Deletes a batch. */
  prune: 'prune',
  /** Says what became of it. */
  reportPrune: 'reportPrune',
} as const;

/** What an execution does. */
export const BACKFILL_MODES = { plan: 'plan', run: 'run' } as const;

/** Where the originals of a plan come from: the kinds of reader that the state machine has. */
export const LISTINGS = { objects: 'objects', lines: 'lines', rows: 'rows', none: 'none' } as const;
export type Listing = keyof typeof LISTINGS;

export function renderBackfillConfig(config: Omit<BackfillConfig, 'version'>): BackfillConfig {
  return { version: BACKFILL_VERSION, ...config };
}

/**
 * Parses what `renderBackfillConfig` made.
 *
 * @throws Error see `parseVariable`
 */
export function parseBackfillConfig(environment: Readonly<Record<string, string | undefined>>): BackfillConfig {
  return parseVariable(environment, BACKFILL_VARIABLE, BACKFILL_VERSION);
}
