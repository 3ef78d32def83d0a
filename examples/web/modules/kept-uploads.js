// @ts-check
/**
 * @typedef {import('./types.js').RequestedSize} RequestedSize
 * @typedef {import('./types.js').UploadTicket} UploadTicket
 *
 * @typedef {object} KeptUpload
 * @property {string} id
 * @property {string} owner the page that works on it
 * @property {File} file
 * @property {RequestedSize} size
 * @property {number} place
 * @property {UploadTicket} [ticket]
 */

const DATABASE = 'gallery-uploads';
const STORE = 'files';
const LOCK = 'gallery-uploads-';

/**
 * The files that are on their way, in the browser's own database: they outlive the page. A page offers what an earlier one
 * left behind, and nothing that another open page is still working on.
 */
export class KeptUploads {
  /** @type {Promise<IDBDatabase | undefined>} */
  #database = open();
  #owner = ownerName();

  constructor() {
    // Held as long as the page lives.
    void navigator.locks?.request(LOCK + this.#owner, () => new Promise(() => {}));
  }

  /** @param {Omit<KeptUpload, 'owner'>} upload */
  async put(upload) {
    await this.#write((store) => store.put({ ...upload, owner: this.#owner }));
  }

  /** @param {readonly string[]} ids */
  async remove(ids) {
    await this.#write((store) => {
      for (const id of ids) store.delete(id);
    });
  }

  /** What earlier pages have left behind. @returns {Promise<KeptUpload[]>} */
  async left() {
    const database = await this.#database;
    if (!database) return [];
    const all = /** @type {KeptUpload[]} */ (await done(database.transaction(STORE).objectStore(STORE).getAll()));
    const alive = await livePages();
    return all.filter(({ owner }) => (alive ? !alive.has(LOCK + owner) : owner === this.#owner)).sort((a, b) => a.place - b.place);
  }

  /** @param {(store: IDBObjectStore) => void} change */
  async #write(change) {
    const database = await this.#database;
    if (!database) return;
    const transaction = database.transaction(STORE, 'readwrite');
    change(transaction.objectStore(STORE));
    await new Promise((resolve) => {
      // A browser without room keeps nothing; the upload goes on all the same.
      for (const event of ['complete', 'abort', 'error']) transaction.addEventListener(event, resolve, { once: true });
    });
  }
}

/** @returns {Promise<IDBDatabase | undefined>} nothing where the browser stores nothing */
async function open() {
  try {
    const request = indexedDB.open(DATABASE, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: 'id' });
    return await done(request);
  } catch {
    return undefined;
  }
}

/** Without locks, which plain HTTP does not have, a page finds only what it had itself before it was loaded again. */
function ownerName() {
  const name = String(Math.random()).slice(2);
  if (navigator.locks) return name;
  try {
    const known = sessionStorage.getItem(LOCK) ?? name;
    sessionStorage.setItem(LOCK, known);
    return known;
  } catch {
    return name;
  }
}

async function livePages() {
  const { held = [] } = await navigator.locks?.query() ?? {};
  return navigator.locks && new Set(held.map(({ name }) => name));
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
