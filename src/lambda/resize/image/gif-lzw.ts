/** Codes that a GIF's dictionary holds. */
const MAX_CODES = 4096;

/** How many pixels the compressed data of a frame holds. Follows the codes, and unpacks none. */
export function lzwPixels(data: Buffer, start: number, end: number): number {
  return walk(data, start, end).pixels;
}

/** An index of the palette that no pixel of a frame has. A pixel's index comes as a code of its own before any longer code has it. */
export function unusedIndex(data: Buffer, start: number, end: number): number | undefined {
  // Of fewer bits than eight, none can be the last index.
  if (data[start] < 8) return 255;
  const free = walk(data, start, end).used.indexOf(0);
  return free === -1 ? undefined : free;
}

/* eslint-disable no-bitwise -- a stream of bits */
function walk(data: Buffer, start: number, end: number): { readonly pixels: number; readonly used: Uint8Array } {
  const size = data[start];
  const clear = 1 << size;
  const used = new Uint8Array(256);
  let pixels = 0;
  if (size > 11) return { pixels, used };

  const lengths = new Uint32Array(MAX_CODES).fill(1, 0, clear);
  let [next, width, previous] = [clear + 2, size + 1, -1];
  let [bits, held] = [0, 0];
  let block = 0;
  for (let at = start + 1; at < end; at += 1) {
    if (block === 0) {
      block = data[at];
      if (block === 0) break;
      continue;
    }
    block -= 1;
    bits |= data[at] << held;
    held += 8;
    while (held >= width) {
      const code = bits & ((1 << width) - 1);
      bits >>>= width;
      held -= width;
      if (code === clear) {
        [next, width, previous] = [clear + 2, size + 1, -1];
        continue;
      }
      if (code === clear + 1 || code > next || (code === next && previous === -1)) return { pixels, used };
      if (code < clear) used[code & 255] = 1;
      if (previous !== -1 && next < MAX_CODES) {
        lengths[next] = lengths[previous] + 1;
        next += 1;
        if (next === 1 << width && width < 12) width += 1;
      }
      pixels += lengths[code];
      previous = code;
    }
  }
  return { pixels, used };
}
