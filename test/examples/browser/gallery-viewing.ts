import { GalleryContext } from './gallery-context';
import { BROKEN, ORIGINALS } from './gallery-samples';

/** What browsers decode. */
const WEB_FORMATS = ['AVIF', 'WebP', 'JPEG', 'PNG', 'GIF'];

/** What people see of their images. */
export function testViewing(context: GalleryContext): void {
  test('a gallery without images says so and how to begin', async () => {
    const { session, page, gallery } = await context.openPage();
    await gallery.goto(context.url);

    expect(await page.getByRole('heading', { name: 'No images yet' }).isVisible()).toBe(true);
    expect(await gallery.chooseButton.isEnabled()).toBe(true);
    await context.expectUsable(session, 'empty');
  });

  test('uploaded images become cards with status, facts and versions, without a reload', async () => {
    const { session, gallery } = await context.openGallery();

    for (const [fileName, [width, height]] of Object.entries(ORIGINALS)) {
      const { status, facts, versions } = await gallery.read(fileName);
      expect(status).toBe('Ready');
      expect(facts).toContain(`${width} × ${height}`);
      expect(versions.length).toBeGreaterThan(0);
    }
    await context.expectUsable(session, 'ready');
  });

  test('each version has the pixels that its card states', async () => {
    const { gallery } = await context.openGallery();

    for (const fileName of Object.keys(ORIGINALS)) {
      const shown = (await gallery.read(fileName)).versions.filter(({ format }) => WEB_FORMATS.includes(format));
      expect(shown.length).toBeGreaterThan(0);
      for (const { url, width, height } of shown) expect(await gallery.decode(url)).toEqual([width, height]);
    }
  });

  test('a card draws one of the versions in the shape of the original, in its middle', async () => {
    const { gallery } = await context.openGallery();

    for (const [fileName, [width, height]] of Object.entries(ORIGINALS)) {
      const card = gallery.card(fileName);
      const drawn = await gallery.decode(await gallery.pictureIn(card));
      expect((await gallery.read(fileName)).versions.map((version) => [version.width, version.height])).toContainEqual([...drawn]);
      const stage = card.locator('[data-part="stage"]');
      const box = (await stage.locator('img').boundingBox())!;
      expect(Math.abs(box.width / box.height - width / height)).toBeLessThan(0.05);
      const place = (await stage.boundingBox())!;
      expect(box.x + box.width / 2).toBeCloseTo(place.x + place.width / 2, 0);
      expect(box.y + box.height / 2).toBeCloseTo(place.y + place.height / 2, 0);
    }
  });

  test('an image that cannot be read is shown as failed with the reason', async () => {
    const { session, gallery } = await context.openGallery();

    expect(await gallery.read(BROKEN)).toMatchObject({ status: 'Failed', problem: expect.stringMatching(/\w+ \w+/), versions: [] });
    await gallery.open(BROKEN);
    expect(await gallery.details.innerText()).toMatch(/CORRUPT_IMAGE|UNSUPPORTED_FORMAT/);
    await context.expectUsable(session, 'failed image');
  });

  test('the details have the large picture and every version in a table', async () => {
    const { session, gallery } = await context.openGallery();
    const { versions } = await gallery.read('coast.jpg');
    await gallery.open('coast.jpg');

    expect(await gallery.versionRows()).toEqual(versions.map(({ profile, format, width, height, bytes, saving }) => (
      [expect.stringContaining(profile), format, `${width} × ${height}`, bytes, saving]
    )));
    const [drawnWidth] = await gallery.decode(await gallery.pictureIn(gallery.details));
    expect(drawnWidth).toBeGreaterThan(Math.min(...versions.map(({ width }) => width)));
    await context.expectUsable(session, 'details');
  });
}
