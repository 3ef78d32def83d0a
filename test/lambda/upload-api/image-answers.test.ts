import { PutObjectCommand } from '@aws-sdk/client-s3';
import { AT, useImages } from './images-harness';
import { LocalImageApi } from './local-image-api';
import { open, quadrants } from '../../helpers/images';

const harness = useImages();

describe('an image', () => {
  test('is shown with its renditions, the smallest first, and nothing of how it is kept', async () => {
    const api = new LocalImageApi(harness.pipeline, { links: { baseUrl: 'https://cdn.example.com' } });
    await api.record('tom', 'COMPLETED', AT, {
      processedAt: AT,
      original: { width: 400, height: 300, format: 'jpeg', bytes: 99, frames: 2 },
      renditions: {
        'large.jpeg': harness.rendition(200, { profile: 'large' }),
        'b.webp': harness.rendition(20, { profile: 'b', format: 'webp' }),
        'a.jpeg': harness.rendition(20, { profile: 'a', key: 'a b/ü+%#?/20.jpg' }),
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
    const api = new LocalImageApi(harness.pipeline, { links: { baseUrl: 'https://cdn.example.com' } });
    const sizes = [['thumbnail', 300, 200], ['medium', 900, 600], ['large', 3000, 2000]] as const;
    const renditions = Object.fromEntries(sizes.flatMap(([profile, width, height]) => (['avif', 'webp', 'jpeg', 'tiff'] as const).map((format, at) => (
      [`${profile}.${format}`, harness.rendition(width, { profile, height, format, bytes: 100 * (at + 1) })]
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
    const api = new LocalImageApi(harness.pipeline, { links: { originals: true } });
    await harness.pipeline.client.send(new PutObjectCommand({ Bucket: harness.pipeline.sourceBucket, Key: 'uploads/tom/cat.jpg', Body: body }));
    await api.record('tom', 'COMPLETED', AT, {
      fileName: "Kätzchen's (1).jpg",
      renditions: { 'a.jpeg': harness.rendition(20) },
      skipped: { 'b.webp': { code: 'TOO_LARGE', message: 'too wide', settings: 'x' } as never },
    });
    await api.record('other', 'COMPLETED', AT, { sourceKey: 'elsewhere/cat.jpg' });
    const { source, skipped, renditions } = (await api.get('tom')).body;

    expect(Buffer.from(await (await fetch(source.url)).arrayBuffer())).toEqual(body);
    expect((await fetch(source.downloadUrl)).headers.get('content-disposition')).toBe("attachment; filename*=UTF-8''K%C3%A4tzchen%27s%20%281%29.jpg");
    expect(decodeURIComponent(new URL(renditions[0].downloadUrl).searchParams.get('response-content-disposition')!)).toContain("Kätzchen's (1)-p.jpg");
    expect(skipped).toEqual([{ name: 'b.webp', code: 'TOO_LARGE', message: 'too wide' }]);
    expect((await api.get('other')).body).not.toHaveProperty('source');
    expect((await new LocalImageApi(harness.pipeline).get('tom')).body).not.toHaveProperty('source');
    expect((await api.list()).body.images[0]).not.toHaveProperty('source');
  });

  test('has no renditions while it is made again', async () => {
    const api = new LocalImageApi(harness.pipeline);
    await api.record('tom', 'PROCESSING', AT, { renditions: { 'a.jpeg': harness.rendition(20) } });
    expect((await api.get('tom')).body).toEqual({ imageId: 'tom', status: 'PROCESSING', fileName: 'cat.jpg', uploadedAt: AT, renditions: [] });
  });

  test('tells why it failed, in a sentence and in technical terms', async () => {
    const api = new LocalImageApi(harness.pipeline);
    const reason = { code: 'CORRUPT_IMAGE', message: 'This image is damaged.', detail: 'bad Huffman code' } as const;
    await api.record('tom', 'FAILED', AT, { failure: { ...reason, retryable: false } });
    expect((await api.get('tom')).body).toMatchObject({ renditions: [], failure: reason });
  });

  test('tells which renditions cannot be made of it, and why', async () => {
    const api = new LocalImageApi(harness.pipeline);
    const reason = { code: 'TOO_LARGE', message: 'Too wide.', detail: 'expected at most 16383 pixels' } as const;
    await api.record('tom', 'COMPLETED', AT, { renditions: { 'a.jpeg': harness.rendition(20) }, skipped: { 'a.webp': { ...reason, settings: 'digest' } } });
    expect((await api.get('tom')).body).toMatchObject({ renditions: [{ name: 'a.jpeg' }] });
    expect((await api.get('tom')).body).toHaveProperty('skipped', [{ name: 'a.webp', ...reason }]);
  });

  test.each(['a b/ü.jpg', 'plus+percent%25#?&=/x.jpg', '猫/~!\'()*.jpg'])('has a link that downloads %s', async (key) => {
    const api = new LocalImageApi(harness.pipeline);
    await harness.pipeline.client.send(new PutObjectCommand({ Bucket: harness.pipeline.outputBucket, Key: key, Body: key, ContentType: 'image/jpeg' }));
    await api.record('tom', 'COMPLETED', AT, { renditions: { 'a.jpeg': harness.rendition(20, { key }) } });
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
    const api = new LocalImageApi(harness.pipeline);
    await api.record('gone', 'DELETED', AT);
    await api.record(`k-${'0'.repeat(32)}`, 'COMPLETED', AT, { pointsTo: 'tom' });
    const missing = { status: 404, body: { code: 'NOT_FOUND', message: 'there is no such image' } };
    expect(await api.get(imageId)).toMatchObject(missing);
    expect(await api.delete(imageId)).toMatchObject(missing);
  });

  test('under a derived id is found', async () => {
    const api = new LocalImageApi(harness.pipeline);
    const imageId = `k-${'1'.repeat(32)}`;
    await api.record(imageId, 'COMPLETED', AT);
    expect((await api.get(imageId)).status).toBe(200);
  });
});
