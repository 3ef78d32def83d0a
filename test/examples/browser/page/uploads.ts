import { Page } from 'playwright-core';
import { PageContext, stopTime, until } from './page-context';
import { jpeg } from '../gallery-samples';
import { MAX_BYTES, SHAPES } from '../stub-gallery';

const files = (count: number) => Promise.all(Array.from({ length: count }, (_, at) => jpeg(`photo ${at + 1}.jpg`, ...SHAPES[at % SHAPES.length])));

export function testUploads(context: PageContext): void {
  test('a picture is shown from its file before anything is sent, keeps its place, and nothing shifts', async () => {
    context.stub.fill(3);
    const { page, gallery } = await context.open();
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
    expect(context.stub.requests).not.toContain('POST /api/images');
    const element = await gallery.tile('photo 5.jpg').elementHandle();
    answer();
    for (const name of names) await gallery.waitForState(name, 'ready');

    await gallery.pictureIn(gallery.tile('photo 5.jpg'));
    expect(await gallery.names()).toEqual(names);
    expect(await element!.evaluate<boolean, { readonly isConnected: boolean }>(({ isConnected }) => isConnected)).toBe(true);
    expect(await page.evaluate<number>('window.shift')).toBeLessThan(0.1);
  });

  test('during an outage few requests are made, and all go on by themselves when it is over', async () => {
    const { session, gallery } = await context.open();
    session.expectErrors(/503/);
    let refused = 0;
    context.stub.refuse = () => {
      refused += 1;
      return 503;
    };
    await gallery.upload(await files(40));
    await gallery.uploads.getByText('The server does not answer').waitFor();
    // Three were under way; after that, one at a time tries its luck.
    expect(refused).toBeLessThanOrEqual(5);
    await context.expectUsable(session, 'outage');

    context.stub.refuse = undefined;
    // A try that was due in this moment may have ended the outage before.
    await gallery.uploads.getByRole('button', { name: 'Try now', includeHidden: true }).dispatchEvent('click');
    await gallery.uploads.getByText('40 images ready').waitFor();
    expect(context.stub.images).toHaveLength(40);
    expect(new Set(context.stub.images.map(({ fileName }) => fileName)).size).toBe(40);
  });

  test('fails one file that the server cannot take, and not the others, and tries it again on demand', async () => {
    const { session, page, gallery } = await context.open();
    session.expectErrors(/500/);
    await page.route('**/api/images', (route) => (route.request().method() === 'POST' && route.request().postDataBuffer()!.includes('photo 2.jpg')
      ? route.fulfill({ status: 500, contentType: 'application/json', body: '{}' }) : route.fallback()));
    await page.evaluate('Math.random = () => -1.5'); // waits of nothing
    await gallery.upload(await files(9));
    await gallery.waitForState('photo 2.jpg', 'refused');
    await gallery.uploads.getByText('8 images ready, 1 not uploaded').waitFor();
    await context.expectUsable(session, 'one refused');

    await page.unroute('**/api/images');
    await gallery.uploads.getByRole('button', { name: 'Retry all' }).click();
    await gallery.uploads.getByText('9 images ready').waitFor();
  });

  test('a reload asks, keeps the files, and goes on where it was', async () => {
    const { page, gallery } = await context.open();
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
    expect(context.stub.images).toEqual([]);
    await page.getByText('were not uploaded yet').waitFor();
    await page.getByRole('button', { name: 'Go on' }).click();

    await gallery.uploads.getByText('4 images ready').waitFor();
    expect((await gallery.names()).sort()).toEqual(['photo 1.jpg', 'photo 2.jpg', 'photo 3.jpg', 'photo 4.jpg']);
    await page.reload();
    await gallery.waitForState('photo 1.jpg', 'ready');
    expect(await page.getByText('not uploaded yet').isVisible()).toBe(false);
  });

  test('pause stops what is under way, and nothing is lost', async () => {
    const { page, gallery } = await context.open();
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

  test('a folder is taken whole, in the order of its names, but for what is no image', async () => {
    const { page, gallery } = await context.open();
    const [photo] = await files(1);
    await page.evaluate(`(() => {
      const file = (path, type, bytes) => Object.defineProperty(new File([Uint8Array.from(atob(bytes), (c) => c.charCodeAt(0))], path.split('/').at(-1), { type }), 'webkitRelativePath', { value: path });
      const picture = '${photo.buffer.toString('base64')}';
      const chosen = [file('trip/IMG_10.jpg', 'image/jpeg', picture), file('trip/day 2/b.jpg', 'image/jpeg', picture), file('trip/IMG_9.jpg', 'image/jpeg', picture), file('trip/.DS_Store', '', 'AA=='), file('trip/notes.txt', 'text/plain', 'AA==')];
      const picker = document.getElementById('folder');
      Object.defineProperty(picker, 'files', { value: chosen });
      picker.dispatchEvent(new Event('change'));
    })()`);

    await gallery.uploads.getByText('3 images ready').waitFor();
    expect(await gallery.uploads.innerText()).toContain('\u2068notes.txt\u2069 was left out: not an image');
    // Newest first.
    expect(await gallery.names()).toEqual(['IMG_10.jpg', 'IMG_9.jpg', 'b.jpg']);
  });

  test('files that are dropped on the page are uploaded', async () => {
    const { session, page, gallery } = await context.open();
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
    context.stub.fill(2);
    context.stub.add('old and broken.jpg', SHAPES[0], 'FAILED');
    const { page, gallery } = await context.open();
    await gallery.upload([
      { name: 'huge.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(MAX_BYTES + 1) },
      { name: 'photo.heic', mimeType: 'image/heic', buffer: Buffer.from('no JPEG') },
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no image') },
      { name: 'nothing.png', mimeType: 'image/png', buffer: Buffer.alloc(0) },
    ]);

    for (const [name, word, message] of [['huge.jpg', 'Too large', 'At most 2 MB are allowed'], ['photo.heic', 'HEIC photo', 'Export it as JPEG'], ['notes.txt', 'Not an image', 'no image that can be read'], ['nothing.png', 'Empty file', 'is empty']]) {
      await gallery.waitForState(name, 'refused');
      expect(await gallery.tile(name).innerText()).toContain(word);
      await gallery.link(name).click();
      await page.locator('#toasts').getByText(message).waitFor();
    }
    expect(context.stub.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
    expect(await page.locator('#totals').innerText()).toMatch(/^3 images/);
    await gallery.uploads.getByRole('button', { name: 'Show 4 problems' }).click();
    await page.getByRole('radio', { name: 'This upload (4)' }).waitFor();
    await until(async () => (await gallery.names()).join() === 'nothing.png,notes.txt,photo.heic,huge.jpg');
    await gallery.filter('All');
    await gallery.tile('notes.txt').getByRole('button', { name: 'Dismiss' }).click();
    await gallery.tile('notes.txt').waitFor({ state: 'detached' });
    expect(await page.locator('[data-state="refused"]').count()).toBe(3);
  });

  test('the samples become images, the damaged one says so, and what was saved is told', async () => {
    const { session, page, gallery } = await context.open();
    await page.getByRole('button', { name: 'Try with samples' }).click();
    await gallery.uploads.getByText('8 images ready, 1 failed').waitFor();

    expect((await gallery.names()).at(-1)).toBe('damaged.jpg');
    expect(await gallery.uploads.innerText()).toMatch(/became .*: 90 % saved/);
    await context.expectUsable(session, 'samples');
    await gallery.uploads.getByRole('button', { name: 'Show 1 problem' }).click();
    await until(async () => (await gallery.names()).join() === 'damaged.jpg');
  });

  test('what was uploaded before takes nothing away from what is uploaded now', async () => {
    const { page, gallery } = await context.openWithClock();
    await gallery.upload(await files(1));
    await gallery.uploads.getByRole('button', { name: 'Close uploads' }).click();
    await page.mouse.move(1, 1);
    await page.clock.runFor(5_000);
    await gallery.upload([await jpeg('second.jpg', ...SHAPES[0])]);
    await gallery.uploads.getByText('1 image ready').waitFor();
    await stopTime(page);
    // The last words on the first file would have gone by now.
    await page.clock.runFor(5_000);
    expect(await gallery.uploads.getByText('1 image ready').isVisible()).toBe(true);
    await page.clock.runFor(5_000);
    await page.clock.resume();
    await gallery.uploads.waitFor({ state: 'hidden' });
  });
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
