import { picture, RunningApp } from '../../helpers/running-app';
import { UploadClient } from '../../helpers/upload-client';

jest.setTimeout(60_000);

let app: RunningApp;
let client: UploadClient;
let site: string;
beforeAll(async () => {
  app = await RunningApp.example('presigned-site');
  client = new UploadClient(app.app.output('ApiUrl'), '/uploads');
  site = app.app.output('SiteUrl');
});
afterAll(async () => app?.stop());

test('the page comes from the site bucket, with the address of the API beside it', async () => {
  const [page, config] = await Promise.all([fetch(site), fetch(`${site}/config.json`)]);

  expect(page.headers.get('content-type')).toBe('text/html');
  expect(page.headers.get('cache-control')).toBe('no-cache');
  expect(await page.text()).toContain('<!doctype html>');
  expect(await config.json()).toEqual({ api: app.app.output('ApiUrl'), uploads: 'presigned', title: 'Gallery', maxBytes: 25 * 1024 * 1024, deletes: true });
});

test('the page may talk to the API and the bucket, and to nobody else', async () => {
  const { headers } = await fetch(site);
  const { url } = await client.form('policy.jpg');

  expect(headers.get('content-security-policy')).toMatch(
    new RegExp(`^default-src 'self'; connect-src 'self' http://127\\.0\\.0\\.1:\\* ${new URL(url).origin}; img-src 'self' blob: ${new URL(url).origin}; `),
  );
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-frame-options')).toBe('DENY');
});

test('fails for what the site does not have, and does not tell whether it is missing', async () => {
  expect((await fetch(`${site}/secrets.txt`)).status).toBe(403);
});

test('fails for a page of another origin, which may neither call the API nor upload', async () => {
  const { url } = await client.form('elsewhere.jpg');
  for (const target of [`${app.app.output('ApiUrl')}/uploads`, url]) {
    const [own, others] = await Promise.all([site, 'https://example.com'].map((origin) => (
      fetch(target, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } })
    )));

    expect(own.headers.get('access-control-allow-origin')).toBe(site);
    expect(others.headers.get('access-control-allow-origin')).toBeNull();
  }
});

test('an image is listed while it waits, becomes nine renditions, and is deleted with them', async () => {
  const form = await client.form('harbour.jpg');
  expect((await client.send<{ images: object[] }>('/images?status=PENDING')).body.images).toContainEqual(expect.objectContaining({ imageId: form.imageId, fileName: 'harbour.jpg' }));

  expect((await client.submit(form, await picture(1600, 1200))).status).toBe(204);
  await app.app.idle();
  const { status, renditions } = await client.image(form.imageId);
  expect(status).toBe('COMPLETED');
  expect(renditions.map(({ name }) => name).sort()).toEqual(['large', 'medium', 'thumbnail'].flatMap((profile) => ['avif', 'jpeg', 'webp'].map((format) => `${profile}.${format}`)));
  for (const { url } of renditions) expect((await fetch(url)).status).toBe(200);
  expect(await app.record(form.fields.key)).toMatchObject({ imageId: form.imageId, status: 'COMPLETED', fileName: 'harbour.jpg', outputs: expect.any(Set) });

  expect((await client.send(`/images/${form.imageId}`, { method: 'DELETE' })).status).toBe(202);
  await app.app.idle();
  expect((await client.send<{ images: { imageId: string }[] }>('/images')).body.images.map(({ imageId }) => imageId)).not.toContain(form.imageId);
  expect(await app.outputKeys()).toEqual([]);
  expect((await fetch(renditions[0].url)).status).toBe(404);
});

test('images are listed page by page, the newest first', async () => {
  const names = ['first.jpg', 'second.jpg', 'third.jpg'];
  for (const name of names) expect((await client.submit(await client.form(name), await picture())).status).toBe(204);
  await app.app.idle();
  type Page = { readonly images: readonly { readonly fileName: string; readonly uploadedAt: string }[]; readonly cursor?: string };
  const { body: newest } = await client.send<Page>('/images?status=COMPLETED&limit=2');
  const { body: rest } = await client.send<Page>(`/images?status=COMPLETED&limit=2&cursor=${encodeURIComponent(newest.cursor!)}`);
  const listed = [...newest.images, ...rest.images];

  expect(newest.images).toHaveLength(2);
  expect(rest.cursor).toBeUndefined();
  expect(listed.map(({ fileName }) => fileName).filter((name) => name !== 'harbour.jpg').sort()).toEqual(names);
  const times = listed.map(({ uploadedAt }) => uploadedAt);
  expect(times).toEqual([...times].sort().reverse());
});
