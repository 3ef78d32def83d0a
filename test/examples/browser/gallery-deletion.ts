import { GalleryContext } from './gallery-context';

/** What it takes to be rid of an image. */
export function testDeletion(context: GalleryContext): void {
  test('an image is deleted after a confirmation, and stays away', async () => {
    const { session, page, gallery } = await context.openGallery();
    if (!context.api.deletes) {
      expect(await page.getByRole('button', { name: /^Delete/ }).count()).toBe(0);
      return;
    }
    await gallery.askToDelete('logo.png');
    await context.expectUsable(session, 'confirmation');
    await gallery.confirmation.getByRole('button', { name: 'Keep' }).click();
    expect(await gallery.card('logo.png').isVisible()).toBe(true);

    const { imageId } = await gallery.read('logo.png');
    await gallery.askToDelete('logo.png');
    await gallery.confirmation.getByRole('button', { name: 'Delete' }).click();
    await gallery.card('logo.png').waitFor({ state: 'detached' });
    expect(await page.evaluate<boolean>("document.activeElement?.matches('.card-open') ?? false")).toBe(true);
    await context.api.waitUntilGone(imageId);
    await page.reload();
    await gallery.waitForStatus('coast.jpg', 'COMPLETED');
    expect(await gallery.card('logo.png').count()).toBe(0);
  });
}
