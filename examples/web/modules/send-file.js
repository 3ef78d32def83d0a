// @ts-check
import { errorOf, NetworkError } from './errors.js';

/**
 * Sends a body and tells how far it is: the one thing that `fetch` cannot do.
 * @param {object} request
 * @param {'POST' | 'PUT'} request.method
 * @param {string} request.url
 * @param {Readonly<Record<string, string>>} [request.headers]
 * @param {FormData | Blob} request.body
 * @param {(fraction: number) => void} request.onProgress
 * @param {AbortSignal} request.signal
 * @returns {Promise<string>} the body of the answer
 */
export function sendFile({ method, url, headers = {}, body, onProgress, signal }) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.addEventListener('progress', ({ lengthComputable, loaded, total }) => {
      if (lengthComputable && total > 0) onProgress(loaded / total);
    });
    request.addEventListener('load', () => {
      const { status, responseText } = request;
      if (status >= 200 && status < 300) resolve(responseText);
      else reject(errorOf(status, responseText));
    });
    request.addEventListener('error', () => reject(new NetworkError()));
    request.addEventListener('abort', () => reject(signal.reason));
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));
    signal.addEventListener('abort', abort);
    request.send(body);
  });
}
