/** How the handler is asked to bring an object that exists to what the configuration says, and what it answers. */

import { ReasonCode } from './record';

/** Name of the event in the record of an image that was asked for. */
export const BACKFILL_EVENT = 'Backfill';

export interface BackfillRequest {
  readonly backfill: {
    readonly bucket: string;
    /** As S3 stores it, not encoded. */
    readonly key: string;
    /** Tries again what failed. */
    readonly retryFailed?: boolean;
    /** Records that every try failed. */
    readonly giveUp?: boolean;
  };
}

export interface BackfillAnswer {
  /** As of other events. */
  readonly outcome: 'completed' | 'failed' | 'deleted' | 'unchanged' | 'overtaken' | 'ignored';
  readonly imageId?: string;
  /** The names of the renditions that were made. */
  readonly made: readonly string[];
  /** Why others were not, by their names. */
  readonly skipped?: Readonly<Record<string, ReasonCode>>;
  /** Bytes that were read of the original, and stored. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Of `failed`, and of what failed before and is not tried again. */
  readonly failure?: { readonly code: ReasonCode; readonly message: string; readonly retryable: boolean };
  /** Why an object is ignored. */
  readonly reason?: string;
}
