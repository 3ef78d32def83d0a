/** What a worker is asked, and what it answers. */
import type { ProcessingConfig } from '../../../src/contract';
import type { ProfileSpec } from '../../helpers/renditions';

export interface ImageJob {
  readonly data: Uint8Array;
  readonly specs: readonly ProfileSpec[];
  readonly processing?: Partial<ProcessingConfig>;
  /** Seconds for all renditions, as the handler would set it; 0 for no limit. */
  readonly timeoutSeconds?: number;
}

export interface RenditionReport {
  readonly width: number;
  readonly height: number;
  readonly format: string;
  readonly frames: number;
  /** The pixel in each corner and in the middle: upper left, upper right, lower left, lower right, middle. */
  readonly pixels: readonly (readonly number[])[];
}

export type ImageOutcome =
  | { readonly renditions: Readonly<Record<string, RenditionReport>> }
  /** The PermanentError that ends the record as `FAILED`. */
  | { readonly code: string; readonly message: string }
  /** What must not be: another error, or a rendition that is not as planned. */
  | { readonly unexpected: string };

export interface ImageAnswer {
  readonly outcome: ImageOutcome;
  /** Peak resident memory of the process during this job, in megabytes of 10^6 bytes. */
  readonly peakRssMb: number;
  /** Milliseconds. */
  readonly wall: number;
}
