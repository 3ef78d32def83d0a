import { AT, useImages } from './images-harness';
import { LocalImageApi } from './local-image-api';
import { linksAt } from '../../../src/lambda/upload-api/links';
import { SignedGet } from '../../../src/lambda/upload-api/signed-requests';

const harness = useImages();

describe('what a client has already', () => {
  test('is not sent again: the answer is 304 until something changes', async () => {
    const api = new LocalImageApi(harness.pipeline);
    await api.record('tom', 'COMPLETED', AT, { renditions: { 'a.jpeg': harness.rendition(20) } });
    const first = await api.list();
    const etag = String(first.headers.etag);

    expect(await api.list({}, { 'if-none-match': `"x", ${etag}` })).toMatchObject({ status: 304, body: undefined, headers: { etag, 'cache-control': 'private, no-cache' } });
    expect((await api.list({ limit: '7' }, { 'if-none-match': etag })).status).toBe(304);
    const one = await api.get('tom');
    expect((await api.call('GET /images/{imageId}', { imageId: 'tom', headers: { 'if-none-match': String(one.headers.etag) } })).status).toBe(304);

    await api.record('tom', 'COMPLETED', AT, { renditions: { 'a.jpeg': harness.rendition(30) } });
    expect((await api.list({}, { 'if-none-match': etag })).status).toBe(200);
  });

  test('has links that stay the same for half of their time, in which they work', () => {
    const config = new LocalImageApi(harness.pipeline).config;
    const at = (seconds: number) => linksAt(new Date(Date.UTC(2026, 0, 1) + seconds * 1000), config, {
      get: async (_bucket: string, _key: string, { expiresIn, at: from }: SignedGet) => JSON.stringify([from, expiresIn]),
    } as never);
    return Promise.all([0, 449, 450].map((seconds) => at(seconds).rendition(harness.rendition(20)))).then(([first, same, next]) => {
      expect(first).toBe(JSON.stringify(['2026-01-01T00:00:00.000Z', 900]));
      expect(same).toBe(first);
      expect(next).toBe(JSON.stringify(['2026-01-01T00:07:30.000Z', 900]));
      expect(at(449).epoch).toBe(at(0).epoch);
      expect(at(450).epoch).not.toBe(at(0).epoch);
    });
  });

  test('comes compressed to those who can read it', async () => {
    const api = new LocalImageApi(harness.pipeline);
    for (let each = 0; each < 20; each += 1) await api.record(`image-${each}`, 'COMPLETED', AT, { renditions: { 'a.jpeg': harness.rendition(20) } });
    const plain = await api.list();
    const compressed = await api.list({}, { 'accept-encoding': 'br, gzip' });

    expect(plain.headers).not.toHaveProperty('content-encoding');
    expect(compressed.headers).toMatchObject({ 'content-encoding': 'gzip' });
    expect(compressed.body.images.map(({ imageId }: any) => imageId)).toEqual(plain.body.images.map(({ imageId }: any) => imageId));
    expect((await api.list({}, { 'accept-encoding': 'gzip;q=0' })).headers).not.toHaveProperty('content-encoding');
  });
});
