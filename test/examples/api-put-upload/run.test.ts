import { randomBytes } from 'crypto';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import sharp from 'sharp';
import { picture, RunningApp } from '../../helpers/running-app';
import { signedHeaders } from '../../local-runner/services/api-gateway/signed-headers';

jest.setTimeout(60_000);

let app: RunningApp;
beforeAll(async () => { app = await RunningApp.example('api-put-upload'); });
afterAll(async () => app?.stop());

const address = (path: string) => app.app.output('UploadUrl') + path;

async function put(url: string, body: Buffer, headers: Record<string, string> = { 'content-type': 'image/jpeg' }) {
  const signed = await signedHeaders(app.app, 'PUT', url, body);
  const response = await fetch(url, { method: 'PUT', body: new Blob([body]), headers: { ...signed, ...headers } });
  const text = await response.text();
  return { status: response.status, etag: response.headers.get('etag'), body: (text === '' ? {} : JSON.parse(text)) as { code?: string } };
}

test('an image is stored byte for byte, and half its width and height beside the original name', async () => {
  const image = await sharp({ create: { width: 801, height: 600, channels: 3, background: '#264653' } }).png().toBuffer();
  const { status, etag } = await put(address('harbour.png'), image, { 'content-type': 'image/png' });
  await app.app.idle();

  expect(status).toBe(200);
  expect(await app.bytes(app.input, 'harbour.png')).toEqual(image);
  expect(await app.app.s3.send(new HeadObjectCommand({ Bucket: app.input, Key: 'harbour.png' }))).toMatchObject({ ContentType: 'image/png', ETag: etag });
  expect(await app.outputKeys()).toContain('resized-harbour.png');
  expect(await app.rendition('resized-harbour.png')).toMatchObject({ format: 'png', width: 401, height: 300 });
  expect(await app.userMetadata('resized-harbour.png')).toMatchObject({ 'resized-by': 'api-put-upload', 'scale': '0.5', 'source-key': 'harbour.png' });
});

test('the record has both sizes, formats and bytes, the saving, the times and the event', async () => {
  const image = await picture(640, 480);
  await put(address('facts.jpg'), image, { 'content-type': 'image/jpeg', 'x-amz-meta-image-id': 'facts-1' });
  await app.app.idle();
  const { ContentLength: bytes } = await app.app.s3.send(new HeadObjectCommand({ Bucket: app.output, Key: 'resized-facts.jpg' }));
  const utc = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);

  expect(await app.record('facts.jpg')).toMatchObject({
    'resource-id': 'facts-1',
    'status': 'COMPLETED',
    'original': { width: 640, height: 480, format: 'jpeg', bytes: image.length },
    'renditions': { 'half.original': { width: 320, height: 240, format: 'jpeg', bytes, reductionPercent: expect.any(Number), key: 'resized-facts.jpg', bucket: app.output } },
    'uploadedAt': utc,
    'processingStartedAt': utc,
    'processedAt': utc,
    'event': { name: 'ObjectCreated:Put' },
  });
});

test.each([['grün%20%2B%26.jpg', 'grün +&.jpg'], ['2026%2Fcat.jpg', '2026/cat.jpg']])('the name %s is the key %s', async (path, key) => {
  expect((await put(address(path), await picture())).status).toBe(200);
  await app.app.idle();

  expect(await app.record(key)).toMatchObject({ status: 'COMPLETED' });
  expect(await app.outputKeys()).toContain(`resized-${key}`);
});

test('a direct upload to the bucket is processed as well', async () => {
  await app.process('direct.jpg', await picture(100, 60));

  expect(await app.rendition('resized-direct.jpg')).toMatchObject({ width: 50, height: 30 });
});

test('a picture of another type than the caller says is processed for what it is', async () => {
  await put(address('really.jpg'), await sharp(await picture(100, 60)).webp().toBuffer(), { 'content-type': 'application/octet-stream' });
  await app.app.idle();

  expect(await app.rendition('resized-really.jpg')).toMatchObject({ format: 'webp', width: 50, height: 30 });
});

describe('an upload that is refused', () => {
  afterEach(async () => {
    expect((await app.keys(app.input)).filter((key) => key.startsWith('refused'))).toEqual([]);
  });

  test('fails for more than 10 MB', async () => {
    expect(await put(address('refused.jpg'), randomBytes(10 * 1024 * 1024 + 1))).toMatchObject({ status: 413, body: { code: 'TOO_LARGE' } });
  });

  test('fails for another bucket', async () => {
    const url = address('refused.jpg').replace(app.input, app.output);

    expect(await put(url, await picture())).toMatchObject({ status: 403, body: { code: 'NOT_FOUND_OR_NOT_SIGNED' } });
    expect(await app.keys(app.output)).not.toContain('refused.jpg');
  });

  test('fails without a signature', async () => {
    const response = await fetch(address('refused.jpg'), { method: 'PUT', body: new Blob([await picture()]), headers: { 'content-type': 'image/jpeg' } });

    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ code: 'NOT_FOUND_OR_NOT_SIGNED' });
  });

  test('fails without a type', async () => {
    expect(await put(address('refused.jpg'), await picture(), {})).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST_PARAMETERS' } });
  });
});

test('a text that is sent as one is recorded as no image', async () => {
  await put(address('notes.txt'), Buffer.from('no image'), { 'content-type': 'text/plain' });
  await app.app.idle();

  expect(await app.record('notes.txt')).toMatchObject({ status: 'FAILED', failure: { code: 'UNSUPPORTED_FORMAT' } });
  expect(await app.outputKeys()).not.toContain('resized-notes.txt');
});
