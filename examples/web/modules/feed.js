// @ts-check
/**
 * @typedef {import('./api.js').Api} Api
 * @typedef {import('./types.js').Image} Image
 * @typedef {import('./types.js').ImagePage} ImagePage
 *
 * @typedef {object} Entry
 * @property {Image} image
 * @property {string} place newest first; stays what it was when the image was first seen, so that no card moves
 * @property {number} receivedAt when its links were made
 * @property {number} changedAt when its status was last seen to change
 * @property {boolean} isListed whether a listing has ever shown it
 */

const PAGE = 60;
const MAX_PAGE = 100;
/** Links of this age may not work much longer. */
const LINK_AGE = 120_000;
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
  /** @type {Map<string, { image: Image, at: number }>} with all that lists leave out */
  #full = new Map();
  /** Deleted here, until the listing knows. @type {Map<string, number>} */
  #hidden = new Map();
  /** @type {string | undefined} */
  #cursor;
  /** @type {Promise<void> | undefined} */
  #loading;

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

  /** Brings everything that is shown up to date. */
  async sync() {
    const limit = Math.min(MAX_PAGE, Math.max(PAGE, this.#entries.size));
    const page = await this.api.list({ limit });

    const reachesEnd = this.#reachesEnd(page);
    this.#forgetHidden(page);
    const doubtful = this.#doubtful(page);
    for (const image of page.images) this.#put(image, true);
    if (reachesEnd) this.#cursor = page.cursor;
    this.isLoaded = true;
    this.onChange();
    await Promise.all(doubtful.map((imageId) => this.refresh(imageId)));
  }

  /** The next older images. Whoever asks while they are on their way gets the same ones. */
  more() {
    this.#loading ??= this.#loadMore().finally(() => { this.#loading = undefined; });
    return this.#loading;
  }

  /** Everything, for what cannot be told from a part: an order, a search. */
  async all() {
    while (this.hasMore) await this.more();
  }

  /** What failed, however old. */
  async failed() {
    const { images } = await this.api.list({ status: 'FAILED', limit: MAX_PAGE });
    for (const image of images) this.#put(image, true);
    this.onChange();
  }

  async #loadMore() {
    const page = await this.api.list({ limit: MAX_PAGE, cursor: this.#cursor });
    for (const image of page.images) this.#put(image, true);
    this.#cursor = page.cursor;
    this.onChange();
  }

  /**
   * Reads one image again, for its newest state and links.
   * @param {string} imageId
   */
  async refresh(imageId) {
    const image = await this.api.get(imageId);
    const known = this.#entries.get(imageId);
    if (image) this.#put(image);
    else if (!known || (!known.isListed && Date.now() - known.changedAt < GRACE)) return;
    else this.#entries.delete(imageId);
    this.onChange();
  }

  /**
   * Everything about an image, with links that work.
   * @param {string} imageId
   * @returns {Promise<Image | undefined>}
   */
  async full(imageId) {
    const known = this.#full.get(imageId);
    const listed = this.#entries.get(imageId)?.image;
    const isCurrent = known && (!listed || (listed.status === known.image.status && listed.processedAt === known.image.processedAt));
    if (isCurrent && Date.now() - known.at < LINK_AGE) return known.image;
    return this.reload(imageId);
  }

  /**
   * The same, read again.
   * @param {string} imageId
   */
  async reload(imageId) {
    const image = await this.api.get(imageId);
    if (image) {
      this.#full.set(imageId, { image, at: Date.now() });
      this.#put(image);
      this.onChange();
    }
    return image;
  }

  /**
   * Shows images no longer, though they may be listed for a while.
   * @param {readonly string[]} imageIds
   */
  hide(imageIds) {
    for (const imageId of imageIds) this.#hidden.set(imageId, Date.now());
    this.onChange();
  }

  /** @param {readonly string[]} imageIds */
  unhide(imageIds) {
    for (const imageId of imageIds) this.#hidden.delete(imageId);
    this.onChange();
  }

  /** @param {string} imageId */
  isHidden(imageId) {
    return this.#hidden.has(imageId);
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
}

/** @param {Image} image */
export function isSettled({ status }) {
  return status === 'COMPLETED' || status === 'FAILED';
}

/** @param {Image} image */
function placeOf({ uploadedAt, imageId }) {
  return `${uploadedAt}#${imageId}`;
}
