import { PutObjectCommand } from '@aws-sdk/client-s3';
import { timeout } from '../../../../src/lambda/resize/image/failures';
import { LocalHandler } from '../../../helpers/handler';
import { open, RED, solid } from '../../../helpers/images';
import { profile } from '../../../helpers/renditions';

let handler: LocalHandler;
beforeAll(async () => { handler = await LocalHandler.start(); });
afterAll(() => handler.stop());

const SMALL = profile({ name: 'small', width: 40 });
const marked = () => profile({
  name: 'marked',
  width: 40,
  adjustments: [{
    name: 'watermark', image: { bucket: handler.sourceBucket, key: 'marks/logo.png' }, scale: 0.5, margin: 0, opacity: 1, position: 'centre', tile: false,
  }],
});
const image = () => open(solid(100, 100, RED)).png().toBuffer();
const putMark = async () => handler.client.send(new PutObjectCommand({ Bucket: handler.sourceBucket, Key: 'marks/logo.png', Body: await image() }));

/** The image path takes too long. */
function slowed(): void {
  const { services } = handler;
  handler.services = { ...services, imaging: { ...services.imaging, render: () => Promise.reject(timeout()) } };
}

test('an image that is too slow after its watermark was is tried again: it cannot be blamed', async () => {
  await handler.reset();
  handler.configure({ profiles: [marked()] });
  await putMark();
  const event = await handler.upload('a.png', await image());
  slowed();
  const { watermarks } = handler.services;
  jest.spyOn(watermarks, 'load').mockImplementation(() => new Promise((resolve) => { setTimeout(resolve, 1100); }));
  await expect(handler.deliver(event)).rejects.toThrow('the invocation had too little time left for this image');
  expect(await handler.recordOf('a.png')).toMatchObject({ status: 'PROCESSING' });
});

test('fails for good when the image alone is slow', async () => {
  await handler.reset();
  handler.configure({ profiles: [marked()] });
  await putMark();
  const event = await handler.upload('a.png', await image());
  slowed();
  await handler.deliver(event);
  expect(await handler.recordOf('a.png')).toMatchObject({ status: 'FAILED', failure: { code: 'TIMEOUT' } });
});

test('an image that was completed stays so where the watermark of a new profile is missing, however often that is tried', async () => {
  await handler.reset({ profiles: [SMALL] });
  const event = await handler.upload('a.png', await image());
  await handler.deliver(event);
  const before = await handler.recordOf('a.png');
  handler.configure({ profiles: [SMALL, marked()] });
  await expect(handler.deliver(event)).rejects.toThrow('marks/logo.png cannot be read');
  expect(await handler.recordOf('a.png')).toEqual(before);

  await putMark();
  await handler.deliver(event);
  expect(await handler.recordOf('a.png')).toMatchObject({ status: 'COMPLETED', renditions: { 'small.jpeg': {}, 'marked.jpeg': { width: 40 } } });
});
