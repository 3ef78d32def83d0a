/** GIFs put together block by block: frames of their own sizes, palettes, disposals and damage, which encoders do not write. */

import { BLUE, GREEN, RED, WHITE } from './images';

export interface GifFrame {
  readonly left?: number;
  readonly top?: number;
  readonly width: number;
  readonly height: number;
  /** Index of the palette, by position. */
  readonly pixel: (x: number, y: number) => number;
  /** 2 clears to the background, 3 to what was before. */
  readonly disposal?: number;
  readonly transparent?: number;
  /** Hundredths of a second. */
  readonly delay?: number;
}

export interface GifImage {
  readonly width: number;
  readonly height: number;
  /** A power of two of them. */
  readonly palette: readonly (readonly number[])[];
  readonly frames: readonly GifFrame[];
}

export const GIF_TRAILER = Buffer.from([0x3b]);

export function gif({ width, height, palette, frames }: GifImage): Buffer {
  const bits = Math.log2(palette.length);
  const head = Buffer.from([...Buffer.from('GIF89a'), ...uint16(width), ...uint16(height), 0x80 + bits - 1, 0, 0, ...palette.flat()]);
  return Buffer.concat([head, ...frames.map((frame) => gifFrame(frame, bits)), GIF_TRAILER]);
}

export function gifFrame({ left = 0, top = 0, width, height, pixel, disposal = 0, transparent, delay = 10 }: GifFrame, bits: number): Buffer {
  const indices = Array.from({ length: width * height }, (_, at) => pixel(at % width, Math.floor(at / width)));
  const control = [0x21, 0xf9, 4, disposal * 4 + (transparent === undefined ? 0 : 1), ...uint16(delay), transparent ?? 0, 0];
  return Buffer.from([...control, 0x2c, ...uint16(left), ...uint16(top), ...uint16(width), ...uint16(height), 0, ...lzw(indices, Math.max(2, bits))]);
}

/** Codes of one pixel each: the dictionary is cleared before they grow. */
function lzw(indices: readonly number[], size: number): number[] {
  const [clear, end] = [2 ** size, 2 ** size + 1];
  const codes = indices.flatMap((index, at) => (at % (clear - 2) === 0 ? [clear, index] : [index]));
  const bytes: number[] = [];
  let [held, bits] = [0, 0];
  for (const code of [...codes, end]) {
    held += code * 2 ** bits;
    for (bits += size + 1; bits >= 8; bits -= 8) {
      bytes.push(held % 256);
      held = Math.floor(held / 256);
    }
  }
  if (bits > 0) bytes.push(held);
  const blocks = Array.from({ length: Math.ceil(bytes.length / 255) }, (_, at) => bytes.slice(at * 255, at * 255 + 255));
  return [size, ...blocks.flatMap((block) => [block.length, ...block]), 0];
}

const uint16 = (value: number) => [value % 256, Math.floor(value / 256)];

const plainFrame = (index: number) => ({ width: 40, height: 30, pixel: () => index });

/** Frames of 40 x 30 pixels in one colour each: 0 to 3 are red, green, blue and white. */
export const animated = (frames: readonly number[]): Buffer => gif({
  width: 40, height: 30, palette: [RED, GREEN, BLUE, WHITE], frames: frames.map(plainFrame),
});

/** An animation of which the decoder alone notices that the codes of the last frame make no sense. */
export function unreadableFrame(): Buffer {
  const image = animated([0, 1, 2]);
  const last = image.lastIndexOf(gifFrame(plainFrame(2), 2));
  return Buffer.concat([image.subarray(0, last + 20), Buffer.alloc(30, 0xff), image.subarray(last + 50)]);
}
