// @ts-check
import { webUrl } from './dom.js';
import { sourcesOf } from './sources.js';

/**
 * @typedef {import('./types.js').Image} Image
 * @typedef {import('./types.js').Rendition} Rendition
 */

/**
 * Tells whether two states of an image have the same picture: links change with every answer, the files do not.
 * @param {Image} image
 */
export function pictureKey({ imageId, status, processedAt }) {
  return `${imageId} ${status} ${processedAt}`;
}

/**
 * The files for an `<img>`: of the best format, in all sizes. Browsers of 2024 and later know each of the formats.
 * @param {Image} image
 * @param {boolean} isStill whether an animation shall stand still
 */
export function filesOf(image, isStill = matchMedia('(prefers-reduced-motion: reduce)').matches) {
  const found = sourcesOf(image);
  if (!found) return undefined;
  const { sources, fallback, largest } = found;
  const { renditions } = sources.find(({ media }) => isStill || !media) ?? fallback;
  return { renditions, largest, src: webUrl(renditions[renditions.length - 1].url) ?? '', srcset: srcset(renditions) };
}

/** @param {Rendition[]} renditions */
function srcset(renditions) {
  const byWidth = new Map(renditions.map((rendition) => [rendition.width, rendition]));
  // A comma at the end of an address would end the candidate.
  return [...byWidth.values()].map(({ url, width }) => `${(webUrl(url) ?? '').replace(/,/g, '%2C')} ${width}w`).join(', ');
}

/** What can be transparent. */
const SEE_THROUGH = new Set(['png', 'webp', 'gif', 'avif', 'svg', 'tiff']);

/** @param {Image} image */
export function canSeeThrough({ original }) {
  return original !== undefined && (original.hasAlpha ?? SEE_THROUGH.has(original.format));
}
