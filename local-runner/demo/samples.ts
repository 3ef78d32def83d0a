import { mkdir, readdir, readFile, writeFile } from 'fs/promises';
import { dirname, join } from 'path';
import sharp, { Sharp } from 'sharp';

/** Which a pipeline refuses unless it accepts it. */
const HEIC = join(__dirname, '..', '..', 'test', 'fixtures', 'heic', 'photo.heic');

const PHOTOGRAPHS = join(__dirname, '..', '..', 'examples', 'web', 'samples');

/**
 * The photographs of the galleries' page, with what shows transparency and motion, and a damaged file last.
 *
 * @param folder for what is made
 * @returns the files
 */
export async function photographs(folder: string): Promise<string[]> {
  const { photographs: known } = JSON.parse(await readFile(join(PHOTOGRAPHS, 'samples.json'), 'utf8')) as { photographs: { file: string }[] };
  const files = known.map(({ file }) => join(PHOTOGRAPHS, file));
  const made: Record<string, Buffer> = {
    'logo, transparent.png': await badge(1000).png().toBuffer(),
    'bouncing ball.gif': await bouncingBall(),
    'damaged.jpg': (await readFile(files[0])).subarray(0, 4000),
  };
  for (const [name, content] of Object.entries(made)) await writeFile(join(folder, name), content);
  return [...files, ...Object.keys(made).map((name) => join(folder, name))];
}

/**
 * Writes images of several formats and shapes, and files that are no images.
 *
 * @returns the files and folders at the top
 */
export async function writeSamples(folder: string): Promise<string[]> {
  const samples: Record<string, () => Promise<Buffer> | Buffer> = {
    'landscape.jpg': async () => (await scene(2400, 1600, 205)).jpeg({ quality: 90 }).toBuffer(),
    // Stored lying down, as phones do; its EXIF orientation says so.
    'portrait from a phone.jpg': async () => (await scene(1500, 2000, 265)).rotate(-90).withMetadata({ orientation: 6 }).jpeg({ quality: 90 }).toBuffer(),
    'panorama.webp': async () => (await scene(2400, 700, 25)).webp({ quality: 85 }).toBuffer(),
    'square.avif': async () => (await scene(700, 700, 330)).avif({ quality: 60, effort: 2 }).toBuffer(),
    'scan.tiff': async () => (await scene(1200, 1600, 45)).greyscale().tiff({ compression: 'lzw' }).toBuffer(),
    'tiny.png': async () => (await scene(120, 80, 150)).png().toBuffer(),
    'logo, transparent.png': () => badge(1000).png().toBuffer(),
    'bouncing ball.gif': () => bouncingBall(),
    'Übersicht/Größe & Gewicht +50 %.png': async () => (await scene(1000, 700, 175)).png().toBuffer(),
    '2023/sunset.jpg': async () => (await scene(1600, 1200, 15)).jpeg().toBuffer(),
    '2024/sunset.jpg': async () => (await scene(1200, 1600, 345)).jpeg().toBuffer(),
    'product, scanned.png': async () => {
      const product = await (await scene(700, 500, 95)).png().toBuffer();
      return sharp(product).extend({ top: 120, right: 260, bottom: 200, left: 90, background: '#fff' }).png().toBuffer();
    },
    'photo from an iPhone.heic': () => readFile(HEIC),
    'broken.jpg': async () => (await (await scene(800, 600, 90)).jpeg().toBuffer()).subarray(0, 2000),
    'notes.txt': () => Buffer.from('This is no image.\n'),
    'empty.jpg': () => Buffer.alloc(0),
  };
  for (const [name, make] of Object.entries(samples)) {
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await make());
  }
  return (await readdir(folder)).map((name) => join(folder, name));
}

/** Pixels of a tile of noise, which covers an image many times. */
const GRAIN_SIDE = 64;

/** Hills under a sky, in the colours around a hue. */
export async function scene(width: number, height: number, hue: number): Promise<Sharp> {
  const hills = [0.52, 0.64, 0.76, 0.88].map((top, index) => {
    const colour = `hsl(${hue + 8 * index}, ${30 + 9 * index}%, ${62 - 14 * index}%)`;
    return `<path fill="${colour}" d="${hill(width, height, top, index)}"/>`;
  });
  const radius = Math.min(width, height) / 9;
  const svg = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <linearGradient id="sky" x2="0" y2="1">
      <stop stop-color="hsl(${hue}, 55%, 46%)"/><stop offset="0.6" stop-color="hsl(${hue + 35}, 85%, 84%)"/>
    </linearGradient>
    <rect width="100%" height="100%" fill="url(#sky)"/>
    <circle cx="${width * 0.7}" cy="${height * 0.34}" r="${radius}" fill="hsl(${hue + 40}, 100%, 95%)"/>
    ${hills.join('')}
  </svg>`);
  // Grain, as a camera's sensor makes it: without it the files would be much smaller than photos.
  const grain = { width: GRAIN_SIDE, height: GRAIN_SIDE, channels: 3, background: 'grey', noise: { type: 'gaussian', mean: 128, sigma: 9 } } as const;
  const tile = await sharp({ create: grain }).png().toBuffer();
  const grained = sharp(svg).composite([{ input: tile, tile: true, blend: 'overlay' }]).removeAlpha();
  const { data, info } = await grained.raw().toBuffer({ resolveWithObject: true });
  return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } });
}

function hill(width: number, height: number, top: number, index: number): string {
  const steps = 48;
  const points = Array.from({ length: steps + 1 }, (_, step) => {
    const x = step / steps;
    const y = top + 0.05 * Math.sin(x * (5 + 2 * index) + index * 2.1) + 0.02 * Math.sin(x * 17 + index);
    return `${(x * width).toFixed(1)} ${(y * height).toFixed(1)}`;
  });
  return `M0 ${height} L${points.join(' L')} L${width} ${height} Z`;
}

function badge(size: number): Sharp {
  return sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 100 100">
    <circle cx="50" cy="50" r="44" fill="#0b7a75" fill-opacity="0.85"/>
    <circle cx="50" cy="50" r="30" fill="none" stroke="#fff" stroke-width="5"/>
    <path d="M50 20 L50 80 M20 50 L80 50" stroke="#ffd166" stroke-width="7" stroke-linecap="round" stroke-opacity="0.7"/>
  </svg>`));
}

async function bouncingBall(): Promise<Buffer> {
  const frames = await Promise.all(Array.from({ length: 16 }, (_, frame) => {
    const lift = Math.abs(Math.sin((frame / 16) * Math.PI));
    return sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="480" height="360">
      <rect width="480" height="360" fill="#1d3557"/>
      <ellipse cx="240" cy="322" rx="${70 - 35 * lift}" ry="8" fill="#000" fill-opacity="0.35"/>
      <circle cx="240" cy="${270 - 200 * lift}" r="46" fill="#e63946"/>
    </svg>`)).png().toBuffer();
  }));
  return sharp(frames, { join: { animated: true } }).gif({ delay: frames.map(() => 60), loop: 0 }).toBuffer();
}
