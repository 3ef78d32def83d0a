import { createHash } from 'node:crypto';
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { BOUNDARY, GalleryCloud, GalleryProcess, MIB, OUTPUT, partHead, SHARDS, SOURCE, until } from './gallery-process';
import { parseSettings } from '../../../examples/ec2-gallery/server/settings';

jest.setTimeout(120_000);

const NOTHING = { records: 0, objects: 0, uploads: 0 };

let cloud: GalleryCloud;
let server: GalleryProcess;
let others: GalleryProcess[] = [];

beforeAll(async () => {
  cloud = await GalleryCloud.start();
  await cloud.createTable();
  server = await GalleryProcess.start(cloud);
});
afterEach(async () => {
  await Promise.all(others.map((other) => other.stop()));
  others = [];
  for (const { imageId } of await cloud.items()) await cloud.remove(imageId);
  for (const key of await cloud.originals()) await cloud.client.send(new DeleteObjectCommand({ Bucket: SOURCE, Key: key }));
});
afterAll(async () => {
  await server?.stop();
  await cloud?.stop();
});

/** A server of its own, which ends with the test. */
async function another(environment: Record<string, string>): Promise<GalleryProcess> {
  const started = await GalleryProcess.start(cloud, environment);
  others.push(started);
  return started;
}

function bytes(length: number): Buffer {
  return Buffer.alloc(length, 'some bytes of a picture ');
}

function record(at: number, status: string, more: object = {}) {
  const imageId = `image-${String(at).padStart(3, '0')}`;
  const uploadedAt = new Date(Date.UTC(2026, 0, 1) + Math.floor(at / 5) * 1000).toISOString();
  return {
    imageId,
    status,
    sourceBucket: SOURCE,
    sourceKey: `uploads/${imageId}/cat.jpg`,
    fileName: 'cat.jpg',
    uploadedAt,
    updatedAt: uploadedAt,
    attempts: 1,
    listingPartition: `${status}#${at % SHARDS}`,
    listingSort: `${uploadedAt}#${imageId}`,
    ...more,
  };
}

describe('the page', () => {
  test('and its configuration are served, with headers that keep it to itself', async () => {
    const page = await server.get('/');
    const config = await server.get('/config.json');

    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('<title>Gallery</title>') });
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`img-src 'self' ${cloud.s3.endpoint};`);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect((await server.get('/app.js')).headers.get('content-type')).toMatch(/javascript/);
    expect(config.body).toEqual({ api: 'api', uploads: 'multipart', title: 'Gallery under test', maxBytes: 8 * MIB, deletes: true });
  });

  test('has nothing beside it', async () => {
    for (const path of ['/jsconfig.json', '/..%2fserver.mjs', '/%2e%2e/server.mjs', '/nothing']) {
      expect(await server.get(path)).toMatchObject({ status: expect.any(Number), body: { code: expect.stringMatching(/^(NOT_FOUND|FORBIDDEN|INVALID_REQUEST)$/) } });
    }
  });

  test('tells that it is healthy', async () => {
    expect(await server.get('/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });
});

describe('an upload', () => {
  test('is stored under an id of its own that the object, the record and the answer share', async () => {
    const { status, body } = await server.upload(bytes(1000), 'My Cät.JPG');
    const [item] = await cloud.items();

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
    const object = await cloud.client.send(new HeadObjectCommand({ Bucket: SOURCE, Key: item.sourceKey }));
    expect(object).toMatchObject({ ContentLength: 1000, ContentType: 'image/jpeg', Metadata: { 'image-id': body.imageId } });
  });

  test('of the largest size arrives byte for byte', async () => {
    const content = bytes(8 * MIB);
    const { status } = await server.upload(content);
    const [key] = await cloud.originals();
    const { Body } = await cloud.client.send(new GetObjectCommand({ Bucket: SOURCE, Key: key }));

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
    const { body } = await server.upload(bytes(10), given);
    const [item] = await cloud.items();

    expect(body.fileName).toBe(shown);
    expect(item.sourceKey).toBe(`uploads/${body.imageId}/${key}`);
  });

  test('of hundreds of megabytes takes little memory', async () => {
    const spacious = await another({ MAX_UPLOAD_BYTES: String(256 * MIB) });
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
    const running = [server.beginUpload(), server.beginUpload()];
    await Promise.all(running.map((upload) => upload.send(bytes(100))));
    await until(async () => (await cloud.items()).length === 2 || undefined);
    const third = server.upload(bytes(10));
    running.forEach((upload) => upload.finish());

    expect(await Promise.all(running.map(async (upload) => (await upload.answer).status))).toEqual([201, 201]);
    expect((await third).status).toBe(201);
  });
});

describe('fails with an answer and leaves nothing', () => {
  afterEach(async () => expect(await cloud.traces()).toEqual(NOTHING));

  test('fails for a file that is too large', async () => {
    expect(await server.upload(bytes(8 * MIB + 1))).toMatchObject({
      status: 413, body: { code: 'TOO_LARGE', message: 'the file must have at most 8388608 bytes' },
    });
  });

  test('fails for a file that turns out too large while it arrives', async () => {
    const upload = server.beginUpload();
    for (let sent = 0; sent < 9; sent += 1) await upload.send(bytes(MIB));
    upload.finish();

    expect(await upload.answer).toMatchObject({ status: 413, body: { code: 'TOO_LARGE' } });
  });

  test('fails for a second file, also after a large one', async () => {
    const upload = server.beginUpload();
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
    const upload = server.beginUpload(head);
    await upload.send('bytes');
    upload.finish();

    expect(await upload.answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
  });

  test('fails for a form with one more field', async () => {
    const upload = server.beginUpload();
    await upload.send(`bytes\r\n--${BOUNDARY}\r\nContent-Disposition: form-data; name="note"\r\n\r\nhello`);
    upload.finish();

    expect(await upload.answer).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
  });

  test('fails for an empty form and for an empty file', async () => {
    expect(await server.get('/api/images', { method: 'POST', body: new FormData() })).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST' } });
    expect(await server.upload(Buffer.alloc(0))).toMatchObject({ status: 400, body: { message: 'the file must not be empty' } });
  });

  test('fails for a file that says it is no image, and for a body that is no form', async () => {
    expect(await server.upload(bytes(10), 'page.html', 'text/html')).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
    const json = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' };
    expect(await server.get('/api/images', json)).toMatchObject({ status: 415, body: { code: 'UNSUPPORTED_MEDIA_TYPE' } });
  });

  test('fails for an upload that another site\'s page sends', async () => {
    const init = { method: 'POST', headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}`, 'sec-fetch-site': 'cross-site' } };
    expect(await server.get('/api/images', { ...init, body: `${partHead()}bytes\r\n--${BOUNDARY}--\r\n` })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
  });

  test.each([0, 7])('fails for a client that hangs up after %d MiB', async (mebibytes) => {
    const upload = server.beginUpload();
    await upload.send(bytes(mebibytes * MIB + 100));
    await until(async () => (await cloud.items()).length === 1 || undefined);
    upload.hangUp();

    await until(async () => (await cloud.items()).length === 0 || undefined);
  });

  test('fails for an image that is deleted while it arrives', async () => {
    const upload = server.beginUpload();
    await upload.send(bytes(6 * MIB));
    const { imageId } = await until(async () => (await cloud.items())[0]);

    expect(await server.get(`/api/images/${imageId}`, { method: 'DELETE' })).toMatchObject({ status: 202 });
    expect(await upload.answer).toMatchObject({ status: 404 });
    upload.hangUp();
  });

  test('fails when more wait than may', async () => {
    const small = await another({ MAX_UPLOADS: '1' });
    const uploads = Array.from({ length: 5 }, () => small.beginUpload());
    await Promise.all(uploads.map((upload) => upload.send(bytes(10))));
    const refused = await until(async () => {
      const { status, headers, body } = await small.upload(Buffer.alloc(0));
      return status === 429 ? { retryAfter: headers.get('retry-after'), code: body.code } : undefined;
    });

    expect(refused).toEqual({ retryAfter: '5', code: 'TOO_MANY_REQUESTS' });
    uploads.forEach((upload) => upload.hangUp());
    await until(async () => (await cloud.items()).length === 0 || undefined);
  });

  test('fails when S3 does, without telling why', async () => {
    const broken = await another({ SOURCE_BUCKET: 'no-such-bucket' });

    expect(await broken.upload(bytes(10))).toMatchObject({ status: 500, body: { code: 'INTERNAL_ERROR', message: 'something went wrong: try again' } });
    expect(await broken.logged((line) => line.level === 'error')).toMatchObject({ message: 'request failed', err: { message: expect.stringContaining('bucket') } });
  });
});

describe('a listing', () => {
  const STATUSES = ['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED'];

  async function all(query: string): Promise<{ ids: string[]; pages: number }> {
    const ids: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const { status, body } = await server.get(`/api/images?${query}${cursor ? `&cursor=${cursor}` : ''}`);
      expect(status).toBe(200);
      ids.push(...body.images.map(({ imageId }: { imageId: string }) => imageId));
      cursor = body.cursor;
      pages += 1;
    } while (cursor);
    return { ids, pages };
  }

  test('goes through all images once, newest first, also of one time', async () => {
    const records = Array.from({ length: 60 }, (_, at) => record(at, STATUSES[at % 4]));
    await Promise.all(records.map((item) => cloud.put(item)));
    const newestFirst = records.map(({ imageId }) => imageId).reverse();

    expect(await all('limit=7')).toEqual({ ids: newestFirst, pages: 9 });
    expect(await all('limit=60')).toEqual({ ids: newestFirst, pages: 1 });
    expect(await all('limit=3&status=FAILED')).toEqual({ ids: records.filter(({ status }) => status === 'FAILED').map(({ imageId }) => imageId).reverse(), pages: 5 });
    expect((await server.get('/api/images')).body.images).toHaveLength(20);
  });

  test('of nothing is empty', async () => {
    expect((await server.get('/api/images')).body).toEqual({ images: [] });
  });

  test('has no deleted images and no pointers', async () => {
    const { listingPartition, listingSort, ...deleted } = record(1, 'DELETED');
    await cloud.put(deleted);
    await cloud.put({ imageId: 'k-0123', pointsTo: 'image-001' });

    expect((await server.get('/api/images')).body.images).toEqual([]);
    expect((await server.get('/api/images/image-001')).status).toBe(404);
    expect((await server.get('/api/images/k-0123')).status).toBe(404);
  });

  test('shows a completed image with links to its renditions, smallest first', async () => {
    const key = 'uploads/image-001/cat +ü%.jpg/medium.jpg';
    await cloud.client.send(new PutObjectCommand({ Bucket: OUTPUT, Key: key, Body: 'medium', ContentType: 'image/jpeg' }));
    const rendition = { bucket: OUTPUT, format: 'jpeg', contentType: 'image/jpeg', bytes: 6, reductionPercent: 99.7 };
    await cloud.put(record(1, 'COMPLETED', {
      processedAt: '2026-01-01T00:00:01.000Z',
      original: { width: 4000, height: 3000, format: 'jpeg', bytes: 2000 },
      renditions: {
        'medium.jpeg': { ...rendition, profile: 'medium', key, width: 800, height: 600 },
        'thumbnail.webp': { ...rendition, profile: 'thumbnail', key: 'other', width: 200, height: 150, format: 'webp', contentType: 'image/webp' },
        'thumbnail.avif': { ...rendition, profile: 'thumbnail', key: 'another', width: 200, height: 150, format: 'avif', contentType: 'image/avif' },
      },
    }));

    const { body } = await server.get('/api/images/image-001');
    expect(body).toMatchObject({ status: 'COMPLETED', processedAt: '2026-01-01T00:00:01.000Z', original: { width: 4000, height: 3000, format: 'jpeg', bytes: 2000 } });
    expect(body.renditions.map(({ name }: { name: string }) => name)).toEqual(['thumbnail.avif', 'thumbnail.webp', 'medium.jpeg']);
    expect(body.renditions[2]).toEqual({
      name: 'medium.jpeg', profile: 'medium', format: 'jpeg', contentType: 'image/jpeg', width: 800, height: 600, bytes: 6, reductionPercent: 99.7, url: expect.any(String),
    });
    const { url } = body.renditions[2];
    expect(await (await fetch(url)).text()).toBe('medium');
    expect((await fetch(url.replace(/X-Amz-Signature=./, 'X-Amz-Signature=z'))).status).toBe(403);
    expect(Number(new URL(url).searchParams.get('X-Amz-Expires'))).toBeLessThanOrEqual(600);
    expect((await server.get('/api/images')).body.images).toEqual([body]);
  });

  test('shows why an image failed', async () => {
    await cloud.put(record(1, 'FAILED', { failure: { code: 'CORRUPT_IMAGE', message: 'it is cut short', retryable: false } }));

    expect((await server.get('/api/images?status=FAILED')).body.images[0]).toMatchObject({
      status: 'FAILED', renditions: [], failure: { code: 'CORRUPT_IMAGE', message: 'it is cut short' },
    });
  });

  test.each([
    'limit=0', 'limit=101', 'limit=many', 'status=DELETED', 'status=', 'cursor=', 'cursor=%00', 'cursor=!!', `cursor=${'a'.repeat(401)}`,
    `cursor=${Buffer.from(' 2026').toString('base64url')}`,
  ])('fails for %s', async (query) => {
    expect(await server.get(`/api/images?${query}`)).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST', message: expect.any(String) } });
  });

  test('fails for the cursor of a listing of another status', async () => {
    await Promise.all([1, 2].map((at) => cloud.put(record(at, 'COMPLETED'))));
    const { body: { cursor } } = await server.get('/api/images?limit=1');

    expect(await server.get(`/api/images?status=COMPLETED&cursor=${cursor}`)).toMatchObject({ status: 400, body: { message: expect.stringContaining('cursor') } });
  });
});

describe('a deletion', () => {
  test('removes the original and leaves the rest to the pipeline', async () => {
    await cloud.put(record(1, 'COMPLETED'));
    await cloud.client.send(new PutObjectCommand({ Bucket: SOURCE, Key: 'uploads/image-001/cat.jpg', Body: 'cat' }));

    expect(await server.get('/api/images/image-001', { method: 'DELETE' })).toMatchObject({ status: 202, body: { imageId: 'image-001' } });
    expect(await cloud.traces()).toEqual({ records: 1, objects: 0, uploads: 0 });
  });

  test('removes the record of an image that never arrived', async () => {
    await cloud.put(record(1, 'PENDING'));

    expect((await server.get('/api/images/image-001', { method: 'DELETE' })).status).toBe(202);
    expect(await cloud.traces()).toEqual(NOTHING);
  });

  test.each(['nothing', 'a%2Fb', 'a b', 'x'.repeat(129), '%00'])('fails for %s', async (imageId) => {
    expect(await server.get(`/api/images/${imageId}`, { method: 'DELETE' })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });
});

describe('a stop', () => {
  test('lets a running upload finish', async () => {
    const other = await another({});
    const upload = other.beginUpload();
    await upload.send(bytes(MIB));
    await until(async () => (await cloud.items())[0]);
    other.terminate();
    await other.logged(({ message }) => message === 'stopping');
    await upload.send(bytes(MIB));
    upload.finish();

    expect((await upload.answer).status).toBe(201);
    expect(await other.exit).toBe(0);
    expect(await cloud.traces()).toEqual({ records: 1, objects: 1, uploads: 0 });
  });

  test('ends an upload that takes too long, which leaves nothing', async () => {
    const other = await another({ SHUTDOWN_SECONDS: '0' });
    const upload = other.beginUpload();
    await upload.send(bytes(6 * MIB));
    await until(async () => (await cloud.unfinishedUploads())[0]);
    other.terminate();

    expect(await upload.answer).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
    expect(await other.exit).toBe(0);
    expect(await cloud.traces()).toEqual(NOTHING);
  });
});

describe('logs', () => {
  test('have one line per answer, which clients cannot forge', async () => {
    await server.get('/api/images/x%0a%7B%22level%22:%22error%22%7D', { headers: { 'x-forwarded-for': '203.0.113.9' } });
    const line = await server.logged(({ route, client }) => route === '/api/images/:imageId' && client === '203.0.113.9');

    expect(line).toMatchObject({ level: 'info', message: 'request', method: 'GET', status: 404, milliseconds: expect.any(Number) });
    expect(Object.keys(line).sort()).toEqual(['client', 'level', 'message', 'method', 'milliseconds', 'reqId', 'route', 'status', 'time']);
  });
});

describe('settings', () => {
  test.each(['PORT', 'WEB_FOLDER', 'TITLE', 'TABLE_NAME', 'SOURCE_BUCKET', 'SOURCE_PREFIX', 'OUTPUT_BUCKET', 'MAX_UPLOAD_BYTES', 'LINK_SECONDS'])('fails without %s', (name) => {
    const { [name]: _gone, ...environment } = cloud.environment();
    expect(() => parseSettings(environment)).toThrow(`environment variable ${name} must be set, received undefined`);
  });

  test.each([['PORT', '65536'], ['PORT', '80a'], ['MAX_UPLOADS', '0'], ['LINK_SECONDS', '3601']])('fails with %s=%s', (name, value) => {
    expect(() => parseSettings({ ...cloud.environment(), [name]: value })).toThrow(new RegExp(`^environment variable ${name} must be a whole number from .*, received "${value}"$`));
  });
});

function digest(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
