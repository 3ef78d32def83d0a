// @ts-check
/** What is refused before anything is sent. */

import { FileError } from './errors.js';
import { formatBytes, formatLimit, formatName } from './format.js';
import { oneOf } from './messages.js';

/** @typedef {import('./types.js').Config} Config */

/** Browsers do not know the type of every file. @type {Record<string, string>} */
const BY_EXTENSION = {
  jpg: 'image/jpeg', jpeg: 'image/jpeg', png: 'image/png', webp: 'image/webp', avif: 'image/avif',
  gif: 'image/gif', tif: 'image/tiff', tiff: 'image/tiff', svg: 'image/svg+xml', heic: 'image/heic', heif: 'image/heif',
};

/** @param {File} file */
export function contentTypeOf(file) {
  return file.type || BY_EXTENSION[file.name.toLowerCase().split('.').at(-1) ?? ''] || 'application/octet-stream';
}

/**
 * @param {File} file
 * @param {Config} config
 * @throws {FileError}
 */
export function checkFile(file, { contentTypes, maxBytes }) {
  const type = contentTypeOf(file);
  if (isHeic(file) && !contentTypes.includes(type)) throw new FileError('HEIC photos cannot be read here. Export it as JPEG first.', 'HEIC photo');
  if (!contentTypes.includes(type)) throw new FileError(`This is no image that can be read here. Use ${formatsOf(contentTypes)}.`, type.startsWith('image/') ? 'Other format' : 'Not an image');
  if (file.size === 0) throw new FileError('This file is empty.', 'Empty file');
  if (maxBytes !== undefined && file.size > maxBytes) {
    throw new FileError(`This file has ${formatBytes(file.size)}. At most ${formatLimit(maxBytes)} are allowed.`, 'Too large');
  }
}

/** What systems leave in folders. */
const LEFTOVERS = /^(\..*|thumbs\.db|desktop\.ini|icon\r)$/i;

/** As people count. */
const BY_PATH = new Intl.Collator(undefined, { numeric: true });

/**
 * A folder is taken whole, but for what is no image, and in the order of its names: disks list them as they like.
 * Of files that somebody chose one by one, each gets an answer of its own.
 * @param {readonly File[]} files
 * @param {Config} config
 */
export function sortOut(files, { contentTypes }) {
  /** @type {File[]} */
  const wanted = [];
  /** @type {File[]} */
  const skipped = [];
  const sorted = files.some(isFromFolder) ? [...files].sort((a, b) => BY_PATH.compare(pathOf(a), pathOf(b))) : files;
  for (const file of sorted) {
    if (LEFTOVERS.test(file.name)) continue;
    const isOther = isFromFolder(file) && !contentTypes.includes(contentTypeOf(file)) && !isHeic(file);
    (isOther ? skipped : wanted).push(file);
  }
  return { wanted, skipped };
}

/** @param {File} file */
function isFromFolder(file) {
  return pathOf(file).includes('/');
}

/** Within the folder that was chosen. @param {File} file */
function pathOf(file) {
  const { name, relativePath, webkitRelativePath } = /** @type {File & { relativePath?: string | null }} */ (file);
  return (relativePath || webkitRelativePath || name).replace(/^\//, '');
}

/** Photos that cannot be read are no junk: their owner has to know. @param {File} file */
function isHeic(file) {
  return /^image\/hei[cf]/.test(contentTypeOf(file));
}

/** @param {readonly string[]} contentTypes */
export function formatsOf(contentTypes) {
  return oneOf(contentTypes.map((type) => formatName(type.replace(/^image\/|\+xml$/g, ''))));
}
