// @ts-check
import { element, icon } from './dom.js';
import { isSettled } from './feed.js';
import { pictureKey, pictureOf } from './picture.js';

/** @typedef {import('./types.js').Image} Image */

const RELOADS = 2;

/** Where an image's picture is, will be, or cannot be. */
export class Stage {
  #key = '';
  #reloads = 0;

  /**
   * @param {HTMLElement} root
   * @param {object} options
   * @param {(ratio: number) => string} options.sizes
   * @param {boolean} options.isLazy
   * @param {(imageId: string) => Promise<Image | undefined>} options.reload the image with links that work
   */
  constructor(root, options) {
    this.root = root;
    this.options = options;
  }

  /** @param {Image} image */
  show(image) {
    const key = JSON.stringify([image.imageId, image.status, pictureKey(image)]);
    if (key === this.#key) return;
    this.#key = key;
    this.#reloads = 0;
    this.#draw(image);
  }

  /** An empty place, for an image whose links are not known yet. */
  clear() {
    this.#key = '';
    this.root.replaceChildren();
  }

  /** @param {Image} image */
  #draw(image) {
    const { sizes, isLazy } = this.options;
    const key = this.#key;
    if (image.status === 'FAILED') return this.#note('broken', 'No picture');
    if (!isSettled(image)) return this.#note(image.status === 'PENDING' ? 'clock' : 'retry', '', 'is-busy');
    const onError = () => {
      if (this.#key === key) void this.#reload(image, key);
    };
    const picture = pictureOf(image, { alt: image.fileName, sizes, isLazy, onError });
    if (picture) return this.root.replaceChildren(picture);
    return this.#note('image', 'No preview for this format');
  }

  /**
   * @param {Image} image
   * @param {string} key
   */
  async #reload(image, key) {
    this.#reloads += 1;
    const fresh = this.#reloads <= RELOADS ? await this.options.reload(image.imageId).catch(() => undefined) : undefined;
    if (this.#key !== key) return;
    if (fresh) return this.#draw(fresh);
    const again = element('button', { type: 'button', class: 'button' }, 'Load again');
    again.addEventListener('click', () => {
      this.#reloads = 0;
      void this.#reload(image, key);
    });
    this.#note('broken', 'The picture did not load').append(again);
  }

  /**
   * @param {string} symbol
   * @param {string} text
   * @param {string} [modifier]
   */
  #note(symbol, text, modifier = '') {
    const note = element('div', { class: `stage-note ${modifier}`.trim() }, icon(symbol));
    if (text) note.append(element('p', {}, text));
    this.root.replaceChildren(note);
    return note;
  }
}
