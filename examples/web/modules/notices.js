// @ts-check
import { byId, setText } from './dom.js';

/** What the page shows instead of images, or above them. */
export class Notices {
  #retry = () => {};

  constructor() {
    this.cards = byId('cards', HTMLElement);
    this.skeleton = byId('skeleton', HTMLElement);
    this.empty = byId('empty', HTMLElement);
    this.failure = byId('failure', HTMLElement);
    this.trouble = byId('trouble', HTMLElement);
    this.toast = byId('toast', HTMLElement);
    for (const id of ['failure-retry', 'trouble-retry']) byId(id, HTMLButtonElement).addEventListener('click', () => this.#retry());
    byId('toast-close', HTMLButtonElement).addEventListener('click', () => { this.toast.hidden = true; });
  }

  /** Images are on their way, for the first time or after a change of the filter. */
  load() {
    this.#only(this.cards.childElementCount > 0 ? this.cards : this.skeleton);
    this.#setBusy(true);
  }

  /** @param {{ title: string, text: string } | undefined} empty nothing when there are images */
  settle(empty) {
    this.#setBusy(false);
    this.trouble.hidden = true;
    this.#only(empty ? this.empty : this.cards);
    if (!empty) return;
    setText(byId('empty-title', HTMLElement), empty.title);
    setText(byId('empty-text', HTMLElement), empty.text);
  }

  /**
   * Nothing can be shown.
   * @param {string} title
   * @param {string} text
   * @param {() => void} retry
   */
  fail(title, text, retry) {
    const hadFocus = this.#retryHasFocus();
    this.#retry = retry;
    this.trouble.hidden = true;
    this.#only(this.failure);
    setText(byId('failure-title', HTMLElement), title);
    setText(byId('failure-text', HTMLElement), text);
    if (hadFocus) byId('failure-retry', HTMLButtonElement).focus();
  }

  /**
   * What is shown may be out of date.
   * @param {string} text
   * @param {() => void} retry
   */
  warn(text, retry) {
    this.#retry = retry;
    this.trouble.hidden = false;
    this.#setBusy(false);
    setText(byId('trouble-text', HTMLElement), text);
  }

  /** @param {string} text */
  tell(text) {
    setText(byId('toast-text', HTMLElement), text);
    this.toast.hidden = false;
  }

  /**
   * While a list is loading, the cards are those of the list before.
   * @param {boolean} isBusy
   */
  #setBusy(isBusy) {
    this.cards.ariaBusy = String(isBusy);
    this.cards.inert = isBusy;
  }

  /** @param {HTMLElement} shown */
  #only(shown) {
    // The retry button goes with its notice; the focus must not be lost with it.
    const hadFocus = this.failure !== shown && this.#retryHasFocus();
    for (const part of [this.cards, this.skeleton, this.empty, this.failure]) part.hidden = part !== shown;
    if (hadFocus) byId('images-title', HTMLElement).focus();
  }

  #retryHasFocus() {
    return this.failure.contains(document.activeElement);
  }
}
