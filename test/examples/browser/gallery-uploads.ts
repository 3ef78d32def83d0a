import { GalleryContext } from './gallery-context';
import { jpeg, noise } from './gallery-samples';

/** What happens to files until they are images. */
export function testUploads(context: GalleryContext): void {
  test('files that are dropped on the page are uploaded', async () => {
    const { session, page, gallery } = await context.openGallery();
    const { name: fileName, mimeType, buffer } = await jpeg('dropped.jpg', 160, 120);
    const drag = (type: string) => page.evaluate(`(() => {
      const dataTransfer = new DataTransfer();
      const bytes = Uint8Array.from(atob('${buffer.toString('base64')}'), (character) => character.charCodeAt(0));
      dataTransfer.items.add(new File([bytes], '${fileName}', { type: '${mimeType}' }));
      document.body.dispatchEvent(new DragEvent('${type}', { dataTransfer, bubbles: true, cancelable: true }));
    })()`);
    await drag('dragenter');
    await page.getByText('Drop to upload').waitFor();
    await context.screenshot(session, 'drop');
    await drag('drop');

    await gallery.waitForStatus(fileName, 'COMPLETED');
    expect(await page.getByText('Drop to upload').isVisible()).toBe(false);
  });

  test('the upload of a large file shows its progress, and can be cancelled', async () => {
    const { session, gallery } = await context.openGallery();
    const file = await noise('large.jpg', context.api.maxBytes);
    const restore = await gallery.slowUploads(file.buffer.length / 10);
    await gallery.upload([file]);
    const bar = gallery.uploads.getByRole('progressbar', { name: 'Upload of large.jpg' });
    const progress = () => bar.evaluate<number, { readonly value: number }>(({ value }) => value);
    const seen: number[] = [];
    while (seen.length < 3) {
      const value = await progress();
      if (value > 0 && value < 1 && value !== seen.at(-1)) seen.push(value);
    }
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    await context.expectUsable(session, 'uploading');

    await gallery.uploads.getByRole('button', { name: 'Cancel large.jpg' }).click();
    expect(await gallery.uploadRow('large.jpg').innerText()).toContain('Cancelled');
    await restore();
    // A record that was made for the file goes, too.
    if (context.api.deletes) await context.api.waitUntilUnlisted('large.jpg');
  });

  test('fails before anything is sent: a file that is too large, of another type, or empty', async () => {
    const { session, page, gallery } = await context.openGallery();
    const sent: string[] = [];
    page.on('request', (request) => { if (request.method() !== 'GET') sent.push(request.url()); });
    await gallery.upload([
      { name: 'huge.jpg', mimeType: 'image/jpeg', buffer: Buffer.alloc(context.api.maxBytes + 1) },
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('no image') },
      { name: 'nothing.png', mimeType: 'image/png', buffer: Buffer.alloc(0) },
    ]);

    expect(await gallery.uploadRow('huge.jpg').innerText()).toMatch(/At most .* are allowed/);
    expect(await gallery.uploadRow('notes.txt').innerText()).toContain('no image that can be read');
    expect(await gallery.uploadRow('nothing.png').innerText()).toContain('empty');
    expect(sent).toEqual([]);
    await context.expectUsable(session, 'refused files');
  });

  test('fails an upload whose connection breaks, and sends it again on demand', async () => {
    const { session, page, gallery } = await context.openGallery();
    session.expectErrors(/ERR_FAILED/);
    await page.route('**', (route) => (route.request().method() === 'GET' ? route.fallback() : route.abort()));
    await gallery.upload([await jpeg('again.jpg', 120, 90)]);
    const row = gallery.uploadRow('again.jpg');
    await row.getByText('The connection was lost.').waitFor();
    await page.unroute('**');
    await row.getByRole('button', { name: 'Retry again.jpg' }).click();

    await gallery.waitForStatus('again.jpg', 'COMPLETED');
  });
}
