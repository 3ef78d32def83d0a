// @ts-check
import { byId, element } from './dom.js';
import { Panel } from './panel.js';
import { canSeeThrough, filesOf } from './picture.js';

/**
 * @typedef {import('./types.js').Image} Image
 * @typedef {import('photoswipe').default} PhotoSwipe
 *
 * @typedef {object} ViewerActions
 * @property {() => readonly Image[]} images those that can be viewed, in the order of the gallery
 * @property {(imageId: string) => Promise<Image | undefined>} full everything about an image, with links that work
 * @property {((imageId: string) => void) | undefined} remove
 * @property {(imageId: string) => void} onClose
 * @property {(text: string) => void} tell
 * @property {(dialog?: HTMLElement) => void} holdMessages in this dialog, or no longer
 */

/** Narrower windows have the panel below the picture. */
const WIDE = matchMedia('(min-width: 56rem)');
/** As styles/viewer.css has them. */
const PANEL_WIDTH = 400;
const PANEL_SHARE = 0.52;
const SHOWN = 'viewer-panel';
const ADDRESS = /^#image=(.+)$/;

/** One image at a time, in the whole window, at an address of its own. */
export class Viewer {
  /** @type {PhotoSwipe | undefined} */
  #swipe;
  /** Whether going back leads to the gallery. */
  #isPushed = false;
  /** @type {Image[]} */
  #images = [];

  /** @param {ViewerActions} actions */
  constructor(actions) {
    this.actions = actions;
    this.panel = new Panel(byId('panel', HTMLElement), { ...actions, remove: actions.remove && ((imageId) => this.#remove(imageId)), hide: () => this.#showPanel(false) });
    window.addEventListener('popstate', () => this.#followAddress());
  }

  get isOpen() {
    return this.#swipe !== undefined;
  }

  /** Opens the image that the address names, if it names one. */
  async start() {
    const imageId = addressed();
    if (imageId !== undefined && await this.actions.full(imageId).catch(() => undefined)) await this.#show(imageId);
  }

  /** @param {string} imageId */
  async open(imageId) {
    history.pushState(null, '', addressOf(imageId));
    this.#isPushed = true;
    await this.#show(imageId);
  }

  close() {
    this.#swipe?.close();
  }

  /** Shows what is known by now. */
  update() {
    if (this.#swipe) void this.panel.show(this.#current);
  }

  get #current() {
    return this.#images[this.#swipe?.currIndex ?? 0]?.imageId;
  }

  /** @param {string} imageId */
  async #show(imageId) {
    const { PhotoSwipe } = await import('../vendor/photoswipe.js');
    this.#images = [...this.actions.images()];
    const index = this.#images.findIndex((image) => image.imageId === imageId);
    if (index < 0 || this.#swipe) return;
    this.#isPanelShown = WIDE.matches && storedPanel();
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    const swipe = new PhotoSwipe({
      dataSource: this.#images.map((image) => slideOf(image)),
      index,
      bgOpacity: 1,
      loop: false,
      mainClass: 'viewer',
      showHideAnimationType: isCalm ? 'none' : 'fade',
      preload: [1, 2],
      // The focus goes to the tile of the last image that was seen.
      returnFocus: false,
      wheelToZoom: true,
      closeTitle: 'Close', zoomTitle: 'Zoom', arrowPrevTitle: 'Previous image', arrowNextTitle: 'Next image',
      errorMsg: 'The picture could not be loaded',
      getViewportSizeFn: () => this.#viewport(),
    });
    this.#swipe = swipe;
    this.#connect(swipe);
    swipe.init();
    swipe.element?.setAttribute('aria-label', 'Image');
    swipe.element?.append(this.panel.root);
    this.actions.holdMessages(swipe.element);
    this.#showPanel(this.#isPanelShown);
  }

  /** @param {PhotoSwipe} swipe */
  #connect(swipe) {
    swipe.on('uiRegister', () => swipe.ui?.registerElement({
      name: 'panel-toggle', order: 9, isButton: true, title: 'Details',
      html: { isCustomSVG: true, inner: '<path d="M16 7a9 9 0 1 0 0 18 9 9 0 0 0 0-18Zm-1.2 4h2.4v2.4h-2.4Zm0 4h2.4v6.4h-2.4Z" id="pswp__icn-panel"/>', outlineID: 'pswp__icn-panel' },
      onClick: () => this.#showPanel(!this.#isPanelShown),
    }));
    // It knows only what it has loaded itself for a picture.
    swipe.addFilter('isContentZoomable', (_isZoomable, content) => content.element instanceof HTMLImageElement);
    // Who looks closer needs more pixels.
    swipe.on('zoomPanUpdate', ({ slide: { content: { element: picture }, width, currZoomLevel } }) => {
      const drawn = Math.ceil(width * currZoomLevel);
      if (picture instanceof HTMLImageElement && parseInt(picture.sizes, 10) < drawn) picture.sizes = `${drawn}px`;
    });
    // The picture is loaded by links that work now, in all its sizes.
    swipe.on('contentLoad', (event) => {
      const { content } = event;
      const image = /** @type {Image} */ (content.data.image);
      event.preventDefault();
      content.state = 'loading';
      const picture = filesOf(image) ? document.createElement('img') : note(image);
      content.element = picture;
      picture.className = 'pswp__img';
      picture.classList.toggle('is-see-through', canSeeThrough(image));
      if (picture instanceof HTMLImageElement) void this.#load(picture, image, () => content.onLoaded(), () => content.onError());
      else content.onLoaded();
    });
    swipe.on('change', () => {
      const imageId = this.#current;
      if (imageId === undefined) return;
      void this.panel.show(imageId);
      if (addressed() !== imageId) history.replaceState(null, '', addressOf(imageId));
    });
    // Keys that belong to what has the focus in the panel.
    swipe.on('keydown', (event) => {
      const { target, key } = event.originalEvent;
      if (target instanceof Element && target.closest('#panel, .compare') && key !== 'Escape' && key !== 'Tab') event.preventDefault();
    });
    swipe.on('close', () => {
      this.panel.endComparison();
      this.actions.holdMessages();
      if (addressed() === undefined) return;
      if (this.#isPushed) history.back();
      else history.replaceState(null, '', location.pathname + location.search);
    });
    swipe.on('destroy', () => {
      const imageId = this.#current;
      this.#swipe = undefined;
      this.#isPushed = false;
      this.panel.leave();
      if (imageId !== undefined) this.actions.onClose(imageId);
    });
  }

  /**
   * @param {HTMLImageElement} picture
   * @param {Image} listed
   * @param {() => void} onLoaded
   * @param {() => void} onError
   */
  async #load(picture, listed, onLoaded, onError) {
    const image = await this.actions.full(listed.imageId).catch(() => undefined) ?? listed;
    const files = filesOf(image);
    if (!files) return onError();
    picture.alt = image.fileName;
    picture.addEventListener('load', onLoaded, { once: true });
    picture.addEventListener('error', onError, { once: true });
    picture.sizes = `${Math.ceil(Math.min(this.#viewport().x, this.#viewport().y * files.largest.width / files.largest.height))}px`;
    picture.srcset = files.srcset;
    picture.src = files.src;
  }

  #viewport() {
    const { clientWidth: width } = document.documentElement;
    const height = window.innerHeight;
    if (!this.#isPanelShown) return { x: width, y: height };
    return WIDE.matches ? { x: width - PANEL_WIDTH, y: height } : { x: width, y: height * (1 - PANEL_SHARE) };
  }

  #isPanelShown = false;

  /** @param {boolean} isShown */
  #showPanel(isShown) {
    this.#isPanelShown = isShown;
    if (WIDE.matches) storePanel(isShown);
    this.panel.root.hidden = !isShown;
    const dialog = this.#swipe?.element;
    dialog?.classList.toggle('has-panel', isShown);
    dialog?.querySelector('.pswp__button--panel-toggle')?.setAttribute('aria-expanded', String(isShown));
    this.panel.endComparison();
    this.#swipe?.updateSize(true);
    if (isShown) void this.panel.show(this.#current);
  }

  /** @param {string} imageId */
  #remove(imageId) {
    this.close();
    this.actions.remove?.(imageId);
  }

  #followAddress() {
    const imageId = addressed();
    if (imageId === undefined) {
      this.#isPushed = false;
      this.close();
    } else if (!this.#swipe) {
      void this.#show(imageId);
    } else {
      const index = this.#images.findIndex((image) => image.imageId === imageId);
      if (index >= 0) this.#swipe.goTo(index);
    }
  }
}

/**
 * As large as its largest file: what is drawn larger is not sharp.
 * @param {Image} image
 */
function slideOf(image) {
  const shape = image.original ?? { width: 800, height: 600 };
  const largest = filesOf(image)?.largest ?? shape;
  const width = Math.max(largest.width, Math.min(shape.width, 2000));
  return { image, w: width, h: Math.round((width * shape.height) / shape.width), alt: image.fileName };
}

/** In the place of a picture that there is not. @param {Image} image */
function note({ fileName, failure }) {
  return element('div', { 'data-note': '' }, element('p', {}, element('bdi', {}, fileName)), element('p', {}, failure ? failure.message : 'No preview for this format'));
}

/** @param {string} imageId */
function addressOf(imageId) {
  return `#image=${encodeURIComponent(imageId)}`;
}

function addressed() {
  const [, imageId] = ADDRESS.exec(location.hash) ?? [];
  return imageId === undefined ? undefined : decodeURIComponent(imageId);
}

function storedPanel() {
  try {
    return localStorage.getItem(SHOWN) !== 'false';
  } catch {
    return true;
  }
}

/** @param {boolean} isShown */
function storePanel(isShown) {
  try {
    localStorage.setItem(SHOWN, String(isShown));
  } catch {
    // A browser that stores nothing shows the panel in the next image as well.
  }
}
