import { PutObjectCommand } from '@aws-sdk/client-s3';
import { useGallery } from './gallery-harness';
import { NO_TRACES, OUTPUT, SHARDS, SOURCE } from './gallery-process';

const gallery = useGallery();

describe('a listing', () => {
  const STATUSES = ['PENDING', 'PROCESSING', 'COMPLETED', 'FAILED'];

  async function all(query: string): Promise<{ ids: string[]; pages: number }> {
    const ids: string[] = [];
    let cursor: string | undefined;
    let pages = 0;
    do {
      const { status, body } = await gallery.server.get(`/api/images?${query}${cursor ? `&cursor=${cursor}` : ''}`);
      expect(status).toBe(200);
      ids.push(...body.images.map(({ imageId }: { imageId: string }) => imageId));
      cursor = body.cursor;
      pages += 1;
    } while (cursor);
    return { ids, pages };
  }

  test('goes through all images once, newest first, also of one time', async () => {
    const records = Array.from({ length: 60 }, (_, at) => record(at, STATUSES[at % 4]));
    await Promise.all(records.map((item) => gallery.cloud.put(item)));
    const newestFirst = records.map(({ imageId }) => imageId).reverse();

    expect(await all('limit=7')).toEqual({ ids: newestFirst, pages: 9 });
    expect(await all('limit=60')).toEqual({ ids: newestFirst, pages: 1 });
    expect(await all('limit=3&status=FAILED')).toEqual({ ids: records.filter(({ status }) => status === 'FAILED').map(({ imageId }) => imageId).reverse(), pages: 5 });
    expect((await gallery.server.get('/api/images')).body.images).toHaveLength(20);
  });

  test('shows images that are being processed, also where they are listed as pending', async () => {
    await gallery.cloud.put(record(1, 'PENDING'));
    await gallery.cloud.put({ ...record(2, 'PENDING'), status: 'PROCESSING' });
    await gallery.cloud.put(record(3, 'PROCESSING'));

    expect((await all('limit=1&status=PROCESSING')).ids).toEqual(['image-003', 'image-002']);
    expect((await all('status=PENDING')).ids).toEqual(['image-001']);
  });

  test('makes few queries however many uploads were announced, and goes on where it stopped', async () => {
    await gallery.cloud.putAll(Array.from({ length: 800 }, (_, at) => record(at + 2, 'PENDING')));
    await gallery.cloud.put({ ...record(1, 'PENDING'), status: 'PROCESSING' });
    const before = gallery.cloud.queries;
    const { body } = await gallery.server.get('/api/images?status=PROCESSING&limit=1');

    expect(gallery.cloud.queries - before).toBeLessThanOrEqual(2 * SHARDS + 20);
    expect(body).toEqual({ images: [], cursor: expect.any(String) });
    expect(await all('limit=1&status=PROCESSING')).toEqual({ ids: ['image-001'], pages: 2 });
  });

  test('reads about as much as a page has, of many images', async () => {
    await gallery.cloud.putAll(Array.from({ length: 400 }, (_, at) => record(at, 'COMPLETED')));
    const before = gallery.cloud.queries;

    expect((await gallery.server.get('/api/images?limit=100')).body.images).toHaveLength(100);
    expect(gallery.cloud.queries - before).toBeLessThanOrEqual(STATUSES.length * SHARDS + 8);
    expect((await all('limit=100')).ids).toHaveLength(400);
  });

  test('has what a grid needs: the smallest format and one for every browser, up to the first size that is large enough', async () => {
    const sizes = [['thumbnail', 300, 200], ['medium', 900, 600], ['large', 3000, 2000]] as const;
    const renditions = Object.fromEntries(sizes.flatMap(([profile, width, height]) => ['avif', 'webp', 'jpeg', 'tiff'].map((format, at) => (
      [`${profile}.${format}`, { profile, width, height, format, key: `${profile}.${format}`, contentType: `image/${format}`, bytes: 100 * (at + 1), reductionPercent: 1 }]
    ))));
    const original = { width: 3000, height: 2000, format: 'jpeg', bytes: 1000, thumbHash: '1QcSHQRnh493V4dIh4eXh1h4kJUI', dominantColour: '#d9a441' };
    const exif = { takenAt: '2026-05-01T14:03:22', hasPosition: false };
    await gallery.cloud.put(record(1, 'COMPLETED', { original: { ...original, hasAlpha: false, exif }, renditions }));
    await gallery.cloud.put(record(2, 'COMPLETED', { original: { ...original, format: 'gif', frames: 9 }, renditions }));
    await gallery.cloud.put(record(3, 'COMPLETED', { original, renditions: { 'large.tiff': renditions['large.tiff'], 'thumbnail.tiff': renditions['thumbnail.tiff'] } }));
    const { images } = (await gallery.server.get('/api/images')).body;

    expect(images.map((image: { renditions: { name: string }[] }) => image.renditions.map(({ name }) => name))).toEqual([
      ['thumbnail.tiff'],
      ['thumbnail.avif', 'thumbnail.jpeg', 'thumbnail.webp', 'medium.avif', 'medium.jpeg', 'medium.webp'],
      ['thumbnail.avif', 'thumbnail.jpeg', 'medium.avif', 'medium.jpeg'],
    ]);
    expect(images[2]).toMatchObject({ savedBytes: 900 });
    expect(images[2].original).toEqual(original);
    expect((await gallery.server.get('/api/images/image-001')).body)
      .toMatchObject({ savedBytes: 900, original: { ...original, hasAlpha: false, exif }, renditions: { length: 12 } });
  });

  test('of nothing is empty', async () => {
    expect((await gallery.server.get('/api/images')).body).toEqual({ images: [] });
  });

  test('has no deleted images and no pointers', async () => {
    const { listingPartition, listingSort, ...deleted } = record(1, 'DELETED');
    await gallery.cloud.put(deleted);
    await gallery.cloud.put({ imageId: 'k-0123', pointsTo: 'image-001' });

    expect((await gallery.server.get('/api/images')).body.images).toEqual([]);
    expect((await gallery.server.get('/api/images/image-001')).status).toBe(404);
    expect((await gallery.server.get('/api/images/k-0123')).status).toBe(404);
  });

  test('shows a completed image with links to its renditions, smallest first', async () => {
    const key = 'uploads/image-001/cat +ü%.jpg/medium.jpg';
    await gallery.cloud.client.send(new PutObjectCommand({ Bucket: OUTPUT, Key: key, Body: 'medium', ContentType: 'image/jpeg' }));
    const rendition = { bucket: OUTPUT, format: 'jpeg', contentType: 'image/jpeg', bytes: 6, reductionPercent: 99.7 };
    await gallery.cloud.put(record(1, 'COMPLETED', {
      processedAt: '2026-01-01T00:00:01.000Z',
      original: { width: 4000, height: 3000, format: 'jpeg', bytes: 2000 },
      renditions: {
        'medium.jpeg': { ...rendition, profile: 'medium', key, width: 800, height: 600 },
        'thumbnail.webp': { ...rendition, profile: 'thumbnail', key: 'other', width: 200, height: 150, format: 'webp', contentType: 'image/webp' },
        'thumbnail.avif': { ...rendition, profile: 'thumbnail', key: 'another', width: 200, height: 150, format: 'avif', contentType: 'image/avif' },
      },
    }));

    const { body } = await gallery.server.get('/api/images/image-001');
    expect(body).toMatchObject({ status: 'COMPLETED', processedAt: '2026-01-01T00:00:01.000Z', original: { width: 4000, height: 3000, format: 'jpeg', bytes: 2000 } });
    expect(body.renditions.map(({ name }: { name: string }) => name)).toEqual(['thumbnail.avif', 'thumbnail.webp', 'medium.jpeg']);
    expect(body.renditions[2]).toEqual({
      name: 'medium.jpeg', profile: 'medium', format: 'jpeg', contentType: 'image/jpeg', width: 800, height: 600, bytes: 6, reductionPercent: 99.7, url: expect.any(String), downloadUrl: expect.stringContaining('attachment'),
    });
    const { url } = body.renditions[2];
    expect(await (await fetch(url)).text()).toBe('medium');
    expect((await fetch(url.replace(/X-Amz-Signature=./, 'X-Amz-Signature=z'))).status).toBe(403);
    expect(Number(new URL(url).searchParams.get('X-Amz-Expires'))).toBeLessThanOrEqual(600);
    // Lists have neither what is for one image, nor links to save it.
    const { source, ...listed } = body;
    const renditions = [body.renditions[0], body.renditions[2]].map(({ downloadUrl, ...shown }: { downloadUrl: string }) => shown);
    expect(source).toEqual({ url: expect.stringContaining('/originals/'), downloadUrl: expect.stringContaining('attachment') });
    expect((await gallery.server.get('/api/images')).body.images).toEqual([{ ...listed, renditions }]);
  });

  test('shows why an image failed', async () => {
    await gallery.cloud.put(record(1, 'FAILED', { failure: { code: 'CORRUPT_IMAGE', message: 'it is cut short', retryable: false } }));

    expect((await gallery.server.get('/api/images?status=FAILED')).body.images[0]).toMatchObject({
      status: 'FAILED', renditions: [], failure: { code: 'CORRUPT_IMAGE', message: 'it is cut short' },
    });
  });

  test.each([
    'limit=0', 'limit=101', 'limit=many', 'status=DELETED', 'status=', 'cursor=', 'cursor=%00', 'cursor=!!', `cursor=${'a'.repeat(401)}`,
    `cursor=${Buffer.from(' 2026').toString('base64url')}`,
  ])('fails for %s', async (query) => {
    expect(await gallery.server.get(`/api/images?${query}`)).toMatchObject({ status: 400, body: { code: 'INVALID_REQUEST', message: expect.any(String) } });
  });

  test('fails for the cursor of a listing of another status', async () => {
    await Promise.all([1, 2].map((at) => gallery.cloud.put(record(at, 'COMPLETED'))));
    const { body: { cursor } } = await gallery.server.get('/api/images?limit=1');

    expect(await gallery.server.get(`/api/images?status=COMPLETED&cursor=${cursor}`)).toMatchObject({ status: 400, body: { message: expect.stringContaining('cursor') } });
  });
});

describe('a deletion', () => {
  test('removes the original and leaves the rest to the pipeline', async () => {
    await gallery.cloud.put(record(1, 'COMPLETED'));
    await gallery.cloud.client.send(new PutObjectCommand({ Bucket: SOURCE, Key: 'uploads/image-001/cat.jpg', Body: 'cat' }));

    expect(await gallery.server.get('/api/images/image-001', { method: 'DELETE' })).toMatchObject({ status: 202, body: { imageId: 'image-001' } });
    expect(await gallery.cloud.traces()).toEqual({ records: 1, objects: 0, uploads: 0 });
  });

  test('removes the record of an image that never arrived', async () => {
    await gallery.cloud.put(record(1, 'PENDING'));

    expect((await gallery.server.get('/api/images/image-001', { method: 'DELETE' })).status).toBe(202);
    expect(await gallery.cloud.traces()).toEqual(NO_TRACES);
  });

  test.each(['nothing', 'a%2Fb', 'a b', 'x'.repeat(129), '%00'])('fails for %s', async (imageId) => {
    expect(await gallery.server.get(`/api/images/${imageId}`, { method: 'DELETE' })).toMatchObject({ status: 404, body: { code: 'NOT_FOUND' } });
  });
});

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
