import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { LocalImageApi } from './local-image-api';
import { listingAttributes, RenditionFacts } from '../../../src/contract';
import { decodeCursor, encodeCursor } from '../../../src/lambda/upload-api/cursor';
import { LocalHandler } from '../../helpers/handler';

const AT = '2026-01-02T03:04:05.000Z';

let pipeline: LocalHandler;

beforeAll(async () => { pipeline = await LocalHandler.start(); });
afterAll(() => pipeline.stop());
beforeEach(() => pipeline.reset({ catalog: { shards: 3 } }));

const rendition = (width: number, more: Partial<RenditionFacts> = {}): RenditionFacts => ({
  profile: 'p', bucket: pipeline.outputBucket, key: `cat.jpg/${width}.jpg`, width, height: 10, format: 'jpeg', contentType: 'image/jpeg', bytes: 5, reductionPercent: 50, ...more,
});

/** Every page until there is none. */
async function walk(api: LocalImageApi, query: Record<string, string> = {}): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor: string | undefined; pages.length === 0 || cursor;) {
    const { status, body } = await api.list({ ...query, ...(cursor && { cursor }) });
    expect(status).toBe(200);
    pages.push(body.images.map(({ imageId }: { imageId: string }) => imageId));
    cursor = body.cursor;
  }
  return pages;
}

describe('the list', () => {
  test('is empty without images', async () => {
    expect(await new LocalImageApi(pipeline).list()).toMatchObject({ status: 200, body: { images: [] } });
  });

  test('is newest first over all statuses and shards, with neither gaps nor duplicates, also at one and the same time', async () => {
    const api = new LocalImageApi(pipeline);
    const statuses = ['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED'] as const;
    const images = Array.from({ length: 90 }, (_, at) => ({
      id: `image-${String(at).padStart(3, '0')}`,
      status: statuses[at % 4],
      // Thirty at each of three times.
      uploadedAt: `2026-01-0${1 + (at % 3)}T00:00:00.000Z`,
    }));
    await Promise.all(images.map(({ id, status, uploadedAt }) => api.record(id, status, uploadedAt)));
    const expected = (all: typeof images) => all.map(({ id, uploadedAt }) => `${uploadedAt}#${id}`).sort().reverse().map((sort) => sort.slice(25));

    for (const limit of [1, 7, 100]) {
      const pages = await walk(api, { limit: String(limit) });
      expect(pages.flat()).toEqual(expected(images));
      expect(pages.map((page) => page.length)).toEqual([...Array(Math.floor(90 / limit)).fill(limit), ...(90 % limit ? [90 % limit] : [])]);
    }
    expect((await walk(api, { limit: '7', status: 'FAILED' })).flat()).toEqual(expected(images.filter(({ status }) => status === 'FAILED')));
    expect((await api.list()).body.images).toHaveLength(20);
  });

  test('has an image that is being processed as such, though it is listed as what it was', async () => {
    const api = new LocalImageApi(pipeline);
    for (const [id, was] of [['announced', 'PENDING'], ['again', 'COMPLETED'], ['long', 'PROCESSING']] as const) {
      await api.record(id, 'PROCESSING', AT, listingAttributes(id, was, AT, 2));
    }
    await api.record('waiting', 'PENDING', AT);
    await api.record('done', 'COMPLETED', AT);

    expect((await walk(api)).flat().sort()).toEqual(['again', 'announced', 'done', 'long', 'waiting']);
    expect((await walk(api, { status: 'PROCESSING' })).flat().sort()).toEqual(['announced', 'long']);
    expect(await walk(api, { status: 'PENDING' })).toEqual([['waiting']]);
    expect(await walk(api, { status: 'COMPLETED' })).toEqual([['done']]);
    expect((await walk(api, { status: 'PROCESSING', limit: '1' })).flat()).toHaveLength(2);
  });

  test('goes on below where it was when images arrive at the top', async () => {
    const api = new LocalImageApi(pipeline);
    for (const day of [1, 2, 3, 4]) await api.record(`day-${day}`, 'COMPLETED', `2026-01-0${day}T00:00:00.000Z`);
    const { body } = await api.list({ limit: '2' });
    await api.record('day-5', 'COMPLETED', '2026-01-05T00:00:00.000Z');
    expect((await api.list({ limit: '2', cursor: body.cursor })).body.images.map(({ imageId }: any) => imageId)).toEqual(['day-2', 'day-1']);
  });

  test('has no upload that never came and has expired, also before DynamoDB removes it', async () => {
    const api = new LocalImageApi(pipeline);
    const now = Math.floor(Date.now() / 1000);
    await api.record('expired', 'PENDING', AT, { expiresAt: now - 60 });
    await api.record('waiting', 'PENDING', AT, { expiresAt: now + 60 });
    expect(await walk(api)).toEqual([['waiting']]);
    expect(await api.call('GET /images/{imageId}', { imageId: 'expired' })).toMatchObject({ status: 404 });
  });

  test('has shorter pages where renditions are more than Lambda can answer with', async () => {
    const api = new LocalImageApi(pipeline, { links: { baseUrl: `https://cdn.example.com/${'long/'.repeat(60)}` } });
    const renditions = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`p${at}.jpeg`, rendition(at + 1, { key: `${'k'.repeat(200)}${at}` })]));
    const ids = Array.from({ length: 30 }, (_, at) => `image-${at + 10}`);
    for (const id of ids) await api.record(id, 'COMPLETED', AT, { renditions });
    const pages = await walk(api, { limit: '100' });
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat()).toEqual([...ids].reverse());
  });

  test('has neither deleted images nor items that point to another id', async () => {
    const api = new LocalImageApi(pipeline);
    await api.record('gone', 'DELETED', AT);
    await api.record('shown', 'COMPLETED', AT);
    expect(await walk(api)).toEqual([['shown']]);
  });

  const limitRule = 'limit must be a whole number from 1 to 100';
  const cursorRule = 'cursor must be that of the page before, with the same status';
  test.each<[string, Record<string, string>, string]>([
    ['limit 0', { limit: '0' }, limitRule],
    ['limit 101', { limit: '101' }, limitRule],
    ['a limit that is no number', { limit: '1e1' }, limitRule],
    ['an unknown status', { status: 'completed' }, 'status must be one of PENDING, PROCESSING, COMPLETED, FAILED'],
    ['the status DELETED', { status: 'DELETED' }, 'status must be one of PENDING, PROCESSING, COMPLETED, FAILED'],
    ['two statuses', { status: 'PENDING,FAILED' }, 'status must be one of PENDING, PROCESSING, COMPLETED, FAILED'],
    ['a long cursor', { cursor: 'x'.repeat(1025) }, 'cursor must have at most 1024 characters'],
    ['no cursor', { cursor: '' }, cursorRule],
    ['a cursor that is no JSON', { cursor: 'AAAA' }, cursorRule],
    ['a cursor of another kind', { cursor: Buffer.from('{}').toString('base64url') }, cursorRule],
    ['a cursor without a position', { cursor: Buffer.from('["",1]').toString('base64url') }, cursorRule],
    ['a cursor that points anywhere', { cursor: Buffer.from('["","zzz"]').toString('base64url') }, cursorRule],
    ['a cursor with more', { cursor: Buffer.from(`["","${AT}#a",1]`).toString('base64url') }, cursorRule],
    ['a padded cursor', { cursor: `${encodeCursor(undefined, `${AT}#a`)}==` }, cursorRule],
    ['a cursor of another status', { cursor: encodeCursor('FAILED', `${AT}#a`), status: 'COMPLETED' }, cursorRule],
    ['a cursor of one status for all', { cursor: encodeCursor('FAILED', `${AT}#a`) }, cursorRule],
  ])('fails with %s', async (_, query, message) => {
    expect(await new LocalImageApi(pipeline).list(query)).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST', message } });
  });

  test('a cursor brings back its position', () => {
    expect(decodeCursor('FAILED', encodeCursor('FAILED', `${AT}#a`))).toBe(`${AT}#a`);
  });
});

describe('an image', () => {
  test('is shown with its renditions, the smallest first, and nothing of how it is kept', async () => {
    const api = new LocalImageApi(pipeline, { links: { baseUrl: 'https://cdn.example.com' } });
    await api.record('tom', 'COMPLETED', AT, {
      processedAt: AT,
      original: { width: 400, height: 300, format: 'jpeg', bytes: 99, frames: 2 },
      renditions: {
        'large.jpeg': rendition(200, { profile: 'large' }),
        'b.webp': rendition(20, { profile: 'b', format: 'webp' }),
        'a.jpeg': rendition(20, { profile: 'a', key: 'a b/ü+%#?/20.jpg' }),
      },
    });
    const { status, body } = await api.get('tom');
    const shown = { contentType: 'image/jpeg', height: 10, bytes: 5, reductionPercent: 50 };
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        imageId: 'tom',
        status: 'COMPLETED',
        fileName: 'cat.jpg',
        uploadedAt: AT,
        processedAt: AT,
        original: { width: 400, height: 300, format: 'jpeg', bytes: 99 },
        renditions: [
          { ...shown, name: 'a.jpeg', profile: 'a', format: 'jpeg', width: 20, url: 'https://cdn.example.com/a%20b/%C3%BC%2B%25%23%3F/20.jpg' },
          { ...shown, name: 'b.webp', profile: 'b', format: 'webp', width: 20, url: 'https://cdn.example.com/cat.jpg/20.jpg' },
          { ...shown, name: 'large.jpeg', profile: 'large', format: 'jpeg', width: 200, url: 'https://cdn.example.com/cat.jpg/200.jpg' },
        ],
      },
    });
    expect((await api.list()).body).toEqual({ images: [body] });
  });

  test('has no renditions while it is made again', async () => {
    const api = new LocalImageApi(pipeline);
    await api.record('tom', 'PROCESSING', AT, { renditions: { 'a.jpeg': rendition(20) } });
    expect((await api.get('tom')).body).toEqual({ imageId: 'tom', status: 'PROCESSING', fileName: 'cat.jpg', uploadedAt: AT, renditions: [] });
  });

  test('tells why it failed, in a sentence and in technical terms', async () => {
    const api = new LocalImageApi(pipeline);
    const reason = { code: 'CORRUPT_IMAGE', message: 'This image is damaged.', detail: 'bad Huffman code' } as const;
    await api.record('tom', 'FAILED', AT, { failure: { ...reason, retryable: false } });
    expect((await api.get('tom')).body).toMatchObject({ renditions: [], failure: reason });
  });

  test('tells which renditions cannot be made of it, and why', async () => {
    const api = new LocalImageApi(pipeline);
    const reason = { code: 'TOO_LARGE', message: 'Too wide.', detail: 'expected at most 16383 pixels' } as const;
    await api.record('tom', 'COMPLETED', AT, { renditions: { 'a.jpeg': rendition(20) }, skipped: { 'a.webp': { ...reason, settings: 'digest' } } });
    expect((await api.get('tom')).body).toMatchObject({ renditions: [{ name: 'a.jpeg' }] });
    expect((await api.get('tom')).body).toHaveProperty('skipped', [{ name: 'a.webp', ...reason }]);
  });

  test.each(['a b/ü.jpg', 'plus+percent%25#?&=/x.jpg', '猫/~!\'()*.jpg'])('has a link that downloads %s', async (key) => {
    const api = new LocalImageApi(pipeline);
    await pipeline.client.send(new PutObjectCommand({ Bucket: pipeline.outputBucket, Key: key, Body: key, ContentType: 'image/jpeg' }));
    await api.record('tom', 'COMPLETED', AT, { renditions: { 'a.jpeg': rendition(20, { key }) } });
    const [{ url }] = (await api.get('tom')).body.renditions;
    const response = await fetch(url);
    expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([200, 'image/jpeg', key]);
    expect([...new URL(url).searchParams.keys()].filter((name) => /^response-/i.test(name))).toEqual([]);
    expect((await fetch(url.replace('X-Amz-Expires=900', 'X-Amz-Expires=9000'))).status).toBe(403);
  });

  test.each([
    ['unknown', 'nobody'],
    ['deleted', 'gone'],
    ['a pointer', `k-${'0'.repeat(32)}`],
    ['empty', ''],
    ['no id', '../tom'],
    ['half a derived id', 'k-abc'],
  ])('fails with an id that is %s', async (_, imageId) => {
    const api = new LocalImageApi(pipeline);
    await api.record('gone', 'DELETED', AT);
    await api.record(`k-${'0'.repeat(32)}`, 'COMPLETED', AT, { pointsTo: 'tom' });
    const missing = { status: 404, body: { code: 'NOT_FOUND', message: 'there is no such image' } };
    expect(await api.get(imageId)).toMatchObject(missing);
    expect(await api.delete(imageId)).toMatchObject(missing);
  });

  test('under a derived id is found', async () => {
    const api = new LocalImageApi(pipeline);
    const imageId = `k-${'1'.repeat(32)}`;
    await api.record(imageId, 'COMPLETED', AT);
    expect((await api.get(imageId)).status).toBe(200);
  });
});

describe('a deletion', () => {
  test('is accepted for an image whose upload never arrived, which is gone at once', async () => {
    const api = new LocalImageApi(pipeline);
    const { body: { imageId } } = await api.upload({ fileName: 'cat.jpg', contentType: 'image/jpeg' });
    expect(await api.delete(imageId)).toMatchObject({ status: 202, body: { imageId } });
    expect(await pipeline.record(imageId)).toBeUndefined();
    expect((await api.delete(imageId)).status).toBe(404);
  });

  test('leaves the record of a pending image that the pipeline has seen', async () => {
    const api = new LocalImageApi(pipeline);
    await api.record('tom', 'PENDING', AT, { sourceSequencer: '01' });
    expect((await api.delete('tom')).status).toBe(202);
    expect(await pipeline.record('tom')).toMatchObject({ status: 'PENDING' });
  });

  test.each([
    ['of another prefix', { sourceKey: 'other/cat.jpg' }],
    ['of another bucket', { sourceBucket: 'elsewhere' }],
  ])('fails for an image %s', async (_, source) => {
    const api = new LocalImageApi(pipeline);
    await pipeline.client.send(new PutObjectCommand({ Bucket: pipeline.sourceBucket, Key: 'other/cat.jpg', Body: 'x' }));
    await api.record('tom', 'COMPLETED', AT, source);
    expect(await api.delete('tom')).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    await pipeline.client.send(new HeadObjectCommand({ Bucket: pipeline.sourceBucket, Key: 'other/cat.jpg' }));
  });

  test('fails where images cannot be deleted', async () => {
    const api = new LocalImageApi(pipeline, { deletes: false });
    await api.record('tom', 'COMPLETED', AT);
    expect((await api.delete('tom')).status).toBe(404);
  });
});
