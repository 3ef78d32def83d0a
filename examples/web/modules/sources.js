// @ts-check
/** Which files a `<picture>` offers to the browser. */

/**
 * @typedef {import('./types.js').Image} Image
 * @typedef {import('./types.js').Original} Original
 * @typedef {import('./types.js').Rendition} Rendition
 *
 * @typedef {object} Source
 * @property {string} contentType
 * @property {Rendition[]} renditions smallest first
 * @property {string} [media]
 *
 * @typedef {object} PictureSources
 * @property {Source[]} sources best first
 * @property {Source} fallback
 * @property {Rendition} largest of them all
 */

/** What browsers show, the smallest files first. */
const FORMATS = ['avif', 'webp', 'jpeg', 'png', 'gif'];
const FALLBACKS = ['jpeg', 'png', 'gif', 'webp', 'avif'];
const MOVING = ['webp', 'gif'];

/**
 * @param {Image} image
 * @returns {PictureSources | undefined} nothing when no rendition is one that browsers show
 */
export function sourcesOf({ original, renditions }) {
  const visible = uncropped(renditions.filter(({ format }) => FORMATS.includes(format)), original);
  if (visible.length === 0) return undefined;

  const byFormat = (/** @type {string} */ format) => visible.filter((rendition) => rendition.format === format);
  const present = FORMATS.filter((format) => byFormat(format).length > 0);
  const source = (/** @type {string} */ format) => ({ contentType: byFormat(format)[0].contentType, renditions: byFormat(format) });
  const largest = visible.reduce((a, b) => (b.width * b.height >= a.width * a.height ? b : a));

  const moving = MOVING.filter((format) => present.includes(format));
  if (original && MOVING.includes(original.format) && moving.length > 0) {
    // Of an animation only these keep the motion; who wants less of it gets a still one.
    const still = present.filter((format) => !MOVING.includes(format)).map(source);
    const reduced = still.map((each) => ({ ...each, media: '(prefers-reduced-motion: reduce)' }));
    return { sources: [...reduced, ...moving.slice(0, -1).map(source)], fallback: source(moving[moving.length - 1]), largest };
  }
  const fallback = FALLBACKS.find((format) => present.includes(format)) ?? present[0];
  return { sources: present.filter((format) => format !== fallback && isBetter(format, fallback)).map(source), fallback: source(fallback), largest };
}

/**
 * Whether a browser that knows `format` should take it.
 * @param {string} format
 * @param {string} fallback
 */
function isBetter(format, fallback) {
  return FORMATS.indexOf(format) < FORMATS.indexOf(fallback);
}

/**
 * Only files that show the same section of the image may stand for each other.
 * @param {Rendition[]} renditions
 * @param {Original | undefined} original
 */
function uncropped(renditions, original) {
  const whole = original ? renditions.filter((rendition) => isSameShape(rendition, original)) : [];
  if (whole.length > 0) return whole;
  const largest = renditions.at(-1);
  return largest ? renditions.filter((rendition) => isSameShape(rendition, largest)) : [];
}

/**
 * The same aspect ratio, but for the rounding of one side.
 * @param {{ width: number, height: number }} small
 * @param {{ width: number, height: number }} large
 */
function isSameShape(small, large) {
  const ratio = large.width / large.height;
  return Math.abs(small.width / ratio - small.height) <= 1 || Math.abs(small.height * ratio - small.width) <= 1;
}
