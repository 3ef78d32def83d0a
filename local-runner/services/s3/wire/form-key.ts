/** A key as it stands in a notification or in the filter of one, decoded. */
export function decodeFormKey(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '));
}
