import { svgText } from './sniff';
import { featureOfStyle, featureOfTag } from './svg-features';

/** What a drawing is made of, as far as it decides whether it can be drawn. */
export interface SvgContent {
  /** The characters of its texts beyond ASCII, each once: a font has to have them. */
  readonly characters: ReadonlySet<string>;
  /** What librsvg does not draw as browsers do, for people; undefined where there is nothing such. */
  readonly feature?: string;
}

/** Of a text, these say something about it. */
const UNDRAWN: ReadonlySet<string> = new Set(['title', 'desc', 'metadata', 'style', 'script']);

/** No drawing that is nested deeper is read by librsvg. */
const MAX_DEPTH = 256;

/** Followed in one pass, without building a tree. Texts that are alternatives in languages (`systemLanguage`) do not count. */
export function readSvg(data: Buffer): SvgContent {
  const text = decoded(data);
  const entities = entitiesOf(text);
  const open: string[] = [];
  const characters = new Set<string>();
  const write = (written: string) => written.match(BEYOND_ASCII)?.forEach((character) => characters.add(character));
  let feature: string | undefined;
  for (let at = text.indexOf('<'); at !== -1 && open.length <= MAX_DEPTH;) {
    const node = nodeAt(text, at);
    if (!node) break;
    if (node.closes) {
      const opened = open.lastIndexOf(node.closes);
      if (opened !== -1) open.length = opened;
    }
    if (node.opens) {
      const { name, attributes, isEmpty } = node.opens;
      feature ??= featureOfTag(attributes);
      if (!isEmpty) open.push(/\ssystemLanguage\s*=/.test(attributes) ? 'title' : name);
    }
    const inner = node.characters ?? '';
    const next = text.indexOf('<', node.end);
    const behind = text.slice(node.end, next === -1 ? text.length : next);
    const isWritten = () => open.includes('text') && !open.some((name) => UNDRAWN.has(name));
    if (inner + behind !== '' && isWritten()) {
      write(inner);
      write(withoutNumbers(behind));
      for (const [, name] of behind.matchAll(REFERENCE)) {
        write(withoutNumbers(entities.get(name) ?? ''));
        // Expanded once: many references to a long text would be one that fills the memory.
        entities.delete(name);
      }
    }
    if (open.at(-1) === 'style') feature ??= featureOfStyle(inner + behind);
    at = next;
  }
  return { characters, feature };
}

interface Node {
  readonly end: number;
  readonly opens?: { readonly name: string; readonly attributes: string; readonly isEmpty: boolean };
  readonly closes?: string;
  /** Of a CDATA section. */
  readonly characters?: string;
}

/** @returns undefined where it does not end */
function nodeAt(text: string, at: number): Node | undefined {
  const until = (mark: string, from: number) => text.indexOf(mark, from);
  if (text.startsWith('<!--', at)) return ending(until('-->', at), 3);
  if (text.startsWith('<?', at)) return ending(until('?>', at), 2);
  if (text.startsWith('<![CDATA[', at)) {
    const end = until(']]>', at);
    return end === -1 ? undefined : { end: end + 3, characters: text.slice(at + 9, end) };
  }
  const end = endOfTag(text, at + 1);
  if (end === -1) return undefined;
  const [, slash, name = ''] = /^<(\/?)(?:[\w.-]{1,64}:)?([\w.-]{1,64})/.exec(text.slice(at, at + 140)) ?? [];
  if (slash) return { end, closes: name };
  return { end, opens: { name, attributes: text.slice(at, end), isEmpty: text[end - 2] === '/' || name === '' } };
}

function ending(at: number, length: number): Node | undefined {
  return at === -1 ? undefined : { end: at + length };
}

/** Behind the `>` that is in no attribute's value. */
function endOfTag(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const character = text[at];
    if (character === '>') return at + 1;
    if (character !== '"' && character !== "'") continue;
    at = text.indexOf(character, at + 1);
    if (at === -1) return -1;
  }
  return -1;
}

/** Latin1 is how bytes of other encodings than UTF-16 are handed on. */
function decoded(data: Buffer): string {
  const { text, encoding } = svgText(data);
  if (encoding === 'utf8') return text;
  const [, stated = 'utf-8'] = /^<\?xml[^>]{0,200}encoding\s{0,9}=\s{0,9}["']([\w-]{1,40})/.exec(text.slice(0, 400)) ?? [];
  try {
    return new TextDecoder(stated).decode(data);
  } catch {
    return data.toString();
  }
}

/** What a document declares itself, such as Illustrator does; XML's own five are all in ASCII. */
function entitiesOf(text: string): Map<string, string> {
  const declared = text.slice(0, ENTITY_CHARACTERS).matchAll(/<!ENTITY\s{1,9}([\w.-]{1,64})\s{1,9}(?:"([^"]*)"|'([^']*)')/g);
  return new Map([...declared].map(([, name, double, single]) => [name, double ?? single]));
}

/** As far as declarations are looked for. */
const ENTITY_CHARACTERS = 64 * 1024;

const REFERENCE = /&([\w.-]{1,64});/g;
const BEYOND_ASCII = /[^\0-\x7f]/gu;

/** With the characters that stand there as numbers. */
function withoutNumbers(text: string): string {
  return text.replace(/&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi, (_, hexadecimal, decimal) => {
    const code = hexadecimal ? parseInt(hexadecimal, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : '';
  });
}
