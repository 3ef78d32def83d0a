import { BrowserPage, PageOptions, TestBrowser } from './browser';
import { GalleryApi } from './gallery-api';
import { GalleryPage } from './gallery-page';
import { BROKEN, ORIGINALS, samples } from './gallery-samples';

/** A running app with the gallery's page. It has no images yet. */
export interface GalleryApp {
  /** Where the page is, with a slash at its end. */
  readonly url: string;
  /** Whether its owner gives originals out. */
  readonly originals: boolean;
  stop(): Promise<void>;
}

/** What the tests of one gallery share: its app, a browser, and images that are uploaded once. */
export class GalleryContext {
  api!: GalleryApi;
  private app?: GalleryApp;
  private browser?: TestBrowser;
  private sessions: BrowserPage[] = [];
  private uploaded?: Promise<void>;

  constructor(private readonly name: string, private readonly startApp: () => Promise<GalleryApp>) {}

  get url(): string {
    return this.app!.url;
  }

  get originals(): boolean {
    return this.app!.originals;
  }

  async start(): Promise<void> {
    this.app = await this.startApp();
    this.browser = await TestBrowser.launch();
    this.api = await GalleryApi.of(this.url);
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    await this.app?.stop();
  }

  /** A page of its own, which the end of the test closes. */
  async openPage(options?: PageOptions) {
    const session = await this.browser!.open(options);
    this.sessions.push(session);
    return { session, page: session.page, gallery: new GalleryPage(session.page) };
  }

  /** The page with four images and a broken one. */
  async openGallery(options?: PageOptions) {
    await this.ensureSamples();
    const opened = await this.openPage(options);
    await opened.gallery.goto(this.url);
    return opened;
  }

  /** Uploads the samples unless a test before did. */
  async ensureSamples(): Promise<void> {
    await (this.uploaded ??= this.uploadSamples());
  }

  async closePages(): Promise<void> {
    const used = this.sessions;
    this.sessions = [];
    for (const session of used) await session.close();
  }

  async expectUsable(session: BrowserPage, state: string): Promise<void> {
    await this.screenshot(session, state);
    expect(await session.barriers()).toEqual([]);
    expect(await session.excessWidth()).toBe(0);
  }

  async screenshot(session: BrowserPage, state: string): Promise<void> {
    await session.screenshot(`${this.name} ${state}`);
  }

  private async uploadSamples(): Promise<void> {
    const { gallery } = await this.openPage();
    await gallery.goto(this.url);
    await gallery.upload(await samples());
    for (const fileName of Object.keys(ORIGINALS)) await gallery.waitForState(fileName, 'ready');
    await gallery.waitForState(BROKEN, 'failed');
  }
}
