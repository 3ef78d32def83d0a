// @ts-check
import { byId, fromTemplate, icon, setText } from './dom.js';
import { count, formatBytes } from './format.js';

/**
 * @typedef {import('./upload-queue.js').Upload} Upload
 * @typedef {import('./upload-queue.js').UploadQueue} UploadQueue
 */

/** How long a finished upload stays in the list. */
const FAREWELL = 4_000;

/** The panel of uploads: one row a file, apart from the gallery. */
export class UploadsView {
  /** @type {Map<number, ReturnType<typeof uploadRow>>} */
  #rows = new Map();

  /** @param {UploadQueue} queue */
  constructor(queue) {
    this.queue = queue;
    this.panel = byId('uploads', HTMLElement);
    this.list = byId('uploads-list', HTMLUListElement);
    this.summary = byId('uploads-summary', HTMLElement);
    this.clear = byId('uploads-clear', HTMLButtonElement);
    this.toggle = byId('uploads-toggle', HTMLButtonElement);
    this.clear.addEventListener('click', () => this.#dismiss(this.queue.uploads.filter(isOver)));
    this.toggle.addEventListener('click', () => this.#expand(this.list.hidden === true));
  }

  /** @param {Upload} upload */
  show(upload) {
    let row = this.#rows.get(upload.id);
    if (!row) {
      row = uploadRow(upload, this.queue, () => this.#dismiss([upload]));
      this.#rows.set(upload.id, row);
      this.list.append(row.root);
      this.#expand(true);
    }
    row.update(upload);
    if (upload.state === 'done') setTimeout(() => this.#leave(upload), FAREWELL);
    this.#summarise();
  }

  /** A finished upload goes by itself, unless somebody is reading. @param {Upload} upload */
  #leave(upload) {
    if (!this.#rows.has(upload.id)) return;
    if (this.panel.matches(':hover, :focus-within')) setTimeout(() => this.#leave(upload), FAREWELL);
    else this.#dismiss([upload]);
  }

  /** @param {readonly Upload[]} uploads */
  #dismiss(uploads) {
    const hadFocus = this.panel.contains(document.activeElement);
    for (const { id } of uploads) {
      this.queue.dismiss(id);
      this.#rows.get(id)?.root.remove();
      this.#rows.delete(id);
    }
    this.#summarise();
    if (hadFocus) (this.panel.hidden ? byId('choose', HTMLButtonElement) : this.toggle).focus();
  }

  /** @param {boolean} isExpanded */
  #expand(isExpanded) {
    this.list.hidden = !isExpanded;
    this.toggle.ariaExpanded = String(isExpanded);
  }

  #summarise() {
    const { uploads } = this.queue;
    const over = uploads.filter(isOver);
    const failed = uploads.filter(({ state }) => state === 'failed');
    this.panel.hidden = uploads.length === 0;
    document.body.classList.toggle('has-uploads', uploads.length > 0);
    this.clear.hidden = over.length === 0;
    setText(this.summary, summaryOf(uploads.length, over.length, failed.length));
  }
}

/**
 * @param {number} all
 * @param {number} over
 * @param {number} failed
 */
function summaryOf(all, over, failed) {
  if (over < all) return `Uploading ${count(all - over, 'file')}`;
  return failed > 0 ? `${count(failed, 'file')} not uploaded` : 'Uploads finished';
}

/** @param {Upload} upload */
function isOver({ state }) {
  return state !== 'waiting' && state !== 'sending';
}

/**
 * @param {Upload} upload
 * @param {UploadQueue} queue
 * @param {() => void} dismiss
 */
function uploadRow({ id, file }, queue, dismiss) {
  const { root, part } = fromTemplate('upload-template');
  const progress = part('progress', HTMLProgressElement);
  const buttons = { cancel: part('cancel'), retry: part('retry'), dismiss: part('dismiss') };
  setText(part('name'), file.name);
  part('name').title = file.name;
  progress.ariaLabel = `Upload of ${file.name}`;
  buttons.dismiss.append(icon('close'));
  buttons.cancel.ariaLabel = `Cancel ${file.name}`;
  buttons.retry.ariaLabel = `Retry ${file.name}`;
  buttons.dismiss.ariaLabel = `Dismiss ${file.name}`;
  buttons.cancel.addEventListener('click', () => queue.cancel(id));
  buttons.retry.addEventListener('click', () => queue.retry(id));
  buttons.dismiss.addEventListener('click', dismiss);

  /** @param {Upload} upload */
  const update = (upload) => {
    const hadFocus = root.contains(document.activeElement);
    root.dataset.state = upload.state;
    progress.hidden = upload.state !== 'sending' && upload.state !== 'waiting';
    progress.value = upload.progress;
    setText(part('state'), stateText(upload));
    buttons.cancel.hidden = isOver(upload);
    buttons.retry.hidden = !upload.retryable;
    buttons.dismiss.hidden = !isOver(upload);
    if (hadFocus && !root.contains(visible(document.activeElement))) Object.values(buttons).find((button) => !button.hidden)?.focus();
  };
  return { root, update };
}

/** @param {Element | null} focused */
function visible(focused) {
  return focused instanceof HTMLElement && !focused.hidden ? focused : null;
}

/** @param {Upload} upload */
function stateText({ state, progress, message, file }) {
  switch (state) {
    case 'waiting': return `Waiting · ${formatBytes(file.size)}`;
    case 'sending': return progress < 1 ? `${Math.floor(progress * 100)} % of ${formatBytes(file.size)}` : 'Nearly there';
    case 'done': return 'Uploaded';
    case 'cancelled': return 'Cancelled';
    case 'failed': return message ?? '';
  }
}
