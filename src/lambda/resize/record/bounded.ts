/** Until when an event may come back: the longest that a queue keeps it, also as a dead letter. */
const REMEMBERED_MS = 14 * 24 * 3600 * 1000;

/** An item holds 400 KB; this leaves room for a hundred renditions with long keys. */
const MAX_BYTES = 64 * 1024;

/**
 * What of a record's past is kept: a try that was cut short and comes back removes what it left by this list.
 *
 * @param former what was listed before
 * @param since ISO time of the last claim before; nothing older comes back
 */
export function remembered(former: Iterable<string>, since: string | undefined, now: Date): string[] {
  if (since === undefined || now.getTime() - Date.parse(since) > REMEMBERED_MS) return [];
  let left = MAX_BYTES;
  return [...former].filter((entry) => {
    left -= Buffer.byteLength(entry);
    return left >= 0;
  });
}

/** Whether a list has outgrown what is kept of it. */
export function isTooLong(entries: Iterable<string> = []): boolean {
  let bytes = 0;
  for (const entry of entries) bytes += Buffer.byteLength(entry);
  return bytes > 2 * MAX_BYTES;
}
