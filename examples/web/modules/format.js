// @ts-check
/** Numbers, names and times as people read them. */

const UNITS = ['B', 'kB', 'MB', 'GB'];
const STEPS = /** @type {const} */ ([['minute', 60], ['hour', 24], ['day', 7]]);
const RELATIVE = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto' });
const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' });
const DATE_TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

/** @param {number} bytes */
export function formatBytes(bytes) {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1).replace('.0', '')} ${UNITS[power]}`;
}

/** @param {{ width: number, height: number }} size */
export function formatPixels({ width, height }) {
  return `${width} × ${height}`;
}

/**
 * How much smaller a version is than the original; a plus for one that is larger.
 * @param {number} reductionPercent
 */
export function formatSaving(reductionPercent) {
  if (reductionPercent === 0) return '0 %';
  return reductionPercent > 0 ? `−${reductionPercent} %` : `+${-reductionPercent} %`;
}

/** @type {Record<string, string>} */
const FORMATS = { webp: 'WebP', heif: 'HEIF', jp2: 'JPEG 2000' };

/** @param {string} format */
export function formatName(format) {
  return FORMATS[format] ?? format.toUpperCase();
}

/**
 * `5 minutes ago`; the date once that says more.
 * @param {string} iso
 * @param {number} now in milliseconds
 */
export function formatAge(iso, now) {
  let age = (now - Date.parse(iso)) / 60_000;
  if (age < 1) return 'just now';
  for (const [unit, next] of STEPS) {
    if (age < next) return RELATIVE.format(-Math.floor(age), unit);
    age /= next;
  }
  return DATE.format(new Date(iso));
}

/** @param {string} iso */
export function formatTime(iso) {
  return DATE_TIME.format(new Date(iso));
}

/**
 * @param {number} number
 * @param {string} singular
 */
export function count(number, singular) {
  return `${number} ${number === 1 ? singular : `${singular}s`}`;
}
