/** Images like those that people upload, made by code: the same on each run. */
import sharp, { Sharp } from 'sharp';

export interface BenchImage {
  readonly description: string;
  readonly width: number;
  readonly height: number;
  /** @param side what the width and the height are multiplied by */
  make(side?: number): Promise<Buffer>;
}

const FRAMES = 24;

export const IMAGES = {
  web: image('small web photo', 1200, 800, (scene) => scene.photo().jpeg({ quality: 82 })),
  mp12: image('phone photo, 12 megapixels', 4000, 3000, (scene) => scene.photo({ noise: 9 }).jpeg({ quality: 90 })),
  mp24: image('photo, 24 megapixels', 6000, 4000, (scene) => scene.photo().jpeg({ quality: 88 })),
  mp100: image('photo, 100 megapixels', 12240, 8160, (scene) => scene.photo().jpeg({ quality: 88 })),
  progressive: image('progressive JPEG, 12 megapixels', 4000, 3000, (scene) => scene.photo().jpeg({ quality: 88, progressive: true })),
  alpha: image('PNG with alpha, 12 megapixels', 4000, 3000, (scene) => scene.cutOut().png({ compressionLevel: 6 })),
  animated: image(`animated GIF, ${FRAMES} frames`, 480, 360, (scene) => scene.frames(FRAMES).gif({ effort: 1, delay: Array<number>(FRAMES).fill(60) })),
} satisfies Record<string, BenchImage>;

export type ImageName = keyof typeof IMAGES;

function image(description: string, width: number, height: number, draw: (scene: Scene) => Sharp): BenchImage {
  return {
    description,
    width,
    height,
    make: async (side = 1) => draw(await Scene.of(Math.round(width * side), Math.round(height * side))).toBuffer(),
  };
}

/** Standard deviation of the noise at middle grey, in steps of 255: that of a bright photo after the camera's own denoising. */
const NOISE = 7;

/** Pixels per random value, and how far it brightens or darkens: detail of every size, less of it the finer it is. */
const OCTAVES = [{ cell: 400, depth: 90 }, { cell: 90, depth: 60 }, { cell: 22, depth: 30 }, { cell: 5, depth: 14 }];

/** Clouds of several sizes with shapes whose edges are sharp. */
class Scene {
  static async of(width: number, height: number): Promise<Scene> {
    const random = generator(width * 31 + height);
    const light = new Uint8ClampedArray(width * height).fill(128);
    for (const { cell, depth } of OCTAVES) add(light, await clouds(width, height, cell, random), depth);
    const shapes = await clouds(width, height, 150, random);
    return new Scene(width, height, light, shapes, random);
  }

  private constructor(
    private readonly width: number, private readonly height: number,
    private readonly light: Uint8ClampedArray, private readonly shapes: Uint8Array, private readonly random: () => number,
  ) {}

  /** In colour, with noise that grows with the light as a sensor's does. */
  photo({ noise = NOISE } = {}): Sharp {
    return this.colour(3, noise);
  }

  /** Without noise; what lies around the shapes is transparent, with soft edges. */
  cutOut(): Sharp {
    return this.colour(4, 0);
  }

  /** The scene as it moves by. */
  frames(count: number): Sharp {
    const { width, height } = this;
    const data = this.pixels(3, 0);
    const moved = Array.from({ length: count }, (_, frame) => shifted(data, frame * 4 * 3));
    return sharp(Buffer.concat(moved), { raw: { width, height: height * count, channels: 3, pageHeight: height }, animated: true });
  }

  private colour(channels: 3 | 4, noise: number): Sharp {
    const { width, height } = this;
    return sharp(this.pixels(channels, noise), { raw: { width, height, channels }, limitInputPixels: false });
  }

  private pixels(channels: 3 | 4, noise: number): Buffer {
    const { light, shapes } = this;
    const normal = normalDistribution(this.random);
    const deviations = Float32Array.from({ length: 256 }, (_, value) => noise * Math.sqrt(value / 128));
    const data = new Uint8ClampedArray(light.length * channels);
    let state = 1;
    for (let at = 0, to = 0; at < light.length; at += 1, to += channels) {
      const value = light[at];
      const deviation = deviations[value];
      const inShape = shapes[at] > 140;
      /* eslint-disable no-bitwise -- a linear congruential generator picks three values */
      state = (Math.imul(state, 1664525) + 1013904223) | 0;
      data[to] = (inShape ? 0.8 * value + 60 : value) + deviation * normal[state >>> 16];
      data[to + 1] = (inShape ? 0.7 * value + 20 : 0.95 * value) + deviation * normal[(state >>> 12) & 0xffff];
      data[to + 2] = (inShape ? 0.5 * value : 0.8 * value + 50) + deviation * normal[(state >>> 8) & 0xffff];
      /* eslint-enable no-bitwise */
      if (channels === 4) data[to + 3] = 4 * (shapes[at] - 90);
    }
    return Buffer.from(data.buffer);
  }
}

/** Random values as a smooth field. */
async function clouds(width: number, height: number, cell: number, random: () => number): Promise<Uint8Array> {
  const [across, down] = [Math.ceil(width / cell) + 1, Math.ceil(height / cell) + 1];
  const values = Buffer.from(Array.from({ length: across * down }, () => 256 * random()));
  return sharp(values, { raw: { width: across, height: down, channels: 1 } })
    .resize({ width, height, fit: 'fill', kernel: 'cubic' })
    .toColourspace('b-w').raw().toBuffer();
}

function add(light: Uint8ClampedArray, field: Uint8Array, depth: number): void {
  for (let at = 0; at < light.length; at += 1) light[at] += ((field[at] - 128) * depth) / 128;
}

function shifted(data: Buffer, bytes: number): Buffer {
  return Buffer.concat([data.subarray(bytes), data.subarray(0, bytes)]);
}

/** Uniform numbers from 0 to 1 (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed;
  /* eslint-disable no-bitwise -- arithmetic on 32 bits */
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  /* eslint-enable no-bitwise */
}

/** Many values of the standard normal distribution. */
function normalDistribution(random: () => number): Float32Array {
  return Float32Array.from({ length: 65536 }, () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()));
}
