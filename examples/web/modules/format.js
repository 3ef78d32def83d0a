// @ts-check
/** Numbers, names and times as people read them. */

const UNITS = ['B', 'kB', 'MB', 'GB'];
const DATE_TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const CLOCK = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });
const DATE_CLOCK = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
const CAMERA_TIME = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' });

/** @param {number} bytes */
export function formatBytes(bytes) {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1).replace('.0', '')} ${UNITS[power]}`;
}

/**
 * `24 of 61 MB`
 * @param {number} part
 * @param {number} whole
 */
export function formatShare(part, whole) {
  const [number, unit] = formatBytes(whole).split(' ');
  const value = part / 1000 ** UNITS.indexOf(unit);
  return `${value >= 10 || unit === 'B' ? Math.floor(value) : value.toFixed(1).replace('.0', '')} of ${number} ${unit}`;
}

/**
 * A limit as who set it wrote it down: in round numbers, of whichever kind.
 * @param {number} bytes
 */
export function formatLimit(bytes) {
  const mebibytes = bytes / 1024 ** 2;
  return Number.isInteger(mebibytes) ? `${mebibytes} MB` : formatBytes(bytes);
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

/** @param {number} fraction */
export function formatPercent(fraction) {
  return `${Math.floor(fraction * 100)} %`;
}

/** @param {number} ms */
export function formatDuration(ms) {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** @type {Record<string, string>} */
const FORMATS = { webp: 'WebP', heif: 'HEIF', jp2: 'JPEG 2000' };

/** @param {string} format */
export function formatName(format) {
  return FORMATS[format] ?? format.toUpperCase();
}

/**
 * A name within a sentence: whichever way it is written, the words around it stay where they are.
 * @param {string} name
 */
export function isolated(name) {
  return `\u2068${name}\u2069`;
}

/** When something ends: the clock, and the day unless it is today. @param {Date} end */
export function formatEnd(end) {
  return (end.toDateString() === new Date().toDateString() ? CLOCK : DATE_CLOCK).format(end);
}

/** @param {string} iso */
export function formatTime(iso) {
  return DATE_TIME.format(new Date(iso));
}

/**
 * A time as the clock of a camera showed it, with the offset from UTC if the camera knew it.
 * @param {string} time
 */
export function formatCameraTime(time) {
  const [, clock, offset] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(.*)$/.exec(time) ?? [];
  if (clock === undefined) return time;
  return [CAMERA_TIME.format(new Date(`${clock}Z`)), offset && `UTC${offset.replace('-', '−')}`].filter(Boolean).join(' ');
}

/**
 * @param {number} number
 * @param {string} singular
 */
export function count(number, singular) {
  return `${number} ${number === 1 ? singular : `${singular}s`}`;
}
