import { FileChooser } from 'playwright-core';
import sharp from 'sharp';
import { BrowserPage, PageOptions, TestBrowser } from './browser';
import { GalleryPage, PixelSize, UploadFile } from './gallery-page';
import { alphaRamp, animation, open, orientedJpeg, photo, quadrants, trafficLight } from '../../fixtures/images';

/** A running app with the gallery's page. It has no images yet. */
export interface GalleryApp {
  /** Where the page is, with a slash at its end. */
  readonly url: string;
  stop(): Promise<void>;
}

interface Settings {
  readonly api: string;
  readonly maxBytes: number;
  readonly deletes: boolean;
}

/** What browsers decode. */
const WEB_FORMATS = ['AVIF', 'WebP', 'JPEG', 'PNG', 'GIF'];
const ORIGINALS: Readonly<Record<string, PixelSize>> = { 'coast.jpg': [1200, 800], 'phone.jpg': [300, 400], 'logo.png': [320, 240], 'lights.gif': [96, 72] };
const BROKEN = 'broken.jpg';

/** The behaviour of the gallery's page in front of an app, in a real browser. */
export function describeGallery(name: string, start: () => Promise<GalleryApp>): void {
  describe(name, () => {
    jest.setTimeout(120_000);

    let app: GalleryApp;
    let browser: TestBrowser;
    let settings: Settings;
    let sessions: BrowserPage[] = [];
    let uploaded: Promise<void> | undefined;

    beforeAll(async () => {
      app = await start();
      browser = await TestBrowser.launch();
      settings = await settingsOf(app.url);
    });
    afterAll(async () => {
      await browser?.close();
      await app?.stop();
    });
    afterEach(async () => {
      const used = sessions;
      sessions = [];
      for (const session of used) await session.close();
    });

    /** A page of its own, which the end of the test closes. */
    async function openPage(options?: PageOptions) {
      const session = await browser.open(options);
      sessions.push(session);
      return { session, page: session.page, gallery: new GalleryPage(session.page) };
    }

    /** The page with four images and a broken one. */
    async function openGallery(options?: PageOptions) {
      await (uploaded ??= uploadSamples());
      const opened = await openPage(options);
      await opened.gallery.goto(app.url);
      return opened;
    }

    async function uploadSamples(): Promise<void> {
      const { gallery } = await openPage();
      await gallery.goto(app.url);
      await gallery.upload(await samples());
      for (const fileName of Object.keys(ORIGINALS)) await gallery.waitForStatus(fileName, 'COMPLETED');
      await gallery.waitForStatus(BROKEN, 'FAILED');
    }

    async function expectUsable(session: BrowserPage, state: string): Promise<void> {
      await session.screenshot(`${name} ${state}`);
      expect(await session.barriers()).toEqual([]);
      expect(await session.excessWidth()).toBe(0);
    }

    test('a gallery without images says so and how to begin', async () => {
      const { session, page, gallery } = await openPage();
      await gallery.goto(app.url);

      expect(await page.getByRole('heading', { name: 'No images yet' }).isVisible()).toBe(true);
      expect(await gallery.chooseButton.isEnabled()).toBe(true);
      await expectUsable(session, 'empty');
    });

    test('uploaded images become cards with status, facts and versions, without a reload', async () => {
      const { session, gallery } = await openGallery();

      for (const [fileName, [width, height]] of Object.entries(ORIGINALS)) {
        const { status, facts, versions } = await gallery.read(fileName);
        expect(status).toBe('Ready');
        expect(facts).toContain(`${width} × ${height}`);
        expect(versions.length).toBeGreaterThan(0);
      }
      await expectUsable(session, 'ready');
    });

    test('each version has the pixels that its card states', async () => {
      const { gallery } = await openGallery();

      for (const fileName of Object.keys(ORIGINALS)) {
        const shown = (await gallery.read(fileName)).versions.filter(({ format }) => WEB_FORMATS.includes(format));
        expect(shown.length).toBeGreaterThan(0);
        for (const { url, width, height } of shown) expect(await gallery.decode(url)).toEqual([width, height]);
      }
    });

    test('a card draws one of the versions in the shape of the original, in its middle', async () => {
      const { gallery } = await openGallery();

      for (const [fileName, [width, height]] of Object.entries(ORIGINALS)) {
        const stage = gallery.card(fileName).locator('[data-part="stage"]');
        const drawn = await gallery.decode(await gallery.pictureIn(stage));
        expect((await gallery.read(fileName)).versions.map((version) => [version.width, version.height])).toContainEqual([...drawn]);
        const box = (await stage.locator('img').boundingBox())!;
        expect(Math.abs(box.width / box.height - width / height)).toBeLessThan(0.05);
        const place = (await stage.boundingBox())!;
        expect(box.x + box.width / 2).toBeCloseTo(place.x + place.width / 2, 0);
        expect(box.y + box.height / 2).toBeCloseTo(place.y + place.height / 2, 0);
      }
    });

    test('an image that cannot be read is shown as failed with the reason', async () => {
      const { session, gallery } = await openGallery();

      expect(await gallery.read(BROKEN)).toMatchObject({ status: 'Failed', problem: expect.stringMatching(/\w+ \w+/), versions: [] });
      await gallery.open(BROKEN);
      expect(await gallery.details.innerText()).toMatch(/CORRUPT_IMAGE|UNSUPPORTED_FORMAT/);
      await expectUsable(session, 'failed image');
    });

    test('the details have the large picture and every version in a table', async () => {
      const { session, gallery } = await openGallery();
      const { versions } = await gallery.read('coast.jpg');
      await gallery.open('coast.jpg');

      expect(await gallery.versionRows()).toEqual(versions.map(({ profile, format, width, height, bytes, saving }) => (
        [expect.stringContaining(profile), format, `${width} × ${height}`, bytes, saving]
      )));
      const [drawnWidth] = await gallery.decode(await gallery.pictureIn(gallery.details.locator('[data-part="stage"]')));
      expect(drawnWidth).toBeGreaterThan(Math.min(...versions.map(({ width }) => width)));
      await expectUsable(session, 'details');
    });

    test('a new image appears in an open page, on top, while cards stay what they are', async () => {
      const { page, gallery } = await openGallery();
      await gallery.card('coast.jpg').getByText(/version/).click();
      const other = await openPage();
      await other.gallery.goto(app.url);
      await other.gallery.upload([await jpeg('late.jpg', 200, 150)]);

      await gallery.waitForStatus('late.jpg', 'COMPLETED');
      expect(await gallery.cards.first().innerText()).toContain('late.jpg');
      expect(await gallery.card('coast.jpg').locator('details').getAttribute('open')).toBe('');
      expect(await page.getByRole('heading', { name: 'No images yet' }).isVisible()).toBe(false);
    });

    test('a round of polling moves nothing and loads no picture again, though links change', async () => {
      const { page, gallery } = await openGallery();
      for (const fileName of Object.keys(ORIGINALS)) await gallery.pictureIn(gallery.card(fileName).locator('[data-part="stage"]'));
      const boxes = async () => Promise.all((await gallery.cards.all()).map((card) => card.boundingBox()));
      const before = await boxes();
      const pictures: string[] = [];
      page.on('request', (request) => { if (request.resourceType() === 'image') pictures.push(request.url()); });
      const polled = page.waitForResponse((response) => response.url().startsWith(`${settings.api}/images?`));
      await page.evaluate("window.dispatchEvent(new Event('online'))");
      await (await polled).finished();
      await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100)))');

      expect(await boxes()).toEqual(before);
      expect(pictures).toEqual([]);
    });

    test('files that are dropped on the page are uploaded', async () => {
      const { session, page, gallery } = await openGallery();
      const { name: fileName, mimeType, buffer } = await jpeg('dropped.jpg', 160, 120);
      const drag = (type: string) => page.evaluate(`(() => {
        const dataTransfer = new DataTransfer();
        const bytes = Uint8Array.from(atob('${buffer.toString('base64')}'), (character) => character.charCodeAt(0));
        dataTransfer.items.add(new File([bytes], '${fileName}', { type: '${mimeType}' }));
        document.body.dispatchEvent(new DragEvent('${type}', { dataTransfer, bubbles: true, cancelable: true }));
      })()`);
      await drag('dragenter');
      await page.getByText('Drop to upload').waitFor();
      await session.screenshot(`${name} drop`);
      await drag('drop');

      await gallery.waitForStatus(fileName, 'COMPLETED');
      expect(await page.getByText('Drop to upload').isVisible()).toBe(false);
    });

    test('older images come on demand, page by page', async () => {
      const { page, gallery } = await openGallery();
      const all = await gallery.cards.evaluateAll((cards) => cards.map((card) => card.getAttribute('data-image-id')));
      await page.route(`${settings.api}/images?*`, (route) => route.continue({ url: route.request().url().replace(/limit=\d+/, 'limit=2') }));
      await page.reload();
      await gallery.cards.nth(1).waitFor();
      expect(await gallery.cards.count()).toBe(2);
      const more = page.getByRole('button', { name: 'Show more' });
      for (let shown = 2; shown < all.length; shown += 2) {
        await more.click();
        await gallery.cards.nth(Math.min(shown + 2, all.length) - 1).waitFor();
      }

      expect(await gallery.cards.evaluateAll((cards) => cards.map((card) => card.getAttribute('data-image-id')))).toEqual(all);
      await more.waitFor({ state: 'hidden' });
    });

    test('the upload of a large file shows its progress, and can be cancelled', async () => {
      const { session, gallery } = await openGallery();
      const file = await noise('large.jpg', settings.maxBytes);
      const restore = await gallery.slowUploads(file.buffer.length / 10);
      await gallery.upload([file]);
      const bar = gallery.uploads.getByRole('progressbar', { name: 'Upload of large.jpg' });
      const progress = () => bar.evaluate<number, { readonly value: number }>(({ value }) => value);
      const seen: number[] = [];
      while (seen.length < 3) {
        const value = await progress();
        if (value > 0 && value < 1 && value !== seen.at(-1)) seen.push(value);
      }
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      await expectUsable(session, 'uploading');

      await gallery.uploads.getByRole('button', { name: 'Cancel large.jpg' }).click();
      expect(await gallery.uploadRow('large.jpg').innerText()).toContain('Cancelled');
      await restore();
      // A record that was made for the file goes, too.
      if (settings.deletes) await waitUntilUnlisted(settings.api, 'large.jpg');
    });

    test('fails before anything is sent: a file that is too large, of another type, or empty', async () => {
      const { session, page, gallery } = await openGallery();
      const sent: string[] = [];
      page.on('request', (request) => { if (request.method() !== 'GET') sent.push(request.url()); });
      await gallery.upload([
        { name: 'huge.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(settings.maxBytes + 1) },
        { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no image') },
        { name: 'nothing.png', mimeType: 'image/png', buffer: Buffer.alloc(0) },
      ]);

      expect(await gallery.uploadRow('huge.jpg').innerText()).toMatch(/At most .* are allowed/);
      expect(await gallery.uploadRow('notes.txt').innerText()).toContain('no image that can be read');
      expect(await gallery.uploadRow('nothing.png').innerText()).toContain('empty');
      expect(sent).toEqual([]);
      await expectUsable(session, 'refused files');
    });

    test('fails an upload whose connection breaks, and sends it again on demand', async () => {
      const { session, page, gallery } = await openGallery();
      session.expectErrors(/ERR_FAILED/);
      await page.route('**', (route) => (route.request().method() === 'GET' ? route.fallback() : route.abort()));
      await gallery.upload([await jpeg('again.jpg', 120, 90)]);
      const row = gallery.uploadRow('again.jpg');
      await row.getByText('The connection was lost.').waitFor();
      await page.unroute('**');
      await row.getByRole('button', { name: 'Retry again.jpg' }).click();

      await gallery.waitForStatus('again.jpg', 'COMPLETED');
    });

    test('fails with a way out when the API is down at the start, and recovers', async () => {
      await (uploaded ??= uploadSamples());
      const { session, page, gallery } = await openPage();
      session.expectErrors(/ERR_FAILED/);
      await page.route(`${settings.api}/**`, (route) => route.abort());
      await page.goto(app.url);
      await page.getByRole('heading', { name: 'The images could not be loaded' }).waitFor();
      await expectUsable(session, 'API down');
      await page.unroute(`${settings.api}/**`);
      await page.getByRole('button', { name: 'Try again' }).click();

      await gallery.waitForStatus('coast.jpg', 'COMPLETED');
    });

    test('fails softly when the API goes down later: what is shown stays, with a note until it is back', async () => {
      const { session, page, gallery } = await openGallery();
      session.expectErrors(/ERR_FAILED/);
      await page.route(`${settings.api}/**`, (route) => route.abort());
      await page.evaluate("window.dispatchEvent(new Event('online'))");
      const note = page.getByText('What you see may be out of date.');
      await note.waitFor();
      expect((await gallery.read('coast.jpg')).status).toBe('Ready');
      await expectUsable(session, 'API lost');
      await page.unroute(`${settings.api}/**`);
      await page.getByRole('button', { name: 'Try now' }).click();

      await note.waitFor({ state: 'hidden' });
    });

    test('a link that has expired is renewed', async () => {
      const { session, page, gallery } = await openPage();
      await (uploaded ??= uploadSamples());
      session.expectErrors(/403/);
      const refused: string[] = [];
      await page.route('**', (route) => {
        const request = route.request();
        const isPicture = request.resourceType() === 'image' && !new URL(request.url()).pathname.endsWith('.svg');
        if (!isPicture || refused.length > 0) return route.fallback();
        refused.push(request.url());
        return route.fulfill({ status: 403 });
      });
      await gallery.goto(app.url);
      for (const fileName of ['coast.jpg', 'phone.jpg']) await gallery.pictureIn(gallery.card(fileName).locator('[data-part="stage"]'));

      expect(refused).toHaveLength(1);
      expect(await page.getByText('The picture did not load').count()).toBe(0);
    });

    test('everything works with the keyboard alone', async () => {
      const { session, page, gallery } = await openGallery();
      const pressUntil = async (key: string, isThere: () => Promise<boolean>) => {
        for (let presses = 0; presses < 60; presses += 1) {
          if (await isThere()) return;
          await page.keyboard.press(key);
        }
        throw new Error(`expected ${key} to lead there within 60 presses`);
      };
      const focused = (selector: string) => page.evaluate<boolean>(`document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`);

      const chooser = new Promise<FileChooser>((resolve) => page.once('filechooser', resolve));
      await pressUntil('Tab', () => focused('#choose'));
      await page.keyboard.press('Enter');
      expect((await chooser).isMultiple()).toBe(true);
      await pressUntil('Tab', () => focused('input[name="status"]'));
      await page.keyboard.press('ArrowLeft');
      expect(await page.getByRole('radio', { name: 'Failed' }).isChecked()).toBe(true);
      await page.keyboard.press('ArrowRight');
      await gallery.card('coast.jpg').waitFor();

      const first = (await gallery.cards.first().getAttribute('data-image-id'))!;
      await pressUntil('Tab', () => focused(`[data-image-id="${first}"] .card-open`));
      await session.screenshot(`${name} keyboard`);
      await page.keyboard.press('Enter');
      const heading = gallery.details.getByRole('heading').first();
      const before = await heading.innerText();
      await page.keyboard.press('ArrowRight');
      expect(await heading.innerText()).not.toBe(before);
      await page.keyboard.press('Escape');
      const second = (await gallery.cards.nth(1).getAttribute('data-image-id'))!;
      await page.locator(`[data-image-id="${second}"] .card-open:focus`).waitFor();
    });

    test('the filter shows the images of one status', async () => {
      const { session, gallery } = await openGallery();
      await gallery.filter('Failed');
      await gallery.card('coast.jpg').waitFor({ state: 'detached' });
      expect(await gallery.card(BROKEN).isVisible()).toBe(true);
      await expectUsable(session, 'filter');

      await gallery.filter('Ready');
      await gallery.card('coast.jpg').waitFor();
      expect(await gallery.card(BROKEN).count()).toBe(0);
    });

    test.each([[360, 740], [320, 640]])('nothing is cut off on a screen of %i x %i pixels', async (width, height) => {
      const { session, gallery } = await openGallery({ width, height });
      await expectUsable(session, `${width} pixels`);

      await gallery.open('phone.jpg');
      await expectUsable(session, `${width} pixels details`);
      const box = (await gallery.details.boundingBox())!;
      expect([box.x, box.width]).toEqual([0, width]);
    });

    test('dark mode follows the system, and the page may differ', async () => {
      const { session, page, gallery } = await openGallery({ colorScheme: 'dark' });
      const lightness = async () => page.evaluate<number>(`(() => {
        const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number);
        return (red + green + blue) / 3;
      })()`);
      expect(await lightness()).toBeLessThan(64);
      await expectUsable(session, 'dark');
      await gallery.open('coast.jpg');
      await gallery.pictureIn(gallery.details.locator('[data-part="stage"]'));
      await expectUsable(session, 'dark details');
      await page.keyboard.press('Escape');

      await page.getByRole('combobox', { name: 'Theme' }).selectOption('Light');
      expect(await lightness()).toBeGreaterThan(192);
      await page.reload();
      expect(await lightness()).toBeGreaterThan(192);
    });

    test('an image is deleted after a confirmation, and stays away', async () => {
      const { session, page, gallery } = await openGallery();
      if (!settings.deletes) {
        expect(await page.getByRole('button', { name: /^Delete/ }).count()).toBe(0);
        return;
      }
      await gallery.askToDelete('logo.png');
      await expectUsable(session, 'confirmation');
      await gallery.confirmation.getByRole('button', { name: 'Keep' }).click();
      expect(await gallery.card('logo.png').isVisible()).toBe(true);

      const { imageId } = await gallery.read('logo.png');
      await gallery.askToDelete('logo.png');
      await gallery.confirmation.getByRole('button', { name: 'Delete' }).click();
      await gallery.card('logo.png').waitFor({ state: 'detached' });
      expect(await page.evaluate<boolean>("document.activeElement?.matches('.card-open') ?? false")).toBe(true);
      await waitUntilGone(`${settings.api}/images/${imageId}`);
      await page.reload();
      await gallery.waitForStatus('coast.jpg', 'COMPLETED');
      expect(await gallery.card('logo.png').count()).toBe(0);
    });
  });
}

async function settingsOf(url: string): Promise<Settings> {
  const config = await (await fetch(new URL('config.json', url))).json() as Settings;
  return { ...config, api: new URL(config.api, url).href.replace(/\/+$/, '') };
}

async function samples(): Promise<UploadFile[]> {
  const coast = await open(photo(1200, 800)).jpeg({ quality: 90 }).toBuffer();
  return [
    { name: 'coast.jpg', mimeType: 'image/jpeg', buffer: coast },
    { name: 'phone.jpg', mimeType: 'image/jpeg', buffer: await orientedJpeg(quadrants(300, 400), 6) },
    { name: 'logo.png', mimeType: 'image/png', buffer: await open(alphaRamp(320, 240)).png().toBuffer() },
    { name: 'lights.gif', mimeType: 'image/gif', buffer: await animation('gif', trafficLight(96, 72)) },
    { name: BROKEN, mimeType: 'image/jpeg', buffer: Buffer.concat([coast.subarray(0, 200), Buffer.from('and nothing else')]) },
  ];
}

async function jpeg(name: string, width: number, height: number): Promise<UploadFile> {
  return { name, mimeType: 'image/jpeg', buffer: await open(quadrants(width, height)).jpeg().toBuffer() };
}

/** A JPEG that compresses badly, of a few megabytes if they are allowed. */
async function noise(name: string, maxBytes: number): Promise<UploadFile> {
  const side = Math.floor(Math.sqrt(Math.min(maxBytes, 4_000_000) / 3));
  const { data } = await sharp({ create: { width: side, height: side, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 60 } } })
    .jpeg({ quality: 95 }).toBuffer({ resolveWithObject: true });
  return { name, mimeType: 'image/jpeg', buffer: data };
}

async function waitUntilGone(url: string): Promise<void> {
  await waitUntil(`${url} is gone`, async () => (await fetch(url)).status === 404);
}

async function waitUntilUnlisted(api: string, fileName: string): Promise<void> {
  await waitUntil(`${fileName} is no longer listed`, async () => {
    const { images } = await (await fetch(`${api}/images`)).json() as { readonly images: readonly { readonly fileName: string }[] };
    return images.every((image) => image.fileName !== fileName);
  });
}

async function waitUntil(state: string, isReached: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!await isReached()) {
    if (Date.now() > deadline) throw new Error(`expected that ${state} within 30 seconds`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
