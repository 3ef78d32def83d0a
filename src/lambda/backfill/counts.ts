import type { Selection } from './input';

/** What a plan found, and adds up. */
export interface Counts {
  /** Objects that are images of a source. */
  readonly originals: number;
  /** Objects that are none: excluded, empty, folder markers, or stored after the execution began. */
  readonly ignored: number;
  readonly current: number;
  readonly missing: number;
  readonly stale: number;
  readonly failed: number;
  /** Images that are being made. */
  readonly inProgress: number;
  /** Renditions that the configuration does not have any more. */
  readonly dropped: number;
  /** Renditions by their profile. */
  readonly profiles: Readonly<Record<string, { readonly missing: number; readonly stale: number }>>;
  readonly selected: Selected;
}

export interface Selected {
  readonly images: number;
  readonly renditions: number;
  /** Of originals. */
  readonly bytes: number;
  readonly dollars: number;
  /** Of invocations, one after the other. */
  readonly milliseconds: number;
}

export type Category = Selection | 'current' | 'inProgress';

/** An image that is to be made. */
export interface WorkItem {
  readonly bucket: string;
  readonly key: string;
  readonly bytes?: number;
  readonly renditions: number;
  readonly dollars: number;
  readonly milliseconds: number;
  readonly retryFailed?: true;
}

export const NONE_SELECTED: Selected = { images: 0, renditions: 0, bytes: 0, dollars: 0, milliseconds: 0 };
export const NO_COUNTS: Counts = {
  originals: 0, ignored: 0, current: 0, missing: 0, stale: 0, failed: 0, inProgress: 0, dropped: 0, profiles: {}, selected: NONE_SELECTED,
};

export function select(selected: Selected, { renditions, bytes = 0, dollars, milliseconds }: WorkItem): Selected {
  return {
    images: selected.images + 1,
    renditions: selected.renditions + renditions,
    bytes: selected.bytes + bytes,
    dollars: selected.dollars + dollars,
    milliseconds: selected.milliseconds + milliseconds,
  };
}

/** Adds numbers, however deep. */
export function add<T>(one: T, other: T): T {
  if (typeof one === 'number' || typeof other === 'number') return (((one as number) ?? 0) + ((other as number) ?? 0)) as T;
  const names = new Set([...Object.keys(one ?? {}), ...Object.keys(other ?? {})]) as Set<keyof T>;
  return Object.fromEntries([...names].map((name) => [name, add((one as T)?.[name], (other as T)?.[name])])) as T;
}
