import { createHash } from 'node:crypto';
import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { useGallery } from './gallery-harness';
import { BOUNDARY, bytes, MIB, NO_TRACES, partHead, SOURCE, until } from './gallery-process';

const gallery = useGallery();

describe('an upload', () => {
  test('is stored under an id of its own that the object, the record and the answer share', async () => {
    const { status, body } = await gallery.server.upload(bytes(1000), 'My Cät.JPG');
    const [item] = await gallery.cloud.items();

    expect(status).toBe(201);
    expect(body).toEqual({ imageId: expect.stringMatching(/^[0-9a-f-]{36}$/), status: 'PENDING', fileName: 'My Cät.JPG', uploadedAt: item.uploadedAt, renditions: [] });
    expect(item).toMatchObject({
      imageId: body.imageId,
      status: 'PENDING',
      sourceBucket: SOURCE,
      sourceKey: `uploads/${body.imageId}/My-Cat.JPG`,
      fileName: 'My Cät.JPG',
      attempts: 0,
      listingPartition: expect.stringMatching(/^PENDING#[0-3]$/),
      listingSort: `${item.uploadedAt}#${body.imageId}`,
    });
    expect(item.expiresAt).toBeGreaterThan(Date.now() / 1000 + 23 * 3600);
    const object = await gallery.cloud.client.send(new HeadObjectCommand({ Bucket: SOURCE, Key: item.sourceKey }));
    expect(object).toMatchObject({ ContentLength: 1000, ContentType: 'image/jpeg', Metadata: { 'image-id': body.imageId } });
  });

  test('of the largest size arrives byte for byte', async () => {
    const content = bytes(8 * MIB);
    const { status } = await gallery.server.upload(content);
    const [key] = await gallery.cloud.originals();
    const { Body } = await gallery.cloud.client.send(new GetObjectCommand({ Bucket: SOURCE, Key: key }));

    expect(status).toBe(201);
    expect(digest(Buffer.from(await Body!.transformToByteArray()))).toBe(digest(content));
  });

  test.each([
    ['../../etc/passwd', 'passwd', 'passwd'],
    ['C:\\Users\\me\\photo.png', 'photo.png', 'photo.png'],
    ['a\u202egpj.exe', 'agpj.exe', 'agpj.exe'],
    ['..', 'image', 'image'],
    ['.htaccess', '.htaccess', 'image.htaccess'],
    ['写真 1.jpg', '写真 1.jpg', '1.jpg'],
    ['<img src=x onerror=1>.gif', '<img src=x onerror=1>.gif', 'img-src-x-onerror-1.gif'],
    [`${'x'.repeat(400)}.webp`, 'x'.repeat(255), 'x'.repeat(100)],
  ])('named %j is shown as %j', async (given, shown, key) => {
    const { body } = await gallery.server.upload(bytes(10), given);
    const [item] = await gallery.cloud.items();

    expect(body.fileName).toBe(shown);
    expect(item.sourceKey).toBe(`uploads/${body.imageId}/${key}`);
  });

  test('of hundreds of megabytes takes little memory', async () => {
    const spacious = await gallery.another({ MAX_UPLOAD_BYTES: String(256 * MIB) });
    await spacious.upload(bytes(6 * MIB));
    const before = spacious.residentBytes();
    const upload = spacious.beginUpload();
    let most = before;
    for (let sent = 0; sent < 200; sent += 1) {
      await upload.send(bytes(MIB));
      most = Math.max(most, spacious.residentBytes());
    }
    upload.finish();

    expect((await upload.answer).status).toBe(201);
    expect(most - before).toBeLessThan(100 * MIB);
  });

  test('waits for its turn when others are running', async () => {
    const running = [gallery.server.beginUpload(), gallery.server.beginUpload()];
    await Promise.all(running.map((upload) => upload.send(bytes(100))));
    await until(async () => (await gallery.cloud.items()).length === 2 || undefined);
    const third = gallery.server.upload(bytes(10));
    running.forEach((upload) => upload.finish());

    expect(await Promise.all(running.map(async (upload) => (await upload.answer).status))).toEqual([201, 201]);
    expect((await third).status).toBe(201);
  });
});

describe('fails with an answer and leaves nothing', () => {
  afterEach(async () => expect(await gallery.cloud.traces()).toEqual(NO_TRACES));

  test('fails for a file that is too large', async () => {
    expect(await gallery.server.upload(bytes(8 * MIB + 1))).toMatchObject({
      status: 413, body: { code: 'TOO_LARGE', message: 'the file must have at most 8388608 bytes' },
    });
  });

  test('fails for a file that turns out too large while it arrives', async () => {
    const upload = gallery.server.beginUpload();
    for (let sent = 0; sent < 9; sent += 1) await upload.send(bytes(MIB));
    upload.finish();

    expect(await upload.answer).toMatchObject({ status: 413, body: { code: 'TOO_LARGE' } });
  });

  test('fails for a second file, also after a large one', async () => {
    const upload = gallery.server.beginUpload();
    await upload.send(bytes(7 * MIB));
    await upload.send(`\r\n${partHead('image', 'second.jpg')}more`);
    upload.finish();

    expect(await upload.answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST', message: expect.stringContaining('one file') } });
  });

  test.each([
    ['another field', partHead('picture')],
    ['text in place of a file', partHead('image', null, 'text/plain')],
    ['a name that objects inherit', partHead('constructor')],
  ])('fails for %s', async (_what, head) => {
    const upload = gallery.server.beginUpload(head);
    await upload.send('bytes');
    upload.finish();

    expect(await upload.answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
  });

  test('fails for a form with one more field', async () => {
    const upload = gallery.server.beginUpload();
    await upload.send(`bytes\r\n--${BOUNDARY}\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello`);
    upload.finish();

    expect(await upload.answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
  });

  test('fails for an empty form and for an empty file', async () => {
    expect(await gallery.server.get('/api/images', { method: 'POST', body: new FormData() })).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
    expect(await gallery.server.upload(Buffer.alloc(0))).toMatchObject({ status: 400, body: { message: 'the file must not be empty' } });
  });

  test('fails for a file that says it is no image, and for a body that is no form', async () => {
    expect(await gallery.server.upload(bytes(10), 'page.html', 'text/html')).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
    const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    expect(await gallery.server.get('/api/images', json)).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
  });

  test.each([0, 7])('fails for a client that hangs up after %d MiB', async (mebibytes) => {
    const upload = gallery.server.beginUpload();
    await upload.send(bytes(mebibytes * MIB + 100));
    await until(async () => (await gallery.cloud.items()).length === 1 || undefined);
    upload.hangUp();

    await until(async () => (await gallery.cloud.items()).length === 0 || undefined);
  });

  test('fails for an image that is deleted while it arrives', async () => {
    const upload = gallery.server.beginUpload();
    await upload.send(bytes(6 * MIB));
    const { imageId } = await until(async () => (await gallery.cloud.items())[0]);

    expect(await gallery.server.get(`/api/images/${imageId}`, { method: 'DELETE' })).toMatchObject({ status: 202 });
    expect(await upload.answer).toMatchObject({ status: 404 });
    upload.hangUp();
  });

  test('fails when more wait than may', async () => {
    const small = await gallery.another({ MAX_UPLOADS: '1' });
    const uploads = Array.from({ length: 5 }, () => small.beginUpload());
    await Promise.all(uploads.map((upload) => upload.send(bytes(10))));
    const refused = await until(async () => {
      const { status, headers, body } = await small.upload(Buffer.alloc(0));
      return status === 429 ? { retryAfter: headers.get('retry-after'), code: body.code } : undefined;
    });

    expect(refused).toEqual({ retryAfter: '5', code: 'TOO_MANY_REQUESTS' });
    uploads.forEach((upload) => upload.hangUp());
    await until(async () => (await gallery.cloud.items()).length === 0 || undefined);
  });

  test('fails when S3 does, without telling why', async () => {
    const broken = await gallery.another({ SOURCE_BUCKET: 'no-such-bucket' });

    expect(await broken.upload(bytes(10))).toMatchObject({ status: 500, body: { code: 'INTERNAL_ERROR', message: 'something went wrong: try again' } });
    expect(await broken.logged((line) => line.level === 'error')).toMatchObject({ message: 'request failed', err: { message: expect.stringContaining('bucket') } });
  });
});

function digest(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
