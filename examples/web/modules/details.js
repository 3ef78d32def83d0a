// @ts-check
import { setAddress } from './card.js';
import { element, partsOf, setText } from './dom.js';
import { formatBytes, formatName, formatPixels, formatSaving, formatTime } from './format.js';
import { STATUS } from './messages.js';
import { Stage } from './stage.js';

/**
 * @typedef {import('./types.js').Image} Image
 * @typedef {import('./types.js').Rendition} Rendition
 *
 * @typedef {object} DetailsActions
 * @property {() => readonly Image[]} images in the order of the gallery
 * @property {(imageId: string) => Promise<void>} freshen makes old links new
 * @property {(imageId: string) => Promise<Image | undefined>} reload
 * @property {((imageId: string) => Promise<boolean>) | undefined} remove asks first; tells whether the image goes
 * @property {(imageId: string) => void} onClose
 */

/** One image with everything that is known about it. */
export class Details {
  /** @type {string | undefined} */
  #imageId;
  #isFreshening = false;

  /**
   * @param {HTMLDialogElement} dialog
   * @param {DetailsActions} actions
   */
  constructor(dialog, actions) {
    this.dialog = dialog;
    this.actions = actions;
    this.part = partsOf(dialog);
    this.stage = new Stage(this.part('stage'), { sizes: largeSizes, isLazy: false, reload: actions.reload });
    this.part('close').addEventListener('click', () => dialog.close());
    this.part('previous').addEventListener('click', () => void this.#step(-1));
    this.part('next').addEventListener('click', () => void this.#step(1));
    this.part('delete').hidden = !actions.remove;
    this.part('delete').addEventListener('click', () => void this.#remove());
    dialog.addEventListener('keydown', (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      if (event.key === 'ArrowLeft') void this.#step(-1);
      if (event.key === 'ArrowRight') void this.#step(1);
    });
    dialog.addEventListener('close', () => {
      const imageId = this.#imageId;
      this.#imageId = undefined;
      if (imageId !== undefined) actions.onClose(imageId);
    });
  }

  /** @param {string} imageId */
  async open(imageId) {
    this.#imageId = imageId;
    this.#isFreshening = true;
    this.stage.clear();
    this.update();
    if (!this.dialog.open) this.dialog.showModal();
    await this.actions.freshen(imageId).catch(() => undefined);
    if (this.#imageId !== imageId) return;
    this.#isFreshening = false;
    this.update();
  }

  /** Shows what is known by now. */
  update() {
    if (this.#imageId === undefined) return;
    const images = this.actions.images();
    const at = images.findIndex(({ imageId }) => imageId === this.#imageId);
    if (at < 0) {
      this.dialog.close();
      return;
    }
    const image = images[at];
    this.#disable('previous', at === 0);
    this.#disable('next', at === images.length - 1);
    setText(this.part('name'), image.fileName);
    const badge = this.part('badge');
    badge.dataset.status = image.status;
    setText(badge, STATUS[image.status]);
    this.#showProblem(image);
    this.#showFacts(image);
    this.#showVersions(image.renditions);
    if (!this.#isFreshening) this.stage.show(image);
  }

  /** @param {-1 | 1} direction */
  async #step(direction) {
    const images = this.actions.images();
    const next = images[images.findIndex(({ imageId }) => imageId === this.#imageId) + direction];
    if (next) await this.open(next.imageId);
  }

  async #remove() {
    const imageId = /** @type {string} */ (this.#imageId);
    if (await this.actions.remove?.(imageId)) this.dialog.close();
  }

  /**
   * A button that is only marked as disabled keeps the focus.
   * @param {string} name
   * @param {boolean} isDisabled
   */
  #disable(name, isDisabled) {
    this.part(name).ariaDisabled = String(isDisabled);
  }

  /** @param {Image} image */
  #showProblem({ failure }) {
    const problem = this.part('problem');
    problem.hidden = !failure;
    problem.replaceChildren();
    if (failure) problem.append(failure.message, ' ', element('code', {}, failure.code));
  }

  /** @param {Image} image */
  #showFacts({ original, uploadedAt, processedAt }) {
    /** @type {[string, string][]} */
    const facts = [['Uploaded', formatTime(uploadedAt)]];
    if (processedAt) facts.push(['Processed', formatTime(processedAt)]);
    if (original) {
      facts.push(['Original', `${formatPixels(original)} ${formatName(original.format)}`], ['Original size', formatBytes(original.bytes)]);
    }
    this.part('facts').replaceChildren(...facts.map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))));
  }

  /** @param {Rendition[]} renditions */
  #showVersions(renditions) {
    this.part('versions').hidden = renditions.length === 0;
    const rows = this.part('rows');
    const names = [...rows.children].map((row) => /** @type {HTMLElement} */ (row).dataset.rendition);
    // Rows that stay the same are kept: a link may have the focus.
    if (JSON.stringify(names) !== JSON.stringify(renditions.map(rowKey))) rows.replaceChildren(...renditions.map(versionRow));
    rows.querySelectorAll('a').forEach((link, at) => setAddress(link, renditions[at].url));
  }
}

/** @param {Rendition} rendition */
function rowKey({ name, width, height, bytes }) {
  return `${name} ${width}x${height} ${bytes}`;
}

/** @param {Rendition} rendition */
function versionRow(rendition) {
  const { profile, format, bytes, reductionPercent } = rendition;
  const link = element('a', { target: '_blank', rel: 'noopener' }, profile);
  link.append(element('span', { class: 'visually-hidden' }, ` as ${formatName(format)}, opens in a new tab`));
  return element('tr', { 'data-rendition': rowKey(rendition) },
    element('th', { scope: 'row' }, link),
    element('td', {}, formatName(format)),
    element('td', { class: 'number' }, formatPixels(rendition)),
    element('td', { class: 'number' }, formatBytes(bytes)),
    element('td', { class: 'number saving' }, formatSaving(reductionPercent)),
  );
}

/**
 * The stage of the dialog is about two thirds of a wide window, and all of a narrow one.
 * @param {number} ratio
 */
function largeSizes(ratio) {
  const byHeight = `calc(80vh * ${ratio.toFixed(3)})`;
  return `(min-width: 56rem) min(64vw, 56rem, ${byHeight}), min(100vw, ${byHeight})`;
}
