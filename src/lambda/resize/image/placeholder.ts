import { Pixels } from './input';
import { thumbHash } from './thumb-hash';
import { PlaceholderFacts } from '../../../contract';

/** Cells of the longest side of what is hashed: the hash holds seven waves across at most, which twice as many cells show. */
const SIDE = 16;
/** Pixels across a cell that are looked at, which are far from one another: most of what a placeholder costs is to reach them. */
const SAMPLES = 3;
/** Steps of a channel that count as one colour when the most frequent one is looked for. */
const STEP = 32;
const STEPS = 256 / STEP;

/** What front ends show before the image is there, of upright pixels in sRGB or grey. */
export function placeholderOf(pixels: Pixels): PlaceholderFacts {
  const { width, height } = pixels;
  const scale = Math.min(1, SIDE / Math.max(width, height));
  const [columns, rows] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
  const cells = new Uint8Array(columns * rows * 4);
  const colours = new Colours();
  for (let row = 0, at = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1, at += 4) {
      fill(cells, at, pixels, column / columns, row / rows, 1 / columns, 1 / rows, colours);
    }
  }
  return { thumbHash: thumbHash(columns, rows, cells).toString('base64'), dominantColour: colours.mostFrequent() };
}

/**
 * The mean of a part of the image, which is given as shares of its sides; what is more transparent counts less.
 * Written without lists: it runs hundreds of times for each image.
 */
function fill(
  cells: Uint8Array, at: number, { data, width, height, channels }: Pixels, left: number, top: number, across: number, down: number, colours: Colours,
): void {
  const isGrey = channels < 3;
  const hasAlpha = channels % 2 === 0;
  let [r, g, b, alpha] = [0, 0, 0, 0];
  for (let sample = 0; sample < SAMPLES * SAMPLES; sample += 1) {
    const x = Math.floor((left + across * (sample % SAMPLES + 0.5) / SAMPLES) * width);
    const y = Math.floor((top + down * (Math.floor(sample / SAMPLES) + 0.5) / SAMPLES) * height);
    const from = (y * width + x) * channels;
    const red = data[from];
    const green = isGrey ? red : data[from + 1];
    const blue = isGrey ? red : data[from + 2];
    const opacity = hasAlpha ? data[from + channels - 1] / 255 : 1;
    r += red * opacity;
    g += green * opacity;
    b += blue * opacity;
    alpha += opacity;
    if (opacity >= 0.5) colours.add(red, green, blue);
  }
  if (alpha === 0) return;
  cells[at] = Math.round(r / alpha);
  cells[at + 1] = Math.round(g / alpha);
  cells[at + 2] = Math.round(b / alpha);
  cells[at + 3] = Math.round(255 * alpha / (SAMPLES * SAMPLES));
}

/** Colours by how often they are there, those that are near taken together. */
class Colours {
  /** Number and sums of red, green and blue. */
  private readonly bins = new Float64Array(4 * STEPS ** 3);

  add(red: number, green: number, blue: number): void {
    const bin = 4 * ((Math.floor(red / STEP) * STEPS + Math.floor(green / STEP)) * STEPS + Math.floor(blue / STEP));
    this.bins[bin] += 1;
    this.bins[bin + 1] += red;
    this.bins[bin + 2] += green;
    this.bins[bin + 3] += blue;
  }

  /** `#rrggbb`; black where everything is transparent. */
  mostFrequent(): string {
    const { bins } = this;
    let most = 0;
    for (let bin = 0; bin < bins.length; bin += 4) if (bins[bin] > bins[most]) most = bin;
    const count = Math.max(1, bins[most]);
    return `#${Buffer.from([1, 2, 3].map((channel) => Math.round(bins[most + channel] / count))).toString('hex')}`;
  }
}
