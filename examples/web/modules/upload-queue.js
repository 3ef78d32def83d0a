// @ts-check
import { ApiError, FileError } from './errors.js';
import { checkFile, contentTypeOf } from './file-rules.js';
import { uploadMessage } from './messages.js';

/**
 * @typedef {import('./transports.js').Transport} Transport
 * @typedef {import('./types.js').Config} Config
 * @typedef {import('./types.js').RequestedSize} RequestedSize
 *
 * @typedef {'waiting' | 'sending' | 'done' | 'failed' | 'cancelled'} UploadState
 *
 * @typedef {object} Upload
 * @property {number} id
 * @property {File} file
 * @property {RequestedSize} size
 * @property {UploadState} state
 * @property {number} progress 0 to 1
 * @property {string} [imageId]
 * @property {string} [message] why it failed
 * @property {boolean} retryable
 *
 * @typedef {object} UploadListener
 * @property {(upload: Upload) => void} onChange
 * @property {(imageId: string) => void} onStored a file is in S3 as this image
 * @property {(imageId: string) => void} onAbandoned no file will arrive for this image
 */

const PARALLEL = 3;

/** Sends files, a few at a time, in the order in which they came. */
export class UploadQueue {
  /** @type {Map<number, Upload>} */
  #uploads = new Map();
  /** @type {Map<number, AbortController>} */
  #running = new Map();
  #lastId = 0;

  /**
   * @param {Config} config
   * @param {Transport} transport
   * @param {UploadListener} listener
   */
  constructor(config, transport, listener) {
    this.config = config;
    this.transport = transport;
    this.listener = listener;
  }

  /** @returns {readonly Upload[]} */
  get uploads() {
    return [...this.#uploads.values()];
  }

  get isBusy() {
    return this.uploads.some(({ state }) => state === 'waiting' || state === 'sending');
  }

  /**
   * @param {Iterable<File>} files
   * @param {RequestedSize} size
   */
  add(files, size) {
    for (const file of files) {
      this.#lastId += 1;
      /** @type {Upload} */
      const upload = { id: this.#lastId, file, size, state: 'waiting', progress: 0, retryable: false };
      this.#uploads.set(upload.id, upload);
      try {
        checkFile(file, this.config);
        this.listener.onChange(upload);
      } catch (error) {
        this.#fail(upload, error);
      }
    }
    this.#startNext();
  }

  /** @param {number} id */
  cancel(id) {
    const upload = this.#uploads.get(id);
    if (!upload || (upload.state !== 'waiting' && upload.state !== 'sending')) return;
    this.#set(upload, { state: 'cancelled', retryable: true });
    this.#running.get(id)?.abort();
  }

  /** @param {number} id */
  retry(id) {
    const upload = this.#uploads.get(id);
    if (!upload?.retryable) return;
    this.#set(upload, { state: 'waiting', progress: 0, message: undefined, retryable: false, imageId: undefined });
    this.#startNext();
  }

  /**
   * Forgets an upload that is over.
   * @param {number} id
   */
  dismiss(id) {
    this.cancel(id);
    this.#uploads.delete(id);
  }

  #startNext() {
    for (const upload of this.#uploads.values()) {
      if (this.#running.size >= PARALLEL) return;
      if (upload.state === 'waiting' && !this.#running.has(upload.id)) void this.#send(upload);
    }
  }

  /** @param {Upload} upload */
  async #send(upload) {
    const { id, file, size } = upload;
    const controller = new AbortController();
    this.#running.set(id, controller);
    this.#set(upload, { state: 'sending' });
    /** @type {string | undefined} */
    let imageId;
    try {
      await this.transport({
        file,
        contentType: contentTypeOf(file),
        size,
        signal: controller.signal,
        onProgress: (progress) => this.#set(upload, { progress }),
        onNamed: (name) => { imageId = name; },
      });
      this.#set(upload, { state: 'done', progress: 1, imageId });
      this.listener.onStored(/** @type {string} */ (imageId));
    } catch (error) {
      if (imageId) this.listener.onAbandoned(imageId);
      if (!controller.signal.aborted) this.#fail(upload, error);
    } finally {
      this.#running.delete(id);
      this.#startNext();
    }
  }

  /**
   * @param {Upload} upload
   * @param {unknown} error
   */
  #fail(upload, error) {
    const isFinal = error instanceof FileError || (error instanceof ApiError && [400, 413, 415].includes(error.status));
    this.#set(upload, { state: 'failed', message: uploadMessage(error), retryable: !isFinal });
  }

  /**
   * @param {Upload} upload
   * @param {Partial<Upload>} change
   */
  #set(upload, change) {
    Object.assign(upload, change);
    if (this.#uploads.has(upload.id)) this.listener.onChange(upload);
  }
}
