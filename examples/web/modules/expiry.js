// @ts-check
/** Until when links work, as their addresses say. */

/** The last moment of a link that S3 or CloudFront has signed; nothing of one that stays. @param {string} url @returns {Date | undefined} */
export function endOf(url) {
  if (!URL.canParse(url, globalThis.document?.baseURI)) return undefined;
  const { searchParams: query } = new URL(url, globalThis.document?.baseURI);
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get('X-Amz-Date') ?? '') ?? [];
  const [year, month, day, hour, minute, second] = parts.map(Number);
  const lasts = Number(query.get('X-Amz-Expires') || NaN);
  const end = parts.length > 0 ? Date.UTC(year, month - 1, day, hour, minute, second) + lasts * 1000 : Number(query.get('Expires') || NaN) * 1000;
  return Number.isNaN(new Date(end).getTime()) ? undefined : new Date(end);
}

/** Of several, that which ends first. @param {readonly string[]} urls */
export function firstEndOf(urls) {
  return urls.map(endOf).filter((end) => end !== undefined).sort((a, b) => a.getTime() - b.getTime())[0];
}
