import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { Sharp } from 'sharp';
import { largeHeic } from '../helpers/heif';
import type { Job, Measurement } from '../measure/bench/child/job';
import { PROFILE_SETS } from '../measure/bench/profiles';
import { runChild } from '../measure/bench/spawn';
import { openWorkshop, Workshop } from '../measure/bench/workshop';

const FORMATS: Readonly<Record<string, (image: Sharp) => Sharp>> = {
  'JPEG': (image) => image.jpeg({ quality: 88 }),
  'progressive JPEG': (image) => image.jpeg({ quality: 88, progressive: true }),
  'PNG': (image) => image.png({ compressionLevel: 6 }),
  'interlaced PNG': (image) => image.png({ compressionLevel: 6, progressive: true }),
  'WebP': (image) => image.webp({ effort: 0 }),
  'AVIF': (image) => image.avif({ effort: 0 }),
  'GIF': (image) => image.gif({ effort: 1, colours: 16, dither: 0 }),
};

const MEGAPIXELS = [1, 12, 24, 50, 99] as const;

/** Of an animation; so many make up its pixels. */
const FRAME = { width: 1200, height: 800 };

/**
 * Prints a Markdown table of the peak memory of the packaged handler, by format and size of the input, and the processor
 * time it took. Renditions are three JPEGs, those of an animation three WebPs.
 *
 * @param chosen rows, as they are named; none for all
 */
async function main(chosen: readonly string[]): Promise<void> {
  const row = (name: string, measured: (megapixels: number) => Promise<Measurement>) => (
    chosen.length === 0 || chosen.includes(name) ? printRow(name, measured) : undefined
  );
  const workshop = await openWorkshop();
  try {
    console.log(`| input | ${MEGAPIXELS.map((size) => `${size} MP`).join(' | ')} |\n| --- |${' --- |'.repeat(MEGAPIXELS.length)}`);
    for (const [name, encode] of Object.entries(FORMATS)) {
      await row(name, (size) => measure(workshop, encode(mosaic(size)), 'jpeg'));
    }
    await row('HEIC', (size) => measure(workshop, largeHeic(size * 1e6), 'jpeg'));
    for (const format of ['gif', 'webp'] as const) {
      for (const orientation of format === 'gif' ? [1] : [1, 6]) {
        const name = `animated ${format}${orientation === 1 ? '' : ', stored sideways'}`;
        await row(name, async (size) => measure(workshop, await animated(format, size, orientation), 'webp'));
      }
    }
  } finally {
    await workshop.close();
  }
}

async function printRow(name: string, measured: (megapixels: number) => Promise<Measurement>): Promise<void> {
  const cells: string[] = [];
  for (const size of MEGAPIXELS) {
    cells.push(await measured(size).then(({ peakRssMb, cpu }) => `${Math.round(peakRssMb)} MB, ${(cpu / 1000).toFixed(1)} s`, (error: Error) => {
      if (error.message.includes('the handler stored nothing')) return 'refused';
      throw error;
    }));
  }
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}

async function measure(workshop: Workshop, image: Sharp | Buffer, format: Job['format']): Promise<Measurement> {
  const data = Buffer.isBuffer(image) ? image : await image.toBuffer();
  const file = join(workshop.folder, 'memory');
  await writeFile(file, data);
  workshop.standIns.addImage(file, data);
  const { warmUp, payload, standIns: { endpoint } } = workshop;
  const job: Job = { file, warmUp, sizes: PROFILE_SETS[3], format, placeholder: true, repeats: 1, payload, endpoint };
  return runChild(workshop.program('handler-over-http'), JSON.stringify(job));
}

/** Pixels of a square of one colour: what decoders hold follows from the pixels, and 99 megapixels must fit the bytes that are allowed. */
const SQUARE = 16;

function mosaic(megapixels: number): Sharp {
  const width = Math.round(Math.sqrt(megapixels * 1.5e6));
  const height = Math.floor((megapixels * 1e6) / width);
  const [across, down] = [width, height].map((side) => Math.ceil(side / SQUARE));
  const grain = sharp({ create: { width: across, height: down, channels: 3, background: '#808080', noise: { type: 'gaussian', mean: 128, sigma: 30 } } });
  return grain.resize({ width, height, fit: 'fill', kernel: 'nearest' });
}

/** Every frame differs from the one before, so that none are merged. */
async function animated(format: 'gif' | 'webp', megapixels: number, orientation: number): Promise<Sharp> {
  const { width, height } = FRAME;
  const count = Math.max(2, Math.floor((megapixels * 1e6) / (width * height)));
  const picture = await sharp({ create: { ...FRAME, channels: 3, background: '#4070a0' } }).raw().toBuffer();
  const frames = Array.from({ length: count }, (_, frame) => {
    const moved = Buffer.from(picture);
    return moved.fill(0xf0, frame * 300, frame * 300 + 90_000);
  });
  const raw = { width, height: height * count, channels: 3, pageHeight: height } as const;
  const strip = sharp(Buffer.concat(frames), { raw, animated: true, limitInputPixels: false });
  const delay = Array<number>(count).fill(60);
  return format === 'gif' ? strip.gif({ effort: 1, delay }) : strip.webp({ effort: 0, delay }).withMetadata({ orientation });
}

void main(process.argv.slice(2));
