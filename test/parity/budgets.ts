import type { Difference } from './compare';

/**
 * How far a rendition may be from what another program shows: decoders round, sample chroma up, and shrink on load in their own ways.
 * Measured on originals that are right; the least fault of colour, a profile that is left out, is more.
 */
export const BUDGETS: Readonly<Record<string, Difference>> = {
  jpeg: { error: 2, similarity: 0.98 },
  png: { error: 2.2, similarity: 0.96 },
  // Colours of an animation share a palette.
  gif: { error: 3.5, similarity: 0.92 },
  // Its decoder shrinks on load.
  webp: { error: 3.8, similarity: 0.96 },
  // Wide colours whose chroma is sampled down.
  avif: { error: 5.2, similarity: 0.96 },
  // Half of the colours' samples are made up, by either decoder in its own way.
  heic: { error: 3.5, similarity: 0.96 },
  tiff: { error: 2.5, similarity: 0.96 },
  // Its edges lie between pixels.
  svg: { error: 2.5, similarity: 0.94 },
};

/** Each program smooths the edges of letters in its own way, and letters have many. */
export const WRITING_BUDGET: Difference = { error: 4.2, similarity: 0.94 };

/** Where renditions keep a profile, what is transparent is blended in its space. */
export const KEPT_PROFILE_BUDGET: Difference = { error: 6.5, similarity: 0.88 };

/** For the originals that people have: details that no resampling keeps alike. */
export const FILE_BUDGET: Difference = { error: 5, similarity: 0.9 };
