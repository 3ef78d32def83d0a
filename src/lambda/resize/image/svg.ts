import { missingCharacter } from './fonts';
import { Readable } from './readable';
import { svgRoot, svgText } from './sniff';
import { readSvg } from './svg-content';
import { drawingWith, drawingWithoutFont } from './words';
import { plainText } from '../../shared/plain-text';

/** Lengths that are not pixels: librsvg takes them at the density at which it draws, and browsers at 96 to the inch. */
const PHYSICAL_LENGTH = /[\d.](?:mm|cm|in|pt|pc)\b/;
const CSS_DENSITY = 96;

/** At this density, libvips draws a pixel as a pixel. */
export const PIXEL_DENSITY = 72;

/**
 * What it is made of has to be drawn as browsers draw it.
 *
 * @throws PermanentError `UNSUPPORTED_FORMAT`
 */
export function requireDrawable(data: Buffer): void {
  const { characters, feature } = readSvg(data);
  if (feature !== undefined) throw drawingWith(feature, { detail: `the svg image has what librsvg does not draw as browsers do: ${feature}` });
  const character = missingCharacter(characters);
  if (character === undefined) return;
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  throw drawingWithoutFont(plainText(character, 1) || `U+${code}`, { detail: `the svg image has a text with U+${code}, for which there is no font` });
}

/** What librsvg, which reads no UTF-16, is given of a drawing, in which lengths are those of CSS. */
export function readableSvg(data: Buffer): Readable {
  const { text, encoding } = svgText(data);
  return { data: Buffer.from(asBrowsersDo(text), encoding), density: PHYSICAL_LENGTH.test(text) ? CSS_DENSITY : PIXEL_DENSITY };
}

/**
 * Browsers take every condition on features (`requiredFeatures`) as met, have type of 16 pixels where librsvg has 12, and paint the background that the
 * root states.
 */
function asBrowsersDo(text: string): string {
  const { at, tag } = svgRoot(text);
  const end = text.indexOf('>', at);
  if (tag === undefined || end === -1) return text;
  const root = text.slice(at, end);
  // Whatever else states a size goes before an attribute.
  const size = /\sfont-size\s*=/.test(root) ? '' : ' font-size="16px"';
  const name = at + 1 + tag.length;
  const rest = text.slice(end + 1).replace(/(\s)requiredFeatures(?=\s{0,9}=)/g, '$1data-features');
  return `${text.slice(0, name)}${size}${text.slice(name, end + 1)}${root.endsWith('/') ? '' : backgroundOf(root, tag)}${rest}`;
}

const COLOUR = /^(?:#[\da-f]{3,8}|[a-z]{3,24}|(?:rgb|hsl)a?\([^()"'<>&]{1,60}\))$/i;
const NO_COLOUR = /^(?:none|transparent|inherit|initial|unset|revert)$/i;

/** A rectangle that is larger than what is seen, however the drawing is fitted into its frame. */
function backgroundOf(root: string, tag: string): string {
  const [, colour = ''] = /\sstyle\s*=\s*["'](?:[^"']*;)?\s*background(?:-color)?\s*:([^;"']*)/.exec(root) ?? [];
  const value = colour.trim();
  if (!COLOUR.test(value) || NO_COLOUR.test(value)) return '';
  const [x = 0, y = 0, width = 0, height = 0] = /\sviewBox\s*=\s*["']([^"']*)["']/.exec(root)?.[1].trim().split(/[\s,]+/).map(Number) ?? [];
  const place = width > 0 && height > 0
    ? `x="${x - 9 * width}" y="${y - 9 * height}" width="${19 * width}" height="${19 * height}"`
    : 'width="100%" height="100%"';
  return `<${tag.replace(/svg$/, 'rect')} ${place} style="fill:${value} !important;stroke:none !important"/>`;
}
