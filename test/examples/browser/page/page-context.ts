import { setTimeout as sleep } from 'timers/promises';
import { Page } from 'playwright-core';
import { BrowserPage, PageOptions, TestBrowser } from '../browser';
import { GalleryPage } from '../gallery-page';
import { StubGallery } from '../stub-gallery';

interface Opened {
  readonly session: BrowserPage;
  readonly page: Page;
  readonly gallery: GalleryPage;
}

/** What all tests of the page share: one browser, and one server with an API that does as it is told. */
export class PageContext {
  stub!: StubGallery;
  private browser?: TestBrowser;
  private sessions: BrowserPage[] = [];

  async start(): Promise<void> {
    [this.stub, this.browser] = await Promise.all([StubGallery.start(), TestBrowser.launch()]);
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    await this.stub?.stop();
  }

  /** After each test: fails with the errors of its pages that it did not expect. */
  async reset(): Promise<void> {
    const used = this.sessions;
    this.sessions = [];
    try {
      for (const session of used) await session.close();
    } finally {
      this.stub.reset();
    }
  }

  /** A page of its own that shows nothing yet. */
  async openBlank(options?: PageOptions): Promise<BrowserPage> {
    const session = await this.browser!.open(options);
    this.sessions.push(session);
    return session;
  }

  /** The same with a clock that `page.clock.runFor` moves forward, and that goes on by itself until `stopTime`. */
  async openWithClock(options?: PageOptions): Promise<Opened> {
    const session = await this.openBlank(options);
    await session.page.clock.install();
    return this.visit(session);
  }

  /** The gallery, when its first list is there. */
  async open(options?: PageOptions): Promise<Opened> {
    return this.visit(await this.openBlank(options));
  }

  async expectUsable(session: BrowserPage, state: string): Promise<void> {
    await session.screenshot(`page ${state}`);
    expect(await session.barriers()).toEqual([]);
    expect(await session.excessWidth()).toBe(0);
  }

  private async visit(session: BrowserPage): Promise<Opened> {
    const gallery = new GalleryPage(session.page);
    await gallery.goto(this.stub.url);
    return { session, page: session.page, gallery };
  }
}

export async function until(isReached: () => boolean | Promise<boolean>): Promise<void> {
  while (!await isReached()) await sleep(20);
}

/** Presses a key until what the selector names has the focus. */
export async function pressUntil(page: Page, key: string, selector: string): Promise<void> {
  for (let presses = 0; presses < 40; presses += 1) {
    if (await page.evaluate<boolean>(`document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`expected ${key} to lead to ${selector} within 40 presses`);
}

/** From here on, time goes on by `page.clock.runFor` alone: a slow machine must not be late for what lasts some seconds. */
export async function stopTime(page: Page, tries = 10): Promise<void> {
  try {
    await page.clock.pauseAt(await page.evaluate<number>('Date.now()') + 500);
  } catch (error) {
    // Half a second had passed in between.
    if (tries === 1) throw error;
    await stopTime(page, tries - 1);
  }
}
