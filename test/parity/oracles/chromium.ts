import { join } from 'node:path';
import { Browser, chromium, Page } from 'playwright-core';
import type { Oracle } from './oracle';
import { findChromium } from '../../examples/browser/browser';
import { onPaper, Picture } from '../views';

const FLAGS = ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** What the handler draws texts with: other fonts are other pictures. */
const FONTS = join(__dirname, '..', '..', '..', 'src', 'lambda', 'resize', 'image', 'fonts.conf');

/** A canvas holds no more than a browser gives it. */
const MAX_PIXELS = 40_000_000;
/** What takes longer to load is not shown. */
const MAX_MILLISECONDS = 30_000;

/** An image as a page shows it: drawn on a canvas of its own size, where the browser's choice of a resampling plays no part. */
export class Chromium implements Oracle {
  /** @throws when there is none */
  static async launch(): Promise<Chromium> {
    const env = { ...process.env, FONTCONFIG_FILE: FONTS };
    const browser = await chromium.launch({ executablePath: findChromium(), headless: true, args: FLAGS, env });
    const page = await browser.newPage();
    // Decoders of single frames are for secure pages alone.
    await page.route('https://parity.test/', (route) => route.fulfill({ contentType: 'text/html', body: '' }));
    await page.goto('https://parity.test/');
    await page.evaluate(`void Object.assign(globalThis, { draw: ${DRAW}, animate: ${ANIMATE} })`);
    return new Chromium(browser, page);
  }

  readonly name = 'Chromium';

  private constructor(private readonly browser: Browser, private readonly page: Page) {}

  async show(image: Buffer, format: string, papers: readonly string[]): Promise<Picture[] | undefined> {
    const type = format === 'svg' ? 'image/svg+xml' : `image/${format}`;
    const drawn = await this.page.evaluate<string[] | null>(`draw(${JSON.stringify(image.toString('base64'))}, ${JSON.stringify(type)}, ${JSON.stringify(papers)})`);
    return drawn ? Promise.all(drawn.map((png, at) => onPaper(Buffer.from(png, 'base64'), papers[at]))) : undefined;
  }

  async animate(image: Buffer, format: string, paper: string): Promise<Picture[] | undefined> {
    const argument = [image.toString('base64'), `image/${format}`, paper].map((value) => JSON.stringify(value)).join();
    const drawn = await this.page.evaluate<string[] | null>(`animate(${argument})`);
    return drawn ? Promise.all(drawn.map((png) => onPaper(Buffer.from(png, 'base64'), paper))) : undefined;
  }

  /**
   * What a page draws of images by a script of its own, as a PNG.
   *
   * @param images PNGs, by the names that the script has for them
   * @param script draws on `context`, which is `width` times `height` pixels large
   */
  async paint(
    images: Readonly<Record<string, Buffer>>, { width, height }: { readonly width: number; readonly height: number }, script: string,
  ): Promise<Buffer> {
    const data = Object.fromEntries(Object.entries(images).map(([name, png]) => [name, png.toString('base64')]));
    const drawn = await this.page.evaluate<string>(`(async () => {
      const load = async (png) => createImageBitmap(await (await fetch('data:image/png;base64,' + png)).blob());
      const [width, height] = [${width}, ${height}];
      const { ${Object.keys(images).join(', ')} } = Object.fromEntries(await Promise.all(
        Object.entries(${JSON.stringify(data)}).map(async ([name, png]) => [name, await load(png)])));
      const canvas = Object.assign(document.createElement('canvas'), { width, height });
      const context = canvas.getContext('2d');
      ${script}
      return canvas.toDataURL('image/png').split(',')[1];
    })()`);
    return Buffer.from(drawn, 'base64');
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** What the page draws with; nothing of this file is there. Each result is a PNG in base64. */
const DRAW = `async (data, type, papers) => {
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([bytes], { type }));
  try {
    // Not decode(), which refuses what pages show in part.
    await new Promise((loaded, failed) => {
      Object.assign(image, { onload: loaded, onerror: failed });
      setTimeout(failed, ${MAX_MILLISECONDS});
    });
    const shrunk = Math.min(1, Math.sqrt(${MAX_PIXELS} / (image.naturalWidth * image.naturalHeight)));
    const canvas = document.createElement('canvas');
    canvas.width = Math.max(1, Math.round(image.naturalWidth * shrunk));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * shrunk));
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.imageSmoothingQuality = 'high';
    return papers.map((paper) => {
      context.fillStyle = paper;
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      return canvas.toDataURL('image/png').split(',')[1];
    });
  } catch {
    return null;
  } finally {
    URL.revokeObjectURL(image.src);
  }
}`;

const ANIMATE = `async (data, type, paper) => {
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  try {
    const decoder = new ImageDecoder({ data: bytes, type });
    await decoder.tracks.ready;
    await decoder.completed;
    const drawn = [];
    for (let frameIndex = 0; frameIndex < decoder.tracks.selectedTrack.frameCount; frameIndex += 1) {
      const { image } = await decoder.decode({ frameIndex });
      const canvas = document.createElement('canvas');
      canvas.width = image.displayWidth;
      canvas.height = image.displayHeight;
      const context = canvas.getContext('2d');
      context.fillStyle = paper;
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(image, 0, 0);
      image.close();
      drawn.push(canvas.toDataURL('image/png').split(',')[1]);
    }
    return drawn;
  } catch {
    return null;
  }
}`;
