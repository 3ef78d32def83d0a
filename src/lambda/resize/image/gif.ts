const EXTENSION = 0x21;
const IMAGE = 0x2c;

/**
 * Whether a GIF ends within one of its blocks. The decoder drops an incomplete frame in silence,
 * which would pass off a broken upload as a shorter animation. A missing trailer alone is common and harmless.
 */
export function isTruncatedGif(data: Buffer): boolean {
  let at = 13 + colourTableLength(data[10]);
  while (data[at] === EXTENSION || data[at] === IMAGE) {
    at += data[at] === EXTENSION ? 2 : 11 + colourTableLength(data[at + 9]);
    while (data[at] > 0) at += 1 + data[at];
    if (at >= data.length) return true;
    at += 1;
  }
  return at > data.length;
}

function colourTableLength(flags: number): number {
  // eslint-disable-next-line no-bitwise -- packed fields
  return flags & 0x80 ? 3 * 2 ** ((flags & 0x07) + 1) : 0;
}
