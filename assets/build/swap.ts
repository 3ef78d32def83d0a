import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';

export interface Swap {
  readonly from: string;
  readonly to: string;
}

/** Moves new files and folders into place and the former ones to `old`; on failure puts back what it moved. */
export function swapIntoPlace(swaps: Swap[], old: string) {
  mkdirSync(old);
  const undo: (() => void)[] = [];
  const move = (from: string, to: string) => {
    renameSync(from, to);
    undo.unshift(() => renameSync(to, from));
  };
  try {
    swaps.forEach(({ from, to }, index) => {
      if (existsSync(to)) move(to, join(old, String(index)));
      move(from, to);
    });
  } catch (error) {
    undo.forEach((step) => step());
    throw error;
  }
}
