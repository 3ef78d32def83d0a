// @ts-check
import { byId, setText } from './dom.js';

/** Which images are selected, and what can be done with them. */
export class Selection {
  /** @type {Set<string>} */
  #keys = new Set();
  /** @type {string | undefined} where a range begins */
  #anchor;
  #isChoosing = false;

  /**
   * @param {object} actions
   * @param {() => readonly string[]} actions.keys all that can be selected, in their order
   * @param {() => void} actions.onChange
   * @param {((keys: readonly string[]) => void) | undefined} actions.remove
   * @param {(keys: readonly string[]) => void} actions.download
   */
  constructor(actions) {
    this.actions = actions;
    this.bar = byId('selection', HTMLElement);
    byId('select', HTMLButtonElement).addEventListener('click', () => this.#choose(true));
    byId('selection-all', HTMLButtonElement).addEventListener('click', () => this.#set(new Set(actions.keys())));
    byId('selection-clear', HTMLButtonElement).addEventListener('click', () => this.clear());
    byId('selection-download', HTMLButtonElement).addEventListener('click', () => actions.download(this.keys));
    const remove = byId('selection-delete', HTMLButtonElement);
    remove.hidden = !actions.remove;
    remove.addEventListener('click', () => this.#remove());
    document.addEventListener('keydown', (event) => this.#key(event));
  }

  /** @returns {string[]} */
  get keys() {
    return this.actions.keys().filter((key) => this.#keys.has(key));
  }

  /** @param {string} key */
  has(key) {
    return this.#keys.has(key);
  }

  /**
   * @param {string} key
   * @param {boolean} isRange from the one before to this one
   */
  toggle(key, isRange) {
    const all = this.actions.keys();
    if (!all.includes(key)) return;
    const keys = new Set(this.#keys);
    const [from, to] = [all.indexOf(this.#anchor ?? key), all.indexOf(key)];
    if (isRange && from >= 0) for (const each of all.slice(Math.min(from, to), Math.max(from, to) + 1)) keys.add(each);
    else if (keys.has(key)) keys.delete(key);
    else keys.add(key);
    this.#anchor = key;
    this.#set(keys);
  }

  clear() {
    this.#isChoosing = false;
    this.#set(new Set());
  }

  /** Forgets what is not there any more. */
  update() {
    const there = new Set(this.actions.keys());
    const kept = new Set([...this.#keys].filter((key) => there.has(key)));
    if (kept.size !== this.#keys.size) this.#set(kept);
  }

  /** @param {boolean} isChoosing */
  #choose(isChoosing) {
    this.#isChoosing = isChoosing;
    this.#set(this.#keys);
  }

  /** @param {Set<string>} keys */
  #set(keys) {
    this.#keys = keys;
    const isShown = keys.size > 0 || this.#isChoosing;
    const hadFocus = this.bar.contains(document.activeElement) || document.activeElement?.id === 'select';
    this.bar.hidden = !isShown;
    byId('toolbar', HTMLElement).hidden = isShown;
    byId('grid', HTMLElement).classList.toggle('is-selecting', isShown);
    setText(byId('selection-count', HTMLElement), `${keys.size} selected`);
    for (const id of ['selection-download', 'selection-delete']) byId(id, HTMLButtonElement).disabled = keys.size === 0;
    if (hadFocus) byId(isShown ? 'selection-all' : 'select', HTMLButtonElement).focus();
    this.actions.onChange();
  }

  #remove() {
    const { keys } = this;
    this.clear();
    this.actions.remove?.(keys);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const isElsewhere = event.target instanceof Element && event.target.closest('input:not([type="checkbox"]), select, textarea, dialog, .pswp');
    if (isElsewhere || event.defaultPrevented) return;
    if (event.key === 'Escape' && !this.bar.hidden) this.clear();
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey) && this.actions.keys().length > 0) {
      event.preventDefault();
      this.#set(new Set(this.actions.keys()));
    } else if (event.key === 'Delete' && this.#keys.size > 0 && this.actions.remove) this.#remove();
  }
}
