// @ts-check
import { confirmIn } from './confirm.js';
import { Details } from './details.js';
import { byId, setText } from './dom.js';
import { acceptDrops } from './drop-target.js';
import { Feed } from './feed.js';
import { formatsOf } from './file-rules.js';
import { formatBytes } from './format.js';
import { GalleryView } from './gallery-view.js';
import { EMPTY, requestMessage } from './messages.js';
import { Poller } from './poller.js';
import { RequestedSizeForm } from './requested-size.js';
import { transportOf } from './transports.js';
import { UploadQueue } from './upload-queue.js';
import { UploadsView } from './uploads-view.js';

/**
 * @typedef {import('./announcer.js').Announcer} Announcer
 * @typedef {import('./api.js').Api} Api
 * @typedef {import('./notices.js').Notices} Notices
 * @typedef {import('./types.js').Config} Config
 * @typedef {import('./types.js').Image} Image
 * @typedef {import('./types.js').Status} Status
 * @typedef {import('./upload-queue.js').Upload} Upload
 */

const LIVELY_PAUSE = 1_000;
const CALM_PAUSE = 10_000;
/** Links younger than this are taken to work. */
const LINK_AGE = 60_000;
const TICK = 15_000;

/** Connects the parts of the page. */
export class GalleryPage {
  /**
   * @param {Config} config
   * @param {Api} api
   * @param {Notices} notices
   * @param {Announcer} announcer
   */
  constructor(config, api, notices, announcer) {
    this.config = config;
    this.api = api;
    this.notices = notices;
    this.announcer = announcer;
    this.feed = new Feed(api, { onChange: () => this.#render(), onSettled: (image) => this.#tellSettled(image) });
    this.poller = new Poller({
      run: () => this.feed.sync(),
      pause: () => (this.feed.isLively || this.queue.isBusy ? LIVELY_PAUSE : CALM_PAUSE),
      onSuccess: () => this.#render(),
      onFailure: (error) => this.#tellTrouble(error),
    });
    this.queue = new UploadQueue(config, transportOf(config, api), {
      onChange: (upload) => this.#showUpload(upload),
      onStored: (imageId) => this.#background(this.feed.refresh(imageId).then(() => this.poller.nudge())),
      onAbandoned: (imageId) => this.#abandon(imageId),
    });
    this.uploads = new UploadsView(this.queue);
    this.requestedSize = new RequestedSizeForm(config.requestedSize);

    const reload = async (/** @type {string} */ imageId) => {
      await this.feed.refresh(imageId);
      return this.feed.find(imageId);
    };
    const freshen = (/** @type {string} */ imageId) => this.feed.freshen(imageId, LINK_AGE);
    const remove = config.deletes ? (/** @type {string} */ imageId) => this.#remove(imageId) : undefined;
    const heading = byId('images-title', HTMLElement);
    this.gallery = new GalleryView(byId('cards', HTMLElement), heading, {
      open: (imageId) => void this.details.open(imageId),
      remove: remove && ((imageId) => void remove(imageId)),
      freshen: (imageId) => this.#background(freshen(imageId)),
      reload,
    });
    this.details = new Details(byId('details', HTMLDialogElement), {
      images: () => this.feed.images,
      freshen,
      reload,
      remove,
      onClose: (imageId) => {
        if (!this.gallery.focus(imageId)) heading.focus();
      },
    });
  }

  start() {
    this.#bindAdding();
    byId('filter', HTMLFieldSetElement).addEventListener('change', (event) => {
      const { value } = /** @type {HTMLInputElement} */ (event.target);
      this.feed.filter(/** @type {Status} */ (value) || undefined);
      this.#reload();
    });
    const more = byId('more', HTMLButtonElement);
    more.addEventListener('click', () => void this.#more(more));
    window.addEventListener('beforeunload', (event) => {
      if (this.queue.isBusy) event.preventDefault();
    });
    setInterval(() => this.gallery.tick(), TICK);
    this.#reload();
  }

  #bindAdding() {
    const { contentTypes, maxBytes } = this.config;
    const picker = byId('files', HTMLInputElement);
    const choose = byId('choose', HTMLButtonElement);
    picker.accept = contentTypes.join(',');
    setText(byId('limits', HTMLElement), `${formatsOf(contentTypes)}${maxBytes ? `, up to ${formatBytes(maxBytes)} each` : ''}`);
    choose.addEventListener('click', () => picker.click());
    choose.disabled = false;
    picker.addEventListener('change', () => {
      this.#add([...(picker.files ?? [])]);
      // Choosing the same file again is a change, too.
      picker.value = '';
    });
    acceptDrops(byId('drop', HTMLElement), (files) => this.#add(files));
  }

  /** @param {File[]} files */
  #add(files) {
    const size = this.config.requestedSize ? this.requestedSize.read() : {};
    if (size) this.queue.add(files, size);
  }

  #reload() {
    this.notices.load();
    this.poller.nudge();
  }

  #render() {
    const { feed } = this;
    if (!feed.isLoaded) return;
    const { images } = feed;
    this.notices.settle(images.length === 0 && !feed.hasMore ? EMPTY[feed.status ?? ''] : undefined);
    this.gallery.show(images);
    this.details.update();
    byId('more', HTMLButtonElement).hidden = !feed.hasMore;
    setText(byId('count', HTMLElement), images.length === 0 ? '' : `${images.length}${feed.hasMore ? '+' : ''}`);
  }

  /** @param {HTMLButtonElement} button */
  async #more(button) {
    const last = this.feed.images.length;
    button.ariaDisabled = 'true';
    try {
      await this.feed.more();
      const first = this.feed.images[last];
      if (button.hidden && first) this.gallery.focus(first.imageId);
    } catch (error) {
      this.notices.tell(`No more images could be loaded. ${requestMessage(error)}`);
    } finally {
      button.ariaDisabled = 'false';
    }
  }

  /** @param {Upload} upload */
  #showUpload(upload) {
    const { file, state, message } = upload;
    this.uploads.show(upload);
    if (state === 'failed') this.announcer.say(`${file.name}: ${message}`);
    if (state === 'done') this.announcer.say(`${file.name} is uploaded.`);
  }

  /** A record without a file would wait for ever. @param {string} imageId */
  #abandon(imageId) {
    this.feed.hide(imageId);
    if (this.config.deletes) this.#background(this.api.remove(imageId));
  }

  /** @param {string} imageId */
  async #remove(imageId) {
    const name = this.feed.find(imageId)?.fileName ?? 'the image';
    const question = `${name} and all its versions will be gone for good.`;
    if (!await confirmIn(byId('confirm', HTMLDialogElement), byId('confirm-text', HTMLElement), question)) return false;
    this.#background(this.feed.remove(imageId).then(
      () => this.announcer.say(`${name} is deleted.`),
      (error) => this.notices.tell(`${name} could not be deleted. ${requestMessage(error)}`),
    ));
    return true;
  }

  /** @param {Image} image */
  #tellSettled({ fileName, status, failure }) {
    this.announcer.say(status === 'COMPLETED' ? `${fileName} is ready.` : `${fileName} failed: ${failure?.message ?? ''}`);
  }

  /** @param {unknown} error */
  #tellTrouble(error) {
    if (!this.feed.isLoaded) {
      this.notices.fail('The images could not be loaded', requestMessage(error), () => this.#reload());
    } else {
      this.notices.warn(`${requestMessage(error)} What you see may be out of date.`, () => this.poller.nudge());
    }
  }

  /** What may fail without a word: the next round of polling tells. @param {Promise<unknown>} work */
  #background(work) {
    work.catch(() => this.poller.nudge());
  }
}
