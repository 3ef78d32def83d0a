import { PageContext, stopTime, until } from './page-context';
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
    await gallery.link('old and broken.jpg').click();
    await until(async () => (await page.locator('[data-note] p').allInnerTexts()).join() === 'old and broken.jpg,This JPEG image is damaged or incomplete.');
    await context.expectUsable(session, 'failed in the viewer');
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

  test('has them in the order that is chosen, names with numbers as people count', async () => {
    for (const name of ['photo 10.jpg', 'Anna.jpg', 'photo 9.jpg']) context.stub.add(name, SHAPES[0], 'COMPLETED');
    const { page, gallery } = await context.open();
    expect(await gallery.names()).toEqual(['photo 9.jpg', 'Anna.jpg', 'photo 10.jpg']);
    const order = page.getByRole('combobox', { name: 'Order' });
    await order.selectOption('By name');
    await until(async () => (await gallery.names()).join() === 'Anna.jpg,photo 9.jpg,photo 10.jpg');
    await order.selectOption('Oldest first');
    await until(async () => (await gallery.names()).join() === 'photo 10.jpg,Anna.jpg,photo 9.jpg');
  });

  test.each(['light', 'dark'] as const)('has a checkerboard under what can be seen through, and under nothing else, in %s colours', async (colorScheme) => {
    context.stub.fill(1);
    const { page, gallery } = await context.open({ colorScheme });
    await gallery.pictureIn(gallery.tile('picture 1.jpg'));
    const ground = () => page.evaluate<string>("getComputedStyle(document.querySelector('.tile-picture')).backgroundImage");
    expect(await ground()).toBe('none');

    context.stub.facts = { format: 'png' };
    await page.reload();
    await gallery.pictureIn(gallery.tile('picture 1.jpg'));
    expect(await ground()).toMatch(/^repeating-conic-gradient/);
  });

  test('asks for news once in ten seconds while nothing happens, each second while something is on its way, never while nobody sees it', async () => {
    context.stub.fill(1);
    const { page, gallery } = await context.openWithClock();
    await gallery.waitForState('picture 1.jpg', 'ready');
    const lists = () => context.stub.requests.filter((request) => request === 'GET /api/images').length;
    /** What was sent before has arrived. */
    const arrived = () => page.evaluate("fetch('/favicon.svg').then((answer) => answer.text())");
    const listsWhile = async (work: () => Promise<unknown>) => {
      const before = lists();
      await work();
      await arrived();
      return lists() - before;
    };
    const show = (isHidden: boolean) => page.evaluate(`Object.defineProperty(document, 'hidden', { value: ${isHidden}, configurable: true }); document.dispatchEvent(new Event('visibilitychange'))`);
    // What was asked for at the beginning is over.
    await stopTime(page);
    await arrived();
    const first = lists();
    await page.clock.runFor(11_000);
    await until(() => lists() > first);
    await arrived();
    expect(await listsWhile(() => page.clock.runFor(8_000))).toBe(0);
    await show(true);
    expect(await listsWhile(() => page.clock.runFor(60_000))).toBe(0);
    expect(await listsWhile(() => show(false))).toBe(1);
    await page.clock.resume();

    context.stub.add('on its way.jpg', SHAPES[0], 'PROCESSING');
    await gallery.pollNow();
    await gallery.waitForState('on its way.jpg', 'processing');
    let seen = lists();
    for (let second = 0; second < 3; second += 1) {
      await page.clock.runFor(1_100);
      await until(() => lists() > seen);
      seen = lists();
    }
  });
}
