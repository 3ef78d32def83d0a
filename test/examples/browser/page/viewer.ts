import { PageContext, until } from './page-context';
import { SHAPES } from '../stub-gallery';

export function testViewer(context: PageContext): void {
  test('has an address per image, and Back closes it', async () => {
    context.stub.fill(5);
    const { page, gallery } = await context.open();
    const home = page.url();
    await gallery.open('picture 3.jpg');
    expect(page.url()).toBe(`${home}#image=image-3`);
    await page.keyboard.press('ArrowRight');
    await gallery.panel.getByRole('heading', { name: 'picture 2.jpg' }).waitFor();
    expect(page.url()).toBe(`${home}#image=image-2`);
    await page.goBack();
    await gallery.viewer.waitFor({ state: 'detached' });
    expect(page.url()).toBe(home);

    await page.goto(`${home}#image=image-4`);
    await page.reload();
    await gallery.panel.getByRole('heading', { name: 'picture 4.jpg' }).waitFor();
    await gallery.closeViewer();
    expect(page.url()).toBe(home);
    await page.locator('[data-image-id="image-4"] a:focus').waitFor();
  });

  test('groups versions by size with what each saves, and copies the HTML of a <picture> element', async () => {
    context.stub.fill(1);
    const { page, gallery } = await context.open();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await gallery.open('picture 1.jpg');

    expect((await gallery.versions()).map(({ size, format, bytes, saving }) => [size, format, bytes, saving])).toEqual([
      ['large 600 × 400', 'WebP', '20 kB', '−90 %'], ['large 600 × 400', 'JPEG', '40 kB', '−80 %'], ['thumbnail 300 × 200', 'JPEG', '10 kB', '−95 %'],
    ]);
    await gallery.panel.getByRole('button', { name: 'Copy HTML' }).click();
    await page.getByText('HTML copied.').waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toMatch(/^<picture>\n {2}<source type="image\/webp" srcset="http.* 600w" sizes="100vw">\n {2}<img src="http[^"]+" .*width="600" height="400" alt="picture 1\.jpg"/);
  });

  test.each([[1440, 900], [390, 844]] as const)('says over the picture that a link is copied, and before and after until when it works, on %i x %i pixels', async (width, height) => {
    context.stub.fill(1);
    const signedAt = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
    context.stub.signature = `?X-Amz-Date=${signedAt}&X-Amz-Expires=900`;
    const { session, page, gallery } = await context.open({ width, height });
    const clock = await page.evaluate<string>(`new Date(Math.floor(Date.parse('${signedAt}'.replace(/(....)(..)(..)T(..)(..)/, '$1-$2-$3T$4:$5:')) / 1000) * 1000 + 900_000).toLocaleTimeString('en-GB', { timeStyle: 'short' })`);
    await gallery.link('picture 1.jpg').click();
    await gallery.viewer.waitFor();
    if (width < 900) await page.getByRole('button', { name: 'Details' }).click();
    await gallery.panel.getByText(`Links work until ${clock}.`).waitFor();
    await gallery.panel.getByRole('button', { name: 'Copy the link to large as WebP' }).click();
    await page.getByText(`Link to the large WebP copied. It works until ${clock}.`).waitFor();
    await context.expectUsable(session, `copied ${width}`);
    // A click gets there: nothing lies over it.
    await page.getByRole('button', { name: 'Close message' }).click();
    expect(await gallery.viewer.isVisible()).toBe(true);

    context.stub.signature = '';
    await page.reload();
    if (width < 900) await page.getByRole('button', { name: 'Details' }).click();
    await gallery.panel.getByRole('button', { name: 'Copy the link to large as WebP' }).click();
    await page.getByText('Link to the large WebP copied.', { exact: true }).waitFor();
    expect(await page.getByText('until').isVisible()).toBe(false);
    await gallery.closeViewer();
    expect(await page.getByText('Link to the large WebP copied.').isVisible()).toBe(true);
  });

  test('names sizes once that are the same to the byte', async () => {
    context.stub.fill(1);
    context.stub.profiles = ['large', 'medium', 'thumbnail'];
    const { gallery } = await context.open();
    await gallery.open('picture 1.jpg');
    expect((await gallery.versions()).map(({ size, format }) => [size, format])).toEqual([
      ['large, medium 600 × 400', 'WebP'], ['large, medium 600 × 400', 'JPEG'], ['thumbnail 300 × 200', 'JPEG'],
    ]);
  });

  test('shows long profile names and many versions within its panel, at every width', async () => {
    context.stub.fill(1);
    context.stub.profiles = ['large', 'a-profile-with-the-longest-name-that-anybody-could-think-of-for-a-banner', 'thumbnail'];
    const { session, page, gallery } = await context.open({ width: 1440, height: 900 });
    await gallery.open('picture 1.jpg');
    for (const width of [1440, 900, 820, 390, 320]) {
      await page.setViewportSize({ width, height: 800 });
      expect([width, await session.excessWidth(), await session.overflowing('#panel')]).toEqual([width, 0, []]);
      await session.screenshot(`page long names ${width}`);
    }
  });

  test('tells what is known of the photograph, and nothing of what is not', async () => {
    context.stub.fill(1);
    context.stub.facts = { paletteSize: 16, exif: { takenAt: '2026-05-01T14:03:22-07:00', cameraMake: 'Canon', cameraModel: 'Canon EOS R5', hasPosition: true } };
    const { page, gallery } = await context.open();
    await gallery.open('picture 1.jpg');
    const facts = () => gallery.panel.locator('dl > div').allInnerTexts();
    expect((await facts()).map((fact) => fact.replace(/\s+/g, ' '))).toEqual([
      'Original 600 × 400 · JPEG · 200 kB · 16 colours',
      'Saved 180 kB · 90 %',
      expect.stringMatching(/^Uploaded 1 Jan 2026/),
      'Taken 1 May 2026, 14:03:22 UTC−07:00',
      'Camera \u2068Canon EOS R5\u2069',
      'Position The original says where it was taken',
    ]);

    context.stub.facts = {};
    await page.reload();
    await gallery.panel.getByRole('heading', { name: 'picture 1.jpg' }).waitFor();
    expect(await facts()).toHaveLength(3);
  });

  test('has the neighbours of a picture loaded before anybody asks for them, and saves a version under the name of the image', async () => {
    context.stub.fill(7);
    const { page, gallery } = await context.open();
    await gallery.open('picture 4.jpg');
    await until(async () => await page.locator('.pswp__img[alt]').count() >= 3);
    expect(await page.locator('.pswp__img').evaluateAll<string[], { readonly alt: string }>((pictures) => pictures.map(({ alt }) => alt))).toEqual(expect.arrayContaining(['picture 3.jpg', 'picture 4.jpg', 'picture 5.jpg']));

    const [download] = await Promise.all([page.waitForEvent('download'), gallery.panel.getByRole('link', { name: 'Download large as WebP' }).click()]);
    expect(await download.failure()).toBeNull();
  });

  test('zooms by key and by a click where a picture is larger than the window', async () => {
    context.stub.add('wide.jpg', SHAPES[5], 'COMPLETED');
    const { page, gallery } = await context.open({ width: 700, height: 500 });
    await gallery.link('wide.jpg').click();
    await gallery.viewer.waitFor();
    const picture = page.locator('.pswp__img[alt="wide.jpg"]');
    await picture.waitFor();
    const widthOf = async () => (await picture.boundingBox())!.width;
    await until(async () => await widthOf() > 500);
    const fitted = await widthOf();
    await page.keyboard.press('z');
    await until(async () => await widthOf() > fitted * 1.2);
    // And with as many pixels as are drawn.
    expect(parseInt((await picture.getAttribute('sizes'))!, 10)).toBeGreaterThanOrEqual(1200);
    await page.keyboard.press('z');
    await until(async () => Math.abs(await widthOf() - fitted) < 2);
    await picture.click();
    await until(async () => await widthOf() > fitted * 1.2);
  });
}
