import { AT, useImages } from './images-harness';
import { LocalImageApi } from './local-image-api';
import { listingAttributes } from '../../../src/contract';
import { decodeCursor, encodeCursor } from '../../../src/lambda/upload-api/cursor';
import { MAX_FURTHER_QUERIES } from '../../../src/lambda/upload-api/listing';
import { QueryBudget, Records } from '../../../src/lambda/upload-api/records';

const harness = useImages();

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
    expect(await new LocalImageApi(harness.pipeline).list()).toMatchObject({ status: 200, body: { images: [] } });
  });

  test('is newest first over all statuses and shards, with neither gaps nor duplicates, also at one and the same time', async () => {
    const api = new LocalImageApi(harness.pipeline);
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
    const api = new LocalImageApi(harness.pipeline);
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
    const api = new LocalImageApi(harness.pipeline);
    for (const day of [1, 2, 3, 4]) await api.record(`day-${day}`, 'COMPLETED', `2026-01-0${day}T00:00:00.000Z`);
    const { body } = await api.list({ limit: '2' });
    await api.record('day-5', 'COMPLETED', '2026-01-05T00:00:00.000Z');
    expect((await api.list({ limit: '2', cursor: body.cursor })).body.images.map(({ imageId }: any) => imageId)).toEqual(['day-2', 'day-1']);
  });

  test('has announced uploads only where they are asked for, and as long as they can arrive', async () => {
    const api = new LocalImageApi(harness.pipeline);
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
    const api = new LocalImageApi(harness.pipeline);
    const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
    const expiresAt = Math.floor(Date.now() / 1000) + 80_000;
    await api.recordAll(Array.from({ length: 2000 }, (_, at) => api.item(`abandoned-${at}`, 'PENDING', minutesAgo(10 + at % 300), { expiresAt })));
    await api.record('new', 'COMPLETED', minutesAgo(1));
    await api.record('old', 'COMPLETED', minutesAgo(1000));
    await api.record('in the works', 'PROCESSING', minutesAgo(900), listingAttributes('in the works', 'PENDING', minutesAgo(900), 3));
    const send = jest.spyOn(harness.pipeline.dynamodb.client, 'send');
    const pages = await walk(api);

    expect(pages.flat()).toEqual(['new', 'in the works', 'old']);
    // Twelve partitions, one query each, and eight hundred records more than fit into the first one of three of them.
    expect(send.mock.calls.length).toBeLessThanOrEqual(pages.length * (12 + MAX_FURTHER_QUERIES));
    expect(send.mock.calls.length).toBeLessThanOrEqual(30);
    send.mockRestore();
  });

  test('ends a page where its queries end, and the next one goes on there', async () => {
    const api = new LocalImageApi(harness.pipeline);
    const ids = Array.from({ length: 40 }, (_, at) => `image-${at + 10}`);
    for (const [at, id] of ids.entries()) await api.record(id, at % 8 === 0 ? 'FAILED' : 'PROCESSING', AT, listingAttributes(id, 'FAILED', AT, 3));
    const records = new Records(harness.pipeline.dynamodb.client, api.config.catalog, 300);
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
    const api = new LocalImageApi(harness.pipeline, { links: { baseUrl: `https://cdn.example.com/${'long/'.repeat(60)}` } });
    const renditions = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`p${at}.jpeg`, harness.rendition(at + 1, { key: `${'k'.repeat(200)}${at}` })]));
    const ids = Array.from({ length: 30 }, (_, at) => `image-${at + 10}`);
    for (const id of ids) await api.record(id, 'COMPLETED', AT, { renditions });
    const pages = await walk(api, { limit: '100' });
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat()).toEqual([...ids].reverse());
  });

  test('has neither deleted images nor items that point to another id', async () => {
    const api = new LocalImageApi(harness.pipeline);
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
    expect(await new LocalImageApi(harness.pipeline).list(query)).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST', message } });
  });

  test('a cursor brings back its position', () => {
    expect(decodeCursor('FAILED', encodeCursor('FAILED', `${AT}#a`))).toBe(`${AT}#a`);
  });
});
