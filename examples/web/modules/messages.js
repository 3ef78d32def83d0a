// @ts-check
/** What the page says: one voice, in one place. */

import { ApiError, FileError, NetworkError } from './errors.js';

/** @typedef {import('./album.js').ItemState} ItemState */

/** @type {Record<ItemState, string>} */
export const ITEM_STATE = {
  waiting: 'Waiting',
  sending: 'Uploading',
  processing: 'Making sizes',
  ready: 'Ready',
  failed: 'Failed',
  refused: 'Not uploaded',
};

/** In a word or two, where there is no room for the sentence. @type {Record<string, string>} */
const FAILURES = {
  UNSUPPORTED_FORMAT: 'Not readable',
  CORRUPT_IMAGE: 'Damaged',
  TOO_LARGE: 'Too large',
  TIMEOUT: 'Took too long',
  SOURCE_NOT_FOUND: 'File is gone',
  SOURCE_REMOVED: 'Not processed here',
  EMPTY_OBJECT: 'Empty file',
  OWN_RENDITION: 'Is a version itself',
  ARCHIVED: 'In the archive',
  CUSTOMER_KEY: 'Locked by a key',
  INVALID_IMAGE_ID: 'Wrong id',
  IMAGE_ID_TAKEN: 'Id is taken',
  INVALID_REQUESTED_SIZE: 'Wrong size',
  OUTPUT_KEY_TOO_LONG: 'Name too long',
  RETRIES_EXHAUSTED: 'Given up',
};

/** @param {string | undefined} code */
export function failureWord(code) {
  return FAILURES[code ?? ''] ?? ITEM_STATE.failed;
}

/** How many files are told by name. */
const NAMED = 3;

/** @type {Record<string, string>} */
const S3_CODES = {
  EntityTooLarge: 'This file is larger than the upload allows.',
  EntityTooSmall: 'This file is smaller than was announced. It may have changed meanwhile.',
  PreconditionFailed: 'This upload has been used already.',
};

/**
 * Why an upload did not work, for the person who tried.
 * @param {unknown} error
 */
export function uploadMessage(error) {
  if (error instanceof FileError) return error.message;
  if (error instanceof NetworkError) return 'The connection was lost.';
  if (error instanceof ApiError) {
    const { status, code, message } = error;
    if (code !== undefined && code in S3_CODES) return S3_CODES[code];
    if (status === 403) return 'The upload was refused. Its permission may have expired.';
    if (status === 413) return message || 'This file is too large.';
    if (status === 429) return 'Too many uploads at once.';
    if (status < 500 && message) return message;
  }
  return 'Something went wrong on the server.';
}

/** The same in a word or two. @param {unknown} error */
export function uploadWord(error) {
  if (error instanceof FileError) return error.word;
  return error instanceof NetworkError ? 'Connection lost' : ITEM_STATE.refused;
}

/**
 * Files of a folder that are no images: the first few by name.
 * @param {readonly string[]} names
 */
export function leftOutMessage(names) {
  const shown = names.length > NAMED + 1 ? [...names.slice(0, NAMED), `${names.length - NAMED} others`] : [...names];
  const list = new Intl.ListFormat('en-GB', { type: 'conjunction' }).format(shown);
  return names.length === 1 ? `${list} was left out: not an image` : `${list} were left out: not images`;
}

/**
 * Why nothing is shown.
 * @param {import('./album.js').View} view
 */
export function nothingMessage({ text, filter }) {
  const isSearch = text.trim() !== '';
  if (filter === '') return 'No image has this name.';
  if (isSearch) return 'No image of those shown here has this name.';
  return filter === 'busy' ? 'Nothing is in progress.' : 'Nothing has failed.';
}

/**
 * Why the page could not do what it was asked to.
 * @param {unknown} error
 */
export function requestMessage(error) {
  if (error instanceof NetworkError) return navigator.onLine ? 'The server cannot be reached.' : 'You are offline.';
  if (error instanceof ApiError) {
    if (error.status === 429) return 'The server asks for a short break.';
    if (error.status < 500 && error.message) return error.message;
  }
  return 'The server has a problem.';
}

/** @param {readonly string[]} words */
export function oneOf(words) {
  return new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(words);
}
