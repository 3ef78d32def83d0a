// @ts-check
import { element } from './dom.js';

/** @typedef {{ url: string, text: string }} Side */

/** Two pictures of the same, one over the other, with a line between them that can be moved. */
export class Comparison {
  /** @type {HTMLElement | undefined} */
  #root;

  /** @param {() => void} onEnd when it had the focus */
  constructor(onEnd) {
    this.onEnd = onEnd;
  }

  /**
   * @param {HTMLElement} stage
   * @param {{ shape: { width: number, height: number }, before: Side, after: Side }} pictures
   */
  begin(stage, { shape, before, after }) {
    this.end();
    const picture = (/** @type {Side} */ { url, text }, /** @type {string} */ name) => element('img', { class: `compare-${name}`, src: url, alt: text, draggable: 'false' });
    const slider = element('input', { type: 'range', min: 0, max: 100, step: 0.5, value: 50, 'aria-label': 'How much of the original is shown, in percent' });
    const close = element('button', { type: 'button', class: 'button compare-done' }, 'Done');
    const frame = element('div', { class: 'compare-frame' }, picture(after, 'after'), picture(before, 'before'), element('span', { class: 'compare-line', 'aria-hidden': 'true' }), slider);
    const root = element('div', { class: 'compare', role: 'group', 'aria-label': 'Before and after' }, frame,
      element('span', { class: 'compare-label is-before' }, before.text), element('span', { class: 'compare-label is-after' }, after.text), close);
    frame.style.setProperty('--ratio', String(shape.width / shape.height));
    const move = () => frame.style.setProperty('--at', `${slider.value}%`);
    slider.addEventListener('input', move);
    close.addEventListener('click', () => this.end());
    root.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      this.end();
    });
    for (const event of ['pointerdown', 'wheel', 'click']) root.addEventListener(event, (each) => each.stopPropagation());
    move();
    stage.append(root);
    this.#root = root;
    slider.focus();
  }

  end() {
    const hadFocus = this.#root?.contains(document.activeElement);
    this.#root?.remove();
    this.#root = undefined;
    if (hadFocus) this.onEnd();
  }
}
