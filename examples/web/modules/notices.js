// @ts-check
import { byId, setText } from './dom.js';

/** What the page shows instead of images, or above them. */
export class Notices {
  #retry = () => {};

  constructor() {
    this.parts = ['grid', 'skeleton', 'welcome', 'nothing', 'failure'].map((id) => byId(id, HTMLElement));
    this.trouble = byId('trouble', HTMLElement);
    for (const id of ['failure-retry', 'trouble-retry']) byId(id, HTMLButtonElement).addEventListener('click', () => this.#retry());
  }

  /** Images are on their way. */
  load() {
    this.#only('skeleton');
  }

  /** @param {'grid' | 'welcome' | 'nothing'} shown */
  settle(shown) {
    this.trouble.hidden = true;
    this.#only(shown);
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
    this.#only('failure');
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
    setText(byId('trouble-text', HTMLElement), text);
  }

  /** @param {string} shown */
  #only(shown) {
    document.body.dataset.shows = shown;
    // The retry button goes with its notice; the focus must not be lost with it.
    const hadFocus = shown !== 'failure' && this.#retryHasFocus();
    for (const part of this.parts) part.hidden = part.id !== shown;
    if (hadFocus) byId('images-title', HTMLElement).focus();
  }

  #retryHasFocus() {
    return byId('failure', HTMLElement).contains(document.activeElement);
  }
}
