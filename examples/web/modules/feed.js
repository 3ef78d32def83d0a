// @ts-check
/**
 * @typedef {import('./api.js').Api} Api
 * @typedef {import('./types.js').Image} Image
 * @typedef {import('./types.js').ImagePage} ImagePage
 * @typedef {import('./types.js').Status} Status
 *
 * @typedef {object} Entry
 * @property {Image} image
 * @property {string} place newest first; stays what it was when the image was first seen, so that no card moves
 * @property {number} receivedAt when its links were made
 * @property {number} changedAt when its status was last seen to change
 * @property {boolean} isListed whether a listing has ever shown it
 */

const PAGE = 20;
const MAX_PAGE = 100;
/** How many images are asked for one by one in a round. */
const SINGLES = 6;
/** A record may reach the listing, and a deletion the record, a while after the answer. */
const GRACE = 15_000;
const HIDDEN_FOR = 120_000;
/** An image that waits longer than this is not watched closely any more. */
const PATIENCE = 120_000;

/** The images that the page shows, kept in step with the back end. */
export class Feed {
  /** @type {Map<string, Entry>} */
  #entries = new Map();
  /** Deleted here, until the listing knows. @type {Map<string, number>} */
  #hidden = new Map();
  /** @type {string | undefined} */
  #cursor;
  #generation = 0;

  /**
   * @param {Api} api
   * @param {object} listener
   * @param {() => void} listener.onChange
   * @param {(image: Image) => void} listener.onSettled an image that was on its way is ready or failed
   */
  constructor(api, { onChange, onSettled }) {
    this.api = api;
    this.onChange = onChange;
    this.onSettled = onSettled;
    /** @type {Status | undefined} */
    this.status = undefined;
    this.isLoaded = false;
  }

  /** @returns {Image[]} newest first */
  get images() {
    return this.#shown().map(({ image }) => image);
  }

  get hasMore() {
    return this.#cursor !== undefined;
  }

  /** Whether something changes soon. */
  get isLively() {
    const now = Date.now();
    return this.#shown().some(({ image, changedAt }) => !isSettled(image) && now - changedAt < PATIENCE);
  }

  /** @param {string} imageId */
  find(imageId) {
    return this.#hidden.has(imageId) ? undefined : this.#entries.get(imageId)?.image;
  }

  /**
   * Shows another status; `sync` brings its images.
   * @param {Status | undefined} status
   */
  filter(status) {
    this.#generation += 1;
    this.status = status;
    this.isLoaded = false;
    this.#entries.clear();
    this.#cursor = undefined;
  }

  /** Brings everything that is shown up to date. */
  async sync() {
    const generation = this.#generation;
    const limit = Math.min(MAX_PAGE, Math.max(PAGE, this.#entries.size));
    const page = await this.api.list({ status: this.status, limit });
    if (generation !== this.#generation) return;

    const reachesEnd = this.#reachesEnd(page);
    this.#forgetHidden(page);
    const doubtful = this.#doubtful(page);
    for (const image of page.images) this.#put(image, true);
    if (reachesEnd) this.#cursor = page.cursor;
    this.isLoaded = true;
    this.onChange();
    await Promise.all(doubtful.map((imageId) => this.refresh(imageId)));
  }

  async more() {
    const generation = this.#generation;
    const page = await this.api.list({ status: this.status, limit: PAGE, cursor: this.#cursor });
    if (generation !== this.#generation) return;
    for (const image of page.images) this.#put(image, true);
    this.#cursor = page.cursor;
    this.onChange();
  }

  /**
   * Reads one image again, for its newest state and links.
   * @param {string} imageId
   */
  async refresh(imageId) {
    const generation = this.#generation;
    const image = await this.api.get(imageId);
    if (generation !== this.#generation) return;
    const known = this.#entries.get(imageId);
    if (image && this.#matches(image)) this.#put(image);
    else if (!known || (!image && !known.isListed && Date.now() - known.changedAt < GRACE)) return;
    else this.#entries.delete(imageId);
    this.onChange();
  }

  /**
   * Reads an image again when its links are older than `age`.
   * @param {string} imageId
   * @param {number} age in milliseconds
   */
  async freshen(imageId, age) {
    const entry = this.#entries.get(imageId);
    if (entry && Date.now() - entry.receivedAt > age) await this.refresh(imageId);
  }

  /** @param {string} imageId */
  async remove(imageId) {
    this.hide(imageId);
    try {
      await this.api.remove(imageId);
    } catch (error) {
      this.#hidden.delete(imageId);
      this.onChange();
      throw error;
    }
  }

  /**
   * Shows an image no longer, though it may be listed for a while.
   * @param {string} imageId
   */
  hide(imageId) {
    this.#hidden.set(imageId, Date.now());
    this.onChange();
  }

  #shown() {
    return [...this.#entries]
      .filter(([imageId]) => !this.#hidden.has(imageId))
      .map(([, entry]) => entry)
      .sort((a, b) => (a.place < b.place ? 1 : -1));
  }

  /**
   * @param {Image} image
   * @param {boolean} [isListed]
   */
  #put(image, isListed = false) {
    const now = Date.now();
    const known = this.#entries.get(image.imageId);
    const hasChanged = known?.image.status !== image.status;
    this.#entries.set(image.imageId, {
      image,
      place: known?.place ?? placeOf(image),
      receivedAt: now,
      changedAt: known && !hasChanged ? known.changedAt : now,
      isListed: isListed || known?.isListed === true,
    });
    if (known && hasChanged && !isSettled(known.image) && isSettled(image)) this.onSettled(image);
  }

  /** Whether the page goes at least as far as what is shown. @param {ImagePage} page */
  #reachesEnd({ images, cursor }) {
    const last = images.at(-1);
    if (!cursor || !last) return true;
    const end = placeOf(last);
    return [...this.#entries.values()].every(({ place }) => place >= end);
  }

  /**
   * What the listing should have shown and did not, and what is on its way beyond it. A listing may miss an image whose
   * status changes at that moment, so only the image itself tells.
   * @param {ImagePage} page
   */
  #doubtful({ images, cursor }) {
    const listed = new Set(images.map(({ imageId }) => imageId));
    const last = images.at(-1);
    const end = cursor && last ? placeOf(last) : '';
    return this.#shown()
      .filter(({ image }) => !listed.has(image.imageId) && (placeOf(image) > end || !isSettled(image)))
      .sort((a, b) => a.receivedAt - b.receivedAt)
      .slice(0, SINGLES)
      .map(({ image }) => image.imageId);
  }

  /** @param {ImagePage} page */
  #forgetHidden({ images, cursor }) {
    const listed = new Set(images.map(({ imageId }) => imageId));
    const now = Date.now();
    for (const [imageId, since] of this.#hidden) {
      const isGone = !cursor && !listed.has(imageId) && now - since > GRACE;
      if (isGone) this.#entries.delete(imageId);
      if (isGone || now - since > HIDDEN_FOR) this.#hidden.delete(imageId);
    }
  }

  /** @param {Image} image */
  #matches({ status }) {
    return this.status === undefined || this.status === status;
  }
}

/** @param {Image} image */
export function isSettled({ status }) {
  return status === 'COMPLETED' || status === 'FAILED';
}

/** @param {Image} image */
function placeOf({ uploadedAt, imageId }) {
  return `${uploadedAt}#${imageId}`;
}
