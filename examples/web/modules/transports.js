// @ts-check
/** The two ways in which a file gets to S3: through the server, or straight there with a permission of the API. */

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
 * @property {AbortSignal} signal
 * @property {(fraction: number) => void} onProgress
 * @property {(imageId: string) => void} onNamed once the image has an id; there may be a record of it from now on
 *
 * @typedef {(transfer: Transfer) => Promise<void>} Transport
 */

/** Signed headers that a page cannot set: the browser sends them by itself. */
const BROWSERS_OWN = new Set(['content-length', 'host']);

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
  return async ({ file, size, signal, onProgress, onNamed }) => {
    const body = new FormData();
    for (const [side, pixels] of Object.entries(size)) body.append(side, String(pixels));
    body.append('image', file);
    const answer = await sendFile({ method: 'POST', url: api.imagesUrl, body, signal, onProgress });
    onNamed(/** @type {Image} */ (JSON.parse(answer)).imageId);
  };
}

/**
 * @param {Api} api
 * @returns {Transport}
 */
function straightToS3(api) {
  return async ({ file, contentType, size, signal, onProgress, onNamed }) => {
    const ticket = await api.requestUpload({ fileName: file.name, contentType, bytes: file.size, ...size }, signal);
    onNamed(ticket.imageId);
    const { method, url, headers = {} } = ticket;
    const own = Object.entries(headers).filter(([name]) => !BROWSERS_OWN.has(name.toLowerCase()));
    const body = method === 'PUT' ? file : formOf(ticket, file);
    await sendFile({ method, url, headers: Object.fromEntries(own), body, signal, onProgress });
  };
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
