// @ts-check
import { webUrl } from './dom.js';
import { sourcesOf } from './sources.js';

/**
 * The HTML of an image in all its sizes and formats, to be pasted into a page.
 * @param {import('./types.js').Image} image
 */
export function pictureSnippet(image) {
  const found = sourcesOf(image);
  if (!found) return '';
  const { sources, fallback, largest } = found;
  const srcset = (/** @type {import('./types.js').Rendition[]} */ renditions) => escape(renditions.map(({ url, width }) => `${webUrl(url) ?? ''} ${width}w`).join(', '));
  const lines = sources.map(({ contentType, renditions, media }) => (
    `  <source type="${escape(contentType)}" srcset="${srcset(renditions)}" sizes="100vw"${media ? ` media="${escape(media)}"` : ''}>`
  ));
  const { url } = fallback.renditions[fallback.renditions.length - 1];
  lines.push(`  <img src="${escape(webUrl(url) ?? '')}" srcset="${srcset(fallback.renditions)}" sizes="100vw" width="${largest.width}" height="${largest.height}" alt="${escape(image.fileName)}" loading="lazy">`);
  return ['<picture>', ...lines, '</picture>'].join('\n');
}

/** @param {string} text */
function escape(text) {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
