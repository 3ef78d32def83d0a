import { Colour } from './colour';
import { lzwPixels, unusedIndex } from './gif-lzw';
import { Readable } from './readable';
import { unsupportedForm } from './words';

const EXTENSION = 0x21;
const IMAGE = 0x2c;
const TRAILER = 0x3b;
const GRAPHIC_CONTROL = 0xf9;

/** More frames are no animation that anybody made; the decoder takes 100,000. */
export const MAX_GIF_FRAMES = 50_000;

/** Bits of a pixel's code, at most. */
const MAX_CODE_SIZE = 11;

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Where its graphic control keeps disposal and transparency; undefined without one. */
  readonly control?: number;
  /** Where its own palette begins; it ends where the pixels begin. */
  readonly palette: number;
  /** Where its compressed pixels begin, with the bits of a code. */
  readonly pixels: number;
  /** Behind its last block. */
  readonly end: number;
}

/** What the blocks of a GIF tell, without its pixels. */
export interface Gif {
  readonly width: number;
  readonly height: number;
  /** Those that are whole: the first `MAX_GIF_FRAMES` and one. */
  readonly frames: readonly Frame[];
  /** Whether a further frame follows them that is not whole. What else follows, such as zeros, is passed over. */
  readonly isDamaged: boolean;
}

/** Follows the blocks as far as they are whole. A terminator or trailer that is missing at the end is no damage: every pixel is there. */
export function readGif(data: Buffer): Gif {
  const frames: Frame[] = [];
  let at = 13 + colourTableLength(data[10]);
  let control: number | undefined;
  while (frames.length <= MAX_GIF_FRAMES && (data[at] === EXTENSION || data[at] === IMAGE)) {
    const isImage = data[at] === IMAGE;
    if (!isImage && data[at + 1] === GRAPHIC_CONTROL) control = at + 3;
    const pixels = at + 10 + (isImage ? colourTableLength(data[at + 9]) : 0);
    const { end, isTerminated } = afterBlocks(data, isImage ? pixels + 1 : at + 2);
    if (isImage) {
      const frame = { ...rectangle(data, at + 1), control, palette: at + 10, pixels, end };
      const isWhole = data[pixels] <= MAX_CODE_SIZE && (isTerminated || lzwPixels(data, pixels, end) >= frame.width * frame.height);
      if (!isWhole) return describe(data, frames, true);
      frames.push(frame);
      control = undefined;
    }
    at = end;
  }
  return describe(data, frames, frames.length <= MAX_GIF_FRAMES && data[at] !== TRAILER && data.indexOf(IMAGE, at) !== -1);
}

/** The first frame may be larger than the screen that the header states; browsers show it all. */
function describe(data: Buffer, frames: readonly Frame[], isDamaged: boolean): Gif {
  const [first] = frames;
  const side = (stated: number, shown: number) => Math.max(stated, shown);
  return {
    width: first ? side(data.readUInt16LE(6), first.left + first.width) : 0,
    height: first ? side(data.readUInt16LE(8), first.top + first.height) : 0,
    frames,
    isDamaged,
  };
}

function rectangle(data: Buffer, at: number): Pick<Frame, 'left' | 'top' | 'width' | 'height'> {
  const [left = 0, top = 0, width = 0, height = 0] = at + 8 <= data.length ? [0, 2, 4, 6].map((offset) => data.readUInt16LE(at + offset)) : [];
  return { left, top, width, height };
}

function afterBlocks(data: Buffer, from: number): { readonly end: number; readonly isTerminated: boolean } {
  let at = from;
  while (data[at] > 0) at += 1 + data[at];
  return at < data.length ? { end: at + 1, isTerminated: true } : { end: data.length, isTerminated: false };
}

function colourTableLength(flags: number): number {
  // eslint-disable-next-line no-bitwise -- packed fields
  return flags & 0x80 ? 3 * 2 ** ((flags & 0x07) + 1) : 0;
}

/** Entries of the palette, whichever of them the pixels use; undefined where frames have several. */
export function paletteSizeOfGif(data: Buffer, { frames }: Gif): number | undefined {
  const [first] = frames;
  const isOfItsOwn = ({ palette, pixels }: Frame) => pixels > palette;
  if (frames.length === 1 && isOfItsOwn(first)) return (first.pixels - first.palette) / 3;
  return frames.some(isOfItsOwn) ? undefined : colourTableLength(data[10]) / 3;
}

/** The first frame alone: what follows costs time, and may be damaged. */
export function stillOfGif(data: Buffer, gif: Gif): Readable {
  const still = data.subarray(0, gif.frames[0].end);
  return covers(gif.frames[0], gif) ? { data: still } : withCanvas(still, gif);
}

/** Restored to what was before, or to transparency. */
const RESTORES_BACKGROUND = 2;
const RESTORES_PREVIOUS = 3;

/**
 * All frames, such that the decoder shows what browsers do: what no frame covers, or disposal clears, is transparent.
 * The decoder clears to transparency where a frame has a transparent colour, and to the palette's background where not.
 *
 * @returns undefined where a frame that is to be cleared has no colour to spare
 */
export function framesOfGif(data: Buffer, gif: Gif): Readable | undefined {
  const { frames } = gif;
  const whole = data.subarray(0, frames.at(-1)!.end);
  const disposals = frames.slice(0, -1).map(({ control }) => (control === undefined ? 0 : disposalOf(data[control])));
  const clears = disposals.some((disposal) => disposal >= RESTORES_BACKGROUND);
  if (!clears) return covers(frames[0], gif) ? { data: whole } : withCanvas(whole, gif);

  const patched = Buffer.from(whole);
  for (const [at, disposal] of disposals.entries()) {
    const { control = 0, pixels } = frames[at];
    // eslint-disable-next-line no-bitwise -- packed fields
    if (disposal !== RESTORES_BACKGROUND || data[control] & 1) continue;
    const isClearBefore = at === 0 || (disposals[at - 1] === RESTORES_BACKGROUND && covers(frames[at - 1], frames[at]));
    if (isClearBefore) {
      // eslint-disable-next-line no-bitwise -- packed fields
      patched[control] = (data[control] & ~0x1c) | (RESTORES_PREVIOUS << 2);
      continue;
    }
    const spare = unusedIndex(data, pixels, frames[at].end);
    if (spare === undefined) return undefined;
    patched[control] += 1;
    patched[control + 3] = spare;
  }
  return withCanvas(patched, gif);
}

function disposalOf(flags: number): number {
  // eslint-disable-next-line no-bitwise -- packed fields
  return (flags >> 2) & 7;
}

function covers(frame: Frame, { left = 0, top = 0, width, height }: Partial<Frame> & Pick<Frame, 'width' | 'height'>): boolean {
  return frame.left <= left && frame.top <= top && frame.left + frame.width >= left + width && frame.top + frame.height >= top + height;
}

/** The place of a frame is a number of 16 bits. */
const MAX_SIDE = 65_536;

/**
 * With a first frame that is one transparent pixel in the far corner: it tells the decoder, which distrusts some sizes of
 * the screen, how large the canvas is, and that it is transparent.
 */
function withCanvas(data: Buffer, { width, height }: Gif): Readable {
  if (Math.max(width, height) > MAX_SIDE) {
    const detail = `the gif image has a frame that reaches to ${width} x ${height}: expected at most ${MAX_SIDE} pixels a side`;
    throw unsupportedForm('gif', 'has a frame that reaches beyond what the format can hold', { detail });
  }
  const start = 13 + colourTableLength(data[10]);
  const corner = Buffer.from([EXTENSION, GRAPHIC_CONTROL, 4, 1, 0, 0, 0, 0, IMAGE, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
  corner.writeUInt16LE(width - 1, 9);
  corner.writeUInt16LE(height - 1, 11);
  return { data: Buffer.concat([data.subarray(0, start), corner, data.subarray(start)]), page: 1 };
}

/** How far from the background its place in a palette may be, by each channel: what encoders round. */
const ROUNDED = 4;

/** Makes the background exact in every palette of an encoded GIF, where it is all but that. */
export function makeExact(encoded: Buffer, { r, g, b }: Pick<Colour, 'r' | 'g' | 'b'>): void {
  const palettes = [[13, 13 + colourTableLength(encoded[10])], ...readGif(encoded).frames.map(({ palette, pixels }) => [palette, pixels])];
  for (const [start, end] of palettes) {
    const distance = (at: number) => Math.max(Math.abs(encoded[at] - r), Math.abs(encoded[at + 1] - g), Math.abs(encoded[at + 2] - b));
    let nearest = start;
    for (let at = start; at < end; at += 3) if (distance(at) < distance(nearest)) nearest = at;
    if (nearest < end && distance(nearest) <= ROUNDED) encoded.set([r, g, b], nearest);
  }
}
