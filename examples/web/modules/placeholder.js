// @ts-check
import { thumbHashToRGBA } from '../vendor/thumbhash.js';

/**
 * What an image looks like from far away, from the few bytes that lists carry of it.
 * @param {string | undefined} thumbHash in base64
 * @returns {HTMLCanvasElement | undefined}
 */
export function placeholderOf(thumbHash) {
  if (!thumbHash) return undefined;
  const { w, h, rgba } = thumbHashToRGBA(Uint8Array.from(atob(thumbHash), (character) => character.charCodeAt(0)));
  const canvas = document.createElement('canvas');
  canvas.width = w;
  canvas.height = h;
  canvas.className = 'placeholder';
  canvas.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(rgba), w, h), 0, 0);
  return canvas;
}
