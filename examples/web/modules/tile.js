// @ts-check
import { fromTemplate, setText } from './dom.js';
import { formatBytes, formatPercent } from './format.js';
import { failureWord, ITEM_STATE } from './messages.js';
import { canSeeThrough, filesOf, pictureKey } from './picture.js';
import { placeholderOf } from './placeholder.js';

/**
 * @typedef {import('./album.js').Item} Item
 * @typedef {import('./layout.js').Box} Box
 * @typedef {import('./types.js').Image} Image
 *
 * @typedef {object} TileActions
 * @property {(file: File) => Promise<ImageBitmap | undefined>} preview
 * @property {(imageId: string) => Promise<Image | undefined>} reload the image with links that work
 * @property {(imageId: string) => File | undefined} fileOf
 */

const RELOADS = 2;

/** One image, or the file that becomes one. It stays the same element from the choice of the file on. */
export class Tile {
  #pictureKey = '';
  #reloads = 0;
  /** @type {Box | undefined} */
  #box;

  /**
   * @param {Item} item
   * @param {TileActions} actions
   */
  constructor(item, actions) {
    const { root, part } = fromTemplate('tile-template');
    this.root = root;
    this.part = part;
    this.actions = actions;
    this.item = item;
    root.dataset.key = item.key;
    this.link = part('open', HTMLAnchorElement);
    this.check = part('check', HTMLInputElement);
    this.picture = part('picture');
    setText(part('name'), item.name);
    this.check.ariaLabel = `Select ${item.name}`;
    if (item.upload && !item.image) void this.#drawFile(item.upload.file);
  }

  /** @param {Item} item */
  update(item) {
    const { image, upload, state, name } = this.item = item;
    const { root, part, link } = this;
    if (image) root.dataset.imageId = image.imageId;
    root.dataset.state = state;
    const failure = state === 'failed' ? image?.failure?.message : upload?.message;
    const word = ITEM_STATE[state];
    const short = state === 'failed' ? failureWord(image?.failure?.code) : upload?.word;
    link.title = failure ?? '';
    const note = short ?? (upload && state === 'sending' ? `${formatPercent(upload.progress)} of ${formatBytes(upload.file.size)}` : word);
    setText(part('state'), note);
    const label = `${name}, ${failure ? `${word}: ${failure}` : word}`;
    if (link.ariaLabel !== label) link.ariaLabel = label;
    const href = image ? `#image=${encodeURIComponent(image.imageId)}` : '#';
    if (link.getAttribute('href') !== href) link.setAttribute('href', href);
    const progress = part('progress', HTMLProgressElement);
    progress.hidden = state !== 'sending';
    if (upload) progress.value = upload.progress;
    part('retry').hidden = state !== 'refused' || upload?.isFinal === true;
    part('dismiss').hidden = state !== 'refused';
    this.check.hidden = !image;
    if (image && (state === 'ready' || state === 'failed')) this.#drawImage(image);
  }

  /**
   * Where the tile is. Moved, not placed: what is moved shifts nothing.
   * @param {Box} box
   * @param {number} at
   * @param {number} count
   */
  place(box, at, count) {
    const { style } = this.root;
    this.root.ariaPosInSet = String(at + 1);
    this.root.ariaSetSize = String(count);
    if (this.#box && this.#box.x === box.x && this.#box.y === box.y && this.#box.width === box.width && this.#box.height === box.height) return;
    this.#box = box;
    style.transform = `translate(${box.x}px, ${box.y}px)`;
    style.width = `${box.width}px`;
    style.height = `${box.height}px`;
    const img = this.picture.querySelector('img');
    if (img) img.sizes = `${Math.ceil(box.width)}px`;
  }

  /** @param {boolean} isSelected */
  select(isSelected) {
    this.check.checked = isSelected;
    this.root.classList.toggle('is-selected', isSelected);
  }

  /** @param {File} file */
  async #drawFile(file) {
    const bitmap = await this.actions.preview(file);
    if (!bitmap || this.picture.querySelector('img.is-loaded, canvas')) return;
    const canvas = document.createElement('canvas');
    canvas.width = bitmap.width;
    canvas.height = bitmap.height;
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    this.picture.prepend(canvas);
    this.root.classList.add('has-picture');
  }

  /** @param {Image} image */
  #drawImage(image) {
    const key = pictureKey(image);
    if (key === this.#pictureKey) return;
    this.#pictureKey = key;
    this.#reloads = 0;
    const file = this.actions.fileOf(image.imageId);
    if (file) void this.#drawFile(file);
    else if (!this.picture.firstElementChild) this.picture.append(placeholderOf(image.original?.thumbHash) ?? '');
    this.#load(image, key);
  }

  /**
   * @param {Image} image
   * @param {string} key
   */
  #load(image, key) {
    const files = filesOf(image);
    this.root.classList.toggle('is-see-through', canSeeThrough(image));
    const before = this.picture.querySelector('img');
    if (!files) {
      before?.remove();
      this.root.classList.toggle('has-no-picture', image.status !== 'FAILED');
      return;
    }
    const img = document.createElement('img');
    img.alt = '';
    img.decoding = 'async';
    img.addEventListener('load', () => {
      this.root.classList.add('has-picture');
      this.root.classList.remove('is-broken');
      img.classList.add('is-loaded');
      this.picture.querySelector('.placeholder')?.remove();
      before?.remove();
    });
    img.addEventListener('error', () => {
      img.remove();
      if (this.#pictureKey === key) void this.#reload(image, key);
    });
    img.sizes = `${Math.ceil(this.#box?.width ?? 300)}px`;
    // The source is set last: from then on the browser loads what it has seen by then.
    img.srcset = files.srcset;
    img.src = files.src;
    this.picture.append(img);
  }

  /** Links expire. @param {Image} image @param {string} key */
  async #reload(image, key) {
    this.#reloads += 1;
    const fresh = this.#reloads <= RELOADS ? await this.actions.reload(image.imageId).catch(() => undefined) : undefined;
    if (this.#pictureKey !== key) return;
    if (fresh) this.#load(fresh, key);
    else this.root.classList.add('is-broken');
  }
}
