import { Page } from 'playwright-core';
import { PageContext } from './page-context';
import { GalleryPage } from '../gallery-page';

export function testManyImages(context: PageContext): void {
  test('are a few elements, come as one scrolls, and leave the page idle', async () => {
    context.stub.fill(5000);
    const { page, gallery } = await context.open({ width: 1440, height: 900 });
    await gallery.waitForState('picture 5000.jpg', 'ready');
    const inWindow = await page.evaluate<number>('[...document.querySelectorAll(\'.tile\')].filter((tile) => { const { top, bottom } = tile.getBoundingClientRect(); return top >= 0 && bottom <= innerHeight + 1; }).length');
    expect(inWindow).toBeGreaterThanOrEqual(18);
    expect(await page.getByText('60+ images').isVisible()).toBe(true);

    await page.getByRole('combobox', { name: 'Order' }).selectOption('Oldest first');
    await page.getByText('5,000 images').waitFor();
    await gallery.waitForState('picture 1.jpg', 'ready');
    await page.keyboard.press('Escape');
    await page.evaluate('window.scrollTo(0, document.body.scrollHeight)');
    await gallery.waitForState('picture 5000.jpg', 'ready');
    expect(await page.evaluate<number>("document.querySelectorAll('*').length")).toBeLessThan(2000);
    expect(await page.evaluate<number>('document.documentElement.scrollHeight')).toBeGreaterThan(100_000);
    await expectIdle(page, gallery);
  });

  test('are found by name', async () => {
    context.stub.fill(300);
    const { page, gallery } = await context.open();
    await page.getByRole('searchbox').fill('PICTURE 27');
    await gallery.waitForState('picture 27.jpg', 'ready');
    expect((await gallery.names()).sort()).toEqual(['picture 27.jpg', ...Array.from({ length: 10 }, (_, at) => `picture 27${at}.jpg`)]);

    await page.getByText('11 of 300 images').waitFor();
    expect(await page.evaluate<string[]>("[...document.querySelectorAll('.tile-note')].map((note) => getComputedStyle(note).opacity)")).toEqual(Array(11).fill('1'));

    await page.getByRole('searchbox').fill('nothing of that name');
    await page.getByText('No image has this name.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await gallery.waitForState('picture 300.jpg', 'ready');
    expect(await page.locator('#totals').innerText()).toMatch(/^300 images, /);
  });
}

/** Tasks of more than 50 ms, which people notice, while nothing happens but that the page asks for news. */
async function expectIdle(page: Page, gallery: GalleryPage): Promise<void> {
  let longest = Infinity;
  // Other work of the machine can make any task long, but not in each of some seconds.
  for (let tries = 0; tries < 5 && longest > 0; tries += 1) {
    await page.evaluate("window.longest = 0; window.observer = new PerformanceObserver((list) => { for (const { duration } of list.getEntries()) window.longest = Math.max(window.longest, duration); }); window.observer.observe({ type: 'longtask' })");
    const asked = page.waitForResponse(/api\/images\?/);
    await gallery.pollNow();
    await (await asked).finished();
    await page.waitForTimeout(2_000);
    longest = await page.evaluate<number>('(window.observer.disconnect(), window.longest)');
  }
  expect(longest).toBe(0);
}
