const FALLBACK = 'image';
const MAX_DISPLAY_CHARACTERS = 255;
const MAX_KEY_CHARACTERS = 100;
const MAX_EXTENSION_CHARACTERS = 10;

/** A file's name as people may see it: no path, nothing invisible or that turns the direction of text. */
export function displayName(given: string): string {
  const base = given.normalize('NFC').split(/[/\\]/).at(-1)!;
  const visible = base.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '').trim();
  return Array.from(visible).slice(0, MAX_DISPLAY_CHARACTERS).join('') || FALLBACK;
}

/** The name's part of a key: ASCII letters, digits, `.`, `_` and `-`, with the extension. */
export function keyName(display: string): string {
  const safe = display.normalize('NFKD').replace(/\p{M}/gu, '').replace(/[^A-Za-z0-9._-]+/g, '-').replace(/\.{2,}/g, '.');
  const [, name, extension] = /^(.*?)(\.[A-Za-z0-9]+)?$/.exec(safe)!;
  const ending = extension && extension.length <= MAX_EXTENSION_CHARACTERS ? extension : '';
  const trimmed = name.replace(/^[.-]+|[.-]+$/g, '').slice(0, MAX_KEY_CHARACTERS - ending.length);
  return `${trimmed || FALLBACK}${ending}`;
}
