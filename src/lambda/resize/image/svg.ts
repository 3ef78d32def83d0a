import { missingCharacter } from './fonts';
import { Readable } from './readable';
import { svgRoot, svgText } from './sniff';
import { readWriting } from './svg-text';
import { drawingWithHtml, drawingWithoutFont } from './words';

/** Lengths that are not pixels: librsvg takes them at the density at which it draws, and browsers at 96 to the inch. */
const PHYSICAL_LENGTH = /[\d.](?:mm|cm|in|pt|pc)\b/;
const CSS_DENSITY = 96;

/** At this density, libvips draws a pixel as a pixel. */
export const PIXEL_DENSITY = 72;

/**
 * Texts of a drawing have to be drawn.
 *
 * @throws PermanentError `UNSUPPORTED_FORMAT`
 */
export function requireWritable(data: Buffer): void {
  const { characters, hasHtml } = readWriting(data);
  if (hasHtml) throw drawingWithHtml({ detail: 'the svg image has HTML inside (foreignObject), which is not drawn' });
  const character = missingCharacter(characters);
  if (character === undefined) return;
  const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
  throw drawingWithoutFont(character, { detail: `the svg image has a text with U+${code}, for which there is no font` });
}

/** What librsvg, which reads no UTF-16, is given of a drawing, in which lengths are those of CSS. */
export function readableSvg(data: Buffer): Readable {
  const { text, encoding } = svgText(data);
  return { data: Buffer.from(withFontSize(text), encoding), density: PHYSICAL_LENGTH.test(text) ? CSS_DENSITY : PIXEL_DENSITY };
}

/** The size from which relative lengths follow is 16 pixels in browsers, and 12 in librsvg; whatever else states one goes before an attribute. */
function withFontSize(text: string): string {
  const { at, tag } = svgRoot(text);
  const end = text.indexOf('>', at);
  if (tag === undefined || /\sfont-size\s*=/.test(text.slice(at, end))) return text;
  const behind = at + 1 + tag.length;
  return `${text.slice(0, behind)} font-size="16px"${text.slice(behind)}`;
}
