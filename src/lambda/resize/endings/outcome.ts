import { Failure, OriginalFacts, Reason, RenditionFacts, SkippedFacts } from '../../../contract';

/** What became of one event. Passing errors are thrown instead. */
export type Outcome =
  | {
    readonly outcome: 'completed';
    readonly imageId: string;
    readonly original: OriginalFacts;
    readonly renditions: Readonly<Record<string, RenditionFacts>>;
    readonly skipped: Readonly<Record<string, SkippedFacts>>;
    /** The names of those renditions that were made for it; the record had the others. */
    readonly made: readonly string[];
  }
  | {
    readonly outcome: 'failed';
    readonly imageId: string;
    readonly original?: OriginalFacts;
    readonly failure: Failure;
    /** False where the metrics have it already, or where it is no image that failed. */
    readonly counted?: boolean;
  }
  /** The source is gone, and with it the renditions. */
  | { readonly outcome: 'deleted'; readonly imageId: string }
  /** The record already says all: a repeated event. With a `refusal`, it stays as it is because it cannot be brought to the present settings. */
  | { readonly outcome: 'unchanged'; readonly imageId: string; readonly refusal?: Reason }
  /** A later event of the same object was accepted before; its renditions stand. */
  | { readonly outcome: 'overtaken'; readonly imageId: string }
  /** Not an image of this pipeline. */
  | { readonly outcome: 'ignored'; readonly reason: string };

export const ignored = (reason: string): Outcome => ({ outcome: 'ignored', reason });
