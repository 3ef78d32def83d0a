import sharp from 'sharp';
import { LocalImageApi, postForm, putBody } from './local-image-api';
import { LocalHandler } from '../../helpers/handler';
import { open, photo } from '../../helpers/images';
import { profile } from '../../helpers/renditions';

let pipeline: LocalHandler;
let jpeg: Buffer;

beforeAll(async () => {
  pipeline = await LocalHandler.start();
  jpeg = await open(photo(160, 120)).jpeg().toBuffer();
});
afterAll(() => pipeline.stop());

test.each(['POST', 'PUT'] as const)('an upload by %s becomes renditions that are shown, until it is deleted', async (method) => {
  await pipeline.reset({
    profiles: [profile({ name: 'large', width: 80 }), profile({ name: 'small', width: 40 })],
    source: { prefix: 'uploads/', requested: profile({ name: 'requested', width: 300, height: 300 }) },
    processing: { deleteRenditions: true },
  });
  const api = new LocalImageApi(pipeline, { upload: { method, requestedSize: { width: 300, height: 300 } } });
  const { body: upload } = await api.upload({ fileName: 'Mein Kätzchen.jpg', contentType: 'image/jpeg', bytes: jpeg.length, width: 20 });
  expect((await api.list({ status: 'PENDING' })).body.images).toMatchObject([{ imageId: upload.imageId, status: 'PENDING', fileName: 'Mein Kätzchen.jpg', renditions: [] }]);
  expect((await api.list()).body).toEqual({ images: [] });
  const { uploadedAt } = (await api.get(upload.imageId)).body;

  const stored = method === 'PUT' ? await putBody(upload, jpeg) : await postForm(upload, jpeg);
  expect(stored.ok).toBe(true);
  await pipeline.deliver(...pipeline.events);

  const { body: image } = await api.get(upload.imageId);
  expect(image).toMatchObject({
    status: 'COMPLETED',
    fileName: 'Mein Kätzchen.jpg',
    // To the millisecond, before and after.
    uploadedAt,
    original: { width: 160, height: 120, format: 'jpeg', bytes: jpeg.length },
    renditions: [{ name: 'requested.jpeg', width: 20 }, { name: 'small.jpeg', width: 40 }, { name: 'large.jpeg', width: 80 }],
  });
  for (const { url, width, height, bytes } of image.renditions) {
    const body = Buffer.from(await (await fetch(url)).arrayBuffer());
    expect(body).toHaveLength(bytes);
    expect(await sharp(body).metadata()).toMatchObject({ format: 'jpeg', width, height });
  }
  // The expiry of an announced upload does not outlive the announcement.
  expect(await pipeline.record(upload.imageId)).not.toHaveProperty('expiresAt');
  expect((await api.list()).body).toMatchObject({ images: [{ imageId: upload.imageId, status: 'COMPLETED' }] });

  expect(await api.delete(upload.imageId)).toMatchObject({ status: 202, body: { imageId: upload.imageId } });
  await pipeline.deliver(pipeline.events.at(-1)!);
  expect(await pipeline.record(upload.imageId)).toMatchObject({ status: 'DELETED' });
  expect(await pipeline.outputs()).toEqual([]);
  expect((await api.get(upload.imageId)).status).toBe(404);
  expect((await api.list()).body).toEqual({ images: [] });
});

test('an upload that is no image is shown as failed', async () => {
  await pipeline.reset();
  const api = new LocalImageApi(pipeline);
  const { body: upload } = await api.upload({ fileName: 'cat.jpg', contentType: 'image/jpeg' });
  await postForm(upload, 'no image');
  await pipeline.deliver(...pipeline.events);
  expect((await api.get(upload.imageId)).body).toMatchObject({ status: 'FAILED', failure: { code: 'UNSUPPORTED_FORMAT' }, renditions: [] });
});
