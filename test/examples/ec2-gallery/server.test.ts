import { useGallery } from './gallery-harness';
import { BOUNDARY, bytes, MIB, NO_TRACES, partHead, until } from './gallery-process';
import { parseSettings } from '../../../examples/ec2-gallery/server/settings';

const gallery = useGallery();

describe('the page', () => {
  test('and its configuration are served, with headers that keep it to itself', async () => {
    const page = await gallery.server.get('/');
    const config = await gallery.server.get('/config.json');

    expect(page).toMatchObject({ status: 200, body: expect.stringContaining('<title>Gallery</title>') });
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).toContain(`img-src 'self' ${gallery.cloud.s3.endpoint};`);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect((await gallery.server.get('/app.js')).headers.get('content-type')).toMatch(/javascript/);
    expect(config.body).toEqual({ api: 'api', uploads: 'multipart', title: 'Gallery under test', maxBytes: 8 * MIB, deletes: true });
  });

  test('has nothing beside it', async () => {
    for (const path of ['/jsconfig.json', '/..%2fserver.mjs', '/%2e%2e/gallery.server.mjs', '/nothing']) {
      expect(await gallery.server.get(path)).toMatchObject({ status: expect.any(Number), body: { code: expect.stringMatching(/^(NOT_FOUND|FORBIDDEN|INVALID_REQUEST)$/) } });
    }
  });

  test('tells that it is healthy', async () => {
    expect(await gallery.server.get('/health')).toMatchObject({ status: 200, body: { status: 'ok' } });
  });
});

describe('another site', () => {
  const own = () => new URL(gallery.server.origin).host;
  const form = { method: 'POST', path: '/api/images', type: `multipart/form-data; boundary=${BOUNDARY}`, body: `${partHead()}bytes\r\n--${BOUNDARY}--\r\n` };
  const removal = { method: 'DELETE', path: '/api/images/some' };

  test.each<[string, Record<string, string>]>([
    ['that says whose page it was', { origin: 'https://other.example' }],
    ['on another port', { origin: 'http://127.0.0.1:1' }],
    ['in a sandbox', { origin: 'null' }],
    ['without an origin, in a browser that says so', { 'sec-fetch-site': 'cross-site' }],
  ])('fails to upload and to delete with a page %s', async (_, headers) => {
    for (const request of [form, removal]) {
      expect(await gallery.server.ask({ ...request, headers })).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    }
    expect(await gallery.cloud.traces()).toEqual(NO_TRACES);
  });

  test.each(['rebound.example', 'rebound.example:80', '127.0.0.1.rebound.example', 'gallery.example', 'a b'])(
    'fails to read and to write by the name %j', async (host) => {
      for (const request of [{ method: 'GET', path: '/api/images' }, { method: 'GET', path: '/' }, form, removal]) {
        // HTTP itself asks for one host.
        expect([400, 421]).toContain((await gallery.server.ask({ ...request, headers: { host, origin: `http://${host}` } })).status);
      }
      expect(await gallery.cloud.traces()).toEqual(NO_TRACES);
    });

  test('is not the page itself, whether a browser asks or not', async () => {
    expect((await gallery.server.ask({ ...form, headers: { 'origin': gallery.server.origin, 'sec-fetch-site': 'same-origin' } })).status).toBe(201);
    expect((await gallery.server.ask({ ...form, headers: {} })).status).toBe(201);
    expect((await gallery.server.ask({ ...form, headers: { host: '[::1]:8080', origin: 'http://[::1]:8080' } })).status).toBe(201);
    expect((await gallery.server.ask({ method: 'GET', path: '/api/images', headers: { host: own(), origin: 'https://other.example' } })).status).toBe(200);
  });

  test('is not one of the names that the gallery has', async () => {
    const named = await gallery.another({ HOST_NAMES: 'Gallery.example,www.gallery.example' });
    const from = (host: string, origin: string) => named.ask({ ...form, headers: { host, origin } });

    expect((await from('gallery.example', 'https://gallery.example')).status).toBe(201);
    expect((await from('WWW.gallery.example', 'https://www.gallery.example')).status).toBe(201);
    expect((await from('gallery.example', 'https://www.gallery.example')).status).toBe(403);
    expect((await from('other.gallery.example', 'https://other.gallery.example')).status).toBe(421);
  });
});

describe('a stop', () => {
  test('lets a running upload finish', async () => {
    const other = await gallery.another({});
    const upload = other.beginUpload();
    await upload.send(bytes(MIB));
    await until(async () => (await gallery.cloud.items())[0]);
    other.terminate();
    await other.logged(({ message }) => message === 'stopping');
    await upload.send(bytes(MIB));
    upload.finish();

    expect((await upload.answer).status).toBe(201);
    expect(await other.exit).toBe(0);
    expect(await gallery.cloud.traces()).toEqual({ records: 1, objects: 1, uploads: 0 });
  });

  test('ends an upload that takes too long, which leaves nothing', async () => {
    const other = await gallery.another({ SHUTDOWN_SECONDS: '0' });
    const upload = other.beginUpload();
    await upload.send(bytes(6 * MIB));
    await until(async () => (await gallery.cloud.unfinishedUploads())[0]);
    other.terminate();

    expect(await upload.answer).toMatchObject({ status: 503, body: { code: 'UNAVAILABLE' } });
    expect(await other.exit).toBe(0);
    expect(await gallery.cloud.traces()).toEqual(NO_TRACES);
  });
});

describe('logs', () => {
  test('have one line per answer, which clients cannot forge', async () => {
    await gallery.server.get('/api/images/x%0a%7B%22level%22:%22error%22%7D', { headers: { 'x-forwarded-for': '203.0.113.9' } });
    const line = await gallery.server.logged(({ route, client }) => route === '/api/images/:imageId' && client === '203.0.113.9');

    expect(line).toMatchObject({ level: 'info', message: 'request', method: 'GET', status: 404, milliseconds: expect.any(Number) });
    expect(Object.keys(line).sort()).toEqual(['client', 'level', 'message', 'method', 'milliseconds', 'reqId', 'route', 'status', 'time']);
  });
});

describe('settings', () => {
  test.each(['PORT', 'WEB_FOLDER', 'TITLE', 'TABLE_NAME', 'SOURCE_BUCKET', 'SOURCE_PREFIX', 'OUTPUT_BUCKET', 'MAX_UPLOAD_BYTES', 'LINK_SECONDS'])('fails without %s', (name) => {
    const { [name]: _gone, ...environment } = gallery.cloud.environment();
    expect(() => parseSettings(environment)).toThrow(`environment variable ${name} must be set, received undefined`);
  });

  test.each(['https://gallery.example', 'gallery.example:80', 'a,,b', '*.example', 'a b'])('fails with HOST_NAMES=%s', (value) => {
    expect(() => parseSettings({ ...gallery.cloud.environment(), HOST_NAMES: value }))
      .toThrow(`environment variable HOST_NAMES must be host names without ports, with commas between them, received ${JSON.stringify(value)}`);
  });

  test.each([['PORT', '65536'], ['PORT', '80a'], ['MAX_UPLOADS', '0'], ['LINK_SECONDS', '3601']])('fails with %s=%s', (name, value) => {
    expect(() => parseSettings({ ...gallery.cloud.environment(), [name]: value })).toThrow(new RegExp(`^environment variable ${name} must be a whole number from .*, received "${value}"$`));
  });
});
