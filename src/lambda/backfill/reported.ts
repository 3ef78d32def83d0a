import type { Counts, Selected } from './counts';
import type { Request } from './input';

/** What a plan came to. */
export interface Plan {
  readonly mode: Request['mode'];
  readonly counts: Counts;
  /** What is made of what was selected: all, unless a limit cuts it. */
  readonly work: Selected & { readonly key: string };
  readonly estimate: { readonly dollars: number; readonly seconds: number };
  /** What the plan itself cost. */
  readonly planDollars: number;
  /** The first image that a limit leaves out. */
  readonly stoppedAt?: { readonly limit: 'maxObjects' | 'maxDollars'; readonly bucket: string; readonly key: string };
  readonly report: { readonly bucket: string; readonly key: string };
}

/** What became of a run. */
export interface Result {
  readonly mode: 'run';
  readonly images: number;
  /** Images by what became of them. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly renditions: number;
  readonly bytesOut: number;
  /** Images that failed, by code. */
  readonly failures: Readonly<Record<string, number>>;
  /** Renditions that cannot be made, by code. */
  readonly skipped: Readonly<Record<string, number>>;
  readonly seconds: number;
  readonly stoppedAt?: Plan['stoppedAt'];
  readonly error?: string;
  readonly report: { readonly bucket: string; readonly key: string };
}
