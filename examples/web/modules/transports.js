// @ts-check
/** The two ways in which a file gets to S3: through the server, or straight there with a permission of the API. */

import { ApiError } from './errors.js';
import { sendFile } from './send-file.js';

/**
 * @typedef {import('./api.js').Api} Api
 * @typedef {import('./types.js').Config} Config
 * @typedef {import('./types.js').Image} Image
 * @typedef {import('./types.js').RequestedSize} RequestedSize
 * @typedef {import('./types.js').UploadTicket} UploadTicket
 *
 * @typedef {object} Transfer
 * @property {File} file
 * @property {string} contentType
 * @property {RequestedSize} size
 * @property {UploadTicket} [ticket] of an earlier try
 * @property {AbortSignal} signal
 * @property {(fraction: number) => void} onProgress
 * @property {(ticket: UploadTicket) => void} onTicket the image has an id: a next try goes to the same image
 *
 * @typedef {(transfer: Transfer) => Promise<string>} Transport sends a file; gives the id of its image
 */

/** Signed headers that a page cannot set: the browser sends them by itself. */
const BROWSERS_OWN = new Set(['content-length', 'host']);
/** A permission is used again only while there is time enough to begin. */
const TIME_TO_BEGIN = 30_000;

/**
 * @param {Config} config
 * @param {Api} api
 * @returns {Transport}
 */
export function transportOf(config, api) {
  return config.uploads === 'multipart' ? throughServer(api) : straightToS3(api);
}

/**
 * @param {Api} api
 * @returns {Transport}
 */
function throughServer(api) {
  return async ({ file, size, signal, onProgress }) => {
    const body = new FormData();
    for (const [side, pixels] of Object.entries(size)) body.append(side, String(pixels));
    body.append('image', file);
    const answer = await sendFile({ method: 'POST', url: api.imagesUrl, body, signal, onProgress });
    return /** @type {Image} */ (JSON.parse(answer)).imageId;
  };
}

/**
 * @param {Api} api
 * @returns {Transport}
 */
function straightToS3(api) {
  return async ({ file, contentType, size, ticket: earlier, signal, onProgress, onTicket }) => {
    if (isUsable(earlier)) {
      try {
        await sendWith(earlier, file, signal, onProgress);
        return earlier.imageId;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        // The answer to an earlier try was lost, not the file.
        if (error.code === 'PreconditionFailed') return earlier.imageId;
        if (error.status !== 403) throw error;
      }
    }
    const ticket = await api.requestUpload({ fileName: file.name, contentType, bytes: file.size, ...size }, signal);
    onTicket(ticket);
    await sendWith(ticket, file, signal, onProgress);
    return ticket.imageId;
  };
}

/**
 * @param {UploadTicket} ticket
 * @param {File} file
 * @param {AbortSignal} signal
 * @param {(fraction: number) => void} onProgress
 */
async function sendWith(ticket, file, signal, onProgress) {
  const { method, url, headers = {} } = ticket;
  const own = Object.entries(headers).filter(([name]) => !BROWSERS_OWN.has(name.toLowerCase()));
  const body = method === 'PUT' ? file : formOf(ticket, file);
  await sendFile({ method, url, headers: Object.fromEntries(own), body, signal, onProgress });
}

/**
 * @param {UploadTicket | undefined} ticket
 * @returns {ticket is UploadTicket}
 */
function isUsable(ticket) {
  return ticket?.expiresAt !== undefined && Date.parse(ticket.expiresAt) - Date.now() > TIME_TO_BEGIN;
}

/**
 * S3 reads the fields before the file, and nothing after it.
 * @param {UploadTicket} ticket
 * @param {File} file
 */
function formOf({ fields = {} }, file) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', file, file.name);
  return form;
}
