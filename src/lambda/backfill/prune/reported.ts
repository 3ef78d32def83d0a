import type { PruneInput } from './input';
import type { Kept, Reason } from './verdict';

/** Objects by what is to become of them. */
export interface PruneCounts {
  readonly objects: number;
  readonly kept: Partial<Readonly<Record<Kept, number>>>;
  readonly deletable: Partial<Readonly<Record<Reason, { readonly objects: number; readonly bytes: number }>>>;
}

export interface PrunePlan {
  readonly mode: PruneInput['mode'];
  readonly counts: PruneCounts;
  readonly work: { readonly objects: number; readonly key: string };
  readonly stoppedAt?: { readonly limit: 'maxObjects'; readonly bucket: string; readonly key: string };
  readonly report: { readonly bucket: string; readonly key: string };
}

export interface Pruned {
  readonly deleted: number;
  readonly bytes: number;
  /** Objects that are left after all: they, or their records, are others by now. */
  readonly changed: number;
}
