// @ts-check
/** What is refused before anything is sent. */

import { FileError } from './errors.js';
import { formatBytes, formatName } from './format.js';
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
  if (/^image\/hei[cf]/.test(type) && !contentTypes.includes(type)) throw new FileError('HEIC photos cannot be read here. Export it as JPEG first.');
  if (!contentTypes.includes(type)) throw new FileError(`This is no image that can be read here. Use ${formatsOf(contentTypes)}.`);
  if (file.size === 0) throw new FileError('This file is empty.');
  if (maxBytes !== undefined && file.size > maxBytes) {
    throw new FileError(`This file has ${formatBytes(file.size)}. At most ${formatBytes(maxBytes)} are allowed.`);
  }
}

/** @param {readonly string[]} contentTypes */
export function formatsOf(contentTypes) {
  return oneOf(contentTypes.map((type) => formatName(type.replace(/^image\/|\+xml$/g, ''))));
}
