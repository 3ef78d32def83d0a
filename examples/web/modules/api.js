// @ts-check
import { ApiError, errorOf, NetworkError } from './errors.js';

/**
 * @typedef {import('./types.js').Image} Image
 * @typedef {import('./types.js').ImagePage} ImagePage
 * @typedef {import('./types.js').Status} Status
 * @typedef {import('./types.js').UploadTicket} UploadTicket
 * @typedef {{ fileName: string, contentType: string, bytes: number, width?: number, height?: number }} UploadRequest
 */

const TIMEOUT = 15_000;

/** The back end's JSON API. Every method throws an ApiError or a NetworkError, or the reason of the `signal`. */
export class Api {
  /** @param {string} base */
  constructor(base) {
    this.base = base;
  }

  /** Where images are posted to in multipart mode. */
  get imagesUrl() {
    return `${this.base}/images`;
  }

  /**
   * @param {{ status?: Status, limit: number, cursor?: string }} query
   * @returns {Promise<ImagePage>}
   */
  list({ status, limit, cursor }) {
    const query = new URLSearchParams({ limit: String(limit) });
    if (status) query.set('status', status);
    if (cursor) query.set('cursor', cursor);
    return this.#json(`${this.imagesUrl}?${query}`);
  }

  /**
   * @param {string} imageId
   * @returns {Promise<Image | undefined>} nothing when there is no such image
   */
  async get(imageId) {
    return unlessGone(this.#json(this.#imageUrl(imageId)));
  }

  /**
   * Asks for the removal of an image; one that is gone already is fine.
   * @param {string} imageId
   * @param {boolean} [keepalive] the request outlives the page
   */
  async remove(imageId, keepalive = false) {
    await unlessGone(this.#json(this.#imageUrl(imageId), { method: 'DELETE', keepalive }));
  }

  /**
   * @param {UploadRequest} request
   * @param {AbortSignal} signal
   * @returns {Promise<UploadTicket>}
   */
  requestUpload(request, signal) {
    return this.#json(`${this.base}/uploads`, {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(request), signal,
    });
  }

  /** @param {string} imageId */
  #imageUrl(imageId) {
    return `${this.imagesUrl}/${encodeURIComponent(imageId)}`;
  }

  /**
   * @param {string} url
   * @param {RequestInit} [init]
   */
  async #json(url, init = {}) {
    const timeout = AbortSignal.timeout(TIMEOUT);
    const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    try {
      const response = await fetch(url, { cache: 'no-cache', ...init, signal });
      const body = await response.text();
      if (!response.ok) throw errorOf(response.status, body, response.headers.get('retry-after'));
      return JSON.parse(body);
    } catch (error) {
      init.signal?.throwIfAborted();
      // Whatever is no JSON, such as the login page of a network, is no answer of the API.
      throw error instanceof ApiError ? error : new NetworkError(error);
    }
  }
}

/**
 * @template T
 * @param {Promise<T>} answer
 */
async function unlessGone(answer) {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}
