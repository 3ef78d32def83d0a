import type { Difference } from './compare';

/**
 * How far a rendition may be from what another program shows: decoders round, sample chroma up, and shrink on load in their own ways.
 * Measured on originals that are right; the least fault of colour, a profile that is left out, is twice as much.
 */
export const BUDGETS: Readonly<Record<string, Difference>> = {
  jpeg: { error: 2, similarity: 0.98 },
  png: { error: 2, similarity: 0.98 },
  gif: { error: 2, similarity: 0.96 },
  // Its decoder shrinks on load.
  webp: { error: 3.5, similarity: 0.97 },
  avif: { error: 3, similarity: 0.97 },
  tiff: { error: 2.5, similarity: 0.98 },
};

/** For the originals that people have: details that no resampling keeps alike. */
export const FILE_BUDGET: Difference = { error: 5, similarity: 0.9 };
