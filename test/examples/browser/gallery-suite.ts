import { GalleryApp, GalleryContext } from './gallery-context';
import { BROKEN, jpeg, noise, ORIGINALS } from './gallery-samples';

/** What browsers decode. */
const WEB_FORMATS = ['AVIF', 'WebP', 'JPEG', 'PNG', 'GIF'];

/** The gallery's page in front of a real app: what passes between them. What the page does by itself is tested without one. */
export function describeGallery(name: string, start: () => Promise<GalleryApp>): void {
  describe(name, () => {
    jest.setTimeout(120_000);

    const context = new GalleryContext(name, start);
    beforeAll(() => context.start());
    afterAll(() => context.stop());
    afterEach(() => context.closePages());

    // They share the app: the first sees it without images, the last takes one of the samples away.
    test('a gallery without images says how to begin', async () => {
      const { session, page, gallery } = await context.openPage();
      await gallery.goto(context.url);

      expect(await page.getByRole('heading', { name: 'Drop your pictures here' }).isVisible()).toBe(true);
      expect(await page.getByRole('button', { name: 'Choose images' }).isEnabled()).toBe(true);
      await context.expectUsable(session, 'empty');
    });

    test('files become images, without a reload, each drawn whole in the shape of its original', async () => {
      const { session, gallery } = await context.openGallery();

      for (const [fileName, [width, height]] of Object.entries(ORIGINALS)) {
        const tile = gallery.tile(fileName);
        const drawn = await gallery.decode(await gallery.pictureIn(tile));
        expect(Math.abs(drawn[0] / drawn[1] - width / height)).toBeLessThan(0.02);
        const box = (await tile.boundingBox())!;
        expect(Math.abs(box.width / box.height - width / height)).toBeLessThan(0.05);
      }
      await context.expectUsable(session, 'ready');
    });

    test('each version has the pixels that the panel states, and a neighbour is one key away', async () => {
      const { session, page, gallery } = await context.openGallery();
      await gallery.tile('coast.jpg').waitFor();
      const isLast = (await gallery.names()).at(-1) === 'coast.jpg';
      await gallery.open('coast.jpg');
      const shown = (await gallery.versions()).filter(({ format }) => WEB_FORMATS.includes(format));
      expect(shown.length).toBeGreaterThan(0);
      for (const { url, size } of shown) expect((await gallery.decode(url)).join(' × ')).toBe(/\d+ × \d+$/.exec(size)![0]);
      await context.expectUsable(session, 'viewer');

      const address = page.url();
      await page.keyboard.press(isLast ? 'ArrowLeft' : 'ArrowRight');
      await gallery.panel.getByRole('heading', { name: /^(?!coast)/, level: 2 }).waitFor();
      expect(page.url()).not.toBe(address);
    });

    test('an image that cannot be read is shown as failed with the reason', async () => {
      const { session, gallery } = await context.openGallery();
      expect(await gallery.tile(BROKEN).getAttribute('data-state')).toBe('failed');
      await gallery.open(BROKEN);

      expect(await gallery.panel.innerText()).toMatch(/CORRUPT_IMAGE|UNSUPPORTED_FORMAT/);
      await context.expectUsable(session, 'failed image');
    });

    test('original and version lie over each other, with a line that the arrow keys move', async () => {
      const { session, page, gallery } = await context.openGallery();
      await gallery.open('coast.jpg');
      const button = gallery.panel.getByRole('button', { name: 'Before and after' });
      if (!context.originals) {
        expect(await button.isVisible()).toBe(false);
        return;
      }
      await button.click();
      const slider = page.getByRole('slider');
      const before = Number(await slider.inputValue());
      await page.keyboard.press('ArrowRight');
      expect(Number(await slider.inputValue())).toBeGreaterThan(before);
      for (const picture of await page.locator('.compare img').all()) {
        const [width] = await gallery.decode((await picture.getAttribute('src'))!);
        expect(width).toBeGreaterThan(0);
      }
      await context.expectUsable(session, 'before and after');
      await page.keyboard.press('Escape');
      expect(await gallery.viewer.isVisible()).toBe(true);
    });

    test('the upload of a large file shows its progress, and leaves nothing when it is cancelled', async () => {
      const { session, page, gallery } = await context.openGallery();
      const file = await noise('large.jpg', context.api.maxBytes);
      const restore = await gallery.slowUploads(file.buffer.length / 10);
      await gallery.upload([file]);
      const bar = gallery.uploads.getByRole('progressbar', { name: 'Uploading' });
      const progress = () => bar.evaluate<number, { readonly value: number; readonly max: number }>(({ value, max }) => value / max);
      const seen: number[] = [];
      while (seen.length < 3) {
        const value = await progress();
        if (value > 0 && value < 1 && value !== seen.at(-1)) seen.push(value);
      }
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
      await context.expectUsable(session, 'uploading');

      await gallery.uploads.getByRole('button', { name: 'Cancel all' }).click();
      await gallery.tile('large.jpg').waitFor({ state: 'detached' });
      await restore();
      await page.unroute('**');
      if (context.api.deletes) await context.api.waitUntilUnlisted('large.jpg');
    });

    test('an image that another page adds appears on top', async () => {
      const { page, gallery } = await context.openGallery();
      const other = await context.openPage();
      await other.gallery.goto(context.url);
      await other.gallery.upload([await jpeg('late.jpg', 200, 150)]);
      await other.gallery.waitForState('late.jpg', 'ready');
      await gallery.pollNow();

      await gallery.waitForState('late.jpg', 'ready');
      expect((await gallery.names())[0]).toBe('late.jpg');
      // What was seen once is on top as well when it is read again.
      await page.reload();
      await gallery.waitForState('late.jpg', 'ready');
      expect((await gallery.names())[0]).toBe('late.jpg');
    });

    test('a round of polling loads no picture again', async () => {
      const { page, gallery } = await context.openGallery();
      for (const fileName of Object.keys(ORIGINALS)) await gallery.pictureIn(gallery.tile(fileName));
      const pictures: string[] = [];
      page.on('request', (request) => { if (request.resourceType() === 'image') pictures.push(request.url()); });
      const polled = page.waitForResponse((response) => response.url().startsWith(`${context.api.url}/images?`));
      await gallery.pollNow();
      await (await polled).finished();
      await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))');

      expect(pictures).toEqual([]);
    });

    test('an image is deleted when nobody undoes it, and stays away', async () => {
      const { page, gallery } = await context.openGallery();
      if (!context.api.deletes) return;
      const imageId = await gallery.imageId('logo.png');
      await gallery.open('logo.png');
      await gallery.panel.getByRole('button', { name: 'Delete' }).click();
      await gallery.tile('logo.png').waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Close message' }).click();
      await context.api.waitUntilGone(imageId);
      await page.reload();
      await gallery.waitForState('coast.jpg', 'ready');
      expect(await gallery.tile('logo.png').count()).toBe(0);
    });
  });
}
