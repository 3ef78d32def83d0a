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
  readonly profile: string;
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly bytes: string;
  readonly saving: string;
  readonly url: string;
}

export interface ShownImage {
  readonly imageId: string;
  readonly status: string;
  readonly facts: string;
  readonly problem: string;
  readonly versions: readonly ShownVersion[];
}

export type FilterLabel = 'All' | 'Waiting' | 'Processing' | 'Ready' | 'Failed';

export type PixelSize = readonly [width: number, height: number];

/** Images are processed by real functions, on machines that do other work as well. */
const PATIENCE = 60_000;

/** Larger files go to the browser by their path. */
const MAX_INLINE_BYTES = 50_000_000;

const VERSION = /^(.+) (\S+) (\d+) × (\d+) (\S+ [kMG]?B) ([−+]?[\d.]+ %)$/;

/** The gallery as people use it: by what it shows and what its controls are called. */
export class GalleryPage {
  readonly chooseButton: Locator;
  readonly cards: Locator;
  readonly details: Locator;
  readonly confirmation: Locator;
  readonly uploads: Locator;

  constructor(readonly page: Page) {
    this.chooseButton = page.getByRole('button', { name: 'Choose images' });
    this.cards = page.getByRole('list', { name: /^Images/ }).locator('[data-image-id]');
    this.details = page.locator('dialog#details');
    this.confirmation = page.getByRole('alertdialog', { name: 'Delete this image?' });
    this.uploads = page.getByRole('complementary', { name: 'Uploads' });
  }

  /** Opens the page and waits for its first list. */
  async goto(url: string): Promise<void> {
    await this.page.goto(url);
    await this.waitForList();
  }

  /** Until then the cards are those of the list before. */
  async waitForList(): Promise<void> {
    await this.page.locator('#cards[aria-busy="false"]').waitFor({ state: 'attached', timeout: PATIENCE });
  }

  async upload(files: readonly UploadFile[]): Promise<void> {
    const fits = files.every(({ buffer }) => buffer.length < MAX_INLINE_BYTES);
    await this.page.getByLabel('Images to upload').setInputFiles(fits ? files.map((file) => ({ ...file })) : this.onDisk(files));
  }

  uploadRow(fileName: string): Locator {
    return this.uploads.getByRole('listitem').filter({ hasText: fileName });
  }

  card(fileName: string): Locator {
    return this.cards.filter({ has: this.openButton(fileName) });
  }

  openButton(fileName: string): Locator {
    return this.page.getByRole('button', { name: fileName, exact: true });
  }

  async imageIds(): Promise<(string | null)[]> {
    return this.cards.evaluateAll((cards) => cards.map((card) => card.getAttribute('data-image-id')));
  }

  async waitForStatus(fileName: string, status: string): Promise<void> {
    await this.page.locator(`[data-image-id][data-status="${status}"]`).filter({ has: this.openButton(fileName) })
      .waitFor({ timeout: PATIENCE });
  }

  /** What a card tells, also what is folded away. */
  async read(fileName: string): Promise<ShownImage> {
    const card = this.card(fileName);
    return {
      imageId: (await card.getAttribute('data-image-id'))!,
      status: await card.locator('[data-part="badge"]').innerText(),
      facts: await text(card.locator('[data-part="facts"]')),
      problem: await text(card.locator('[data-part="problem"]')),
      versions: await Promise.all((await card.locator('[data-part="list"] a').all()).map(shownVersion)),
    };
  }

  /** Waits until the picture of a card or of the details is loaded. @returns the address that the browser chose */
  async pictureIn(place: Locator): Promise<string> {
    const picture = place.locator('[data-part="stage"] img:not(.is-loading)');
    await picture.scrollIntoViewIfNeeded();
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
    await this.openButton(fileName).click();
    await this.details.getByRole('heading', { name: fileName }).waitFor();
  }

  /** The cells of the table of versions in the open dialog. */
  async versionRows(): Promise<string[][]> {
    const rows = await this.details.locator('tbody tr').all();
    return Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts()));
  }

  async askToDelete(fileName: string): Promise<void> {
    await this.card(fileName).getByRole('button', { name: `Delete ${fileName}` }).click();
    await this.confirmation.waitFor();
  }

  async filter(label: FilterLabel): Promise<void> {
    await this.choose(label);
    await this.waitForList();
  }

  /** Chooses a filter, whose list may take a while. */
  async choose(label: FilterLabel): Promise<void> {
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

async function shownVersion(link: Locator): Promise<ShownVersion> {
  const shown = await text(link);
  const found = VERSION.exec(shown);
  if (!found) throw new Error(`expected a version's name, format, pixels, bytes and saving, received ${JSON.stringify(shown)}`);
  const [, profile, format, width, height, bytes, saving] = found;
  return { profile, format, width: Number(width), height: Number(height), bytes, saving, url: (await link.getAttribute('href'))! };
}

async function text(locator: Locator): Promise<string> {
  return (await locator.textContent() ?? '').trim();
}
