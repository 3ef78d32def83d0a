import { S3Error } from './errors';

/** Percent-decodes a key, a copy source or a query part: `+` is a space to S3, and the bytes must be UTF-8. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, '%20'));
  } catch {
    throw new S3Error('InvalidURI', { details: { URI: text } });
  }
}

/** RFC 3986, every byte but the unreserved ones and the slash: the form that signatures are computed over. */
export function encodePath(path: string): string {
  return path.split('/').map((part) => encodeURIComponent(part).replace(/[!'()*]/g, percent)).join('/');
}

/** The form encoding of keys in notifications and in listings with `encoding-type=url`. */
export function encodeForm(key: string): string {
  return encodeURIComponent(key).replace(/[!'()~]/g, percent).replace(/%2F/g, '/').replace(/%20/g, '+');
}

/** A key as it stands in a notification or in the filter of one, decoded. */
export function decodeForm(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '));
}

/** S3 returns values that are no printable ASCII as RFC 2047 words. */
export function encodeHeaderValue(value: string): string {
  return /^[\x20-\x7e]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`;
}

/** Order of listings: by UTF-8 bytes, which is not the order of JavaScript strings. */
export function compareUtf8(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function percent(char: string): string {
  return `%${char.charCodeAt(0).toString(16).toUpperCase()}`;
}
