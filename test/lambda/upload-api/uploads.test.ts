import { DeleteObjectCommand, HeadObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { ApiOptions, LocalImageApi, postForm, putBody } from './local-image-api';
import { REQUESTED_SIZE_METADATA } from '../../../src/contract';
import { LocalHandler } from '../../helpers/handler';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const cat = { fileName: 'cat.jpg', contentType: 'image/jpeg' };
const BYTES = 64;
const content = 'x'.repeat(BYTES);

let pipeline: LocalHandler;

beforeAll(async () => { pipeline = await LocalHandler.start(); });
afterAll(() => pipeline.stop());
beforeEach(() => pipeline.reset());
afterEach(() => { jest.restoreAllMocks(); });

const stored = async () => {
  const { Contents = [] } = await pipeline.client.send(new ListObjectsV2Command({ Bucket: pipeline.sourceBucket }));
  return Contents.map(({ Key }) => Key);
};
const head = (key: string) => pipeline.client.send(new HeadObjectCommand({ Bucket: pipeline.sourceBucket, Key: key }));

async function allowed(options: ApiOptions['upload'] = {}, more: object = {}) {
  const api = new LocalImageApi(pipeline, { upload: options });
  const { status, body } = await api.upload({ ...cat, ...(options.method === 'PUT' && { bytes: BYTES }), ...more });
  expect({ status, code: body.code }).toEqual({ status: 201, code: undefined });
  return body;
}

const announcedAt = async (imageId: string) => (await pipeline.record(imageId))!.uploadedAt;

describe('an allowed upload', () => {
  test('is announced in the table before it arrives, and goes a day after it could arrive', async () => {
    const before = Date.now();
    const { imageId, expiresAt } = await allowed({}, { fileName: 'My cät.jpg' });
    const record = await pipeline.record(imageId);
    expect(imageId).toMatch(UUID);
    expect(record).toEqual({
      imageId,
      status: 'PENDING',
      sourceBucket: pipeline.sourceBucket,
      sourceKey: `uploads/${imageId}/My-cat.jpg`,
      fileName: 'My cät.jpg',
      uploadedAt: record!.updatedAt,
      updatedAt: expect.stringMatching(/^\d{4}-.*Z$/),
      attempts: 0,
      expiresAt: Date.parse(expiresAt) / 1000 + 24 * 3600,
      listingPartition: expect.stringMatching(/^PENDING#[01]$/),
      listingSort: `${record!.uploadedAt}#${imageId}`,
    });
    expect(Date.parse(expiresAt)).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000 + 300_000);
    expect(Date.parse(expiresAt)).toBeLessThanOrEqual(Date.now() + 300_000);
  });

  test('by form stores exactly what was asked for', async () => {
    const { imageId, method, ...form } = await allowed();
    expect(method).toBe('POST');
    expect((await postForm(form, content)).status).toBe(204);
    const key = `uploads/${imageId}/cat.jpg`;
    expect(await stored()).toEqual([key]);
    expect(await head(key)).toMatchObject({ ContentType: 'image/jpeg', ContentLength: BYTES, Metadata: { 'image-id': imageId, 'uploaded-at': await announcedAt(imageId) } });
  });

  test('by PUT stores exactly what was asked for, once', async () => {
    const { imageId, method, ...request } = await allowed({ method: 'PUT' });
    expect(method).toBe('PUT');
    expect(request.headers).toEqual({ 'content-type': 'image/jpeg', 'if-none-match': '*', 'x-amz-meta-image-id': imageId, 'x-amz-meta-uploaded-at': await announcedAt(imageId) });
    // A browser sends no checksum: none may be signed.
    expect([...new URL(request.url).searchParams.keys()].filter((name) => /checksum|meta/i.test(name))).toEqual([]);
    expect((await putBody(request, content)).status).toBe(200);
    const key = `uploads/${imageId}/cat.jpg`;
    expect(await head(key)).toMatchObject({ ContentType: 'image/jpeg', ContentLength: BYTES, Metadata: { 'image-id': imageId, 'uploaded-at': await announcedAt(imageId) } });

    const again = await putBody(request, 'y'.repeat(BYTES));
    expect(again.status).toBe(412);
    expect(pipeline.events).toHaveLength(1);
  });

  test('by form replaces what is there each time it is sent, and brings back what was deleted', async () => {
    const { imageId, ...form } = await allowed();
    const key = `uploads/${imageId}/cat.jpg`;
    for (const text of [content, 'second']) expect((await postForm(form, text)).status).toBe(204);
    expect(await head(key)).toMatchObject({ ContentLength: 6 });
    await pipeline.client.send(new DeleteObjectCommand({ Bucket: pipeline.sourceBucket, Key: key }));
    expect((await postForm(form, content)).status).toBe(204);
    expect(await stored()).toEqual([key]);
  });

  test('by PUT brings back what was deleted', async () => {
    const { imageId, ...request } = await allowed({ method: 'PUT' });
    const key = `uploads/${imageId}/cat.jpg`;
    expect((await putBody(request, content)).status).toBe(200);
    await pipeline.client.send(new DeleteObjectCommand({ Bucket: pipeline.sourceBucket, Key: key }));
    expect((await putBody(request, content)).status).toBe(200);
    expect(await stored()).toEqual([key]);
  });

  test.each(['POST', 'PUT'] as const)('by %s carries the size that was asked for', async (method) => {
    const { imageId, ...request } = await allowed({ method, requestedSize: { width: 300, height: 200 } }, { width: 300, height: 1 });
    await (method === 'PUT' ? putBody(request, content) : postForm(request, content));
    expect((await head(`uploads/${imageId}/cat.jpg`)).Metadata)
      .toEqual({ 'image-id': imageId, 'uploaded-at': await announcedAt(imageId), [REQUESTED_SIZE_METADATA.width]: '300', [REQUESTED_SIZE_METADATA.height]: '1' });
  });

  test.each(['POST', 'PUT'] as const)('by %s carries the focal point that was named', async (method) => {
    const { imageId, ...request } = await allowed({ method }, { focalPoint: { x: 1e-7, y: 0.123456 } });
    await (method === 'PUT' ? putBody(request, content) : postForm(request, content));
    expect((await head(`uploads/${imageId}/cat.jpg`)).Metadata)
      .toEqual({ 'image-id': imageId, 'uploaded-at': await announcedAt(imageId), 'focal-point': '0,0.1235' });
  });

  test('by form has exactly the length that was named', async () => {
    const { url, fields } = await allowed({}, { bytes: BYTES });
    expect((await postForm({ url, fields }, content.slice(1))).status).toBe(400);
    expect((await postForm({ url, fields }, `${content}x`)).status).toBe(400);
    expect((await postForm({ url, fields }, content)).status).toBe(204);
  });

  test('is logged with its key', async () => {
    const api = new LocalImageApi(pipeline);
    const { body } = await api.upload(cat);
    expect(api.logs).toMatchObject([{ level: 'INFO', message: 'upload allowed', imageId: body.imageId, sourceKey: `uploads/${body.imageId}/cat.jpg` }]);
  });
});

describe('a form that was tampered with is refused, and nothing is stored', () => {
  type Form = { url: string; fields: Record<string, string>; file: string };
  test.each<[string, number, (form: Form) => void]>([
    ['another key', 403, ({ fields }) => { fields.key = 'uploads/other/cat.jpg'; }],
    ['a key by variable', 403, ({ fields }) => { fields.key = 'uploads/${filename}'; }],
    ['another image id', 403, ({ fields }) => { fields['x-amz-meta-image-id'] = 'other'; }],
    ['without an image id', 403, ({ fields }) => { delete fields['x-amz-meta-image-id']; }],
    ['more metadata', 403, ({ fields }) => { fields['x-amz-meta-requested-width'] = '5000'; }],
    ['another content type', 403, ({ fields }) => { fields['Content-Type'] = 'text/html'; }],
    ['without a content type', 403, ({ fields }) => { delete fields['Content-Type']; }],
    ['access for everybody', 403, ({ fields }) => { fields.acl = 'public-read'; }],
    ['a larger file', 400, (form) => { form.file = 'x'.repeat(100_001); }],
    ['an empty file', 400, (form) => { form.file = ''; }],
    ['without a policy', 403, ({ fields }) => { delete fields.Policy; }],
    ['without a signature', 400, ({ fields }) => { delete fields['X-Amz-Signature']; }],
    ['another policy', 403, ({ fields }) => {
      const policy = JSON.parse(Buffer.from(fields.Policy, 'base64').toString());
      fields.Policy = Buffer.from(JSON.stringify({ ...policy, conditions: [] })).toString('base64');
    }],
    ['another bucket', 404, (form) => { form.url = form.url.replace(pipeline.sourceBucket, 'elsewhere'); }],
  ])('fails with %s', async (_, status, tamper) => {
    const { url, fields } = await allowed();
    const form = { url, fields, file: content };
    tamper(form);
    expect((await postForm(form, form.file)).status).toBe(status);
    expect(await stored()).toEqual([]);
  });

  test('fails when it has expired', async () => {
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() - 301_000);
    const form = await allowed();
    jest.restoreAllMocks();
    expect((await postForm(form, content)).status).toBe(403);
    expect(await stored()).toEqual([]);
  });
});

describe('a PUT that was tampered with is refused, and nothing is stored', () => {
  type Put = { url: string; headers: Record<string, string>; body: string };
  test.each<[string, (put: Put) => void]>([
    ['another key', (put) => { put.url = put.url.replace('/cat.jpg?', '/dog.jpg?'); }],
    ['another image id', ({ headers }) => { headers['x-amz-meta-image-id'] = 'other'; }],
    ['without an image id', ({ headers }) => { delete headers['x-amz-meta-image-id']; }],
    ['another content type', ({ headers }) => { headers['content-type'] = 'text/html'; }],
    ['a longer body', (put) => { put.body = `${content}x`; }],
    ['a shorter body', (put) => { put.body = content.slice(1); }],
    ['no condition', ({ headers }) => { delete headers['if-none-match']; }],
    ['a longer validity', (put) => { put.url = put.url.replace('X-Amz-Expires=300', 'X-Amz-Expires=3000'); }],
    ['without a signature', (put) => { put.url = put.url.replace(/&X-Amz-Signature=[0-9a-f]+/, ''); }],
  ])('fails with %s', async (_, tamper) => {
    const { url, headers } = await allowed({ method: 'PUT' });
    const put = { url, headers, body: content };
    tamper(put);
    const { status } = await putBody(put, put.body);
    expect([400, 403]).toContain(status);
    expect(await stored()).toEqual([]);
  });

  test('fails when it has expired', async () => {
    const { url, headers } = await allowed({ method: 'PUT', expirySeconds: 1 });
    jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 3000);
    expect((await putBody({ url, headers }, content)).status).toBe(403);
    jest.restoreAllMocks();
    expect(await stored()).toEqual([]);
    expect(await pipeline.record(headers['x-amz-meta-image-id'])).toMatchObject({ status: 'PENDING' });
  });
});

describe('a request that breaks a rule is refused, and no record is written', () => {
  const nameRule = 'fileName must be a name of 1 to 255 characters without control characters, slashes, backslashes and ".."';
  const bytesRule = 'bytes must be a whole number of at least 1';
  const focalPointRule = 'focalPoint must be an object with x and y, each a number from 0 to 1';
  const limits = { requestedSize: { width: 300, height: 200 } };
  test.each<[string, unknown, number, string, ApiOptions['upload']?]>([
    ['no object', [], 400, 'the request must be a JSON object'],
    ['nothing', null, 400, 'the request must be a JSON object'],
    ['an unknown member', { ...cat, key: 'x' }, 400, 'the request must not have key'],
    ['a member of every object', JSON.parse('{"fileName":"a","contentType":"image/png","__proto__":{}}'), 400, 'the request must not have __proto__'],
    ['no file name', { contentType: 'image/jpeg' }, 400, nameRule],
    ['an empty file name', { ...cat, fileName: '' }, 400, nameRule],
    ['a long file name', { ...cat, fileName: 'x'.repeat(256) }, 400, nameRule],
    ['a path', { ...cat, fileName: 'a/b.jpg' }, 400, nameRule],
    ['a path of Windows', { ...cat, fileName: 'a\\b.jpg' }, 400, nameRule],
    ['a parent', { ...cat, fileName: '..' }, 400, nameRule],
    ['a line end', { ...cat, fileName: 'a\n.jpg' }, 400, nameRule],
    ['a zero', { ...cat, fileName: 'a\0.jpg' }, 400, nameRule],
    ['half a character', { ...cat, fileName: '\ud800.jpg' }, 400, nameRule],
    ['a number for a name', { ...cat, fileName: 1 }, 400, nameRule],
    ['no content type', { fileName: 'cat.jpg' }, 400, 'contentType must be a string'],
    ['another content type', { ...cat, contentType: 'text/html' }, 415, 'contentType must be one of image/jpeg, image/png'],
    ['a content type with more lines', { ...cat, contentType: 'image/jpeg\r\nx: y' }, 415, 'contentType must be one of image/jpeg, image/png'],
    ['too many bytes', { ...cat, bytes: 100_001 }, 413, 'bytes must be at most 100000'],
    ['no bytes', { ...cat, bytes: 0 }, 400, bytesRule],
    ['half a byte', { ...cat, bytes: 1.5 }, 400, bytesRule],
    ['bytes as text', { ...cat, bytes: '5' }, 400, bytesRule],
    ['bytes left out for PUT', cat, 400, bytesRule, { method: 'PUT' }],
    ['a size that cannot be asked for', { ...cat, width: 10 }, 400, 'width must be left out: sizes cannot be requested here'],
    ['too wide', { ...cat, width: 301 }, 400, 'width must be a whole number of pixels from 1 to 300', limits],
    ['too high', { ...cat, height: 201 }, 400, 'height must be a whole number of pixels from 1 to 200', limits],
    ['a focal point as text', { ...cat, focalPoint: '0.5,0.5' }, 400, focalPointRule],
    ['half a focal point', { ...cat, focalPoint: { x: 0.5 } }, 400, focalPointRule],
    ['a focal point in percent', { ...cat, focalPoint: { x: 50, y: 50 } }, 400, focalPointRule],
    ['a focal point outside', { ...cat, focalPoint: { x: 0.5, y: -0.01 } }, 400, focalPointRule],
    ['a focal point with more', { ...cat, focalPoint: { x: 0.5, y: 0.5, z: 0 } }, 400, focalPointRule],
    ['no pixels', { ...cat, height: 0 }, 400, 'height must be a whole number of pixels from 1 to 200', limits],
    ['half a pixel', { ...cat, width: 0.5 }, 400, 'width must be a whole number of pixels from 1 to 300', limits],
    ['a name that the pipeline excludes', { ...cat, fileName: 'cat.psd' }, 400, 'fileName must be one that is taken for an image here',
      { source: { prefix: 'uploads/', include: [], exclude: ['**/*.psd'] } }],
  ])('fails with %s', async (...[, body, status, message, upload]) => {
    const api = new LocalImageApi(pipeline, { upload });
    const answer = await api.upload(body);
    const code = { 400: 'INVALID_REQUEST', 413: 'TOO_LARGE', 415: 'UNSUPPORTED_MEDIA_TYPE' }[status];
    expect(answer).toMatchObject({ status, body: { code, message } });
    expect((await api.list()).body).toEqual({ images: [] });
  });

  test.each<[string, Parameters<LocalImageApi['call']>[1], number, string]>([
    ['no body', {}, 415, 'the request must have the content type application/json'],
    ['a form', { text: 'a=b', contentType: 'application/x-www-form-urlencoded' }, 415, 'the request must have the content type application/json'],
    ['no JSON', { text: '{' }, 400, 'the request must be JSON in UTF-8'],
    ['no UTF-8', { text: Buffer.from([0x22, 0xff, 0x22]).toString('base64'), base64: true }, 400, 'the request must be JSON in UTF-8'],
    ['a long body', { text: ' '.repeat(8193) }, 413, 'the request must have at most 8192 bytes, received 8193'],
  ])('fails with %s', async (_, call, status, message) => {
    expect(await new LocalImageApi(pipeline).call('POST /uploads', call)).toMatchObject({ status, body: { message } });
  });

  test('a request in base64, with parameters of the content type, is one like any other', async () => {
    const text = Buffer.from(JSON.stringify(cat)).toString('base64');
    expect(await new LocalImageApi(pipeline).call('POST /uploads', { text, base64: true, contentType: 'Application/JSON; charset=utf-8' })).toMatchObject({ status: 201 });
  });
});

test('a failure of a service is logged in full and told in general', async () => {
  const api = new LocalImageApi(pipeline);
  await pipeline.reset();
  Object.assign(api.config.catalog, { table: 'gone' });
  expect(await api.upload(cat)).toMatchObject({ status: 500, body: { code: 'INTERNAL_ERROR', message: 'the request could not be handled' } });
  expect(api.logs).toMatchObject([{ level: 'ERROR', message: 'request failed', routeKey: 'POST /uploads', requestId: 'request-1', error: { name: 'ResourceNotFoundException' } }]);
});

test('fails on a route that there is not', async () => {
  expect(await new LocalImageApi(pipeline).call('PATCH /images')).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
});

test('a permission is nothing that anybody keeps', async () => {
  expect((await new LocalImageApi(pipeline).upload(cat)).headers)
    .toEqual({ 'content-type': 'application/json', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
});

test.each(['IMAGE/JPEG', 'image/jpeg; name="a.jpg"', ' Image/Jpeg '])('the content type %j is image/jpeg', async (contentType) => {
  const { fields } = await allowed({}, { contentType });
  expect(fields['Content-Type']).toBe('image/jpeg');
});
