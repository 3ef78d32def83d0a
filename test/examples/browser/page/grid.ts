import { PageContext, until } from './page-context';
import { GalleryPage } from '../gallery-page';
import { SHAPES } from '../stub-gallery';

export function testGrid(context: PageContext): void {
  test('what failed is counted and found, however old', async () => {
    context.stub.add('old and broken.jpg', SHAPES[0], 'FAILED');
    context.stub.fill(150);
    const { session, page, gallery } = await context.open();
    await page.getByText('Failed (1)').waitFor();
    await gallery.filter('Failed');
    await gallery.waitForState('old and broken.jpg', 'failed');
    await until(async () => await gallery.tiles.count() === 1);
    await context.expectUsable(session, 'failed');
  });

  test('a picture that is not there yet looks like itself from far away', async () => {
    context.stub.fill(1);
    const { page, gallery } = await context.open();
    let answer = () => {};
    const held = new Promise<void>((resolve) => { answer = resolve; });
    await page.route('**/pictures/**', async (route) => {
      await held;
      await route.continue();
    });
    await page.reload();
    const placeholder = gallery.tile('picture 1.jpg').locator('canvas.placeholder');
    await placeholder.waitFor();
    answer();
    await gallery.pictureIn(gallery.tile('picture 1.jpg'));
    await placeholder.waitFor({ state: 'detached' });
  });

  test('a link that has expired is renewed', async () => {
    context.stub.fill(3);
    const { session, page, gallery } = await context.open();
    session.expectErrors(/403/);
    let refused = 0;
    await page.route('**/pictures/**', (route) => {
      refused += 1;
      return refused === 1 ? route.fulfill({ status: 403 }) : route.fallback();
    });
    await page.reload();
    for (const name of ['picture 1.jpg', 'picture 2.jpg', 'picture 3.jpg']) await gallery.pictureIn(gallery.tile(name));
    expect(refused).toBe(4);
  });

  test('fails with a way out when the API is down at the start, and softly when it goes down later', async () => {
    context.stub.fill(2);
    const session = await context.openBlank();
    const { page } = session;
    const gallery = new GalleryPage(page);
    session.expectErrors(/ERR_FAILED/);
    await page.route('**/api/**', (route) => route.abort());
    await page.goto(context.stub.url);
    await page.getByRole('heading', { name: 'The images could not be loaded' }).waitFor();
    await context.expectUsable(session, 'API down');
    await page.unroute('**/api/**');
    await page.getByRole('button', { name: 'Try again' }).click();
    await gallery.waitForState('picture 1.jpg', 'ready');

    await page.route('**/api/**', (route) => route.abort());
    await gallery.pollNow();
    const note = page.getByText('What you see may be out of date.');
    await note.waitFor();
    expect(await gallery.tile('picture 1.jpg').isVisible()).toBe(true);
    await page.unroute('**/api/**');
    await page.getByRole('button', { name: 'Try now' }).click();
    await note.waitFor({ state: 'hidden' });
  });
}
