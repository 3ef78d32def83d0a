// @ts-check
import { element, fromTemplate, icon, setText, webUrl } from './dom.js';
import { count, formatAge, formatBytes, formatName, formatPixels, formatSaving, formatTime } from './format.js';
import { STATUS } from './messages.js';
import { pictureKey } from './picture.js';
import { Stage } from './stage.js';

/**
 * @typedef {import('./types.js').Image} Image
 * @typedef {import('./types.js').Rendition} Rendition
 *
 * @typedef {object} CardActions
 * @property {(imageId: string) => void} open
 * @property {((imageId: string) => void) | undefined} remove
 * @property {(imageId: string) => void} freshen makes old links new, before they are used
 * @property {(imageId: string) => Promise<Image | undefined>} reload
 */

/** One image of the gallery. It stays the same element as long as the image is shown. */
export class ImageCard {
  #linksKey = '';

  /**
   * @param {Image} image
   * @param {CardActions} actions
   */
  constructor(image, actions) {
    const { imageId, fileName } = image;
    const { root, part } = fromTemplate('card-template');
    this.root = root;
    this.part = part;
    root.dataset.imageId = imageId;
    this.openButton = part('open', HTMLButtonElement);
    setText(this.openButton, fileName);
    this.openButton.addEventListener('click', () => actions.open(imageId));
    const remove = part('delete', HTMLButtonElement);
    remove.append(icon('trash'));
    remove.ariaLabel = `Delete ${fileName}`;
    remove.hidden = !actions.remove;
    remove.addEventListener('click', () => actions.remove?.(imageId));
    for (const event of ['pointerenter', 'focusin']) part('versions').addEventListener(event, () => actions.freshen(imageId));
    this.stage = new Stage(part('stage'), { sizes: cardSizes, isLazy: true, reload: actions.reload });
  }

  /** @param {Image} image */
  update(image) {
    const { status, uploadedAt, original, failure } = image;
    this.root.dataset.status = status;
    const badge = this.part('badge');
    badge.dataset.status = status;
    setText(badge, STATUS[status]);
    const time = this.part('time', HTMLTimeElement);
    time.dateTime = uploadedAt;
    time.title = formatTime(uploadedAt);
    this.tick(Date.now());
    const facts = original ? [formatPixels(original), formatName(original.format), formatBytes(original.bytes)] : [];
    setText(this.part('facts'), facts.join(' · '));
    const problem = this.part('problem');
    problem.hidden = !failure;
    setText(problem, failure ? failure.message : '');
    if (failure) problem.dataset.code = failure.code;
    this.#showVersions(image);
    this.stage.show(image);
  }

  /** @param {number} now */
  tick(now) {
    const time = this.part('time', HTMLTimeElement);
    setText(time, formatAge(time.dateTime, now));
  }

  /** @param {Image} image */
  #showVersions(image) {
    const { renditions } = image;
    const list = this.part('list');
    const key = pictureKey(image);
    if (key !== this.#linksKey) {
      this.#linksKey = key;
      list.replaceChildren(...renditions.map(versionItem));
      this.part('versions').hidden = renditions.length === 0;
      if (renditions.length > 0) setText(this.part('summary'), summaryOf(renditions));
    }
    list.querySelectorAll('a').forEach((link, at) => setAddress(link, renditions[at].url));
  }
}

/**
 * @param {HTMLAnchorElement} link
 * @param {string} url
 */
export function setAddress(link, url) {
  const address = webUrl(url);
  if (address === undefined) link.removeAttribute('href');
  else if (link.href !== address) link.href = address;
}

/** @param {Rendition} rendition */
function versionItem(rendition) {
  const { profile, name, format, bytes, reductionPercent } = rendition;
  return element('li', { 'data-rendition': name }, element('a', { target: '_blank', rel: 'noopener' },
    element('b', {}, profile), ' ',
    element('span', { class: 'hint' }, `${formatName(format)} ${formatPixels(rendition)}`), ' ',
    element('span', { class: 'number' }, formatBytes(bytes)), ' ',
    element('span', { class: 'number saving' }, formatSaving(reductionPercent)),
  ));
}

/** @param {Rendition[]} renditions */
function summaryOf(renditions) {
  const smallest = Math.min(...renditions.map(({ bytes }) => bytes));
  return `${count(renditions.length, 'version')}${renditions.length > 1 ? ` from ${formatBytes(smallest)}` : ''}`;
}

/**
 * A card is as wide as the phone or about 20rem, its stage 4:3.
 * @param {number} ratio
 */
function cardSizes(ratio) {
  return `calc(min(100vw, 24rem) * ${Math.min(1, (ratio * 3) / 4).toFixed(3)})`;
}
