import { S3Error } from './errors';

/** An object is nested elements, an array repeats its element, `undefined` leaves it out. */
export type XmlContent = string | number | boolean | Date | undefined | XmlContent[] | { [name: string]: XmlContent };

const S3_NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: '\'' };

export function renderXml(root: string, content: XmlContent, namespace: boolean = true): string {
  const attributes = namespace ? ` xmlns="${S3_NAMESPACE}"` : '';
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${root}${attributes}>${renderContent(content)}</${root}>`;
}

function renderContent(content: XmlContent): string {
  if (content === undefined) return '';
  if (content instanceof Date) return content.toISOString();
  if (typeof content !== 'object') return escapeText(String(content));
  return Object.entries(content).map(([name, value]) => renderElement(name, value)).join('');
}

function renderElement(name: string, value: XmlContent): string {
  if (value === undefined) return '';
  if (Array.isArray(value)) return value.map((each) => renderElement(name, each)).join('');
  return `<${name}>${renderContent(value)}</${name}>`;
}

/** Control characters become references, because a parser would normalise raw line breaks away. */
function escapeText(text: string): string {
  return text.replace(/[&<>"'\u0000-\u001f\u007f-\u009f\u2028]/g, (char) => `&#x${char.charCodeAt(0).toString(16)};`);
}

export interface XmlElement {
  readonly name: string;
  readonly children: XmlElement[];
  text: string;
}

const TOKEN = /<(\/?)([A-Za-z][\w.-]*)((?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/y;

/**
 * Parses the small documents that S3 takes: elements, text and character references.
 * Document types, comments, processing instructions and CDATA are refused.
 */
export function parseXml(document: string, root: string): XmlElement {
  const source = document.replace(/^\uFEFF/, '').replace(/^<\?xml[^>]*\?>/, '').trim().replace(/\r\n?/g, '\n');
  const outside: XmlElement = { name: '', children: [], text: '' };
  const open = [outside];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.length) {
    const token = TOKEN.exec(source);
    if (!token) throw malformed();
    const [, closing, name, , selfClosing, text] = token;
    const current = open[open.length - 1];
    if (text !== undefined) {
      current.text += decodeReferences(text);
    } else if (closing) {
      if (current.name !== name) throw malformed();
      open.pop();
    } else {
      const element: XmlElement = { name, children: [], text: '' };
      current.children.push(element);
      if (!selfClosing) open.push(element);
    }
  }
  if (open.length !== 1 || outside.text !== '' || outside.children.length !== 1 || outside.children[0].name !== root) throw malformed();
  return outside.children[0];
}

/** The text of the only child of that name, or `undefined` where there is none. */
export function childText(element: XmlElement, name: string): string | undefined {
  const found = element.children.filter((child) => child.name === name);
  if (found.length > 1 || found[0]?.children.length > 0) throw malformed();
  return found[0]?.text;
}

function decodeReferences(text: string): string {
  return text.replace(/&([^;&]*;?)/g, (_match, reference: string) => {
    const numeric = /^#(?:x([0-9a-fA-F]{1,6})|([0-9]{1,7}));$/.exec(reference);
    if (numeric) {
      const code = numeric[1] ? parseInt(numeric[1], 16) : Number(numeric[2]);
      if (code > 0x10ffff) throw malformed();
      return String.fromCodePoint(code);
    }
    const entity = reference.endsWith(';') ? ENTITIES[reference.slice(0, -1)] : undefined;
    if (entity === undefined) throw malformed();
    return entity;
  });
}

function malformed(): S3Error {
  return new S3Error('MalformedXML');
}
