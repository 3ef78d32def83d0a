// @ts-check
import { inSight, justify, rowAt } from './layout.js';
import { Tile } from './tile.js';

/**
 * @typedef {import('./album.js').Item} Item
 * @typedef {import('./layout.js').Layout} Layout
 * @typedef {import('./tile.js').TileActions} TileActions
 *
 * @typedef {TileActions & {
 *   open: (key: string) => void,
 *   select: (key: string, isRange: boolean) => void,
 *   isSelected: (key: string) => boolean,
 *   retry: (key: string) => void,
 *   dismiss: (key: string) => void,
 *   onEnd: () => void,
 * }} GridActions
 */

const GAP = 4;
/** The shape of a picture that nobody has seen yet, and the least of one that has something to tell. */
const UNKNOWN = 4 / 3;
/** Screens above and below what is in sight that are drawn as well. */
const MARGIN = 1;
/** How near its end the list asks for more, in screens. */
const NEAR_END = 2;

/** All pictures in rows. Only those near the window are elements: five thousand take no more than fifty. */
export class Grid {
  /** @type {readonly Item[]} */
  #items = [];
  /** @type {Map<string, Tile>} */
  #tiles = new Map();
  /** @type {Map<string, number>} width / height of files, by their keys */
  #ratios = new Map();
  /** @type {Layout} */
  #layout = { boxes: [], rows: [], height: 0 };
  #isDrawing = false;
  /** @type {string | undefined} the one tile that Tab leads to */
  #current;

  /**
   * @param {HTMLElement} list
   * @param {GridActions} actions
   */
  constructor(list, actions) {
    this.list = list;
    this.actions = actions;
    const draw = () => this.#drawSoon();
    window.addEventListener('scroll', draw, { passive: true });
    new ResizeObserver(() => this.#arrange()).observe(list);
    list.addEventListener('click', (event) => this.#click(event));
    list.addEventListener('keydown', (event) => this.#key(event));
    list.addEventListener('focusin', (event) => {
      const key = keyOf(event.target);
      if (key !== undefined) this.#setCurrent(key);
    });
  }

  /** @returns {readonly Item[]} as they are shown */
  get items() {
    return this.#items;
  }

  /** @param {readonly Item[]} items */
  show(items) {
    const isSameOrder = items.length === this.#items.length && items.every(({ key }, at) => key === this.#items[at].key);
    const shapes = this.#shapes;
    const lost = this.#focusedAt();
    this.#items = items;
    const next = items.map((item) => this.#ratioOf(item));
    if (isSameOrder && next.every((ratio, at) => ratio === shapes[at])) {
      this.#draw();
    } else {
      this.#shapes = next;
      this.#arrange();
    }
    if (lost >= 0 && this.#focusedAt() < 0) this.focus(items[Math.min(lost, items.length - 1)]?.key);
  }

  /** @type {number[]} */
  #shapes = [];

  /**
   * @param {string | undefined} key
   * @returns {boolean} whether it is there
   */
  focus(key) {
    const at = this.#items.findIndex((item) => item.key === key);
    if (at < 0) return false;
    this.#scrollTo(at);
    this.#setCurrent(this.#items[at].key);
    this.#draw();
    this.#tiles.get(this.#items[at].key)?.link.focus({ preventScroll: true });
    return true;
  }

  /** Names without a pointer over them. @param {boolean} isShown */
  showNames(isShown) {
    this.list.classList.toggle('has-names', isShown);
  }

  /** Shows again what is selected. */
  showSelection() {
    for (const [key, tile] of this.#tiles) tile.select(this.actions.isSelected(key));
  }

  /** @param {Item} item */
  #ratioOf(item) {
    const ratio = this.#shapeOf(item);
    return item.state === 'refused' ? Math.max(ratio, UNKNOWN) : ratio;
  }

  /** @param {Item} item */
  #shapeOf({ key, image, upload }) {
    const { original } = image ?? {};
    if (original) return original.width / original.height;
    const known = this.#ratios.get(key);
    if (known === undefined && upload) {
      this.#ratios.set(key, UNKNOWN);
      void this.#measure(key, upload.file);
    }
    return known ?? UNKNOWN;
  }

  /**
   * @param {string} key
   * @param {File} file
   */
  async #measure(key, file) {
    const bitmap = await this.actions.preview(file);
    if (!bitmap) return;
    this.#ratios.set(key, bitmap.width / bitmap.height);
    const at = this.#items.findIndex((item) => item.key === key);
    if (at < 0 || this.#items[at].image?.original) return;
    this.#shapes[at] = this.#ratioOf(this.#items[at]);
    this.#arrange();
  }

  #arrange() {
    const width = this.list.clientWidth;
    this.#layout = justify(this.#shapes, width, rowHeight(width), GAP);
    this.list.style.height = `${this.#layout.height}px`;
    this.#drawSoon();
  }

  #drawSoon() {
    if (this.#isDrawing) return;
    this.#isDrawing = true;
    requestAnimationFrame(() => {
      this.#isDrawing = false;
      this.#draw();
    });
  }

  #draw() {
    if (this.#layout.boxes.length !== this.#items.length) this.#arrange();
    const top = -this.list.getBoundingClientRect().top;
    const screen = window.innerHeight;
    const { first, end } = inSight(this.#layout, top - MARGIN * screen, top + (1 + MARGIN) * screen);
    const wanted = new Set(this.#items.slice(first, end).map(({ key }) => key));
    const currentAt = this.#items.findIndex(({ key }) => key === this.#current);
    // The tile with the focus stays, wherever it is scrolled to.
    if (currentAt >= 0 && this.#tiles.get(this.#items[currentAt].key)?.root.contains(document.activeElement)) wanted.add(this.#items[currentAt].key);
    for (const [key, tile] of this.#tiles) {
      if (wanted.has(key)) continue;
      tile.root.remove();
      this.#tiles.delete(key);
    }
    let before = this.list.firstElementChild;
    this.#items.forEach((item, at) => {
      if (!wanted.has(item.key)) return;
      const tile = this.#tiles.get(item.key) ?? this.#add(item);
      tile.update(item);
      tile.place(this.#layout.boxes[at], at, this.#items.length);
      tile.select(this.actions.isSelected(item.key));
      if (tile.root === before) before = before.nextElementSibling;
      else this.list.insertBefore(tile.root, before);
    });
    if (currentAt < 0) this.#current = this.#items[first]?.key;
    for (const [key, tile] of this.#tiles) tile.link.tabIndex = key === this.#current ? 0 : -1;
    if (this.#layout.height - top < (1 + NEAR_END) * screen) this.actions.onEnd();
  }

  /** @param {Item} item */
  #add(item) {
    const tile = new Tile(item, this.actions);
    this.#tiles.set(item.key, tile);
    return tile;
  }

  /** @param {string} key */
  #setCurrent(key) {
    if (this.#current !== undefined) {
      const before = this.#tiles.get(this.#current);
      if (before) before.link.tabIndex = -1;
    }
    this.#current = key;
    const tile = this.#tiles.get(key);
    if (tile) tile.link.tabIndex = 0;
  }

  #focusedAt() {
    const key = this.list.contains(document.activeElement) ? keyOf(document.activeElement) : undefined;
    return key === undefined ? -1 : this.#items.findIndex((item) => item.key === key);
  }

  /** @param {number} at */
  #scrollTo(at) {
    const { y, height } = this.#layout.boxes[at];
    const top = this.list.getBoundingClientRect().top + y;
    const margin = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
    if (top < margin) window.scrollBy(0, top - margin - GAP);
    else if (top + height > window.innerHeight) window.scrollBy(0, top + height - window.innerHeight + GAP);
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const key = keyOf(event.target);
    if (key === undefined) return;
    const target = /** @type {Element} */ (event.target);
    if (target.closest('[data-part="retry"]')) this.actions.retry(key);
    else if (target.closest('[data-part="dismiss"]')) this.actions.dismiss(key);
    else if (target.closest('[data-part="check"]')) this.actions.select(key, event.shiftKey);
    else if (target.closest('a')) {
      // A new tab or window is the browser's business.
      if (event.ctrlKey || event.metaKey || event.button !== 0) return;
      event.preventDefault();
      if (event.shiftKey || this.list.classList.contains('is-selecting')) this.actions.select(key, event.shiftKey);
      else this.actions.open(key);
    }
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const key = keyOf(event.target);
    if (key === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    const at = this.#items.findIndex((item) => item.key === key);
    const next = this.#neighbour(at, event.key);
    if (next !== undefined) {
      event.preventDefault();
      if (event.shiftKey) this.actions.select(this.#items[next].key, true);
      this.focus(this.#items[next].key);
    } else if (event.key === ' ' && /** @type {Element} */ (event.target).matches('a')) {
      event.preventDefault();
      this.actions.select(key, event.shiftKey);
    }
  }

  /**
   * @param {number} at
   * @param {string} key
   */
  #neighbour(at, key) {
    const last = this.#items.length - 1;
    switch (key) {
      case 'ArrowLeft': return Math.max(0, at - 1);
      case 'ArrowRight': return Math.min(last, at + 1);
      case 'Home': return 0;
      case 'End': return last;
      case 'ArrowUp': return this.#inRow(at, -1);
      case 'ArrowDown': return this.#inRow(at, 1);
      default: return undefined;
    }
  }

  /**
   * What stands nearest in the row above or below.
   * @param {number} at
   * @param {-1 | 1} direction
   */
  #inRow(at, direction) {
    const { rows, boxes } = this.#layout;
    const row = rowAt(rows, boxes[at].y) + direction;
    if (row < 0 || row >= rows.length) return at;
    const middle = boxes[at].x + boxes[at].width / 2;
    const end = rows[row + 1]?.first ?? boxes.length;
    let best = rows[row].first;
    for (let each = best; each < end; each += 1) {
      if (Math.abs(boxes[each].x + boxes[each].width / 2 - middle) < Math.abs(boxes[best].x + boxes[best].width / 2 - middle)) best = each;
    }
    return best;
  }
}

/** @param {EventTarget | null} target */
function keyOf(target) {
  const tile = target instanceof Element ? target.closest('[data-key]') : null;
  return tile instanceof HTMLElement ? tile.dataset.key : undefined;
}

/** Two to three pictures in a row of a phone, five to eight on a desk. @param {number} width */
function rowHeight(width) {
  return Math.min(200, Math.max(112, width / 8.6));
}
