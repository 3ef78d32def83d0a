// @ts-check
import { fetcher } from '../vendor/uppy.js';
import { errorOf, NetworkError } from './errors.js';

/** Without a byte in either direction. */
const STALL = 60_000;

/**
 * Sends a body and tells how far it is.
 * @param {object} request
 * @param {'POST' | 'PUT'} request.method
 * @param {string} request.url
 * @param {Readonly<Record<string, string>>} [request.headers]
 * @param {FormData | Blob} request.body
 * @param {(fraction: number) => void} request.onProgress
 * @param {AbortSignal} request.signal
 * @returns {Promise<string>} the body of the answer
 */
export async function sendFile({ method, url, headers = {}, body, onProgress, signal }) {
  const stall = new AbortController();
  try {
    const { responseText } = await fetcher(url, {
      method,
      body,
      headers,
      // Tries are the gate's business: it knows how the others fare.
      retries: 0,
      timeout: STALL,
      onTimeout: () => stall.abort(),
      signal: AbortSignal.any([signal, stall.signal]),
      onUploadProgress: ({ lengthComputable, loaded, total }) => {
        if (lengthComputable && total > 0) onProgress(loaded / total);
      },
    });
    return responseText;
  } catch (error) {
    signal.throwIfAborted();
    const request = /** @type {{ request?: XMLHttpRequest | null }} */ (error).request;
    if (!request?.status) throw new NetworkError(error);
    throw errorOf(request.status, request.responseText, request.getResponseHeader('retry-after'));
  }
}
