/** Adjustments beside what other programs make of the same pixels. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { compare } from './compare';
import { isInstalled } from './oracles';
import { Chromium } from './oracles/chromium';
import { findImageMagick, ImageMagick } from './oracles/imagemagick';
import { onPaper, Picture } from './views';
import { AdjustmentConfig, WatermarkConfig } from '../../src/contract';
import { open, paint, photo } from '../helpers/images';
import { ProfileSpec, renditionOf } from '../helpers/renditions';

const [WIDTH, HEIGHT] = [120, 90];
const PAPER = '#20c0a0';
const GROUND = '#102030';

const mark = (more: Partial<WatermarkConfig>): WatermarkConfig => (
  { name: 'watermark', image: 'mark.png', scale: 0.25, margin: 0, opacity: 1, position: 'right bottom', tile: false, ...more }
);

interface Row {
  readonly name: string;
  readonly adjustments: readonly AdjustmentConfig[];
  /** What ImageMagick does to the same PNG; `MARK` stands for the file of the watermark. */
  readonly imageMagick?: readonly string[];
  /** What a page draws on a canvas, of the size `width` and `height`, from `image`. */
  readonly canvas?: string;
  /** Most that a channel may be apart on average, from 0 to 255. */
  readonly error: number;
}

const extent = { name: 'extend', top: 3, right: 5, bottom: 7, left: 11 } as const;

const TABLE: readonly Row[] = [
  { name: 'trim', adjustments: [{ name: 'trim', threshold: 10 }], imageMagick: ['-fuzz', '4%', '-trim', '+repage'], error: 0 },
  { name: 'trim of a colour', adjustments: [{ name: 'trim', threshold: 10, background: '#ffffff' }], imageMagick: ['-fuzz', '4%', '-trim', '+repage'], error: 0 },
  { name: 'extend', adjustments: [extent], imageMagick: ['-background', GROUND, '-splice', '11x3', '-gravity', 'southeast', '-splice', '5x7'], error: 0 },
  // libvips leaves out of the Gaussian what is below a fifth of its height.
  { name: 'blur, little', adjustments: [{ name: 'blur', sigma: 1 }], imageMagick: ['-gaussian-blur', '0x1'], error: 2 },
  { name: 'blur', adjustments: [{ name: 'blur', sigma: 6 }], imageMagick: ['-gaussian-blur', '0x6'], error: 3 },
  { name: 'greyscale', adjustments: [{ name: 'greyscale' }], imageMagick: ['-grayscale', 'Rec709Luminance'], error: 1 },
  // Both sharpen lightness, by curves of their own.
  {
    name: 'sharpen, of its light',
    adjustments: [{ name: 'sharpen', sigma: 1 }, { name: 'greyscale' }],
    imageMagick: ['-colorspace', 'Lab', '-channel', 'R', '-unsharp', '0x1+1+0', '+channel', '-colorspace', 'sRGB', '-grayscale', 'Rec709Luminance'],
    error: 4,
  },
  { name: 'watermark in a corner', adjustments: [mark({})], imageMagick: ['MARK', '-gravity', 'southeast', '-composite'], error: 0.2 },
  {
    name: 'watermark with a margin',
    adjustments: [mark({ margin: 6, position: 'left top' })],
    imageMagick: ['MARK', '-gravity', 'northwest', '-geometry', '+6+6', '-composite'],
    error: 0.2,
  },
  {
    name: 'watermark in the centre, half seen',
    adjustments: [mark({ position: 'centre', opacity: 0.5 })],
    imageMagick: ['MARK', '-gravity', 'center', '-compose', 'dissolve', '-define', 'compose:args=50', '-composite'],
    error: 0.2,
  },
  { name: 'watermark at an edge', adjustments: [mark({ position: 'top' })], imageMagick: ['MARK', '-gravity', 'north', '-composite'], error: 0.2 },
  {
    name: 'watermark in tiles',
    adjustments: [mark({ tile: true })],
    canvas: 'context.drawImage(image, 0, 0); context.fillStyle = context.createPattern(mark, "repeat"); context.fillRect(0, 0, width, height);',
    error: 0.3,
  },
  { name: 'rounded corners', adjustments: [{ name: 'roundedCorners', radius: 20 }], canvas: clipped(20), error: 0.3 },
  { name: 'a pill', adjustments: [{ name: 'roundedCorners', radius: 2048 }], canvas: clipped(HEIGHT / 2), error: 0.3 },
];

function clipped(radius: number): string {
  return `context.beginPath(); context.roundRect(0, 0, width, height, ${radius}); context.clip(); context.drawImage(image, 0, 0);`;
}

let folder: string;
let original: Buffer;
let markFile: string;
let chromium: Chromium | undefined;
let imageMagick: ImageMagick | undefined;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'adjustments-'));
  const layer = join(folder, 'node_modules', 'image-resize-watermarks');
  mkdirSync(layer, { recursive: true });
  markFile = join(layer, 'mark.png');
  writeFileSync(markFile, await open(paint(30, 20, (x, y) => [200, 40 + 5 * x, 90, x < 20 && y < 15 ? 255 : 128])).png().toBuffer());
  jest.spyOn(process, 'cwd').mockReturnValue(folder);
  const { data } = photo(WIDTH, HEIGHT);
  const isEdge = (x: number, y: number) => x < 13 || y < 9 || x >= WIDTH - 17 || y >= HEIGHT - 5;
  const inside = (at: number) => [...data.subarray(at, at + 3)];
  const pixel = (x: number, y: number) => (isEdge(x, y) ? [255, 255, 255] : inside(3 * (y * WIDTH + x)));
  original = await open(paint(WIDTH, HEIGHT, pixel)).png().toBuffer();
  if (isInstalled('Chromium')) chromium = await Chromium.launch();
  const program = findImageMagick();
  if (program) imageMagick = new ImageMagick(program);
});
afterAll(async () => {
  jest.restoreAllMocks();
  await Promise.all([chromium?.close(), imageMagick?.close()]);
  rmSync(folder, { recursive: true });
});

const SPEC: ProfileSpec = { scale: 1, background: GROUND, formats: ['png'] };

async function expected({ imageMagick: change, canvas }: Row, size: { readonly width: number; readonly height: number }): Promise<Picture> {
  if (change) return onPaper(await imageMagick!.change(original, change.map((word) => (word === 'MARK' ? markFile : word))), PAPER);
  return onPaper(await chromium!.paint({ image: original, mark: readFileSync(markFile) }, size, canvas!), PAPER);
}

const isJudged = ({ canvas }: Row) => isInstalled(canvas ? 'Chromium' : 'ImageMagick');

test.each(TABLE.filter(isJudged))('$name comes out as it does elsewhere', async (row) => {
  const made = await renditionOf(original, { ...SPEC, adjustments: row.adjustments });
  const { width, height } = await sharp(made).metadata();
  const { error } = compare(await onPaper(made, PAPER), await expected(row, { width: width!, height: height! }));
  expect(error).toBeLessThanOrEqual(row.error);
});

const skipped = TABLE.filter((row) => !isJudged(row));
if (skipped.length > 0) test.skip.each(skipped)('skipped, as its program is missing: $name', () => undefined);
