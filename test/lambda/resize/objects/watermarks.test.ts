import { PutObjectCommand } from '@aws-sdk/client-s3';
import { Watermarks } from '../../../../src/lambda/resize/objects/watermarks';
import { LocalHandler } from '../../../helpers/handler';
import { open, solid } from '../../../helpers/images';

let handler: LocalHandler;
let png: Buffer;
let requests: number;

beforeAll(async () => {
  handler = await LocalHandler.start();
  png = await open(solid(8, 8, [1, 2, 3])).png().toBuffer();
  handler.client.middlewareStack.add((next, { commandName }) => async (args) => {
    if (commandName === 'GetObjectCommand') requests += 1;
    return next(args);
  }, { step: 'initialize' });
});
afterAll(() => handler.stop());
beforeEach(async () => {
  await handler.reset({ versioned: true });
  requests = 0;
});

const put = async (body: Buffer | string, key = 'logo.png') => (await handler.client.send(new PutObjectCommand({ Bucket: handler.sourceBucket, Key: key, Body: body }))).VersionId!;
const object = (key = 'logo.png') => ({ bucket: handler.sourceBucket, key });
const failureOf = (watermarks: Watermarks, key?: string) => watermarks.read(object(key)).catch((error: Error) => error);

test('an object is read once, also when two images need it at a time, and stays what it was', async () => {
  await put(png);
  const watermarks = new Watermarks(handler.client);
  expect(await Promise.all([watermarks.read(object()), watermarks.read(object())])).toEqual([png, png]);
  await put('another');
  expect(await watermarks.read(object())).toEqual(png);
  expect(requests).toBe(1);
});

test('a version is read whatever was stored since', async () => {
  const versionId = await put(png);
  await put('another');
  expect(await new Watermarks(handler.client).read({ ...object(), versionId })).toEqual(png);
});

test('what failed is read again', async () => {
  const watermarks = new Watermarks(handler.client);
  expect(await failureOf(watermarks)).toBeInstanceOf(Error);
  await put(png);
  expect(await watermarks.read(object())).toEqual(png);
});

test('what could not be decoded is read again', async () => {
  await put(png);
  const watermarks = new Watermarks(handler.client);
  await watermarks.read(object());
  watermarks.forget(object());
  await watermarks.read(object());
  expect(requests).toBe(2);
});

test('those in S3 are loaded at a time, and files of a layer not before they are needed', async () => {
  await put(png);
  await new Watermarks(handler.client).load([object(), object(), 'no-layer.png']);
  expect(requests).toBe(1);
});

test('a version and a key that reads like one are two', async () => {
  const versionId = await put(png);
  const other = await open(solid(8, 8, [3, 2, 1])).png().toBuffer();
  await put(other, `logo.png (version ${versionId})`);
  const watermarks = new Watermarks(handler.client);
  expect(await watermarks.read({ ...object(), versionId })).toEqual(png);
  expect(await watermarks.read(object(`logo.png (version ${versionId})`))).toEqual(other);
});

describe('fails with what may pass, and names the object', () => {
  test.each<[string, () => Promise<Buffer | string | undefined>, string]>([
    ['is not there', async () => undefined, 'cannot be read: NoSuchKey: '],
    ['is a text', async () => 'text', 'must be a whole PNG: it does not begin as one'],
    ['is cut off', async () => png.subarray(0, -4), 'must be a whole PNG: it ends within the chunk at byte'],
    ['has too many pixels', async () => open(solid(4097, 1, [1, 2, 3])).png().toBuffer(), 'must be at most 4096 pixels a side, received 4097x1'],
    ['has too many bytes', async () => Buffer.concat([png, Buffer.alloc(2 * 1024 * 1024)]), 'cannot be read: it must have at most 2097152 bytes, received '],
  ])('that %s', async (_, content, message) => {
    const body = await content();
    if (body !== undefined) await put(body);
    const failure = await failureOf(new Watermarks(handler.client)) as Error;
    expect(failure.name).toBe('Error');
    expect(failure.message).toContain(`the watermark s3://${handler.sourceBucket}/logo.png ${message}`);
  });

  test('that may not be read: S3 says the same of one that is missing', async () => {
    const denied = { send: () => Promise.reject(Object.assign(new Error('no identity-based policy'), { name: 'AccessDenied' })) };
    expect(await failureOf(new Watermarks(denied as never))).toMatchObject({
      message: expect.stringContaining('cannot be read: it is not there, or the function may not read it (no identity-based policy)'),
    });
  });

  test('that does not come in time', async () => {
    const slow = {
      send: (_: unknown, { abortSignal }: { abortSignal: AbortSignal }) => new Promise((__, reject) => {
        abortSignal.addEventListener('abort', () => reject(Object.assign(new Error('Request aborted'), { name: 'AbortError' })));
      }),
    };
    expect(await failureOf(new Watermarks(slow as never, 20))).toMatchObject({ message: expect.stringContaining('cannot be read: S3 did not answer within 20 ms') });
  });
});
