// @ts-check
import { Album, totalsOf, viewed } from './album.js';
import { byId, setText } from './dom.js';
import { download } from './download.js';
import { acceptDrops } from './drop-target.js';
import { Feed, isSettled } from './feed.js';
import { formatsOf, sortOut } from './file-rules.js';
import { count, formatBytes, formatLimit, isolated } from './format.js';
import { Grid } from './grid.js';
import { KeptUploads } from './kept-uploads.js';
import { nothingMessage, requestMessage } from './messages.js';
import { Poller } from './poller.js';
import { Previews } from './previews.js';
import { RequestedSizeForm } from './requested-size.js';
import { loadSamples } from './samples.js';
import { Selection } from './selection.js';
import { Toasts } from './toasts.js';
import { transportOf } from './transports.js';
import { Trash } from './trash.js';
import { UploadBar } from './upload-bar.js';
import { Uploads } from './uploads.js';
import { Viewer } from './viewer.js';

/**
 * @typedef {import('./album.js').Item} Item
 * @typedef {import('./album.js').View} View
 * @typedef {import('./announcer.js').Announcer} Announcer
 * @typedef {import('./api.js').Api} Api
 * @typedef {import('./notices.js').Notices} Notices
 * @typedef {import('./types.js').Config} Config
 * @typedef {import('./types.js').Image} Image
 * @typedef {import('./uploads.js').Upload} Upload
 */

const LIVELY_PAUSE = 1_000;
const CALM_PAUSE = 10_000;
/** Why a file was not uploaded takes longer to read than that something is done. */
const REASON_LASTS = 12_000;

/** Connects the parts of the page. */
export class GalleryPage {
  /** @type {View} */
  #view = { text: '', filter: '', order: 'newest', problems: new Set() };
  /** @type {Item[]} */
  #items = [];
  #isScheduled = false;

  /**
   * @param {Config} config
   * @param {Api} api
   * @param {Notices} notices
   * @param {Announcer} announcer
   */
  constructor(config, api, notices, announcer) {
    this.config = config;
    this.notices = notices;
    this.announcer = announcer;
    this.toasts = new Toasts();
    this.feed = new Feed(api, { onChange: () => this.#renderSoon(), onSettled: (image) => this.#tellSettled(image) });
    this.kept = new KeptUploads();
    this.uploads = new Uploads(config, transportOf(config, api), this.kept, {
      onChange: (upload) => this.#uploadChanged(upload),
      onStored: (upload) => this.#stored(upload),
      onAbandoned: (imageId) => {
        if (config.deletes) this.#background(api.remove(imageId));
      },
    });
    this.album = new Album(this.feed, this.uploads);
    this.trash = new Trash(api, this.feed, this.toasts);
    this.poller = new Poller({
      run: () => this.feed.sync(),
      pause: () => (this.feed.isLively || this.uploads.isBusy ? LIVELY_PAUSE : CALM_PAUSE),
      onSuccess: () => this.#renderSoon(),
      onFailure: (error) => this.#tellTrouble(error),
    });
    this.bar = new UploadBar(this.uploads, {
      find: (imageId) => this.feed.find(imageId),
      showProblems: (ids) => this.#look({ text: '', filter: 'problems', problems: new Set(ids) }),
      onDone: () => this.uploads.clear(),
    });
    this.requestedSize = new RequestedSizeForm(config.requestedSize);
    const remove = config.deletes ? (/** @type {readonly string[]} */ imageIds) => this.trash.put(imageIds, () => this.#renderSoon()) : undefined;
    this.selection = new Selection({
      keys: () => this.#items.filter(({ image }) => image).map(({ key }) => key),
      onChange: () => this.grid?.showSelection(),
      remove: remove && ((keys) => remove(this.#idsOf(keys))),
      download: (keys) => void this.#download(this.#idsOf(keys)),
    });
    this.viewer = new Viewer({
      images: () => this.#items.flatMap(({ image }) => (image && isSettled(image) ? [image] : [])),
      full: (imageId) => this.feed.full(imageId),
      remove: remove && ((imageId) => remove([imageId])),
      onClose: (imageId) => this.#returnTo(imageId),
      tell: (text) => this.toasts.show(text),
      holdMessages: (dialog) => this.toasts.moveTo(dialog),
    });
    this.previews = new Previews();
    this.grid = new Grid(byId('grid', HTMLElement), {
      preview: (file) => this.previews.of(file),
      reload: (imageId) => this.feed.reload(imageId),
      fileOf: (imageId) => this.album.fileOf(imageId),
      open: (key) => this.#open(key),
      select: (key, isRange) => this.selection.toggle(key, isRange),
      isSelected: (key) => this.selection.has(key),
      retry: (key) => this.uploads.retry(key),
      dismiss: (key) => this.uploads.cancel([key]),
      onEnd: () => {
        if (this.feed.hasMore) this.#background(this.feed.more());
      },
    });
  }

  async start() {
    this.#bindAdding();
    this.#bindView();
    window.addEventListener('beforeunload', (event) => {
      if (this.uploads.isBusy) event.preventDefault();
    });
    this.#reload();
    await this.#offerLeft();
  }

  #bindAdding() {
    const { contentTypes, maxBytes } = this.config;
    setText(byId('limits', HTMLElement), `${formatsOf(contentTypes)}${maxBytes ? `, up to ${formatLimit(maxBytes)} each` : ''}`);
    for (const [id, buttons] of /** @type {const} */ ([['files', ['add', 'choose']], ['folder', ['add-folder', 'choose-folder']], ['photo', ['camera']]])) {
      const picker = byId(id, HTMLInputElement);
      if (id !== 'folder') picker.accept = contentTypes.join(',');
      for (const button of buttons) {
        byId(button, HTMLButtonElement).addEventListener('click', () => picker.click());
        byId(button, HTMLButtonElement).disabled = false;
      }
      picker.addEventListener('change', () => {
        this.#add([...(picker.files ?? [])]);
        // Choosing the same file again is a change, too.
        picker.value = '';
      });
    }
    acceptDrops(byId('drop', HTMLElement), (files) => this.#add(files));
    byId('samples', HTMLButtonElement).addEventListener('click', () => {
      loadSamples().then((files) => this.#add(files), () => this.toasts.show('The samples could not be loaded.'));
    });
  }

  #bindView() {
    byId('search', HTMLInputElement).addEventListener('input', (event) => this.#look({ text: /** @type {HTMLInputElement} */ (event.target).value }));
    byId('filter', HTMLFieldSetElement).addEventListener('change', (event) => this.#look({ filter: /** @type {View['filter']} */ (/** @type {HTMLInputElement} */ (event.target).value) }));
    byId('order', HTMLSelectElement).addEventListener('change', (event) => this.#look({ order: /** @type {View['order']} */ (/** @type {HTMLSelectElement} */ (event.target).value) }));
    byId('nothing-clear', HTMLButtonElement).addEventListener('click', () => {
      this.#look({ text: '', filter: '' });
      byId('images-title', HTMLElement).focus();
    });
  }

  /** @param {Partial<View>} change */
  #look(change) {
    this.#view = { ...this.#view, ...change };
    const { text, filter, order } = this.#view;
    const search = byId('search', HTMLInputElement);
    if (search.value !== text) search.value = text;
    byId('problems', HTMLElement).hidden = filter !== 'problems';
    const radio = byId('filter', HTMLFieldSetElement).querySelector(`[value="${filter}"]`);
    if (radio instanceof HTMLInputElement) radio.checked = true;
    this.#renderSoon();
    // What cannot be told from a part needs all of them.
    if (text || filter || order !== 'newest') this.#background(this.feed.all());
  }

  /** @param {File[]} files */
  #add(files) {
    const size = this.config.requestedSize ? this.requestedSize.read() : {};
    if (!size) return;
    if (!this.uploads.isBusy && !this.feed.isLively) this.uploads.clear();
    const { wanted, skipped } = sortOut(files, this.config);
    if (files.length > 0 && wanted.length + skipped.length === 0) this.toasts.show('There are no images in this folder.');
    this.bar.skip(skipped.map(({ name }) => name));
    this.uploads.add(wanted, size, this.album.newestPlace);
    this.poller.nudge();
  }

  /** What an earlier page could not finish. */
  async #offerLeft() {
    const left = await this.kept.left();
    if (left.length === 0) return;
    const bytes = left.reduce((sum, { file }) => sum + file.size, 0);
    const offer = byId('left', HTMLElement);
    setText(byId('left-text', HTMLElement), `${count(left.length, 'file')} (${formatBytes(bytes)}) ${left.length === 1 ? 'was' : 'were'} not uploaded yet.`);
    offer.hidden = false;
    byId('left-go-on', HTMLButtonElement).addEventListener('click', () => {
      offer.hidden = true;
      this.uploads.restore(left);
      this.poller.nudge();
    }, { once: true });
    byId('left-discard', HTMLButtonElement).addEventListener('click', () => {
      offer.hidden = true;
      void this.kept.remove(left.map(({ id }) => id));
      for (const { ticket } of left) if (ticket && this.config.deletes) this.#background(this.feed.api.remove(ticket.imageId));
    }, { once: true });
  }

  #reload() {
    this.notices.load();
    this.poller.nudge();
  }

  #renderSoon() {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      this.#render();
    });
  }

  #render() {
    const { feed, album } = this;
    const all = album.items;
    if (!feed.isLoaded && all.length === 0) return;
    // A page of a list may be empty and not be its end.
    if (all.length === 0 && feed.hasMore) return this.#background(feed.more());
    this.#items = viewed(all, this.#view);
    this.#showTotals(all);
    this.notices.settle(this.#items.length > 0 ? 'grid' : all.length === 0 && !feed.hasMore ? 'welcome' : 'nothing');
    setText(byId('nothing-text', HTMLElement), nothingMessage(this.#view));
    this.selection.update();
    this.grid.showNames(this.#view.text.trim() !== '');
    this.grid.show(this.#items);
    this.viewer.update();
    this.bar.update();
    if (!this.#hasStarted) void this.#started();
  }

  #hasStarted = false;

  async #started() {
    if (!this.feed.isLoaded) return;
    this.#hasStarted = true;
    this.#background(this.feed.failed());
    await this.viewer.start();
  }

  /** @param {readonly Item[]} all */
  #showTotals(all) {
    const { images, failed, busy, bytes, saved } = totalsOf(all);
    const more = this.feed.hasMore ? '+' : '';
    const saving = bytes > 0 ? `, ${formatBytes(saved)} saved (${Math.round((100 * saved) / bytes)} %)` : '';
    const total = `${images.toLocaleString('en-GB')}${more} image${images === 1 ? '' : 's'}`;
    const found = this.#items.filter(({ state }) => state !== 'refused').length;
    const words = this.#view.text.trim() ? `${found.toLocaleString('en-GB')} of ${total}` : `${total}${saving}`;
    setText(byId('totals', HTMLElement), images > 0 ? words : '');
    setText(byId('problems-count', HTMLElement), `This upload (${[...this.#view.problems].filter((key) => all.some((item) => item.key === key)).length})`);
    setText(byId('failed-count', HTMLElement), failed > 0 ? `Failed (${failed})` : 'Failed');
    setText(byId('busy-count', HTMLElement), busy > 0 ? `In progress (${busy})` : 'In progress');
  }

  /** @param {Upload} [upload] */
  #uploadChanged(upload) {
    if (upload?.state === 'failed') this.announcer.say(`${upload.file.name}: ${upload.message}`);
    this.#renderSoon();
  }

  /** @param {Upload} upload */
  #stored(upload) {
    this.album.join(upload);
    this.#background(this.feed.refresh(/** @type {string} */ (upload.imageId)).then(() => this.poller.nudge()));
  }

  /** @param {string} key */
  #open(key) {
    const { image, state, name, upload } = this.#items.find((item) => item.key === key) ?? {};
    if (state === 'refused' && name) this.toasts.show(`${isolated(name)}: ${upload?.message ?? ''}`, { lasts: REASON_LASTS });
    if (image && isSettled(image)) void this.viewer.open(image.imageId);
  }

  /** @param {string} imageId */
  #returnTo(imageId) {
    const item = this.#items.find(({ image }) => image?.imageId === imageId);
    if (!this.grid.focus(item?.key)) byId('images-title', HTMLElement).focus();
  }

  /** @param {readonly string[]} keys */
  #idsOf(keys) {
    const wanted = new Set(keys);
    return this.#items.filter(({ key, image }) => image && wanted.has(key)).map(({ image }) => /** @type {Image} */ (image).imageId);
  }

  /** @param {readonly string[]} imageIds */
  async #download(imageIds) {
    const failed = await download(imageIds, (imageId) => this.feed.full(imageId));
    if (failed > 0) this.toasts.show(`${count(failed, 'image')} could not be downloaded.`);
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
