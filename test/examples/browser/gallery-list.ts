import { GalleryContext } from './gallery-context';
import { BROKEN, jpeg, ORIGINALS } from './gallery-samples';

/** The list of images: what is new, what is older, and one status. */
export function testList(context: GalleryContext): void {
  test('a new image appears in an open page, on top, while cards stay what they are', async () => {
    const { page, gallery } = await context.openGallery();
    await gallery.card('coast.jpg').getByText(/version/).click();
    const other = await context.openPage();
    await other.gallery.goto(context.url);
    await other.gallery.upload([await jpeg('late.jpg', 200, 150)]);

    await gallery.waitForStatus('late.jpg', 'COMPLETED');
    expect(await gallery.cards.first().innerText()).toContain('late.jpg');
    expect(await gallery.card('coast.jpg').locator('details').getAttribute('open')).toBe('');
    expect(await page.getByRole('heading', { name: 'No images yet' }).isVisible()).toBe(false);
  });

  test('a round of polling moves nothing and loads no picture again, though links change', async () => {
    const { page, gallery } = await context.openGallery();
    for (const fileName of Object.keys(ORIGINALS)) await gallery.pictureIn(gallery.card(fileName));
    const boxes = async () => Promise.all((await gallery.cards.all()).map((card) => card.boundingBox()));
    const before = await boxes();
    const pictures: string[] = [];
    page.on('request', (request) => { if (request.resourceType() === 'image') pictures.push(request.url()); });
    const polled = page.waitForResponse((response) => response.url().startsWith(`${context.api.url}/images?`));
    await gallery.pollNow();
    await (await polled).finished();
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 100)))');

    expect(await boxes()).toEqual(before);
    expect(pictures).toEqual([]);
  });

  test('older images come on demand, page by page', async () => {
    const { page, gallery } = await context.openGallery();
    const all = await gallery.imageIds();
    await page.route(`${context.api.url}/images?*`, (route) => route.continue({ url: route.request().url().replace(/limit=\d+/, 'limit=2') }));
    await page.reload();
    await gallery.cards.nth(1).waitFor();
    expect(await gallery.cards.count()).toBe(2);
    const more = page.getByRole('button', { name: 'Show more' });
    for (let shown = 2; shown < all.length; shown += 2) {
      await more.click();
      await gallery.cards.nth(Math.min(shown + 2, all.length) - 1).waitFor();
    }

    expect(await gallery.imageIds()).toEqual(all);
    await more.waitFor({ state: 'hidden' });
  });

  test('the filter shows the images of one status', async () => {
    const { session, gallery } = await context.openGallery();
    await gallery.filter('Failed');
    await gallery.card('coast.jpg').waitFor({ state: 'detached' });
    expect(await gallery.card(BROKEN).isVisible()).toBe(true);
    await context.expectUsable(session, 'filter');

    await gallery.filter('Ready');
    await gallery.card('coast.jpg').waitFor();
    expect(await gallery.card(BROKEN).count()).toBe(0);
  });

  test('cards of the list before cannot be opened while the next one is loading', async () => {
    const { page, gallery } = await context.openGallery();
    let answer = () => {};
    const asked = new Promise<void>((resolve) => void page.route(`${context.api.url}/images?*status=FAILED*`, (route) => {
      answer = () => void route.continue();
      resolve();
    }));
    await gallery.choose('Failed');
    await asked;

    expect(await gallery.card('coast.jpg').isVisible()).toBe(true);
    await expect(gallery.openButton('coast.jpg').click({ trial: true, timeout: 1000 })).rejects.toThrow('Timeout');
    answer();
    await gallery.waitForList();
    await gallery.open(BROKEN);
  });
}
