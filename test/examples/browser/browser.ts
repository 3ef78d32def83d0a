import { accessSync, constants, mkdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { Browser, chromium, Locator, Page } from 'playwright-core';
import sharp from 'sharp';

const ROOT = join(__dirname, '..', '..', '..');
const SCREENSHOTS = join(ROOT, 'test-reports', 'screenshots');
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const FLAGS = [
  '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync',
];

export interface PageOptions {
  /** @default 1280 */
  readonly width?: number;
  /** @default 800 */
  readonly height?: number;
  /** @default 'light' */
  readonly colorScheme?: 'light' | 'dark';
  /** Pixels of the screen for each of the page. @default 1 */
  readonly pixelRatio?: number;
  /** A phone. @default false */
  readonly isTouch?: boolean;
}

/**
 * The path of a Chromium or Chrome.
 * @throws when `CHROMIUM_PATH` names none and none is in the usual places
 */
export function findChromium({ CHROMIUM_PATH: chosen } = process.env, places = USUAL_PLACES): string {
  const candidates = chosen ? [chosen] : places;
  const found = candidates.find(isExecutable);
  if (found) return found;
  const [rule, received] = chosen
    ? ['CHROMIUM_PATH to be the path of a Chromium or Chrome', JSON.stringify(chosen)]
    : ['a Chromium or Chrome: install one, or set CHROMIUM_PATH to its path', `none of ${candidates.join(', ')}`];
  throw new Error(`expected ${rule}, received ${received}`);
}

/** A real browser; each page has a profile of its own. */
export class TestBrowser {
  static async launch(): Promise<TestBrowser> {
    return new TestBrowser(await chromium.launch({ executablePath: findChromium(), headless: true, args: FLAGS }));
  }

  private constructor(private readonly browser: Browser) {}

  async open({ width = 1280, height = 800, colorScheme = 'light', pixelRatio = 1, isTouch = false }: PageOptions = {}): Promise<BrowserPage> {
    const context = await this.browser.newContext({
      viewport: { width, height }, colorScheme, reducedMotion: 'reduce', deviceScaleFactor: pixelRatio, hasTouch: isTouch, isMobile: isTouch,
    });
    return new BrowserPage(await context.newPage());
  }

  async close(): Promise<void> {
    await this.browser.close();
  }
}

/** A page that takes note of everything that goes wrong in it. */
export class BrowserPage {
  private readonly errors: string[] = [];
  private readonly expected: RegExp[] = [];

  constructor(readonly page: Page) {
    page.on('pageerror', (error) => void this.errors.push(error.stack ?? error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.errors.push(`${message.text()} (${message.location().url})`);
    });
  }

  /** Errors like this one belong to the test. */
  expectErrors(pattern: RegExp): void {
    this.expected.push(pattern);
  }

  /** @throws when there was an error that no test expects */
  async close(): Promise<void> {
    await this.page.context().close();
    const unexpected = this.errors.filter((error) => !this.expected.some((pattern) => pattern.test(error)));
    if (unexpected.length > 0) throw new Error(`expected a page without errors, received:\n${unexpected.join('\n')}`);
  }

  /** What keeps people from using the page: axe's violations of any impact. */
  async barriers(): Promise<string[]> {
    const { violations } = await this.page.evaluate<AxeResults>(`${AXE}; axe.run(document, { resultTypes: ['violations'] })`);
    return violations.map(({ id, impact, nodes }) => `${impact} ${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('\n')}`);
  }

  /** How many pixels the page is wider than its window. */
  async excessWidth(): Promise<number> {
    return this.page.evaluate<number>('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  }

  /** What of an element or in it is wider than its place, but for what is cut with an ellipsis. */
  async overflowing(selector: string): Promise<string[]> {
    return this.page.evaluate<string[]>(`[...document.querySelectorAll(${JSON.stringify(`${selector}, ${selector} *`)})]
      .filter((each) => each.scrollWidth > each.clientWidth && each.clientWidth > 0 && !/inline/.test(getComputedStyle(each).display))
      .filter((each) => getComputedStyle(each).textOverflow !== 'ellipsis' && !each.matches('.visually-hidden'))
      .map((each) => each.outerHTML.slice(0, 100))`);
  }

  /** What can be pressed and is smaller than a finger, 44 pixels, in the window. */
  async smallTargets(): Promise<string[]> {
    return this.page.evaluate<string[]>(`[...document.querySelectorAll('a[href], button, input, select, label:has(input)')]
      .map((each) => [each, (each.matches('label input') ? each.closest('label') : each).getBoundingClientRect()])
      .filter(([each, { width, height, bottom, right }]) => each.checkVisibility({ opacityProperty: true }) && !each.matches('.visually-hidden, .skip') && bottom > 0 && right > 0)
      .filter(([, { width, height }]) => Math.round(width) < 44 || Math.round(height) < 44)
      .map(([each, { width, height }]) => Math.round(width) + ' x ' + Math.round(height) + ': ' + each.outerHTML.slice(0, 120))`);
  }

  /** How light something is drawn, from 0 to 255. */
  async lightness(place: Locator): Promise<number> {
    const { channels } = await sharp(await place.screenshot()).removeAlpha().stats();
    return channels.reduce((sum, { mean }) => sum + mean / channels.length, 0);
  }

  async screenshot(name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name.replace(/[^a-z0-9]+/gi, '-')}.png`) });
  }
}

interface AxeResults {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
