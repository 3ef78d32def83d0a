import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { AT, useImages } from './images-harness';
import { LocalImageApi } from './local-image-api';

const harness = useImages();

describe('a deletion', () => {
  test('is accepted for an image whose upload never arrived, which is gone at once', async () => {
    const api = new LocalImageApi(harness.pipeline);
    const { body: { imageId } } = await api.upload({ fileName: 'cat.jpg', contentType: 'image/jpeg' });
    expect(await api.delete(imageId)).toMatchObject({ status: 202, body: { imageId } });
    expect(await harness.pipeline.record(imageId)).toBeUndefined();
    expect((await api.delete(imageId)).status).toBe(404);
  });

  test('leaves the record of a pending image that the pipeline has seen', async () => {
    const api = new LocalImageApi(harness.pipeline);
    await api.record('tom', 'PENDING', AT, { sourceSequencer: '01' });
    expect((await api.delete('tom')).status).toBe(202);
    expect(await harness.pipeline.record('tom')).toMatchObject({ status: 'PENDING' });
  });

  test.each([
    ['of another prefix', { sourceKey: 'other/cat.jpg' }],
    ['of another bucket', { sourceBucket: 'elsewhere' }],
  ])('fails for an image %s', async (_, source) => {
    const api = new LocalImageApi(harness.pipeline);
    await harness.pipeline.client.send(new PutObjectCommand({ Bucket: harness.pipeline.sourceBucket, Key: 'other/cat.jpg', Body: 'x' }));
    await api.record('tom', 'COMPLETED', AT, source);
    expect(await api.delete('tom')).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } });
    await harness.pipeline.client.send(new HeadObjectCommand({ Bucket: harness.pipeline.sourceBucket, Key: 'other/cat.jpg' }));
  });

  test('fails where images cannot be deleted', async () => {
    const api = new LocalImageApi(harness.pipeline, { deletes: false });
    await api.record('tom', 'COMPLETED', AT);
    expect((await api.delete('tom')).status).toBe(404);
  });
});
