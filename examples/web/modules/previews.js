// @ts-check
/** Decoded at a time: each takes as much memory as its picture has pixels. */
const PARALLEL = 2;
/** Pixels of a preview's height. */
const HEIGHT = 320;

/** Pictures of files that are still on this machine. The browser decodes them beside the page's own work. */
export class Previews {
  /** @type {Map<File, Promise<ImageBitmap | undefined>>} */
  #previews = new Map();
  /** @type {(() => void)[]} */
  #waiting = [];
  #running = 0;

  /**
   * @param {File} file
   * @returns {Promise<ImageBitmap | undefined>} nothing for what the browser cannot show
   */
  of(file) {
    const known = this.#previews.get(file);
    if (known) return known;
    const preview = this.#decode(file);
    this.#previews.set(file, preview);
    return preview;
  }

  /** @param {File} file */
  forget(file) {
    void this.#previews.get(file)?.then((bitmap) => bitmap?.close());
    this.#previews.delete(file);
  }

  /** @param {File} file */
  async #decode(file) {
    if (this.#running >= PARALLEL) await new Promise((resolve) => this.#waiting.push(() => resolve(undefined)));
    this.#running += 1;
    try {
      return await createImageBitmap(file, { resizeHeight: HEIGHT, resizeQuality: 'medium' });
    } catch {
      return undefined;
    } finally {
      this.#running -= 1;
      this.#waiting.shift()?.();
    }
  }
}
