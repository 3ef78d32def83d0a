import { FileChooser } from 'playwright-core';
import { PageContext, pressUntil } from './page-context';
import { SHAPES } from '../stub-gallery';

export function testPeople(context: PageContext): void {
  test('do everything with the keyboard alone', async () => {
    context.stub.fill(12);
    const { session, page, gallery } = await context.open();
    const chooser = new Promise<FileChooser>((resolve) => page.once('filechooser', resolve));
    await pressUntil(page, 'Tab', '#add');
    await page.keyboard.press('Enter');
    expect((await chooser).isMultiple()).toBe(true);

    // All images are one stop; the arrow keys go from one to the next.
    await pressUntil(page, 'Tab', '.tile-open');
    const name = () => page.evaluate<string>("document.activeElement.getAttribute('aria-label')");
    expect(await name()).toBe('picture 12.jpg, Ready');
    await page.keyboard.press('ArrowRight');
    expect(await name()).toBe('picture 11.jpg, Ready');
    await page.keyboard.press('End');
    expect(await name()).toBe('picture 1.jpg, Ready');
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    await page.keyboard.press('Shift+ArrowRight');
    expect(await page.getByText('2 selected').isVisible()).toBe(true);
    await page.keyboard.press('Escape');
    await session.screenshot('page keyboard');
    await page.keyboard.press('Enter');
    if (await page.getByText('selected').isVisible()) throw new Error('expected Escape to end the selection');
    await gallery.panel.getByRole('heading', { name: 'picture 11.jpg' }).waitFor();
    await page.keyboard.press('ArrowRight');
    await gallery.panel.getByRole('heading', { name: 'picture 10.jpg' }).waitFor();
    await page.keyboard.press('Escape');
    await page.locator('[data-image-id="image-10"] a:focus').waitFor();
  });

  test.each([
    [1440, 900, 'light'], [1440, 900, 'dark'], [820, 1180, 'light'], [390, 844, 'light'], [390, 844, 'dark'], [320, 640, 'light'],
  ] as const)('see everything on %i x %i pixels in %s colours', async (width, height, colorScheme) => {
    context.stub.add('broken with a rather long name that does not fit into its place.jpg', SHAPES[0], 'FAILED');
    context.stub.add('\u05d0\u05d1\u05d2 \u202Egnp.jpg', SHAPES[1], 'COMPLETED');
    context.stub.fill(30);
    const { session, page, gallery } = await context.open({ width, height, colorScheme });
    await gallery.pictureIn(gallery.tile('picture 30.jpg'));
    await context.expectUsable(session, `${width} ${colorScheme}`);
    const columns = await page.evaluate<number>("new Set([...document.querySelectorAll('.tile')].slice(0, 12).map((tile) => Math.round(tile.getBoundingClientRect().x))).size");
    expect(columns).toBeGreaterThan(1);

    await gallery.link('picture 30.jpg').click();
    await gallery.viewer.waitFor();
    if (width < 900) await page.getByRole('button', { name: 'Details' }).click();
    await gallery.panel.getByRole('heading', { name: 'picture 30.jpg' }).waitFor();
    await context.expectUsable(session, `${width} ${colorScheme} viewer`);
    const box = (await gallery.panel.boundingBox())!;
    expect(box.x + box.width).toBe(width);
    await gallery.panel.getByRole('button', { name: 'Before and after' }).click();
    await page.getByRole('slider').waitFor();
    await context.expectUsable(session, `${width} ${colorScheme} before and after`);
    const done = page.getByRole('button', { name: 'Done' });
    const [ink, ground] = await page.evaluate<[string, string]>("(({ color, backgroundColor }) => [color, backgroundColor])(getComputedStyle(document.querySelector('.compare-done')))");
    expect(ink).not.toBe(ground);
    await done.click();
    await page.getByRole('slider').waitFor({ state: 'detached' });
    await gallery.panel.getByRole('button', { name: 'Hide details' }).click();
    await gallery.panel.waitFor({ state: 'hidden' });
    expect(await gallery.viewer.isVisible()).toBe(true);
  });

  test('choose the theme, which stays', async () => {
    const { page } = await context.open({ colorScheme: 'dark' });
    const lightness = async () => page.evaluate<number>('getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number).reduce((a, b) => a + b) / 3');
    expect(await lightness()).toBeLessThan(64);
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('Light');
    expect(await lightness()).toBeGreaterThan(192);
    await page.reload();
    expect(await lightness()).toBeGreaterThan(192);
  });

  test.each([[1440, 'light'], [390, 'dark']] as const)('can begin on an empty page, and select, on %i pixels in %s colours', async (width, colorScheme) => {
    const { session, page, gallery } = await context.open({ width, colorScheme, isTouch: width < 500 });
    await page.getByRole('heading', { name: width < 500 ? 'Add your pictures' : 'Drop your pictures here' }).waitFor();
    // Phones have a camera, and no folders.
    expect([await page.getByRole('button', { name: 'Take a photo' }).isVisible(), await page.getByRole('button', { name: 'Choose a folder' }).isVisible()]).toEqual([width < 500, width >= 500]);
    await context.expectUsable(session, `${width} ${colorScheme} empty`);

    context.stub.fill(20);
    await gallery.pollNow();
    await gallery.pictureIn(gallery.tile('picture 20.jpg'));
    await page.getByRole('button', { name: 'Select', exact: true }).click();
    await gallery.link('picture 19.jpg').click();
    await page.getByText('1 selected').waitFor();
    await context.expectUsable(session, `${width} ${colorScheme} selection`);
  });

  test('touch nothing that is smaller than a finger', async () => {
    context.stub.add('broken.jpg', SHAPES[0], 'FAILED');
    context.stub.fill(12);
    const { session, page, gallery } = await context.open({ width: 390, height: 844, isTouch: true });
    await gallery.pictureIn(gallery.tile('picture 12.jpg'));
    expect(await session.smallTargets()).toEqual([]);
    await gallery.upload([{ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no image') }]);
    await gallery.waitForState('notes.txt', 'refused');
    expect(await session.smallTargets()).toEqual([]);
    // There is room for its name and a word; a tap tells the rest.
    const tile = gallery.tile('notes.txt');
    const [dismiss, name] = await Promise.all([tile.getByRole('button', { name: 'Dismiss' }).boundingBox(), tile.getByText('notes.txt').boundingBox()]);
    expect(dismiss!.y + dismiss!.height).toBeLessThanOrEqual(name!.y);
    expect(await tile.innerText()).toBe('notes.txt\nNot an image');
    await session.screenshot('page refused phone');
    await gallery.link('notes.txt').tap();
    await page.getByText('This is no image that can be read here. Use').waitFor();
    await page.getByRole('button', { name: 'Close message' }).tap();
    await page.getByRole('button', { name: 'Close uploads' }).tap();
    await page.getByRole('button', { name: 'Select', exact: true }).click();
    expect(await session.smallTargets()).toEqual([]);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await gallery.link('picture 12.jpg').click();
    await gallery.viewer.waitFor();
    await page.getByRole('button', { name: 'Details' }).click();
    await gallery.panel.getByRole('heading', { name: 'picture 12.jpg' }).waitFor();
    expect(await session.smallTargets()).toEqual([]);
  });

  test('who use a screen reader hear each image once, with its state', async () => {
    context.stub.add('broken.jpg', SHAPES[0], 'FAILED');
    context.stub.add('\u05d0\u05d1\u05d2.jpg', SHAPES[1], 'COMPLETED');
    const { page, gallery } = await context.open();
    await gallery.waitForState('broken.jpg', 'failed');

    expect(await page.getByRole('list', { name: 'Images' }).ariaSnapshot()).toBe([
      '- list "Images":',
      '  - listitem:',
      '    - link "\u05d0\u05d1\u05d2.jpg, Ready":',
      '      - /url: "#image=image-2"',
      '    - checkbox "Select \u05d0\u05d1\u05d2.jpg"',
      '  - listitem:',
      '    - \'link "broken.jpg, Failed: This JPEG image is damaged or incomplete."\':',
      '      - /url: "#image=image-1"',
      '    - checkbox "Select broken.jpg"',
    ].join('\n'));
  });

  test('read names from right to left without a word of the page among them', async () => {
    const name = '\u05d0\u05d1\u05d2 \u202Egnp.jpg';
    context.stub.add(name, SHAPES[0], 'COMPLETED');
    const { page, gallery } = await context.open();
    await page.getByRole('checkbox').check();
    await page.keyboard.press('Delete');
    await page.getByText('deleted.').waitFor();

    expect(await page.locator('#toasts p').textContent()).toBe(`\u2068${name}\u2069 deleted.`);
    expect(await gallery.tiles.count()).toBe(0);
  });

  test('find messages gone when they have had time to read them', async () => {
    context.stub.fill(1);
    const { page, gallery } = await context.openWithClock();
    await gallery.open('picture 1.jpg');
    await gallery.panel.getByRole('button', { name: 'Copy the link to large as WebP' }).click();
    const message = page.getByText('Link to the large WebP copied.');
    await message.waitFor();
    await page.clock.runFor(7_000);
    await message.waitFor({ state: 'detached' });
  });

  test('with forced colours see what is chosen, what is selected and how far an upload is', async () => {
    context.stub.fill(5);
    context.stub.holds = true;
    const { session, page, gallery } = await context.open();
    await page.emulateMedia({ forcedColors: 'active' });
    await gallery.pictureIn(gallery.tile('picture 5.jpg'));
    await gallery.tile('picture 4.jpg').getByRole('checkbox').check();
    await context.expectUsable(session, 'forced colours');
    const [chosen, other] = await Promise.all(['Select picture 4.jpg', 'Select picture 3.jpg'].map(async (name) => session.lightness(page.getByRole('checkbox', { name }))));
    expect(Math.abs(chosen - other)).toBeGreaterThan(10);
    await page.keyboard.press('Escape');
    const [all, failed] = await Promise.all(['All', 'Failed'].map(async (name) => session.lightness(page.locator('.filter label').filter({ hasText: name }))));
    expect(Math.abs(all - failed)).toBeGreaterThan(10);
    await gallery.upload([{ name: 'a.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(100_000) }]);
    await gallery.uploads.getByText('Making sizes').waitFor();
    const bar = gallery.uploads.getByRole('progressbar');
    const before = await session.lightness(bar);
    await bar.evaluate((element) => { (element as unknown as { value: number }).value = 1; });
    expect(Math.abs(await session.lightness(bar) - before)).toBeGreaterThan(10);
    await context.expectUsable(session, 'forced colours uploads');
    await page.keyboard.press('Escape');
    await gallery.open('picture 5.jpg');
    await gallery.panel.getByRole('button', { name: 'Before and after' }).click();
    await context.expectUsable(session, 'forced colours before and after');
  });
}
