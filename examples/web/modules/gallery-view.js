// @ts-check
import { ImageCard } from './card.js';

/**
 * @typedef {import('./card.js').CardActions} CardActions
 * @typedef {import('./types.js').Image} Image
 */

/** The grid of cards: what stays is kept, so that nothing jumps and the focus stays where it is. */
export class GalleryView {
  /** @type {Map<string, ImageCard>} */
  #cards = new Map();

  /**
   * @param {HTMLElement} list
   * @param {HTMLElement} heading gets the focus when the last card has gone
   * @param {CardActions} actions
   */
  constructor(list, heading, actions) {
    this.list = list;
    this.heading = heading;
    this.actions = actions;
  }

  /** @param {readonly Image[]} images */
  show(images) {
    const left = this.#remove(new Set(images.map(({ imageId }) => imageId)));
    let at = this.list.firstElementChild;
    for (const image of images) {
      const card = this.#cards.get(image.imageId) ?? this.#add(image);
      card.update(image);
      if (card.root === at) at = at.nextElementSibling;
      else this.list.insertBefore(card.root, at);
    }
    if (left !== undefined) this.#focusAt(left);
  }

  /** Lets the ages of the images grow. */
  tick() {
    const now = Date.now();
    for (const card of this.#cards.values()) card.tick(now);
  }

  /**
   * @param {string} imageId
   * @returns {boolean} whether the image is shown
   */
  focus(imageId) {
    const card = this.#cards.get(imageId);
    card?.openButton.focus();
    return card !== undefined;
  }

  /** @param {Image} image */
  #add(image) {
    const card = new ImageCard(image, this.actions);
    this.#cards.set(image.imageId, card);
    return card;
  }

  /**
   * @param {ReadonlySet<string>} kept
   * @returns {number | undefined} the place of the card that had the focus
   */
  #remove(kept) {
    /** @type {number | undefined} */
    let left;
    [...this.list.children].forEach((root, at) => {
      const imageId = /** @type {HTMLElement} */ (root).dataset.imageId ?? '';
      if (kept.has(imageId)) return;
      if (root.contains(document.activeElement)) left = at;
      root.remove();
      this.#cards.delete(imageId);
    });
    return left;
  }

  /** @param {number} place */
  #focusAt(place) {
    const next = this.list.children[Math.min(place, this.list.children.length - 1)];
    if (!(next instanceof HTMLElement) || !this.focus(next.dataset.imageId ?? '')) this.heading.focus();
  }
}
