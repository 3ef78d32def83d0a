import { setTimeout as sleep } from 'timers/promises';
import { FileChooser, Page } from 'playwright-core';
import { BrowserPage, PageOptions, TestBrowser } from './browser';
import { GalleryPage } from './gallery-page';
import { jpeg } from './gallery-samples';
import { MAX_BYTES, SHAPES, StubGallery } from './stub-gallery';

jest.setTimeout(120_000);

let stub: StubGallery;
let browser: TestBrowser;
let sessions: BrowserPage[] = [];

beforeAll(async () => {
  [stub, browser] = await Promise.all([StubGallery.start(), TestBrowser.launch()]);
});
afterAll(async () => {
  await browser?.close();
  await stub?.stop();
});
afterEach(async () => {
  const used = sessions;
  sessions = [];
  try {
    for (const session of used) await session.close();
  } finally {
    stub.reset();
  }
});

async function open(options?: PageOptions) {
  const session = await browser.open(options);
  sessions.push(session);
  const gallery = new GalleryPage(session.page);
  await gallery.goto(stub.url);
  return { session, page: session.page, gallery };
}

async function expectUsable(session: BrowserPage, state: string): Promise<void> {
  await session.screenshot(`page ${state}`);
  expect(await session.barriers()).toEqual([]);
  expect(await session.excessWidth()).toBe(0);
}

async function until(isReached: () => boolean | Promise<boolean>): Promise<void> {
  while (!await isReached()) await sleep(20);
}

/** How many files the browser keeps for a page that comes after. */
async function keptFiles(page: Page): Promise<number> {
  return page.evaluate<number>(`new Promise((resolve) => {
    const open = indexedDB.open('gallery-uploads');
    open.onsuccess = () => {
      open.result.transaction('files').objectStore('files').count().onsuccess = ({ target }) => {
        open.result.close();
        resolve(target.result);
      };
    };
  })`);
}

const files = (count: number) => Promise.all(Array.from({ length: count }, (_, at) => jpeg(`photo ${at + 1}.jpg`, ...SHAPES[at % SHAPES.length])));

describe('uploads', () => {
  test('a picture is shown from its file before anything is sent, keeps its place, and nothing shifts', async () => {
    stub.fill(3);
    const { page, gallery } = await open();
    await page.evaluate("window.shift = 0; new PerformanceObserver((list) => { for (const { value } of list.getEntries()) window.shift += value; }).observe({ type: 'layout-shift', buffered: true })");
    let answer = () => {};
    const held = new Promise<void>((resolve) => { answer = resolve; });
    await page.route('**/api/images', async (route) => {
      await held;
      await route.continue();
    });
    await gallery.upload(await files(5));
    await gallery.tile('photo 5.jpg').locator('canvas').waitFor();
    const names = await gallery.names();
    expect(names).toEqual(['photo 5.jpg', 'photo 4.jpg', 'photo 3.jpg', 'photo 2.jpg', 'photo 1.jpg', 'picture 3.jpg', 'picture 2.jpg', 'picture 1.jpg']);
    expect(stub.requests).not.toContain('POST /api/images');
    const element = await gallery.tile('photo 5.jpg').elementHandle();
    answer();
    for (const name of names) await gallery.waitForState(name, 'ready');

    await gallery.pictureIn(gallery.tile('photo 5.jpg'));
    expect(await gallery.names()).toEqual(names);
    expect(await element!.evaluate<boolean, { readonly isConnected: boolean }>(({ isConnected }) => isConnected)).toBe(true);
    expect(await page.evaluate<number>('window.shift')).toBeLessThan(0.1);
  });

  test('during an outage few requests are made, and all go on by themselves when it is over', async () => {
    const { session, gallery } = await open();
    session.expectErrors(/503/);
    let refused = 0;
    stub.refuse = () => {
      refused += 1;
      return 503;
    };
    await gallery.upload(await files(40));
    await gallery.uploads.getByText('The server does not answer').waitFor();
    // Three were under way; after that, one at a time tries its luck.
    expect(refused).toBeLessThanOrEqual(5);
    await expectUsable(session, 'outage');

    stub.refuse = undefined;
    // A try that was due in this moment may have ended the outage before.
    await gallery.uploads.getByRole('button', { name: 'Try now', includeHidden: true }).dispatchEvent('click');
    await gallery.uploads.getByText('40 images ready').waitFor();
    expect(stub.images).toHaveLength(40);
    expect(new Set(stub.images.map(({ fileName }) => fileName)).size).toBe(40);
  });

  test('fails one file that the server cannot take, and not the others, and tries it again on demand', async () => {
    const { session, page, gallery } = await open();
    session.expectErrors(/500/);
    await page.route('**/api/images', (route) => (route.request().method() === 'POST' && route.request().postDataBuffer()!.includes('photo 2.jpg')
      ? route.fulfill({ status: 500, contentType: 'application/json', body: '{}' }) : route.fallback()));
    await page.evaluate('Math.random = () => -1.5'); // waits of nothing
    await gallery.upload(await files(9));
    await gallery.waitForState('photo 2.jpg', 'refused');
    await gallery.uploads.getByText('8 images ready, 1 not uploaded').waitFor();
    await expectUsable(session, 'one refused');

    await page.unroute('**/api/images');
    await gallery.uploads.getByRole('button', { name: 'Retry all' }).click();
    await gallery.uploads.getByText('9 images ready').waitFor();
  });

  test('a reload asks, keeps the files, and goes on where it was', async () => {
    const { page, gallery } = await open();
    let isOut = true;
    await page.route('**/api/images', (route) => (route.request().method() === 'POST' && isOut ? undefined : route.fallback()));
    await gallery.upload(await files(4));
    await gallery.tile('photo 1.jpg').locator('canvas').waitFor();
    await until(async () => await keptFiles(page) === 4);
    const asked = page.waitForEvent('dialog').then(async (dialog) => {
      await dialog.accept();
      return dialog.type();
    });
    // A question needs somebody who has touched the page.
    await page.mouse.click(5, 5);
    const reloaded = page.reload();
    expect(await asked).toBe('beforeunload');
    await reloaded;
    isOut = false;
    expect(stub.images).toEqual([]);
    await page.getByText('were not uploaded yet').waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();

    await gallery.uploads.getByText('4 images ready').waitFor();
    expect((await gallery.names()).sort()).toEqual(['photo 1.jpg', 'photo 2.jpg', 'photo 3.jpg', 'photo 4.jpg']);
    await page.reload();
    await gallery.waitForState('photo 1.jpg', 'ready');
    expect(await page.getByText('not uploaded yet').isVisible()).toBe(false);
  });

  test('pause stops what is under way, and nothing is lost', async () => {
    const { page, gallery } = await open();
    let isHeld = true;
    await page.route('**/api/images', (route) => (route.request().method() === 'POST' && isHeld ? undefined : route.fallback()));
    await gallery.upload(await files(6));
    await gallery.waitForState('photo 1.jpg', 'sending');
    await gallery.uploads.getByRole('button', { name: 'Pause' }).click();
    await gallery.waitForState('photo 1.jpg', 'waiting');
    expect(await page.locator('[data-state="sending"]').count()).toBe(0);
    isHeld = false;
    await gallery.uploads.getByRole('button', { name: 'Go on' }).click();

    await gallery.uploads.getByText('6 images ready').waitFor();
  });

  test('a folder is taken whole, but for what is no image', async () => {
    const { page, gallery } = await open();
    const [photo] = await files(1);
    await page.evaluate(`(() => {
      const file = (path, type, bytes) => Object.defineProperty(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], path.split('/').at(-1), { type }), 'webkitRelativePath', { value: path });
      const picture = '${photo.buffer.toString('base64')}';
      const chosen = [file('trip/a.jpg', 'image/jpeg', picture), file('trip/day 2/b.jpg', 'image/jpeg', picture), file('trip/.DS_Store', '', 'AA=='), file('trip/notes.txt', 'text/plain', 'AA==')];
      const picker = document.getElementById('folder');
      Object.defineProperty(picker, 'files', { value: chosen });
      picker.dispatchEvent(new Event('change'));
    })()`);

    await gallery.uploads.getByText('2 images ready').waitFor();
    expect(await gallery.uploads.innerText()).toContain('2 other files skipped');
    expect((await gallery.names()).sort()).toEqual(['a.jpg', 'b.jpg']);
  });

  test('files that are dropped on the page are uploaded', async () => {
    const { session, page, gallery } = await open();
    const [{ name, mimeType, buffer }] = await files(1);
    const drag = (type: string) => page.evaluate(`(() => {
      const dataTransfer = new DataTransfer();
      const bytes = Uint8Array.from(atob('${buffer.toString('base64')}'), (character) => character.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], '${name}', { type: '${mimeType}' }));
      document.body.dispatchEvent(new DragEvent('${type}', { dataTransfer, bubbles: true, cancelable: true }));
    })()`);
    await drag('dragenter');
    await page.getByText('Drop to upload').waitFor();
    await session.screenshot('page drop');
    await drag('drop');

    await gallery.waitForState(name, 'ready');
    expect(await page.getByText('Drop to upload').isVisible()).toBe(false);
  });

  test('fails before anything is sent: a file that is too large, of another type, or empty', async () => {
    const { page, gallery } = await open();
    await gallery.upload([
      { name: 'huge.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(MAX_BYTES + 1) },
      { name: 'photo.heic', mimeType: 'image/heic', buffer: Buffer.from('no JPEG') },
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no image') },
      { name: 'nothing.png', mimeType: 'image/png', buffer: Buffer.alloc(0) },
    ]);

    for (const [name, message] of [['huge.jpg', 'At most 2 MB are allowed'], ['photo.heic', 'HEIC'], ['notes.txt', 'no image that can be read'], ['nothing.png', 'empty']]) {
      await gallery.waitForState(name, 'refused');
      expect(await gallery.tile(name).innerText()).toContain(message);
    }
    expect(stub.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
    await gallery.tile('notes.txt').getByRole('button', { name: 'Dismiss' }).click();
    await gallery.tile('notes.txt').waitFor({ state: 'detached' });
    expect(await page.locator('[data-state="refused"]').count()).toBe(3);
  });

  test('the samples become images, the damaged one says so, and what was saved is told', async () => {
    const { session, page, gallery } = await open();
    await page.getByRole('button', { name: 'Try with samples' }).click();
    await gallery.uploads.getByText('8 images ready, 1 failed').waitFor();

    expect((await gallery.names()).at(-1)).toBe('damaged.jpg');
    expect(await gallery.uploads.innerText()).toMatch(/became .*: 90 % saved/);
    await expectUsable(session, 'samples');
  });
});

describe('five thousand images', () => {
  test('are a few elements, come as one scrolls, and leave the page idle', async () => {
    stub.fill(5000);
    const { page, gallery } = await open({ width: 1440, height: 900 });
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
  });

  test('are found by name', async () => {
    stub.fill(300);
    const { page, gallery } = await open();
    await page.getByRole('searchbox').fill('PICTURE 27');
    await gallery.waitForState('picture 27.jpg', 'ready');
    expect((await gallery.names()).sort()).toEqual(['picture 27.jpg', ...Array.from({ length: 10 }, (_, at) => `picture 27${at}.jpg`)]);

    await page.getByRole('searchbox').fill('nothing of that name');
    await page.getByRole('button', { name: 'Show all' }).click();
    await gallery.waitForState('picture 300.jpg', 'ready');
  });
});

describe('the grid', () => {
  test('what failed is counted and found, however old', async () => {
    stub.add('old and broken.jpg', SHAPES[0], 'FAILED');
    stub.fill(150);
    const { session, page, gallery } = await open();
    await page.getByText('Failed (1)').waitFor();
    await gallery.filter('Failed');
    await gallery.waitForState('old and broken.jpg', 'failed');
    await until(async () => await gallery.tiles.count() === 1);
    await expectUsable(session, 'failed');
  });

  test('a range is selected and deleted, and comes back when it is undone', async () => {
    stub.fill(8);
    const { session, page, gallery } = await open();
    await gallery.tile('picture 7.jpg').getByRole('checkbox').check();
    await gallery.tile('picture 5.jpg').getByRole('checkbox').click({ modifiers: ['Shift'] });
    expect(await page.getByText('3 selected').isVisible()).toBe(true);
    await expectUsable(session, 'selection');
    await page.getByRole('button', { name: 'Delete' }).click();
    await until(async () => await gallery.tiles.count() === 5);
    await page.getByText('3 images deleted.').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await until(async () => await gallery.tiles.count() === 8);
    expect(stub.images).toHaveLength(8);

    await gallery.tile('picture 8.jpg').getByRole('checkbox').check();
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Close message' }).click();
    await until(async () => await gallery.tiles.count() === 7);
    await until(() => stub.images.length === 7);
  });

  test('who leaves the page has not undone a deletion', async () => {
    stub.fill(2);
    const { page, gallery } = await open();
    await gallery.tile('picture 2.jpg').getByRole('checkbox').check();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.reload();
    await gallery.waitForState('picture 1.jpg', 'ready');
    await until(() => stub.images.length === 1);
  });

  test('a picture that is not there yet looks like itself from far away', async () => {
    stub.fill(1);
    const { page, gallery } = await open();
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
    stub.fill(3);
    const { session, page, gallery } = await open();
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
    stub.fill(2);
    const session = await browser.open();
    sessions.push(session);
    const { page } = session;
    const gallery = new GalleryPage(page);
    session.expectErrors(/ERR_FAILED/);
    await page.route('**/api/**', (route) => route.abort());
    await page.goto(stub.url);
    await page.getByRole('heading', { name: 'The images could not be loaded' }).waitFor();
    await expectUsable(session, 'API down');
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
});

describe('the viewer', () => {
  test('has an address per image, and Back closes it', async () => {
    stub.fill(5);
    const { page, gallery } = await open();
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

  test('groups versions by size with what each saves, and copies a <picture> element', async () => {
    stub.fill(1);
    const { page, gallery } = await open();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await gallery.open('picture 1.jpg');

    expect((await gallery.versions()).map(({ size, format, bytes, saving }) => [size, format, bytes, saving])).toEqual([
      ['large 600 × 400', 'WebP', '20 kB', '−90 %'], ['large 600 × 400', 'JPEG', '40 kB', '−80 %'], ['thumbnail 300 × 200', 'JPEG', '10 kB', '−95 %'],
    ]);
    await gallery.panel.getByRole('button', { name: 'Copy <picture>' }).click();
    await page.getByText('is copied').waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toMatch(/^<picture>\n {2}<source type="image\/webp" srcset="http.* 600w" sizes="100vw">\n {2}<img src="http[^"]+" .*width="600" height="400" alt="picture 1\.jpg"/);
  });
});

describe('people', () => {
  test('do everything with the keyboard alone', async () => {
    stub.fill(12);
    const { session, page, gallery } = await open();
    const pressUntil = async (key: string, selector: string) => {
      for (let presses = 0; presses < 30; presses += 1) {
        if (await page.evaluate<boolean>(`document.activeElement?.matches(${JSON.stringify(selector)}) ?? false`)) return;
        await page.keyboard.press(key);
      }
      throw new Error(`expected ${key} to lead to ${selector} within 30 presses`);
    };
    const chooser = new Promise<FileChooser>((resolve) => page.once('filechooser', resolve));
    await pressUntil('Tab', '#add');
    await page.keyboard.press('Enter');
    expect((await chooser).isMultiple()).toBe(true);

    // All images are one stop; the arrow keys go from one to the next.
    await pressUntil('Tab', '.tile-open');
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
    stub.add('broken with a rather long name that does not fit into its place.jpg', SHAPES[0], 'FAILED');
    stub.add('\u05d0\u05d1\u05d2 \u202Egnp.jpg', SHAPES[1], 'COMPLETED');
    stub.fill(30);
    const { session, page, gallery } = await open({ width, height, colorScheme });
    await gallery.pictureIn(gallery.tile('picture 30.jpg'));
    await expectUsable(session, `${width} ${colorScheme}`);
    const columns = await page.evaluate<number>("new Set([...document.querySelectorAll('.tile')].slice(0, 12).map((tile) => Math.round(tile.getBoundingClientRect().x))).size");
    expect(columns).toBeGreaterThan(1);

    await gallery.link('picture 30.jpg').click();
    await gallery.viewer.waitFor();
    if (width < 900) await page.getByRole('button', { name: 'Details' }).click();
    await gallery.panel.getByRole('heading', { name: 'picture 30.jpg' }).waitFor();
    await expectUsable(session, `${width} ${colorScheme} viewer`);
    const box = (await gallery.panel.boundingBox())!;
    expect(box.x + box.width).toBe(width);
    await gallery.panel.getByRole('button', { name: 'Before and after' }).click();
    await page.getByRole('slider').waitFor();
    await expectUsable(session, `${width} ${colorScheme} before and after`);
  });

  test('choose the theme, which stays', async () => {
    const { page } = await open({ colorScheme: 'dark' });
    const lightness = async () => page.evaluate<number>('getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).map(Number).reduce((a, b) => a + b) / 3');
    expect(await lightness()).toBeLessThan(64);
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('Light');
    expect(await lightness()).toBeGreaterThan(192);
    await page.reload();
    expect(await lightness()).toBeGreaterThan(192);
  });
});

test('the page asks for eight things at most before it shows pictures', async () => {
  stub.fill(1);
  const { gallery } = await open();
  await gallery.waitForState('picture 1.jpg', 'ready');

  const requests = stub.requests.filter((request) => !request.includes('/pictures/'));
  expect([requests, requests.length <= 8]).toEqual([requests, true]);
});
