/**
 * Encodes ThumbHashes, to the same bytes as the package `thumbhash`. That makes its inner function anew for each image, which V8 then compiles
 * for each image: ten times the time of all else.
 */

/** Waves across the longest side. */
const [WAVES, WAVES_BESIDE_ALPHA] = [7, 5];
const COLOUR_WAVES = 3;
const ALPHA_WAVES = 5;

/** Channels of an image, each value from 0 to 1, or from -1 to 1 for differences. */
interface Channels {
  readonly light: Float64Array;
  readonly yellowBlue: Float64Array;
  readonly redGreen: Float64Array;
  readonly alpha: Float64Array;
  readonly hasAlpha: boolean;
}

/** Waves of a channel: its mean, the strength of the strongest, and each as a share of that from 0 to 1. */
interface Waves {
  readonly mean: number;
  readonly strongest: number;
  readonly shares: readonly number[];
}

/** @param rgba pixels of an image of at most 100 x 100, not premultiplied */
export function thumbHash(width: number, height: number, rgba: Uint8Array): Buffer {
  const { light, yellowBlue, redGreen, alpha, hasAlpha } = channelsOf(rgba, width * height);
  const across = (side: number) => Math.max(1, Math.round(((hasAlpha ? WAVES_BESIDE_ALPHA : WAVES) * side) / Math.max(width, height)));
  const [columns, rows] = [across(width), across(height)];
  const size = { width, height };
  const l = wavesOf(light, size, Math.max(3, columns), Math.max(3, rows));
  const p = wavesOf(yellowBlue, size, COLOUR_WAVES, COLOUR_WAVES);
  const q = wavesOf(redGreen, size, COLOUR_WAVES, COLOUR_WAVES);
  const a = hasAlpha ? wavesOf(alpha, size, ALPHA_WAVES, ALPHA_WAVES) : undefined;

  const isLandscape = width > height;
  const difference = (mean: number) => Math.round(31.5 + 31.5 * mean);
  const colour = packed(
    [Math.round(63 * l.mean), 6], [difference(p.mean), 6], [difference(q.mean), 6], [Math.round(31 * l.strongest), 5], [Number(hasAlpha), 1],
  );
  const shape = packed(
    [isLandscape ? rows : columns, 3], [Math.round(63 * p.strongest), 6], [Math.round(63 * q.strongest), 6], [Number(isLandscape), 1],
  );
  const nibbles = [...l.shares, ...p.shares, ...q.shares, ...a?.shares ?? []].map((share) => Math.round(15 * share));
  const head = a ? [Math.round(15 * a.mean) + 16 * Math.round(15 * a.strongest)] : [];
  const bytes = Array.from({ length: Math.ceil(nibbles.length / 2) }, (_, at) => nibbles[2 * at] + 16 * (nibbles[2 * at + 1] ?? 0));
  return Buffer.from([...littleEndian(colour, 3), ...littleEndian(shape, 2), ...head, ...bytes]);
}

/** Transparent pixels lie on the mean colour. */
function channelsOf(rgba: Uint8Array, pixels: number): Channels {
  let [red, green, blue, opaque] = [0, 0, 0, 0];
  for (let at = 0; at < 4 * pixels; at += 4) {
    const alpha = rgba[at + 3] / 255;
    red += alpha / 255 * rgba[at];
    green += alpha / 255 * rgba[at + 1];
    blue += alpha / 255 * rgba[at + 2];
    opaque += alpha;
  }
  if (opaque > 0) {
    red /= opaque;
    green /= opaque;
    blue /= opaque;
  }
  const [light, yellowBlue, redGreen, alphas] = Array.from({ length: 4 }, () => new Float64Array(pixels));
  for (let pixel = 0, at = 0; pixel < pixels; pixel += 1, at += 4) {
    const alpha = rgba[at + 3] / 255;
    const r = red * (1 - alpha) + alpha / 255 * rgba[at];
    const g = green * (1 - alpha) + alpha / 255 * rgba[at + 1];
    const b = blue * (1 - alpha) + alpha / 255 * rgba[at + 2];
    light[pixel] = (r + g + b) / 3;
    yellowBlue[pixel] = (r + g) / 2 - b;
    redGreen[pixel] = r - g;
    alphas[pixel] = alpha;
  }
  return { light, yellowBlue, redGreen, alpha: alphas, hasAlpha: opaque < pixels };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * A cosine transform, of which the waves below the diagonal are kept. Its sums are those of the package to the last bit: a wave that is not
 * there is between two steps, and rounding decides which of them is taken.
 */
function wavesOf(channel: Float64Array, { width, height }: Size, columns: number, rows: number): Waves {
  const [across, down, shares] = [cosines(width, columns), cosines(height, rows), [] as number[]];
  let [mean, strongest] = [0, 0];
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column * rows < columns * (rows - row); column += 1) {
      let sum = 0;
      for (let y = 0; y < height; y += 1) {
        const vertical = down[row * height + y];
        for (let x = 0; x < width; x += 1) sum += channel[y * width + x] * across[column * width + x] * vertical;
      }
      const wave = sum / (width * height);
      if (row === 0 && column === 0) {
        mean = wave;
      } else {
        shares.push(wave);
        strongest = Math.max(strongest, Math.abs(wave));
      }
    }
  }
  return { mean, strongest, shares: strongest === 0 ? shares : shares.map((wave) => 0.5 + 0.5 / strongest * wave) };
}

function cosines(length: number, waves: number): Float64Array {
  const table = new Float64Array(length * waves);
  for (let wave = 0; wave < waves; wave += 1) {
    for (let at = 0; at < length; at += 1) table[wave * length + at] = Math.cos(Math.PI / length * wave * (at + 0.5));
  }
  return table;
}

/** Numbers of so many bits each, the first in the lowest. */
function packed(...fields: readonly (readonly [value: number, bits: number])[]): number {
  let [sum, place] = [0, 1];
  for (const [value, bits] of fields) {
    sum += value * place;
    place *= 2 ** bits;
  }
  return sum;
}

function littleEndian(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, at) => Math.floor(value / 256 ** at) % 256);
}
