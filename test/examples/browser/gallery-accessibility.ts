import { FileChooser } from 'playwright-core';
import { GalleryContext } from './gallery-context';

/** The page without a mouse, on small screens and in dark colours. */
export function testAccessibility(context: GalleryContext): void {
  test('everything works with the keyboard alone', async () => {
    const { session, page, gallery } = await context.openGallery();
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
    await gallery.waitForList();
    await gallery.card('coast.jpg').waitFor();

    const first = (await gallery.cards.first().getAttribute('data-image-id'))!;
    await pressUntil('Tab', () => focused(`[data-image-id="${first}"] .card-open`));
    await context.screenshot(session, 'keyboard');
    await page.keyboard.press('Enter');
    const heading = gallery.details.getByRole('heading').first();
    const before = await heading.innerText();
    await page.keyboard.press('ArrowRight');
    expect(await heading.innerText()).not.toBe(before);
    await page.keyboard.press('Escape');
    const second = (await gallery.cards.nth(1).getAttribute('data-image-id'))!;
    await page.locator(`[data-image-id="${second}"] .card-open:focus`).waitFor();
  });

  test.each([[360, 740], [320, 640]])('nothing is cut off on a screen of %i x %i pixels', async (width, height) => {
    const { session, gallery } = await context.openGallery({ width, height });
    await context.expectUsable(session, `${width} pixels`);

    await gallery.open('phone.jpg');
    await context.expectUsable(session, `${width} pixels details`);
    const box = (await gallery.details.boundingBox())!;
    expect([box.x, box.width]).toEqual([0, width]);
  });

  test('dark mode follows the system, and the page may differ', async () => {
    const { session, page, gallery } = await context.openGallery({ colorScheme: 'dark' });
    const lightness = async () => page.evaluate<number>(`(() => {
      const [red, green, blue] = getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number);
      return (red + green + blue) / 3;
    })()`);
    expect(await lightness()).toBeLessThan(64);
    await context.expectUsable(session, 'dark');
    await gallery.open('coast.jpg');
    await gallery.pictureIn(gallery.details);
    await context.expectUsable(session, 'dark details');
    await page.keyboard.press('Escape');

    await page.getByRole('combobox', { name: 'Theme' }).selectOption('Light');
    expect(await lightness()).toBeGreaterThan(192);
    await page.reload();
    expect(await lightness()).toBeGreaterThan(192);
  });
}
