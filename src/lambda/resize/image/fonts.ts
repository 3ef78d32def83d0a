import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Tells of the font that is shipped. */
const CONFIGURATION = join(__dirname, 'fonts.conf');

/**
 * Has texts drawn with the font that is shipped, and no other, wherever the function runs; not where its owner has set fonts up
 * (`FONTCONFIG_FILE` or `FONTCONFIG_PATH`). To be called before the first drawing.
 */
export function useShippedFont(): void {
  if (!process.env.FONTCONFIG_FILE && !process.env.FONTCONFIG_PATH) process.env.FONTCONFIG_FILE = CONFIGURATION;
}

/** @returns the first character that would be drawn as a box; undefined where there is none, or the fonts are those of the function's owner */
export function missingCharacter(characters: Iterable<string>): string | undefined {
  if (process.env.FONTCONFIG_FILE !== CONFIGURATION) return undefined;
  for (const character of characters) {
    if (!UNSEEN.test(character) && !glyphs().has(character.codePointAt(0)!)) return character;
  }
  return undefined;
}

/** What is not drawn, or is laid out without a glyph. */
const UNSEEN = /^[\p{White_Space}\p{Cc}\p{Default_Ignorable_Code_Point}]$/u;

let cached: ReadonlySet<number> | undefined;

/** The code points of the font that is shipped. */
function glyphs(): ReadonlySet<number> {
  cached ??= readCharacterMap(readFileSync(fontFile()));
  return cached;
}

function fontFile(): string {
  const [, folder] = /<dir prefix="relative">([^<]+)<\/dir>/.exec(readFileSync(CONFIGURATION, 'utf8'))!;
  return join(__dirname, folder, 'DejaVuSans.ttf');
}

/** Of the font's table `cmap`, the form that has all of Unicode. */
const SEGMENTED_COVERAGE = 12;

function readCharacterMap(font: Buffer): Set<number> {
  const tables = Array.from({ length: font.readUInt16BE(4) }, (_, nth) => 12 + 16 * nth);
  const table = font.readUInt32BE(tables.find((at) => font.toString('latin1', at, at + 4) === 'cmap')! + 8);
  const maps = Array.from({ length: font.readUInt16BE(table + 2) }, (_, nth) => table + font.readUInt32BE(table + 8 + 8 * nth));
  const map = maps.find((at) => font.readUInt16BE(at) === SEGMENTED_COVERAGE)!;
  const found = new Set<number>();
  for (let nth = 0; nth < font.readUInt32BE(map + 12); nth += 1) {
    const at = map + 16 + 12 * nth;
    for (let code = font.readUInt32BE(at); code <= font.readUInt32BE(at + 4); code += 1) found.add(code);
  }
  return found;
}
