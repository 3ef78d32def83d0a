import { GalleryContext } from './gallery-context';

/** What people see while something does not answer, and after it. */
export function testFailures(context: GalleryContext): void {
  test('fails with a way out when the API is down at the start, and recovers', async () => {
    await context.ensureSamples();
    const { session, page, gallery } = await context.openPage();
    session.expectErrors(/ERR_FAILED/);
    await page.route(`${context.api.url}/**`, (route) => route.abort());
    await page.goto(context.url);
    await page.getByRole('heading', { name: 'The images could not be loaded' }).waitFor();
    await context.expectUsable(session, 'API down');
    await page.unroute(`${context.api.url}/**`);
    await page.getByRole('button', { name: 'Try again' }).click();

    await gallery.waitForStatus('coast.jpg', 'COMPLETED');
  });

  test('fails softly when the API goes down later: what is shown stays, with a note until it is back', async () => {
    const { session, page, gallery } = await context.openGallery();
    session.expectErrors(/ERR_FAILED/);
    await page.route(`${context.api.url}/**`, (route) => route.abort());
    await gallery.pollNow();
    const note = page.getByText('What you see may be out of date.');
    await note.waitFor();
    expect((await gallery.read('coast.jpg')).status).toBe('Ready');
    await context.expectUsable(session, 'API lost');
    await page.unroute(`${context.api.url}/**`);
    await page.getByRole('button', { name: 'Try now' }).click();

    await note.waitFor({ state: 'hidden' });
  });

  test('a link that has expired is renewed', async () => {
    await context.ensureSamples();
    const { session, page, gallery } = await context.openPage();
    session.expectErrors(/403/);
    const refused: string[] = [];
    await page.route('**', (route) => {
      const request = route.request();
      const isPicture = request.resourceType() === 'image' && !new URL(request.url()).pathname.endsWith('.svg');
      if (!isPicture || refused.length > 0) return route.fallback();
      refused.push(request.url());
      return route.fulfill({ status: 403 });
    });
    await gallery.goto(context.url);
    for (const fileName of ['coast.jpg', 'phone.jpg']) await gallery.pictureIn(gallery.card(fileName));

    expect(refused).toHaveLength(1);
    expect(await page.getByText('The picture did not load').count()).toBe(0);
  });
}
