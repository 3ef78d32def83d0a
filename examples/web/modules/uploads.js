// @ts-check
import { TaskQueue } from '../vendor/uppy.js';
import { ApiError, FileError, NetworkError } from './errors.js';
import { checkFile, contentTypeOf } from './file-rules.js';
import { Gate } from './gate.js';
import { uploadMessage, uploadWord } from './messages.js';

/**
 * @typedef {import('./kept-uploads.js').KeptUploads} KeptUploads
 * @typedef {import('./transports.js').Transport} Transport
 * @typedef {import('./types.js').Config} Config
 * @typedef {import('./types.js').RequestedSize} RequestedSize
 * @typedef {import('./types.js').UploadTicket} UploadTicket
 *
 * @typedef {'waiting' | 'sending' | 'stored' | 'failed'} UploadState
 *
 * @typedef {object} Upload
 * @property {string} id
 * @property {File} file
 * @property {RequestedSize} size
 * @property {number} place when it was chosen, in milliseconds; no two are the same
 * @property {UploadState} state
 * @property {number} progress 0 to 1
 * @property {string} [imageId] of a stored one
 * @property {string} [message] why it failed
 * @property {string} [word] the same in a word or two
 * @property {boolean} isFinal whether trying again is of no use
 * @property {UploadTicket} [ticket]
 *
 * @typedef {Pick<Upload, 'id' | 'file' | 'size' | 'place' | 'ticket'>} ChosenFile
 *
 * @typedef {object} UploadListener
 * @property {(upload?: Upload) => void} onChange with what has changed, unless it is the whole
 * @property {(upload: Upload) => void} onStored a file is in S3
 * @property {(imageId: string) => void} onAbandoned no file will arrive for this image
 */

const PARALLEL = 3;
/** So often a file is tried while others get through. */
const TRIES = 4;
/** What has nothing to do with the file or with who sends it. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** The files on their way to S3, a few at a time, in the order in which they were chosen. */
export class Uploads {
  /** @type {Map<string, Upload>} */
  #uploads = new Map();
  /** @type {Map<string, (reason?: unknown) => void>} */
  #aborts = new Map();
  #queue = new TaskQueue({ concurrency: PARALLEL });
  /** How many have got through. */
  #successes = 0;
  #lastPlace = 0;

  /**
   * @param {Config} config
   * @param {Transport} transport
   * @param {KeptUploads} kept
   * @param {UploadListener} listener
   */
  constructor(config, transport, kept, listener) {
    this.config = config;
    this.transport = transport;
    this.kept = kept;
    this.listener = listener;
    this.gate = new Gate(() => listener.onChange());
  }

  /** In the order in which they were chosen. @returns {readonly Upload[]} */
  get all() {
    return [...this.#uploads.values()];
  }

  get isBusy() {
    return this.all.some(isUnderWay);
  }

  /**
   * @param {readonly File[]} files
   * @param {RequestedSize} size
   * @param {number} newest the place of the newest image, before which these come
   */
  add(files, size, newest) {
    const first = Math.max(Date.now(), newest + 1, this.#lastPlace + 1);
    this.#lastPlace = first + files.length;
    this.#begin(files.map((file, at) => ({ id: `${first + at}-${Math.random().toString(36).slice(2)}`, file, size, place: first + at })));
  }

  /** Goes on with what an earlier page has left. @param {readonly ChosenFile[]} left */
  restore(left) {
    this.#begin(left);
  }

  /** @param {readonly string[]} ids */
  cancel(ids) {
    for (const id of ids) {
      const upload = this.#uploads.get(id);
      this.#uploads.delete(id);
      this.#aborts.get(id)?.();
      if (upload?.ticket && upload.state !== 'stored') this.listener.onAbandoned(upload.ticket.imageId);
    }
    void this.kept.remove(ids);
    this.listener.onChange();
  }

  cancelAll() {
    this.cancel(this.all.filter(isUnderWay).map(({ id }) => id));
    this.gate.resume();
  }

  /** Forgets what is over. */
  clear() {
    this.cancel(this.all.filter((upload) => !isUnderWay(upload)).map(({ id }) => id));
  }

  /** Tries again what failed, and at once what waits for the end of an outage. */
  retryAll() {
    for (const { id } of this.all) this.retry(id);
    this.gate.tryNow();
  }

  /** @param {string} id */
  retry(id) {
    const upload = this.#uploads.get(id);
    if (upload?.state !== 'failed' || upload.isFinal) return;
    this.#set(upload, { state: 'waiting', progress: 0, message: undefined, word: undefined });
    this.#enqueue(upload);
  }

  /** @param {readonly ChosenFile[]} chosen */
  #begin(chosen) {
    for (const { id, file, size, place, ticket } of chosen) {
      /** @type {Upload} */
      const upload = { id, file, size, place, ticket, state: 'waiting', progress: 0, isFinal: false };
      this.#uploads.set(id, upload);
      try {
        checkFile(file, this.config);
      } catch (error) {
        this.#fail(upload, error);
        continue;
      }
      void this.kept.put({ id, file, size, place, ticket });
      this.#enqueue(upload);
    }
    this.listener.onChange();
  }

  /** @param {Upload} upload */
  #enqueue(upload) {
    const task = this.#queue.add((signal) => this.#send(upload, signal));
    this.#aborts.set(upload.id, task.abort);
    // What is cancelled has nothing more to say.
    task.catch(() => {}).finally(() => {
      if (this.#aborts.get(upload.id) === task.abort) this.#aborts.delete(upload.id);
    });
  }

  /**
   * @param {Upload} upload
   * @param {AbortSignal} cancelled
   */
  async #send(upload, cancelled) {
    let [tries, successes] = [0, this.#successes];
    for (;;) {
      await this.gate.pass(cancelled);
      this.#set(upload, { state: 'sending' });
      const { running } = this.gate;
      try {
        const imageId = await this.#sendOnce(upload, AbortSignal.any([cancelled, running]));
        this.#successes += 1;
        this.gate.succeed();
        void this.kept.remove([upload.id]);
        this.#set(upload, { state: 'stored', progress: 1, imageId });
        this.listener.onStored(upload);
        return;
      } catch (error) {
        const isOver = cancelled.aborted || running.aborted || !isPassing(error);
        if (isOver) this.gate.giveUp();
        else this.gate.fail(error instanceof ApiError ? error.retryAfter : undefined);
        cancelled.throwIfAborted();
        // While nobody gets through it is not this file's fault.
        if (this.#successes > successes) [tries, successes] = [tries + 1, this.#successes];
        if (!running.aborted && (isOver || tries >= TRIES)) return this.#fail(upload, error);
        this.#set(upload, { state: 'waiting', progress: 0 });
      }
    }
  }

  /**
   * @param {Upload} upload
   * @param {AbortSignal} signal
   */
  #sendOnce(upload, signal) {
    const { id, file, size, place } = upload;
    return this.transport({
      file,
      contentType: contentTypeOf(file),
      size,
      ticket: upload.ticket,
      signal,
      onProgress: (progress) => this.#set(upload, { progress }),
      onTicket: (ticket) => {
        this.#set(upload, { ticket });
        void this.kept.put({ id, file, size, place, ticket });
      },
    });
  }

  /**
   * @param {Upload} upload
   * @param {unknown} error
   */
  #fail(upload, error) {
    const isFinal = error instanceof FileError || (error instanceof ApiError && [400, 413, 415].includes(error.status));
    if (isFinal) void this.kept.remove([upload.id]);
    this.#set(upload, { state: 'failed', progress: 0, message: uploadMessage(error), word: uploadWord(error), isFinal });
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

/** @param {Upload} upload */
export function isUnderWay({ state }) {
  return state === 'waiting' || state === 'sending';
}

/** Whether the same file may well get through later. @param {unknown} error */
function isPassing(error) {
  return error instanceof NetworkError || (error instanceof ApiError && PASSING.has(error.status));
}
