// @ts-check

const SVG = 'http://www.w3.org/2000/svg';

/**
 * The element of the page with this id.
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${type.name} #${id}`);
  return found;
}

/**
 * A copy of a template's one element, and its marked parts by name.
 * @param {string} id
 */
export function fromTemplate(id) {
  const copy = /** @type {DocumentFragment} */ (byId(id, HTMLTemplateElement).content.cloneNode(true));
  const root = /** @type {HTMLElement} */ (copy.firstElementChild);
  return { root, part: partsOf(root) };
}

/**
 * Finds what is marked with `data-part`.
 * @param {HTMLElement} root
 */
export function partsOf(root) {
  /**
   * @template {HTMLElement} [T=HTMLElement]
   * @param {string} name
   * @param {new () => T} [type]
   * @returns {T}
   */
  return (name, type) => {
    const found = root.querySelector(`[data-part="${name}"]`);
    if (!(found instanceof (type ?? HTMLElement))) throw new Error(`no part ${name} in ${root.tagName}`);
    return /** @type {T} */ (found);
  };
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Readonly<Record<string, string | number | boolean | undefined>>} [attributes] `true` is an empty one, `false` none
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) node.setAttribute(name, value === true ? '' : String(value));
  }
  node.append(...children);
  return node;
}

/** @param {string} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#icon-${name}`);
  svg.append(use);
  return svg;
}

/**
 * Leaves the text alone when it is what it should be, so that a selection stays.
 * @param {HTMLElement} node
 * @param {string} text
 */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * A link's address, when it is one that a page may open.
 * @param {string} url
 */
export function webUrl(url) {
  if (!URL.canParse(url, document.baseURI)) return undefined;
  const { href, protocol } = new URL(url, document.baseURI);
  return protocol === 'https:' || protocol === 'http:' ? href : undefined;
}
