// @ts-check
import { count, isolated } from './format.js';
import { requestMessage } from './messages.js';

/**
 * @typedef {import('./api.js').Api} Api
 * @typedef {import('./feed.js').Feed} Feed
 * @typedef {import('./toasts.js').Toasts} Toasts
 */

/** How long a deletion can be taken back. */
const UNDO = 8_000;
const PARALLEL = 4;

/** Deletions: the images are out of sight at once, and gone when nobody has taken it back in time. */
export class Trash {
  /** @type {Set<string>} not deleted yet */
  #waiting = new Set();

  /**
   * @param {Api} api
   * @param {Feed} feed
   * @param {Toasts} toasts
   */
  constructor(api, feed, toasts) {
    this.api = api;
    this.feed = feed;
    this.toasts = toasts;
    // Who leaves the page has not taken it back.
    window.addEventListener('pagehide', () => void this.#empty([...this.#waiting], true));
  }

  /**
   * @param {readonly string[]} imageIds
   * @param {() => void} onUndo
   */
  put(imageIds, onUndo) {
    if (imageIds.length === 0) return;
    const single = imageIds.length === 1 ? this.feed.find(imageIds[0]) : undefined;
    const name = single ? isolated(single.fileName) : count(imageIds.length, 'image');
    this.feed.hide(imageIds);
    for (const imageId of imageIds) this.#waiting.add(imageId);
    this.toasts.show(`${name} deleted.`, {
      lasts: UNDO,
      action: { text: 'Undo', run: () => {
        for (const imageId of imageIds) this.#waiting.delete(imageId);
        this.feed.unhide(imageIds);
        onUndo();
      } },
      onEnd: () => void this.#empty(imageIds.filter((imageId) => this.#waiting.has(imageId)), false),
    });
  }

  /**
   * @param {readonly string[]} imageIds
   * @param {boolean} isLast the page goes
   */
  async #empty(imageIds, isLast) {
    for (const imageId of imageIds) this.#waiting.delete(imageId);
    const left = [...imageIds];
    /** @type {unknown[]} */
    const errors = [];
    const work = async () => {
      for (let imageId = left.shift(); imageId !== undefined; imageId = left.shift()) {
        try {
          await this.api.remove(imageId, isLast);
        } catch (error) {
          errors.push(error);
          this.feed.unhide([imageId]);
        }
      }
    };
    await Promise.all(Array.from({ length: isLast ? imageIds.length : PARALLEL }, work));
    if (errors.length > 0) this.toasts.show(`${count(errors.length, 'image')} could not be deleted. ${requestMessage(errors[0])}`);
  }
}
