/** Keys as S3 writes them in notifications, and compares them with the filters of notifications: encoded like HTML forms. */

export function encodeFormKey(key: string): string {
  const encoded = encodeURIComponent(key).replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return encoded.replaceAll('%2F', '/').replaceAll('%20', '+');
}

export function decodeFormKey(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '));
}
