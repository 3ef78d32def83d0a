import { readFileSync } from 'fs';
import { join } from 'path';
import Table from 'cli-table3';
import sharp from 'sharp';
import { TestBrowser } from './browser';
import { GalleryPage } from './gallery-page';
import { StubGallery } from './stub-gallery';

const PHOTOGRAPH = join(__dirname, '..', '..', '..', 'examples', 'web', 'samples', 'raccoon.jpg');
const KILOBIT = 1000 / 8;
const IMAGES = 60;
const RUNS = 3;

/** Of a phone: Lighthouse's, and a worse one. */
const CONDITIONS = [
  { name: 'a desk', latency: 0, kilobits: 100_000, slowdown: 1 },
  { name: 'a phone on slow 4G', latency: 150, kilobits: 1638, slowdown: 4 },
  { name: 'a slow phone on 3G', latency: 300, kilobits: 750, slowdown: 6 },
] as const;

interface Seen {
  /** Milliseconds from the request of the page until its first picture is drawn whole. */
  readonly first: number;
  readonly shift: number;
  readonly bytes: number;
  readonly requests: number;
}

/** How long visitors wait for the first picture, with an empty cache, a compressing server and photographs: `npm run measure:page`. */
async function main(): Promise<void> {
  const photograph = readFileSync(PHOTOGRAPH);
  const stub = await StubGallery.start(async ([width, height]) => sharp(photograph).resize(width, height, { fit: 'cover' }).jpeg({ quality: 75 }).toBuffer());
  const browser = await TestBrowser.launch();
  const table = new Table({ head: ['Visitor', 'First picture', 'Shift', 'Before it', 'Requests'], colAligns: ['left', 'right', 'right', 'right', 'right'], style: { compact: true, head: [], border: [] } });
  try {
    for (const conditions of CONDITIONS) {
      const seen: Seen[] = [];
      for (let run = 0; run < RUNS; run += 1) seen.push(await visit(browser, stub, conditions));
      const { first, shift, bytes, requests } = seen.sort((a, b) => a.first - b.first)[Math.floor(RUNS / 2)];
      table.push([conditions.name, `${(first / 1000).toFixed(1)} s`, shift.toFixed(3), `${Math.round(bytes / 1000)} kB`, requests]);
    }
  } finally {
    await browser.close();
    await stub.stop();
  }
  console.log(`${table.toString()}\nThe median of ${RUNS} visits with an empty cache; ${IMAGES} images. Before it: what was received without pictures.`);
}

async function visit(browser: TestBrowser, stub: StubGallery, { latency, kilobits, slowdown }: (typeof CONDITIONS)[number]): Promise<Seen> {
  stub.reset();
  stub.fill(IMAGES);
  const { page } = await browser.open({ width: 390, height: 844, isTouch: true });
  const session = await page.context().newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', { offline: false, latency, downloadThroughput: kilobits * KILOBIT, uploadThroughput: kilobits * KILOBIT });
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
  const [pictures, finished] = [new Set<string>(), [] as { requestId: string; encodedDataLength: number }[]];
  session.on('Network.responseReceived', ({ requestId, response }) => { if (response.mimeType.startsWith('image/jpeg')) pictures.add(requestId); });
  session.on('Network.loadingFinished', (event) => finished.push(event));
  await page.addInitScript(`
    window.shift = 0;
    new PerformanceObserver((list) => { for (const { value } of list.getEntries()) window.shift += value; }).observe({ type: 'layout-shift', buffered: true });
    window.firstPicture = new Promise((resolve) => document.addEventListener('load', ({ target }) => {
      if (target instanceof HTMLImageElement && target.closest('.tile')) requestAnimationFrame(() => resolve(performance.now()));
    }, { capture: true }));
  `);
  await page.goto(stub.url);
  const first = await page.evaluate<number>('window.firstPicture');
  const before = finished.filter(({ requestId }) => !pictures.has(requestId));
  await new GalleryPage(page).pictureIn(page.locator('.tile').first());
  const shift = await page.evaluate<number>('window.shift');
  await page.context().close();
  return { first, shift, bytes: before.reduce((sum, { encodedDataLength }) => sum + encodedDataLength, 0), requests: before.length };
}

void main();
