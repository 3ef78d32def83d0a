// @ts-check
import { bestOf, savedBytes } from './album.js';
import { Comparison } from './comparison.js';
import { element, icon, partsOf, setText, webUrl } from './dom.js';
import { endOf, firstEndOf } from './expiry.js';
import { count, formatBytes, formatCameraTime, formatEnd, formatName, formatPixels, formatSaving, formatTime, isolated } from './format.js';
import { pictureSnippet } from './snippet.js';

/**
 * @typedef {import('./types.js').Image} Image
 * @typedef {import('./types.js').Rendition} Rendition
 *
 * @typedef {object} PanelActions
 * @property {(imageId: string) => Promise<Image | undefined>} full
 * @property {((imageId: string) => void) | undefined} remove
 * @property {() => void} hide
 * @property {(text: string) => void} tell
 */

/** What browsers show, of originals. */
const SHOWN = new Set(['jpeg', 'png', 'webp', 'avif', 'gif']);

/** Everything about the image in the viewer. */
export class Panel {
  /** @type {Image | undefined} */
  #image;
  #drawn = '';

  /**
   * @param {HTMLElement} root
   * @param {PanelActions} actions
   */
  constructor(root, actions) {
    this.root = root;
    this.home = /** @type {HTMLElement} */ (root.parentElement);
    this.actions = actions;
    this.part = partsOf(root);
    this.comparison = new Comparison(() => this.part('compare').focus());
    this.part('hide').addEventListener('click', () => actions.hide());
    this.part('delete').hidden = !actions.remove;
    this.part('delete').addEventListener('click', () => this.#image && actions.remove?.(this.#image.imageId));
    this.part('compare').addEventListener('click', () => this.#compare());
    this.part('snippet').addEventListener('click', () => this.#image && void this.#copy(pictureSnippet(this.#image), `HTML copied.${this.#untilWhen('Its links work')}`));
    // The viewer turns the wheel into zooming.
    root.addEventListener('wheel', (event) => event.stopPropagation());
  }

  /** @param {string | undefined} imageId */
  async show(imageId) {
    if (imageId === undefined || this.root.hidden) return;
    this.#wanted = imageId;
    const image = await this.actions.full(imageId).catch(() => undefined);
    if (image && this.#wanted === imageId) this.#draw(image);
  }

  /** @type {string | undefined} */
  #wanted;

  /** The viewer is gone. */
  leave() {
    this.endComparison();
    this.root.hidden = true;
    this.home.append(this.root);
    this.#wanted = undefined;
  }

  endComparison() {
    this.comparison.end();
  }

  /** @param {Image} image */
  #draw(image) {
    this.#image = image;
    const { imageId, status, processedAt, fileName, failure, renditions, skipped = [] } = image;
    const drawn = JSON.stringify([imageId, status, processedAt]);
    for (const link of this.root.querySelectorAll('a')) refresh(link, image);
    setText(this.part('expiry'), this.#untilWhen('Links work').trim());
    this.part('expiry').hidden = this.part('expiry').textContent === '';
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.endComparison();
    setText(this.part('name'), fileName);
    const problem = this.part('problem');
    problem.hidden = !failure;
    setText(problem, failure?.message ?? '');
    this.part('facts').replaceChildren(...factsOf(image).map(([name, value]) => element('div', {}, element('dt', {}, name), element('dd', {}, value))));
    const most = Math.max(image.original?.bytes ?? 0, ...renditions.map(({ bytes }) => bytes));
    this.part('versions').replaceChildren(...groupsOf(renditions).map(({ title, group }) => this.#groupItem(title, group, most)));
    this.part('versions-title').hidden = this.part('snippet').hidden = renditions.length === 0;
    this.part('skipped').replaceChildren(...skipped.map(({ name, message }) => element('li', {}, element('b', {}, name), ` ${message}`)));
    this.part('compare').hidden = !(image.source && image.original && SHOWN.has(image.original.format) && bestOf(renditions));
    for (const link of this.root.querySelectorAll('a')) refresh(link, image);
    this.root.scrollTop = 0;
  }

  /**
   * A size, with its files.
   * @param {string} title
   * @param {Rendition[]} group
   * @param {number} most bytes
   */
  #groupItem(title, group, most) {
    const [first] = group;
    const shown = group.find(({ format }) => SHOWN.has(format));
    return element('li', { class: 'size' },
      element('h3', {}, ...shown ? [element('img', { src: webUrl(shown.url), alt: '', loading: 'lazy', width: 44, height: 44 })] : [], title, ' ', element('span', { class: 'hint' }, formatPixels(first))),
      element('ul', {}, ...group.map((rendition) => this.#versionItem(rendition, most))),
    );
  }

  /**
   * @param {Rendition} rendition
   * @param {number} most bytes
   */
  #versionItem(rendition, most) {
    const { name, profile, format, bytes, reductionPercent } = rendition;
    const bar = element('meter', { class: 'bar', min: 0, max: most, value: bytes, 'aria-hidden': 'true' });
    const title = `${profile} as ${formatName(format)}`;
    const copy = element('button', { type: 'button', class: 'icon-button', 'aria-label': `Copy the link to ${title}`, title: 'Copy link' }, icon('link'));
    copy.addEventListener('click', () => {
      const url = webUrl(this.#rendition(name)?.url ?? '') ?? '';
      const end = endOf(url);
      void this.#copy(url, `Link to the ${profile} ${formatName(format)} copied.${end ? ` It works until ${formatEnd(end)}.` : ''}`);
    });
    return element('li', { class: 'version', 'data-rendition': name },
      element('a', { 'data-link': 'open', target: '_blank', rel: 'noopener', 'aria-label': `${title}, ${formatBytes(bytes)}, opens in a new tab` }, formatName(format)),
      bar,
      element('span', { class: 'number' }, formatBytes(bytes)),
      element('span', { class: 'number saving' }, formatSaving(reductionPercent)),
      copy,
      element('a', { 'data-link': 'download', class: 'icon-button', 'aria-label': `Download ${title}`, title: 'Download', download: true }, icon('download')),
    );
  }

  /** @param {string} subject @returns {string} nothing when the links stay */
  #untilWhen(subject) {
    const end = firstEndOf((this.#image?.renditions ?? []).map(({ url }) => url));
    return end ? ` ${subject} until ${formatEnd(end)}.` : '';
  }

  /** @param {string} name */
  #rendition(name) {
    return this.#image?.renditions.find((rendition) => rendition.name === name);
  }

  #compare() {
    const image = this.#image;
    const best = image && bestOf(image.renditions);
    if (!image?.source || !image.original || !best) return;
    this.comparison.begin(/** @type {HTMLElement} */ (this.root.parentElement), {
      shape: image.original,
      before: { url: webUrl(image.source.url) ?? '', text: `Original, ${formatBytes(image.original.bytes)}` },
      after: { url: webUrl(best.url) ?? '', text: `${formatName(best.format)}, ${formatBytes(best.bytes)}` },
    });
  }

  /**
   * @param {string} text
   * @param {string} done
   */
  async #copy(text, done) {
    this.actions.tell(await copyText(text) ? done : 'The browser did not allow to copy.');
  }
}

/**
 * Links change with every answer.
 * @param {HTMLAnchorElement} link
 * @param {Image} image
 */
function refresh(link, { renditions }) {
  const name = link.closest('[data-rendition]')?.getAttribute('data-rendition');
  const rendition = renditions.find((each) => each.name === name);
  const address = rendition && webUrl(link.dataset.link === 'download' ? rendition.downloadUrl ?? rendition.url : rendition.url);
  if (address === undefined) link.removeAttribute('href');
  else if (link.href !== address) link.href = address;
}

/** @param {Image} image @returns {[string, string][]} */
function factsOf(image) {
  const { original, uploadedAt, failure } = image;
  const saved = savedBytes(image);
  /** @type {[string, string][]} */
  const facts = [];
  if (original) {
    const colours = original.paletteSize ? ` · ${count(original.paletteSize, 'colour')}` : '';
    facts.push(['Original', `${formatPixels(original)} · ${formatName(original.format)} · ${formatBytes(original.bytes)}${colours}`]);
  }
  if (original && saved !== undefined) facts.push(['Saved', `${formatBytes(saved)} · ${Math.round((100 * saved) / original.bytes)} %`]);
  facts.push(['Uploaded', formatTime(uploadedAt)]);
  const { takenAt, cameraMake = '', cameraModel = '', hasPosition } = original?.exif ?? {};
  if (takenAt) facts.push(['Taken', formatCameraTime(takenAt)]);
  // Some models begin with the name of their maker.
  const camera = cameraModel.toLowerCase().startsWith(cameraMake.toLowerCase()) ? cameraModel : `${cameraMake} ${cameraModel}`;
  if (camera.trim()) facts.push(['Camera', isolated(camera.trim())]);
  if (hasPosition) facts.push(['Position', 'The original says where it was taken']);
  if (failure) facts.push(['Error code', failure.code]);
  return facts;
}

/**
 * The largest size first; in each, the smallest file. Sizes that are the same to the byte are one, with the names of both.
 * @param {readonly Rendition[]} renditions
 */
function groupsOf(renditions) {
  /** @type {Map<string, Rendition[]>} */
  const groups = new Map();
  for (const rendition of renditions) {
    const key = `${rendition.profile} ${rendition.width}x${rendition.height}`;
    groups.set(key, [...groups.get(key) ?? [], rendition]);
  }
  const sorted = [...groups.values()].map((group) => group.sort((a, b) => a.bytes - b.bytes)).sort(([a], [b]) => b.width * b.height - a.width * a.height);
  /** @type {Map<string, { profiles: string[], group: Rendition[] }>} */
  const different = new Map();
  for (const group of sorted) {
    const same = different.get(likeness(group));
    if (same) same.profiles.push(group[0].profile);
    else different.set(likeness(group), { profiles: [group[0].profile], group });
  }
  return [...different.values()].map(({ profiles, group }) => ({ title: profiles.join(', '), group }));
}

/** @param {readonly Rendition[]} group */
function likeness(group) {
  return JSON.stringify(group.map(({ width, height, format, bytes }) => [width, height, format, bytes]));
}

/** Plain HTTP has no clipboard but the old one. @param {string} text */
async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = element('textarea', { readonly: true, class: 'visually-hidden' });
    field.value = text;
    (document.querySelector('.pswp') ?? document.body).append(field);
    field.select();
    const isCopied = document.execCommand('copy');
    field.remove();
    return isCopied;
  }
}
