// @ts-check
import { count } from './format.js';

const GATHER = 800;

/** Tells screen readers what happened, without a word for each image when many are done at once. */
export class Announcer {
  /** @type {string[]} */
  #texts = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {HTMLElement} region with `aria-live` */
  constructor(region) {
    this.region = region;
  }

  /** @param {string} text */
  say(text) {
    this.#texts.push(text);
    this.#timer ??= setTimeout(() => this.#speak(), GATHER);
  }

  #speak() {
    const texts = this.#texts.splice(0);
    this.#timer = undefined;
    const last = texts.slice(-3).join(' ');
    this.region.textContent = texts.length > 3 ? `${count(texts.length, 'update')}. ${last}` : last;
  }
}
