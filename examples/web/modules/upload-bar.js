// @ts-check
import { savedBytes } from './album.js';
import { byId, setText } from './dom.js';
import { isSettled } from './feed.js';
import { count, formatBytes, formatDuration, formatShare, isolated } from './format.js';
import { leftOutMessage } from './messages.js';
import { isUnderWay } from './uploads.js';

/**
 * @typedef {import('./types.js').Image} Image
 * @typedef {import('./uploads.js').Upload} Upload
 * @typedef {import('./uploads.js').Uploads} Uploads
 *
 * @typedef {object} UploadBarActions
 * @property {(imageId: string) => Image | undefined} find
 * @property {(ids: readonly string[]) => void} showProblems of these uploads
 * @property {() => void} onDone everything has come to its end, and somebody has seen it
 */

/** By how much of the last seconds the speed is told. */
const WINDOW = 8_000;
/** How long the last words stay. */
const FAREWELL = 8_000;

/** One bar for all that is on its way: sending, then making sizes, then what was saved. */
export class UploadBar {
  /** @type {{ at: number, sent: number }[]} */
  #samples = [];
  /** @type {string[]} names */
  #skipped = [];
  /** @type {readonly string[]} ids of what was not uploaded, or failed */
  #problems = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #farewell;
  #isScheduled = false;

  /**
   * @param {Uploads} uploads
   * @param {UploadBarActions} actions
   */
  constructor(uploads, actions) {
    this.uploads = uploads;
    this.actions = actions;
    this.root = byId('upload-bar', HTMLElement);
    this.text = byId('upload-text', HTMLElement);
    this.hint = byId('upload-hint', HTMLElement);
    this.progress = byId('upload-progress', HTMLProgressElement);
    this.pause = byId('upload-pause', HTMLButtonElement);
    this.cancel = byId('upload-cancel', HTMLButtonElement);
    this.retry = byId('upload-retry', HTMLButtonElement);
    this.failed = byId('upload-failed', HTMLButtonElement);
    this.close = byId('upload-close', HTMLButtonElement);
    this.pause.addEventListener('click', () => (uploads.gate.isPaused ? uploads.gate.resume() : uploads.gate.pause()));
    this.cancel.addEventListener('click', () => uploads.cancelAll());
    this.retry.addEventListener('click', () => uploads.retryAll());
    this.failed.addEventListener('click', () => actions.showProblems(this.#problems));
    this.close.addEventListener('click', () => this.#leave());
    setInterval(() => this.update(), 1000);
  }

  /** @param {readonly string[]} names of files in folders that are no images */
  skip(names) {
    this.#skipped.push(...names);
    this.update();
  }

  /** What has changed is drawn once for each picture of the screen. */
  update() {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      this.#draw();
    });
  }

  #draw() {
    const { uploads: { all, gate }, actions } = this;
    const hadFocus = this.root.contains(document.activeElement);
    this.root.hidden = all.length === 0 && this.#skipped.length === 0;
    document.body.classList.toggle('has-uploads', !this.root.hidden);
    if (this.root.hidden) return;

    const left = all.filter(isUnderWay);
    const failed = all.filter(({ state }) => state === 'failed');
    const images = all.filter(({ state }) => state === 'stored').map(({ imageId }) => actions.find(imageId ?? ''));
    const settled = images.filter((image) => !image || isSettled(image));
    const isDone = left.length === 0 && settled.length === images.length;
    if (left.length > 0) this.#drawSending(all.filter(({ state }) => state !== 'failed'));
    else this.#drawMaking(images, settled, failed.length, isDone);

    this.pause.hidden = this.cancel.hidden = left.length === 0;
    setText(this.pause, gate.isPaused ? 'Go on' : 'Pause');
    const isDown = gate.isDown && !gate.isPaused && left.length > 0;
    const canRetry = failed.some(({ isFinal }) => !isFinal);
    this.retry.hidden = !isDown && !canRetry;
    setText(this.retry, isDown ? 'Try now' : 'Retry all');
    this.#problems = all.filter(({ state, imageId }) => state === 'failed' || actions.find(imageId ?? '')?.status === 'FAILED').map(({ id }) => id);
    this.failed.hidden = this.#problems.length === 0;
    setText(this.failed, `Show ${count(this.#problems.length, 'problem')}`);
    this.close.hidden = !isDone;
    this.root.dataset.state = isDown ? 'down' : gate.isPaused && left.length > 0 ? 'paused' : isDone ? 'done' : 'busy';
    this.#sayGoodbye(isDone && this.#problems.length === 0);
    if (hadFocus && document.activeElement === document.body) [this.pause, this.retry, this.failed, this.close].find(({ hidden }) => !hidden)?.focus();
  }

  /** @param {readonly Upload[]} uploads without those that failed */
  #drawSending(uploads) {
    const { gate } = this.uploads;
    const total = uploads.reduce((sum, { file }) => sum + file.size, 0);
    const sent = uploads.reduce((sum, { file, progress }) => sum + file.size * progress, 0);
    const done = uploads.filter(({ state }) => state === 'stored').length;
    const parts = [`${done} of ${uploads.length}`, formatShare(sent, total)];
    const now = Date.now();
    this.#samples = [...this.#samples.filter(({ at }) => now - at < WINDOW), { at: now, sent }];
    const [first] = this.#samples;
    const speed = now > first.at ? (sent - first.sent) / (now - first.at) : 0;
    if (!gate.isPaused && !gate.isDown && speed > 0) parts.push(`${formatDuration((total - sent) / speed)} left`);
    setText(this.text, `${gate.isPaused ? 'Paused' : 'Uploading'} ${parts.join(', ')}`);
    setText(this.hint, this.#hint(gate.isDown && !gate.isPaused ? outage(gate.nextTryAt - now) : ''));
    this.progress.hidden = false;
    this.progress.max = Math.max(1, total);
    this.progress.value = sent;
    this.progress.ariaLabel = 'Uploading';
  }

  /**
   * @param {readonly (Image | undefined)[]} images
   * @param {readonly (Image | undefined)[]} settled
   * @param {number} refused
   * @param {boolean} isDone
   */
  #drawMaking(images, settled, refused, isDone) {
    this.#samples = [];
    this.progress.hidden = isDone;
    this.progress.max = Math.max(1, images.length);
    this.progress.value = settled.length;
    this.progress.ariaLabel = 'Making sizes';
    if (!isDone) {
      setText(this.text, `Making sizes ${settled.length} of ${images.length}`);
      setText(this.hint, this.#hint(''));
      return;
    }
    const ready = settled.filter((image) => image?.status === 'COMPLETED');
    const broken = settled.length - ready.length;
    const bytes = ready.reduce((sum, image) => sum + (image?.original?.bytes ?? 0), 0);
    const saved = ready.reduce((sum, image) => sum + (savedBytes(image) ?? 0), 0);
    const words = [ready.length > 0 ? `${count(ready.length, 'image')} ready` : '', broken > 0 ? `${broken} failed` : '', refused > 0 ? `${refused} not uploaded` : ''];
    setText(this.text, words.filter(Boolean).join(', ') || 'Nothing to upload');
    setText(this.hint, this.#hint(bytes > 0 ? `${formatBytes(bytes)} became ${formatBytes(bytes - saved)}: ${Math.round((100 * saved) / bytes)} % saved` : ''));
  }

  /** @param {string} text */
  #hint(text) {
    const skipped = this.#skipped.length > 0 ? leftOutMessage(this.#skipped.map(isolated)) : '';
    return [text, skipped].filter(Boolean).join(' · ');
  }

  /** @param {boolean} isOver */
  #sayGoodbye(isOver) {
    if (!isOver) {
      clearTimeout(this.#farewell);
      this.#farewell = undefined;
    } else {
      this.#farewell ??= setTimeout(() => {
        this.#farewell = undefined;
        // Not while somebody reads.
        if (this.root.matches(':hover, :focus-within')) this.update();
        else this.#leave();
      }, FAREWELL);
    }
  }

  #leave() {
    this.#sayGoodbye(false);
    this.#skipped = [];
    this.actions.onDone();
    this.update();
  }
}

/** @param {number} wait */
function outage(wait) {
  const when = wait > 0 ? `trying again in ${formatDuration(wait)}` : 'trying again';
  return `${navigator.onLine ? 'The server does not answer' : 'You are offline'}: ${when}`;
}
