/** How alike two images of the same size are, on their decoded bytes. */
import sharp from 'sharp';

interface Decoded {
  readonly data: Buffer;
  readonly info: { readonly width: number; readonly height: number; readonly channels: number };
}

/** Decodes to pixels in sRGB. */
export async function decode(image: Buffer): Promise<Decoded> {
  return sharp(image).raw().toBuffer({ resolveWithObject: true });
}

/** Peak signal-to-noise ratio in decibels; infinite for equal images. */
export function psnr(one: Decoded, other: Decoded): number {
  requireSameSize(one, other);
  let sum = 0;
  for (let at = 0; at < one.data.length; at += 1) sum += (one.data[at] - other.data[at]) ** 2;
  return 10 * Math.log10((255 * 255 * one.data.length) / sum);
}

const WINDOW = 8;

/** Mean structural similarity of luma over windows that half overlap; 1 for equal images. */
export function ssim(one: Decoded, other: Decoded): number {
  requireSameSize(one, other);
  const { width, height } = one.info;
  const [a, b] = [luma(one), luma(other)];
  let sum = 0;
  let windows = 0;
  for (let top = 0; top + WINDOW <= height; top += WINDOW / 2) {
    for (let left = 0; left + WINDOW <= width; left += WINDOW / 2) {
      sum += windowSimilarity(a, b, top * width + left, width);
      windows += 1;
    }
  }
  return sum / windows;
}

function windowSimilarity(a: Float64Array, b: Float64Array, start: number, stride: number): number {
  const count = WINDOW * WINDOW;
  let [sumA, sumB, sumAA, sumBB, sumAB] = [0, 0, 0, 0, 0];
  for (let y = 0; y < WINDOW; y += 1) {
    for (let x = 0; x < WINDOW; x += 1) {
      const at = start + y * stride + x;
      sumA += a[at];
      sumB += b[at];
      sumAA += a[at] * a[at];
      sumBB += b[at] * b[at];
      sumAB += a[at] * b[at];
    }
  }
  const [meanA, meanB] = [sumA / count, sumB / count];
  const [c1, c2] = [(0.01 * 255) ** 2, (0.03 * 255) ** 2];
  const covariance = sumAB / count - meanA * meanB;
  const variances = sumAA / count - meanA * meanA + sumBB / count - meanB * meanB;
  return ((2 * meanA * meanB + c1) * (2 * covariance + c2)) / ((meanA * meanA + meanB * meanB + c1) * (variances + c2));
}

function luma({ data, info: { width, height, channels } }: Decoded): Float64Array {
  const colours = channels < 3 ? [0, 0, 0] : [0, 1, 2];
  return Float64Array.from({ length: width * height }, (_, pixel) => {
    const [r, g, b] = colours.map((channel) => data[pixel * channels + channel]);
    return 0.299 * r + 0.587 * g + 0.114 * b;
  });
}

function requireSameSize(one: Decoded, other: Decoded): void {
  const [a, b] = [one, other].map(({ info }) => `${info.width}x${info.height}x${info.channels}`);
  if (a !== b) throw new Error(`expected images of one size, received ${a} and ${b}`);
}
