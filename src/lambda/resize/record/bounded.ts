/** Of what lists of the past hold; a few hundred entries. */
const MAX_REMEMBERED_BYTES = 16 * 1024;

/** Beyond it, what may be stored is looked through and forgotten: an item holds 400 KB. */
const MAX_LISTED_BYTES = 64 * 1024;

/**
 * What is kept of a record's past: a try that was cut short and comes back removes what it left by it.
 *
 * @param entries the newest first
 */
export function remembered(entries: Iterable<string>): string[] {
  let left = MAX_REMEMBERED_BYTES;
  return [...new Set(entries)].filter((entry) => {
    left -= Buffer.byteLength(entry);
    return left >= 0;
  });
}

export function isTooLong(entries: Iterable<string>): boolean {
  let bytes = 0;
  for (const entry of entries) bytes += Buffer.byteLength(entry);
  return bytes > MAX_LISTED_BYTES;
}
