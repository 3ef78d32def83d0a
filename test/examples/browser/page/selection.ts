import { Download } from 'playwright-core';
import { PageContext, pressUntil, stopTime, until } from './page-context';

export function testSelection(context: PageContext): void {
  test('a range is selected and deleted, and comes back when it is undone', async () => {
    context.stub.fill(8);
    const { session, page, gallery } = await context.open();
    await gallery.tile('picture 7.jpg').getByRole('checkbox').check();
    await gallery.tile('picture 5.jpg').getByRole('checkbox').click({ modifiers: ['Shift'] });
    expect(await page.getByText('3 selected').isVisible()).toBe(true);
    await context.expectUsable(session, 'selection');
    await page.getByRole('button', { name: 'Delete' }).click();
    await until(async () => await gallery.tiles.count() === 5);
    await page.getByText('3 images deleted.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await until(async () => await gallery.tiles.count() === 8);
    expect(context.stub.images).toHaveLength(8);

    await gallery.tile('picture 8.jpg').getByRole('checkbox').check();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Close message' }).click();
    await until(async () => await gallery.tiles.count() === 7);
    await until(() => context.stub.images.length === 7);
  });

  test('who leaves the page has not undone a deletion', async () => {
    context.stub.fill(2);
    const { page, gallery } = await context.open();
    await gallery.tile('picture 2.jpg').getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.reload();
    await gallery.waitForState('picture 1.jpg', 'ready');
    await until(() => context.stub.images.length === 1);
  });

  test('one is selected, then all, and none when it is cancelled', async () => {
    context.stub.fill(90);
    const { page, gallery } = await context.open();
    await page.getByRole('button', { name: 'Select', exact: true }).click();
    await gallery.link('picture 90.jpg').click();
    await page.getByText('1 selected').waitFor();
    await page.getByRole('button', { name: 'Select all' }).click();
    // Also those that nobody has scrolled to.
    await page.getByText('90 selected').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    expect(await page.locator('.is-selected').count()).toBe(0);
  });

  test('many are downloaded under their names, and it is told which could not be', async () => {
    context.stub.fill(4);
    const { session, page, gallery } = await context.open();
    session.expectErrors(/404/);
    const saved: Download[] = [];
    page.on('download', (download) => saved.push(download));
    await gallery.tile('picture 4.jpg').getByRole('checkbox').check();
    await page.keyboard.press('Control+a');
    await page.getByText('4 selected').waitFor();
    context.stub.images = context.stub.images.filter(({ fileName }) => fileName !== 'picture 2.jpg');
    await page.getByRole('button', { name: 'Download' }).click();
    await page.getByText('1 image could not be downloaded.').waitFor();

    await until(() => saved.length === 3);
    expect(saved.map((download) => download.suggestedFilename()).sort()).toEqual(['picture 1.jpg', 'picture 3.jpg', 'picture 4.jpg']);
    expect(await Promise.all(saved.map((download) => download.failure()))).toEqual([null, null, null]);
  });

  test('a deletion can be undone for eight seconds, and not longer', async () => {
    context.stub.fill(3);
    const { page, gallery } = await context.openWithClock();
    await gallery.tile('picture 3.jpg').getByRole('checkbox').check();
    await stopTime(page);
    await page.keyboard.press('Delete');
    await page.mouse.move(1, 1);
    await page.clock.runFor(7_000);
    expect(await page.getByRole('button', { name: 'Undo' }).isVisible()).toBe(true);
    expect(context.stub.images).toHaveLength(3);
    await page.clock.runFor(1_500);
    await page.clock.resume();
    await page.getByRole('button', { name: 'Undo' }).waitFor({ state: 'detached' });
    await until(() => context.stub.images.length === 2);
  });

  test('is made, downloaded, deleted and undone with the keyboard alone', async () => {
    context.stub.fill(6);
    const { page, gallery } = await context.open();
    const saved: Download[] = [];
    page.on('download', (download) => saved.push(download));
    await pressUntil(page, 'Tab', '.tile-open');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await page.getByText('3 selected').waitFor();
    await pressUntil(page, 'Shift+Tab', '#selection-download');
    await page.keyboard.press('Enter');
    await until(() => saved.length === 3);
    await pressUntil(page, 'Tab', '#selection-delete');
    await page.keyboard.press('Enter');
    await until(async () => await gallery.tiles.count() === 3);
    await pressUntil(page, 'Tab', '.message .button');
    await page.keyboard.press('Enter');
    await until(async () => await gallery.tiles.count() === 6);
    expect(await page.evaluate<boolean>('document.activeElement !== document.body')).toBe(true);
    expect(context.stub.images).toHaveLength(6);
  });
}
