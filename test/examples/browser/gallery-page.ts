import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { CDPSession, Locator, Page } from 'playwright-core';

export interface UploadFile {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

export interface ShownVersion {
  readonly size: string;
  readonly format: string;
  readonly bytes: string;
  readonly saving: string;
  readonly url: string;
}

export type TileState = 'waiting' | 'sending' | 'processing' | 'ready' | 'failed' | 'refused';
export type FilterLabel = 'All' | 'In progress' | 'Failed';
export type PixelSize = readonly [width: number, height: number];

/** Images are processed by real functions, on machines that do other work as well. */
const PATIENCE = 60_000;

/** Larger files go to the browser by their path. */
const MAX_INLINE_BYTES = 50_000_000;

/** The gallery as people use it: by what it shows and what its controls are called. */
export class GalleryPage {
  readonly tiles: Locator;
  readonly viewer: Locator;
  readonly panel: Locator;
  readonly uploads: Locator;

  constructor(readonly page: Page) {
    this.tiles = page.getByRole('list', { name: 'Images' }).locator('[data-key]');
    this.viewer = page.getByRole('dialog', { name: 'Image' });
    this.panel = page.getByRole('complementary', { name: 'Details' });
    this.uploads = page.getByRole('complementary', { name: 'Uploads' });
  }

  /** Opens the page and waits for its first list. */
  async goto(url: string): Promise<void> {
    await this.page.goto(url);
    await this.page.locator('body:not([data-shows="skeleton"])').waitFor({ timeout: PATIENCE });
  }

  async upload(files: readonly UploadFile[]): Promise<void> {
    const fits = files.every(({ buffer }) => buffer.length < MAX_INLINE_BYTES);
    await this.page.getByLabel('Images to upload').setInputFiles(fits ? files.map((file) => ({ ...file })) : this.onDisk(files));
  }

  tile(fileName: string): Locator {
    return this.tiles.filter({ has: this.link(fileName) });
  }

  /** Its name is that of the image, with the state. */
  link(fileName: string): Locator {
    return this.page.getByRole('link', { name: new RegExp(`^${fileName.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}, `) });
  }

  async names(): Promise<string[]> {
    return this.tiles.locator('[data-part="name"]').allTextContents();
  }

  async waitForState(fileName: string, state: TileState): Promise<void> {
    await this.page.locator(`[data-key][data-state="${state}"]`).filter({ has: this.link(fileName) }).waitFor({ timeout: PATIENCE });
  }

  async imageId(fileName: string): Promise<string> {
    return (await this.tile(fileName).getAttribute('data-image-id'))!;
  }

  /** Waits until the picture of a tile or of the viewer is loaded. @returns the address that the browser chose */
  async pictureIn(place: Locator): Promise<string> {
    const picture = place.locator('img.is-loaded');
    await picture.waitFor({ timeout: PATIENCE });
    return picture.evaluate<string, { readonly currentSrc: string }>(({ currentSrc }) => currentSrc);
  }

  /** The pixels of a file, as the browser decodes it. */
  async decode(url: string): Promise<PixelSize> {
    return this.page.evaluate<PixelSize>(`(async () => {
      const image = new Image();
      image.src = ${JSON.stringify(url)};
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    })()`);
  }

  async open(fileName: string): Promise<void> {
    await this.link(fileName).click();
    await this.panel.getByRole('heading', { name: fileName }).waitFor({ timeout: PATIENCE });
  }

  /** What the open panel says of the versions. */
  async versions(): Promise<ShownVersion[]> {
    return this.panel.locator('.version').evaluateAll<ShownVersion[], { closest(s: string): { querySelector(s: string): { textContent: string } }; querySelectorAll(s: string): { textContent: string; href: string }[] }>(
      (items) => items.map((item) => {
        const [link, , bytes, saving] = [...item.querySelectorAll('a, meter, .number')];
        return { size: item.closest('.size').querySelector('h3').textContent.trim(), format: link.textContent, url: link.href, bytes: bytes.textContent, saving: saving.textContent };
      }),
    );
  }

  async closeViewer(): Promise<void> {
    await this.page.keyboard.press('Escape');
    await this.viewer.waitFor({ state: 'detached' });
  }

  async filter(label: FilterLabel): Promise<void> {
    await this.page.getByRole('radio', { name: label }).check({ force: true });
  }

  /** Asks the API for news now: the page does so when the connection is back. */
  async pollNow(): Promise<void> {
    await this.page.evaluate("window.dispatchEvent(new Event('online'))");
  }

  /** Uploads at this many bytes in a second until `undo` is called. */
  async slowUploads(bytesPerSecond: number): Promise<() => Promise<void>> {
    const session = await this.page.context().newCDPSession(this.page);
    await throttle(session, bytesPerSecond);
    return async () => {
      await throttle(session, -1);
      await session.detach();
    };
  }

  /** The files in a folder that stays as long as the page. @returns their paths */
  private onDisk(files: readonly UploadFile[]): string[] {
    const folder = mkdtempSync(join(tmpdir(), 'gallery-page-'));
    this.page.once('close', () => rmSync(folder, { recursive: true }));
    return files.map(({ name, buffer }) => {
      const path = join(folder, name);
      writeFileSync(path, buffer);
      return path;
    });
  }
}

async function throttle(session: CDPSession, uploadThroughput: number): Promise<void> {
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput });
}
