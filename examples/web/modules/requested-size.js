// @ts-check
import { byId, setText } from './dom.js';

/**
 * @typedef {import('./types.js').Config} Config
 * @typedef {import('./types.js').RequestedSize} RequestedSize
 */

/** The fields for one more size, where the owner of the stack allows it. */
export class RequestedSizeForm {
  /** @param {Config['requestedSize']} limits */
  constructor(limits) {
    this.width = byId('requested-width', HTMLInputElement);
    this.height = byId('requested-height', HTMLInputElement);
    this.message = byId('requested-message', HTMLElement);
    byId('requested-size', HTMLFormElement).hidden = !limits;
    if (!limits) return;
    this.width.max = String(limits.maxWidth);
    this.height.max = String(limits.maxHeight);
    for (const field of [this.width, this.height]) field.addEventListener('input', () => this.#check());
    byId('requested-size', HTMLFormElement).addEventListener('submit', (event) => event.preventDefault());
  }

  /** @returns {RequestedSize | undefined} nothing when the fields hold something else than a size */
  read() {
    const wrong = this.#check();
    if (wrong) {
      wrong.focus();
      return undefined;
    }
    const sides = [['width', this.width.value], ['height', this.height.value]];
    return Object.fromEntries(sides.filter(([, value]) => value !== '').map(([side, value]) => [side, Number(value)]));
  }

  #check() {
    const fields = [this.width, this.height];
    for (const field of fields) field.ariaInvalid = String(!field.checkValidity());
    const wrong = fields.find((field) => !field.checkValidity());
    setText(this.message, wrong ? `The ${wrong.name} must be a whole number from 1 to ${wrong.max}.` : '');
    return wrong;
  }
}
