import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { LocalImageApi } from './local-image-api';
import { listingAttributes, RenditionFacts } from '../../../src/contract';
import { decodeCursor, encodeCursor } from '../../../src/lambda/upload-api/cursor';
import { linksAt } from '../../../src/lambda/upload-api/links';
import { MAX_FURTHER_QUERIES } from '../../../src/lambda/upload-api/listing';
import { QueryBudget, Records } from '../../../src/lambda/upload-api/records';
import { SignedGet } from '../../../src/lambda/upload-api/signed-requests';
import { LocalHandler } from '../../helpers/handler';
import { open, quadrants } from '../../helpers/images';

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

    const shown = images.filter(({ status }) => status !== 'PENDING');
    for (const limit of [1, 7, 100]) {
      const pages = await walk(api, { limit: String(limit) });
      expect(pages.flat()).toEqual(expected(shown));
      expect(pages.map((page) => page.length)).toEqual([...Array(Math.floor(67 / limit)).fill(limit), ...(67 % limit ? [67 % limit] : [])]);
    }
    expect((await walk(api, { limit: '7', status: 'PENDING' })).flat()).toEqual(expected(images.filter(({ status }) => status === 'PENDING')));
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

    expect((await walk(api)).flat().sort()).toEqual(['again', 'announced', 'done', 'long']);
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

  test('has announced uploads only where they are asked for, and as long as they can arrive', async () => {
    const api = new LocalImageApi(pipeline);
    const now = Date.now();
    const before = (seconds: number) => new Date(now - seconds * 1000).toISOString();
    const expiresAt = Math.floor(now / 1000) + 24 * 3600;
    await api.record('gone', 'PENDING', AT, { expiresAt: Math.floor(now / 1000) - 60 });
    await api.record('abandoned', 'PENDING', before(400), { expiresAt });
    await api.record('announced', 'PENDING', before(200), { expiresAt });
    // What an application announces in its own way has no time to arrive in.
    await api.record('of an application', 'PENDING', AT);

    expect(await walk(api)).toEqual([[]]);
    expect(await walk(api, { status: 'PENDING' })).toEqual([['announced', 'of an application']]);
    expect((await api.get('announced')).status).toBe(200);
    // Its form was sent at the last moment, and the file is on its way.
    expect((await api.get('abandoned')).status).toBe(200);
    expect((await api.get('gone')).status).toBe(404);
  });

  test('makes few queries beside thousands of abandoned uploads, and finds what is older than they are', async () => {
    const api = new LocalImageApi(pipeline);
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    const expiresAt = Math.floor(Date.now() / 1000) + 80_000;
    await api.recordAll(Array.from({ length: 2000 }, (_, at) => api.item(`abandoned-${at}`, 'PENDING', minutesAgo(10 + at % 300), { expiresAt })));
    await api.record('new', 'COMPLETED', minutesAgo(1));
    await api.record('old', 'COMPLETED', minutesAgo(1000));
    await api.record('in the works', 'PROCESSING', minutesAgo(900), listingAttributes('in the works', 'PENDING', minutesAgo(900), 3));
    const send = jest.spyOn(pipeline.dynamodb.client, 'send');
    const pages = await walk(api);

    expect(pages.flat()).toEqual(['new', 'in the works', 'old']);
    // Twelve partitions, one query each, and eight hundred records more than fit into the first one of three of them.
    expect(send.mock.calls.length).toBeLessThanOrEqual(pages.length * (12 + MAX_FURTHER_QUERIES));
    expect(send.mock.calls.length).toBeLessThanOrEqual(30);
    send.mockRestore();
  });

  test('ends a page where its queries end, and the next one goes on there', async () => {
    const api = new LocalImageApi(pipeline);
    const ids = Array.from({ length: 40 }, (_, at) => `image-${at + 10}`);
    for (const [at, id] of ids.entries()) await api.record(id, at % 8 === 0 ? 'FAILED' : 'PROCESSING', AT, listingAttributes(id, 'FAILED', AT, 3));
    const records = new Records(pipeline.dynamodb.client, api.config.catalog, 300);
    const found: string[] = [];
    let cuts = 0;
    for (const shard of [0, 1, 2]) {
      let before: string | undefined;
      do {
        const from: string | undefined = before;
        before = undefined;
        for await (const each of records.newest({ listedAs: 'FAILED', shard }, from, { pageSize: 2, budget: new QueryBudget(1), wanted: 'FAILED' })) {
          if (!('position' in each)) {found.push(each.imageId);} else {
            before = each.position;
            cuts += 1;
          }
        }
      } while (before !== undefined);
    }

    expect(cuts).toBeGreaterThan(3);
    expect(found.sort()).toEqual(ids.filter((_, at) => at % 8 === 0));
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
        savedBytes: 94,
        renditions: [
          { ...shown, name: 'a.jpeg', profile: 'a', format: 'jpeg', width: 20, url: 'https://cdn.example.com/a%20b/%C3%BC%2B%25%23%3F/20.jpg' },
          { ...shown, name: 'b.webp', profile: 'b', format: 'webp', width: 20, url: 'https://cdn.example.com/cat.jpg/20.jpg' },
          { ...shown, name: 'large.jpeg', profile: 'large', format: 'jpeg', width: 200, url: 'https://cdn.example.com/cat.jpg/200.jpg' },
        ],
      },
    });
  });

  test('in a list has what a grid needs: the smallest format and one for every browser, up to the first size that is large enough', async () => {
    const api = new LocalImageApi(pipeline, { links: { baseUrl: 'https://cdn.example.com' } });
    const sizes = [['thumbnail', 300, 200], ['medium', 900, 600], ['large', 3000, 2000]] as const;
    const renditions = Object.fromEntries(sizes.flatMap(([profile, width, height]) => (['avif', 'webp', 'jpeg', 'tiff'] as const).map((format, at) => (
      [`${profile}.${format}`, rendition(width, { profile, height, format, bytes: 100 * (at + 1) })]
    ))));
    const original = { width: 3000, height: 2000, format: 'jpeg', bytes: 1000 };
    await api.record('tom', 'COMPLETED', AT, { original, renditions });
    await api.record('scan', 'COMPLETED', AT, { original, renditions: { 'large.tiff': renditions['large.tiff'], 'thumbnail.tiff': renditions['thumbnail.tiff'] } });
    await api.record('film', 'COMPLETED', AT, { original: { ...original, format: 'gif', frames: 9 }, renditions });
    const { images } = (await api.list()).body;
    const named = (imageId: string) => images.find((image: any) => image.imageId === imageId).renditions.map(({ name }: any) => name);

    expect(named('tom')).toEqual(['thumbnail.avif', 'thumbnail.jpeg', 'medium.avif', 'medium.jpeg']);
    expect(named('scan')).toEqual(['thumbnail.tiff']);
    expect(named('film')).toEqual(['thumbnail.avif', 'thumbnail.jpeg', 'thumbnail.webp', 'medium.avif', 'medium.jpeg', 'medium.webp']);
    expect(images.map(({ savedBytes }: any) => savedBytes)).toEqual([900, 600, 900]);
    expect((await api.get('tom')).body.renditions).toHaveLength(12);
  });

  test('has links to its original where the owner allows it, and says what could not be made', async () => {
    const body = await open(quadrants(8, 8)).jpeg().toBuffer();
    const api = new LocalImageApi(pipeline, { links: { originals: true } });
    await pipeline.client.send(new PutObjectCommand({ Bucket: pipeline.sourceBucket, Key: 'uploads/tom/cat.jpg', Body: body }));
    await api.record('tom', 'COMPLETED', AT, {
      fileName: "Kätzchen's (1).jpg",
      renditions: { 'a.jpeg': rendition(20) },
      skipped: { 'b.webp': { code: 'TOO_LARGE', message: 'too wide', settings: 'x' } as never },
    });
    await api.record('other', 'COMPLETED', AT, { sourceKey: 'elsewhere/cat.jpg' });
    const { source, skipped, renditions } = (await api.get('tom')).body;

    expect(Buffer.from(await (await fetch(source.url)).arrayBuffer())).toEqual(body);
    expect((await fetch(source.downloadUrl)).headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''K%C3%A4tzchen%27s%20%281%29.jpg");
    expect(decodeURIComponent(new URL(renditions[0].downloadUrl).searchParams.get('response-content-disposition')!)).toContain("Kätzchen's (1)-p.jpg");
    expect(skipped).toEqual([{ name: 'b.webp', code: 'TOO_LARGE', message: 'too wide' }]);
    expect((await api.get('other')).body).not.toHaveProperty('source');
    expect((await new LocalImageApi(pipeline).get('tom')).body).not.toHaveProperty('source');
    expect((await api.list()).body.images[0]).not.toHaveProperty('source');
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

describe('what a client has already', () => {
  test('is not sent again: the answer is 304 until something changes', async () => {
    const api = new LocalImageApi(pipeline);
    await api.record('tom', 'COMPLETED', AT, { renditions: { 'a.jpeg': rendition(20) } });
    const first = await api.list();
    const etag = String(first.headers.etag);

    expect(await api.list({}, { 'if-none-match': `"x", ${etag}` })).toMatchObject({ status: 304, body: undefined, headers: { etag, 'cache-control': 'private, no-cache' } });
    expect((await api.list({ limit: '7' }, { 'if-none-match': etag })).status).toBe(304);
    const one = await api.get('tom');
    expect((await api.call('GET /images/{imageId}', { imageId: 'tom', headers: { 'if-none-match': String(one.headers.etag) } })).status).toBe(304);

    await api.record('tom', 'COMPLETED', AT, { renditions: { 'a.jpeg': rendition(30) } });
    expect((await api.list({}, { 'if-none-match': etag })).status).toBe(200);
  });

  test('has links that stay the same for half of their time, in which they work', () => {
    const config = new LocalImageApi(pipeline).config;
    const at = (seconds: number) => linksAt(new Date(Date.UTC(2026, 0, 1) + seconds * 1000), config, {
      get: async (_bucket: string, _key: string, { expiresIn, at: from }: SignedGet) => JSON.stringify([from, expiresIn]),
    } as never);
    return Promise.all([0, 449, 450].map((seconds) => at(seconds).rendition(rendition(20)))).then(([first, same, next]) => {
      expect(first).toBe(JSON.stringify(['2026-01-01T00:00:00.000Z', 900]));
      expect(same).toBe(first);
      expect(next).toBe(JSON.stringify(['2026-01-01T00:07:30.000Z', 900]));
      expect(at(449).epoch).toBe(at(0).epoch);
      expect(at(450).epoch).not.toBe(at(0).epoch);
    });
  });

  test('comes compressed to those who can read it', async () => {
    const api = new LocalImageApi(pipeline);
    for (let each = 0; each < 20; each += 1) await api.record(`image-${each}`, 'COMPLETED', AT, { renditions: { 'a.jpeg': rendition(20) } });
    const plain = await api.list();
    const compressed = await api.list({}, { 'accept-encoding': 'br, gzip' });

    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(compressed.headers).toMatchObject({ 'content-encoding': 'gzip' });
    expect(compressed.body.images.map(({ imageId }: any) => imageId)).toEqual(plain.body.images.map(({ imageId }: any) => imageId));
    expect((await api.list({}, { 'accept-encoding': 'gzip;q=0' })).headers).not.toHaveProperty('content-encoding');
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
