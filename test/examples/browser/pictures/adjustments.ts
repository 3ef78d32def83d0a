import { copyFileSync, mkdirSync, mkdtempSync } from 'fs';
import { readFile } from 'fs/promises';
import { tmpdir } from 'os';
import { join } from 'path';
import sharp from 'sharp';
import { placeOf } from './album';
import {
  ImageAdjustment, ImageFit, ImagePosition, ImageProfile, ImageProfileOptions, ImageWatermark, OutputFormat,
} from '../../../../src';
import { FocalPoint } from '../../../../src/contract';
import { measure, plan, probe, render } from '../../../../src/lambda/resize/image';
import { processing, watermarks } from '../../../helpers/renditions';
import { TestBrowser } from '../browser';

const SAMPLES = join(__dirname, '..', '..', '..', '..', 'examples', 'web', 'samples');
const [WIDTH, TILE] = [940, { width: 216, height: 150 }];
const GROUND = '#e9eef2';

interface Tile {
  readonly caption: string;
  readonly image: Buffer;
  readonly options: Omit<ImageProfileOptions, 'formats'>;
  readonly focalPoint?: FocalPoint;
}

/** What each adjustment and each way to crop makes of a photograph: by the code that makes renditions. */
export async function drawAdjustments(browser: TestBrowser): Promise<void> {
  const figures = await Promise.all((await tiles(await installedLogo())).map(async (tile) => {
    const source = `data:image/png;base64,${(await renditionOf(tile)).toString('base64')}`;
    return `<figure><div><img src="${source}"></div><figcaption>${tile.caption}</figcaption></figure>`;
  }));
  const { page } = await browser.open({ width: WIDTH, height: 400, pixelRatio: 2 });
  await page.setContent(`<style>
    body { margin: 0; background: #fff; font: 13px "DejaVu Sans Mono", Menlo, monospace; color: #1b1f24; }
    main { display: grid; grid-template-columns: repeat(4, 1fr); gap: 18px 12px; padding: 18px; }
    figure { margin: 0; text-align: center; }
    div { display: grid; place-items: center; height: ${TILE.height + 20}px; background: ${GROUND}; border-radius: 6px; }
    figcaption { margin-top: 8px; }
  </style><main>${figures.join('')}</main>`);
  await sharp(await page.locator('main').screenshot()).webp({ quality: 80 }).toFile(placeOf('adjustments.webp'));
  await page.context().close();
}

async function tiles(logo: string): Promise<Tile[]> {
  const [cat, coffee] = await Promise.all(['cat.jpg', 'coffee.jpg'].map((file) => readFile(join(SAMPLES, file))));
  const scan = await sharp(coffee).resize({ width: 300 }).extend({ top: 40, right: 150, bottom: 90, left: 60, background: '#fff' }).png().toBuffer();
  const mark = ImageWatermark.fromAsset(logo);
  const inside: ImageProfileOptions = { width: TILE.width, height: TILE.height, background: GROUND };
  const adjusted = (caption: string, adjustment: ImageAdjustment, image = cat, options = inside): Tile => (
    { caption, image, options: { ...options, adjustments: [adjustment] } }
  );
  const cropped = (caption: string, position: ImagePosition, focalPoint?: FocalPoint): Tile => (
    { caption, image: coffee, options: { width: 80, height: 150, fit: ImageFit.COVER, position }, focalPoint }
  );
  return [
    { caption: 'the original', image: cat, options: inside },
    adjusted('greyscale()', ImageAdjustment.greyscale()),
    adjusted('blur(4)', ImageAdjustment.blur(4)),
    adjusted('sharpen(1)', ImageAdjustment.sharpen(1)),
    { caption: 'with white edges', image: scan, options: inside },
    adjusted('trim()', ImageAdjustment.trim(), scan),
    adjusted('extend({ … })', ImageAdjustment.extend({ top: 8, right: 8, bottom: 24, left: 8 }), cat, { width: 190, height: 118, background: '#ffffff' }),
    adjusted('roundedCorners(24)', ImageAdjustment.roundedCorners(24)),
    adjusted('watermark(logo, { … })', ImageAdjustment.watermark(mark, { scale: 0.28, margin: 8, opacity: 0.8 })),
    adjusted('watermark(…, { tile })', ImageAdjustment.watermark(mark, { scale: 0.22, margin: 14, opacity: 0.5, tile: true })),
    adjusted('roundedCorners(2048)', ImageAdjustment.roundedCorners(2048), cat, { width: 150, height: 150, fit: ImageFit.COVER, background: GROUND }),
    cropped('CENTRE', ImagePosition.CENTRE),
    cropped('LEFT', ImagePosition.LEFT),
    cropped('ENTROPY', ImagePosition.ENTROPY),
    cropped('ATTENTION', ImagePosition.ATTENTION),
    cropped('FOCAL_POINT, 0.75,0.5', ImagePosition.FOCAL_POINT, { x: 0.75, y: 0.5 }),
  ];
}

/** Where the function would find its layers. */
async function installedLogo(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'watermark-'));
  const marks = join(folder, 'node_modules', 'image-resize-watermarks');
  mkdirSync(marks, { recursive: true });
  const logo = join(folder, 'logo.png');
  const box = (left: number, top: number, width: number, height: number, background: string) => (
    { input: { create: { width, height, channels: 3, background } }, left, top } as const
  );
  await sharp({ create: { width: 180, height: 60, channels: 3, background: '#ffffff' } })
    .composite([box(4, 4, 172, 52, '#0b6e69'), box(18, 16, 28, 28, '#ffd166'), box(62, 18, 96, 9, '#ffffff'), box(62, 34, 64, 9, '#ffffff')])
    .png().toFile(logo);
  copyFileSync(logo, join(marks, String(ImageWatermark.fromAsset(logo)._source.image)));
  process.chdir(folder);
  return logo;
}

async function renditionOf({ image, options, focalPoint }: Tile): Promise<Buffer> {
  const config = processing();
  const profile = ImageProfile.of('tile', { ...options, formats: [OutputFormat.png()] })._render();
  const probed = await measure(image, await probe(image, config), [profile], { processing: config });
  let made = Buffer.alloc(0);
  const planned = plan(probed, [profile], config, { focalPoint });
  await render(image, probed, planned, { processing: config, watermarks, onRendition: async (_, data) => { made = Buffer.from(data); } });
  return made;
}
