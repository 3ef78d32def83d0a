import type { Problem, Verdict } from './judge';

/** A kind of original that does not come out as another program shows it, and is documented. */
export interface Exception {
  /** Words of `docs/limits.md` that say so. */
  readonly line: string;
  readonly problem: Problem;
  applies(verdict: Verdict): boolean;
}

export const EXCEPTIONS: readonly Exception[] = [
];

export function exceptionFor(verdict: Verdict): Exception | undefined {
  return EXCEPTIONS.find((exception) => exception.problem === verdict.problem && exception.applies(verdict));
}
