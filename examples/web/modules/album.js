// @ts-check
import { isSettled } from './feed.js';

/**
 * @typedef {import('./feed.js').Feed} Feed
 * @typedef {import('./types.js').Image} Image
 * @typedef {import('./uploads.js').Upload} Upload
 * @typedef {import('./uploads.js').Uploads} Uploads
 *
 * @typedef {'waiting' | 'sending' | 'processing' | 'ready' | 'failed' | 'refused'} ItemState `refused`: not even uploaded
 *
 * @typedef {object} Item an image, or the file that will become one
 * @property {string} key stays the same from the choice of the file on
 * @property {string} name
 * @property {ItemState} state
 * @property {number} place newest first
 * @property {Image} [image]
 * @property {Upload} [upload]
 *
 * @typedef {'newest' | 'oldest' | 'name' | 'size' | 'saved'} Order
 * @typedef {'' | 'busy' | 'failed' | 'problems'} Filter `problems`: what went wrong with one upload
 *
 * @typedef {{ text: string, filter: Filter, order: Order, problems: ReadonlySet<string> }} View with the keys of the problems
 */

/** All that the page can show: the images of the back end, and the files that are on their way to it. */
export class Album {
  /** @type {Map<string, { key: string, place: number, file: File }>} by image id: what was a file on this page before */
  #joined = new Map();

  /**
   * @param {Feed} feed
   * @param {Uploads} uploads
   */
  constructor(feed, uploads) {
    this.feed = feed;
    this.uploads = uploads;
  }

  /** A file became an image: it keeps its place. @param {Upload} upload */
  join({ id, place, file, imageId }) {
    if (imageId !== undefined) this.#joined.set(imageId, { key: id, place, file });
  }

  /** The file that an image was made of, if it was chosen on this page. @param {string} imageId */
  fileOf(imageId) {
    return this.#joined.get(imageId)?.file;
  }

  /** @returns {Item[]} newest first */
  get items() {
    const uploads = this.uploads.all;
    const byId = new Map(uploads.map((upload) => [upload.imageId, upload]));
    const images = this.feed.images.filter(({ imageId, status }) => status !== 'PENDING' || this.#joined.has(imageId)).map((image) => this.#itemOf(image, byId.get(image.imageId)));
    const shown = new Set(images.map(({ key }) => key));
    const files = uploads.filter(({ id, imageId }) => !shown.has(id) && !(imageId && this.feed.isHidden(imageId))).map(fileItem);
    return [...images, ...files].sort((a, b) => b.place - a.place || (a.key < b.key ? 1 : -1));
  }

  get newestPlace() {
    return this.items[0]?.place ?? 0;
  }

  /**
   * @param {Image} image
   * @param {Upload | undefined} upload
   * @returns {Item}
   */
  #itemOf(image, upload) {
    const joined = this.#joined.get(image.imageId);
    const { status, fileName: name, uploadedAt, imageId } = image;
    const state = isSettled(image) ? (status === 'FAILED' ? 'failed' : 'ready') : 'processing';
    return { key: joined?.key ?? imageId, name, state, place: joined?.place ?? Date.parse(uploadedAt), image, upload };
  }
}

/**
 * @param {Upload} upload
 * @returns {Item}
 */
function fileItem(upload) {
  const { id: key, file, state, place } = upload;
  return { key, name: file.name, place, upload, state: state === 'failed' ? 'refused' : state === 'stored' ? 'processing' : state };
}

/**
 * @param {readonly Item[]} items newest first
 * @param {View} view
 */
export function viewed(items, { text, filter, order, problems }) {
  const wanted = text.trim().toLocaleLowerCase();
  const found = items.filter(({ key, name, state }) => name.toLocaleLowerCase().includes(wanted) && (filter === 'problems' ? problems.has(key) : matches(state, filter)));
  const compare = ORDERS[order];
  return compare ? found.sort(compare) : found;
}

/**
 * @param {ItemState} state
 * @param {Exclude<Filter, 'problems'>} filter
 */
function matches(state, filter) {
  if (filter === 'failed') return state === 'failed' || state === 'refused';
  return filter === '' || state === 'waiting' || state === 'sending' || state === 'processing';
}

/** @type {Partial<Record<Order, (a: Item, b: Item) => number>>} */
const ORDERS = {
  oldest: (a, b) => a.place - b.place,
  name: (a, b) => a.name.localeCompare(b.name, undefined, { numeric: true, sensitivity: 'base' }),
  size: (a, b) => bytesOf(b) - bytesOf(a),
  saved: (a, b) => (savedBytes(b.image) ?? 0) - (savedBytes(a.image) ?? 0),
};

/** @param {Item} item */
export function bytesOf({ image, upload }) {
  return image?.original?.bytes ?? upload?.file.size ?? 0;
}

/**
 * How much less a visitor loads who gets the smallest file of the largest size, in place of the original.
 * @param {Image | undefined} image
 */
export function savedBytes(image) {
  if (!image?.original) return undefined;
  if (image.savedBytes !== undefined) return image.savedBytes;
  const best = bestOf(image.renditions);
  return best && Math.max(0, image.original.bytes - best.bytes);
}

/**
 * The smallest file of the largest size.
 * @param {readonly import('./types.js').Rendition[]} renditions
 */
export function bestOf(renditions) {
  const area = (/** @type {import('./types.js').Rendition} */ { width, height }) => width * height;
  const largest = Math.max(...renditions.map(area));
  return renditions.filter((rendition) => area(rendition) === largest).sort((a, b) => a.bytes - b.bytes)[0];
}

/**
 * What the header tells.
 * @param {readonly Item[]} items
 */
export function totalsOf(items) {
  const totals = { images: 0, failed: 0, busy: 0, bytes: 0, saved: 0 };
  for (const item of items) {
    // A file that was never uploaded is no image.
    if (item.state !== 'refused') totals.images += 1;
    if (matches(item.state, 'failed')) totals.failed += 1;
    else if (item.state !== 'ready') totals.busy += 1;
    const saved = savedBytes(item.image);
    if (item.state !== 'ready' || saved === undefined) continue;
    totals.bytes += bytesOf(item);
    totals.saved += saved;
  }
  return totals;
}
