/** What each format, quality and effort costs in bytes and processor time, and what it keeps: the table of docs/choosing-formats.md. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { SETTINGS } from './settings';
import { EncodedFormat, FormatConfig } from '../../../src/contract';
import { encoderOptions } from '../../../src/lambda/resize/image/formats';
import { sharp } from '../../../src/lambda/resize/image/sharp';
import { spread } from '../bench/statistics';

const USAGE = `npx tsx test/measure/formats/cli.ts PYTHON

  PYTHON  of an environment that has scikit-image, matplotlib and ssimulacra2:
          python3 -m venv photos && photos/bin/pip install scikit-image matplotlib ssimulacra2`;

/** As large as a rendition may be here: the photographs are small. */
const LONGEST_SIDE = 1024;
const REPEATS = 5;

interface Figures {
  readonly bytes: number;
  /** Milliseconds. */
  readonly cpu: number;
  readonly score: number;
}

async function main([python]: string[]): Promise<void> {
  if (!python) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'formats-'));
  const scorer = new Scorer(python);
  try {
    execFileSync(python, [join(__dirname, 'photographs.py'), folder]);
    const photographs = await Promise.all(readdirSync(folder).sort().map((name) => prepare(join(folder, name))));
    const pixels = photographs.reduce((sum, { width, height }) => sum + width * height, 0);
    console.log(`${photographs.length} photographs, ${(pixels / 1e6).toFixed(2)} megapixels: ${photographs.map(({ name, width, height }) => `${name} ${width}x${height}`).join(', ')}`);
    console.log('| format | options | bits per pixel | SSIMULACRA2, mean | worst | CPU per megapixel |');
    console.log('| --- | --- | --- | --- | --- | --- |');
    for (const setting of SETTINGS) {
      const figures: Figures[] = [];
      for (const photograph of photographs) figures.push(await measure(photograph, setting, scorer));
      const total = (key: keyof Figures) => figures.reduce((sum, one) => sum + one[key], 0);
      const scores = figures.map(({ score }) => score);
      const cells = [
        setting.format, Object.entries(setting.options).map(([name, value]) => `${name} ${value}`).join(', '),
        ((8 * total('bytes')) / pixels).toFixed(2), (total('score') / figures.length).toFixed(1), Math.min(...scores).toFixed(1), `${((1e6 * total('cpu')) / pixels).toFixed(0)} ms`,
      ];
      console.log(`| ${cells.join(' | ')} |`);
    }
  } finally {
    scorer.stop();
    rmSync(folder, { recursive: true });
  }
}

interface Photograph {
  readonly name: string;
  readonly file: string;
  readonly pixels: Buffer;
  readonly width: number;
  readonly height: number;
}

async function prepare(file: string): Promise<Photograph> {
  const { data, info } = await sharp(readFileSync(file)).resize({ width: LONGEST_SIDE, height: LONGEST_SIDE, fit: 'inside', withoutEnlargement: true })
    .removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const original = file.replace(/\.png$/, '.original.png');
  await sharp(data, { raw: { width, height, channels: 3 } }).png().toFile(original);
  return { name: basename(file, '.png'), file: original, pixels: data, width, height };
}

async function measure({ file, pixels, width, height }: Photograph, setting: FormatConfig, scorer: Scorer): Promise<Figures> {
  const format = setting.format as EncodedFormat;
  const options = encoderOptions(setting, format, { pixels: width * height, fromPalette: undefined, padded: false });
  const times: number[] = [];
  let encoded = Buffer.alloc(0);
  for (let turn = 0; turn <= REPEATS; turn += 1) {
    const before = process.cpuUsage();
    encoded = await sharp(pixels, { raw: { width, height, channels: 3 } })[format](options).toBuffer();
    const { user, system } = process.cpuUsage(before);
    // The first warms up.
    if (turn > 0) times.push((user + system) / 1000);
  }
  const shown = file.replace(/\.original\.png$/, '.shown.png');
  await sharp(encoded).png().toFile(shown);
  return { bytes: encoded.length, cpu: spread(times).median, score: await scorer.score(file, shown) };
}

/** One Python for all: it takes longer to start than to score. */
class Scorer {
  private readonly child;
  private readonly lines;

  constructor(python: string) {
    this.child = spawn(python, [join(__dirname, 'score.py')], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.lines = createInterface(this.child.stdout)[Symbol.asyncIterator]();
  }

  async score(original: string, other: string): Promise<number> {
    this.child.stdin.write(`${original}\t${other}\n`);
    const { value, done } = await this.lines.next();
    if (done) throw new Error('the scorer ended');
    return Number(value);
  }

  stop(): void {
    this.child.stdin.end();
  }
}

void main(process.argv.slice(2));
