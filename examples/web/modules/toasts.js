// @ts-check
import { byId, element, icon } from './dom.js';

const LASTS = 6_000;

/**
 * @typedef {object} ToastOptions
 * @property {number} [lasts] in milliseconds
 * @property {{ text: string, run: () => void }} [action]
 * @property {() => void} [onEnd] it went without the action
 */

/** Short messages at the edge of the page, which go by themselves. */
export class Toasts {
  constructor() {
    this.list = byId('toasts', HTMLElement);
    this.root = byId('messages', HTMLElement);
    this.home = /** @type {HTMLElement} */ (this.root.parentElement);
  }

  /** Messages belong to the dialog that is open: what is outside of it is out of reach. @param {HTMLElement} [dialog] none: to the page */
  moveTo(dialog) {
    (dialog ?? this.home).append(this.root);
  }

  /**
   * @param {string} text
   * @param {ToastOptions} [options]
   */
  show(text, { lasts = LASTS, action, onEnd } = {}) {
    const close = element('button', { type: 'button', class: 'icon-button', 'aria-label': 'Close message' }, icon('close'));
    const toast = element('div', { class: 'message' }, element('p', {}, text));
    let isOver = false;
    const end = (/** @type {boolean} */ isTaken) => {
      if (isOver) return;
      isOver = true;
      clearInterval(timer);
      const hadFocus = toast.contains(document.activeElement);
      toast.remove();
      if (isTaken) action?.run();
      else onEnd?.();
      if (hadFocus && document.activeElement === document.body) byId('images-title', HTMLElement).focus();
    };
    let [left, now] = [lasts, Date.now()];
    // Browsers let the timers of pages that nobody sees come late.
    const timer = setInterval(() => {
      const passed = Date.now() - now;
      now += passed;
      // Time stands still for who reads or is about to press.
      if (!toast.matches(':hover, :focus-within')) left -= passed;
      if (left <= 0) end(false);
    }, 250);
    if (action) {
      const button = element('button', { type: 'button', class: 'button' }, action.text);
      button.addEventListener('click', () => end(true));
      toast.append(button);
    }
    close.addEventListener('click', () => end(false));
    toast.append(close);
    this.list.append(toast);
  }
}
