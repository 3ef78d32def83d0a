/** Templates of output keys: parsed at synth to refuse mistakes, expanded by the handler. */

import { EncodedFormat, OutputFormatName } from './config';

export const DEFAULT_OUTPUT_KEY = '{key}/{profile}.{ext}';

/** The tokens of a template and what they stand for. */
export const OUTPUT_KEY_TOKENS = [
  /** The whole key of the source. */
  'key',
  /** The directory of the key with its trailing slash; empty at the top. */
  'dir',
  /** The last segment of the key without its extension. */
  'name',
  /** The extension of the key without the dot, as written; empty where there is none. */
  'sourceExt',
  /** The profile's name. */
  'profile',
  /** The configured format, such as `jpeg` or `original`. */
  'format',
  /** The extension that fits the rendition's format. */
  'ext',
  /** The rendition's width in pixels. */
  'width',
  /** The rendition's height in pixels. */
  'height',
  /** The image id. */
  'imageId',
] as const;
export type OutputKeyToken = (typeof OUTPUT_KEY_TOKENS)[number];

/** The extensions of each format: the first is the one that is written; the others are kept when the input's key has them. */
export const EXTENSIONS: Readonly<Record<EncodedFormat, readonly string[]>> = {
  jpeg: ['jpg', 'jpeg', 'jpe', 'jfif'], png: ['png'], webp: ['webp'], avif: ['avif'], gif: ['gif'], tiff: ['tiff', 'tif'],
};

/** The extension of a rendition without its dot; `original` keeps the one of the input's key where it names the same format. */
export function fileExtension(configured: OutputFormatName, format: EncodedFormat, sourceExtension: string): string {
  const keep = configured === 'original' && EXTENSIONS[format].includes(sourceExtension.toLowerCase());
  return keep ? sourceExtension : EXTENSIONS[format][0];
}

export type OutputKeyValues = Readonly<Record<OutputKeyToken, string | number>>;

/** A template in parts: literal text and tokens in their order. */
export type OutputKeyPart = { readonly text: string } | { readonly token: OutputKeyToken };

/** @throws Error that names the unknown token or the stray brace */
export function parseOutputKey(template: string): OutputKeyPart[] {
  const parts: OutputKeyPart[] = [];
  for (const match of template.matchAll(/\{([^{}]*)\}|[^{}]+|[{}]/g)) {
    const [piece, token] = match;
    if (token !== undefined) {
      if (!isToken(token)) throw new Error(`expected one of ${OUTPUT_KEY_TOKENS.map((name) => `{${name}}`).join(' ')}, received ${JSON.stringify(piece)}`);
      parts.push({ token });
    } else if (piece === '{' || piece === '}') {
      throw new Error(`expected braces in pairs around a token, received ${JSON.stringify(template)}`);
    } else {
      parts.push({ text: piece });
    }
  }
  return parts;
}

export function expandOutputKey(template: string, values: OutputKeyValues): string {
  return parseOutputKey(template).map((part) => ('text' in part ? part.text : String(values[part.token]))).join('');
}

/** The tokens that follow from the source's key alone. */
export function splitKey(key: string): Readonly<Record<'key' | 'dir' | 'name' | 'sourceExt', string>> {
  const slash = key.lastIndexOf('/') + 1;
  const base = key.slice(slash);
  // A leading dot begins a hidden file's name, not an extension.
  const dot = base.lastIndexOf('.') > 0 ? base.lastIndexOf('.') : base.length;
  return { key, dir: key.slice(0, slash), name: base.slice(0, dot), sourceExt: base.slice(dot + 1) };
}

function isToken(name: string): name is OutputKeyToken {
  return (OUTPUT_KEY_TOKENS as readonly string[]).includes(name);
}
