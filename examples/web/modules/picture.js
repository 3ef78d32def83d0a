// @ts-check
import { element, webUrl } from './dom.js';
import { sourcesOf } from './sources.js';

/**
 * @typedef {import('./types.js').Image} Image
 * @typedef {import('./types.js').Rendition} Rendition
 *
 * @typedef {object} PictureOptions
 * @property {string} alt
 * @property {(ratio: number) => string} sizes how wide the picture is drawn, by width / height
 * @property {boolean} isLazy
 * @property {() => void} onError such as a link that has expired
 */

/**
 * Tells whether two states of an image have the same picture: links change with every answer, the files do not.
 * @param {Image} image
 */
export function pictureKey({ renditions, processedAt }) {
  return JSON.stringify([processedAt, renditions.map(({ name, width, height, bytes }) => [name, width, height, bytes])]);
}

/**
 * A picture whose place is reserved before it is loaded.
 * @param {Image} image
 * @param {PictureOptions} options
 */
export function pictureOf(image, { alt, sizes, isLazy, onError }) {
  const found = sourcesOf(image);
  if (!found) return undefined;
  const { sources, fallback, largest: { width, height } } = found;
  const drawn = sizes(width / height);
  const last = fallback.renditions[fallback.renditions.length - 1];
  // The source is set last: from then on the browser loads what it has seen by then.
  const img = element('img', { alt, width, height, loading: isLazy ? 'lazy' : 'eager', decoding: 'async', class: 'is-loading' });
  img.style.setProperty('--width', String(width));
  img.style.setProperty('--height', String(height));
  img.addEventListener('load', () => img.classList.remove('is-loading'));
  img.addEventListener('error', onError);
  const picture = element('picture', {}, ...sources.map(({ contentType, renditions, media }) => (
    element('source', { type: contentType, srcset: srcset(renditions), sizes: drawn, media })
  )), img);
  img.sizes = drawn;
  img.srcset = srcset(fallback.renditions);
  img.src = webUrl(last.url) ?? '';
  return picture;
}

/** @param {Rendition[]} renditions */
function srcset(renditions) {
  const byWidth = new Map(renditions.map((rendition) => [rendition.width, rendition]));
  // A comma at the end of an address would end the candidate.
  return [...byWidth.values()].map(({ url, width }) => `${(webUrl(url) ?? '').replace(/,/g, '%2C')} ${width}w`).join(', ');
}
