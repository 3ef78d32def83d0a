import type { S3EventRecord } from '../../../../local-runner/services/s3';
import { Step } from '../../../../src/contract';
import { dispatch } from '../../../../src/lambda/resize/delivery/dispatch';
import { LocalHandler } from '../../../helpers/handler';
import { open, photo } from '../../../helpers/images';
import { profile } from '../../../helpers/renditions';

describe('the steps of a state machine', () => {
  let handler: LocalHandler;
  let jpeg: Buffer;

  beforeAll(async () => {
    handler = await LocalHandler.start();
    jpeg = await open(photo(160, 120)).jpeg().toBuffer();
  });
  afterAll(() => handler.stop());
  beforeEach(() => handler.reset({ profiles: [profile({ name: 'small', width: 40 }), profile({ name: 'square', width: 50, height: 50, fit: 'cover' })] }));

  const take = async (step: Step, record: S3EventRecord, more: object = {}): Promise<any> => {
    const request = { step, event: { Records: [record] }, ...more };
    return JSON.parse(JSON.stringify(await dispatch(handler.services, request, { getRemainingTimeInMillis: () => 60_000 }, 1)));
  };
  const render = (record: S3EventRecord, { image, renditions }: any) => Promise.all(
    renditions.map((rendition: string) => take('render', record, { image, rendition })));

  test('begin, make each rendition for itself, and complete the record', async () => {
    const record = await handler.upload('a.jpg', jpeg);
    const begun = await take('begin', record);
    expect(begun).toMatchObject({ outcome: 'claimed', renditions: ['small.jpeg', 'square.jpeg'], image: { identity: { id: handler.idOf('a.jpg') } } });
    expect(await handler.recordOf('a.jpg')).toMatchObject({ status: 'PROCESSING', attempts: 1 });

    const made = await render(record, begun);
    expect(made).toMatchObject([{ renditions: { 'small.jpeg': { width: 40 } } }, { renditions: { 'square.jpeg': { width: 50, height: 50 } } }]);
    expect(await handler.outputs()).toEqual(['a.jpg/small.jpg', 'a.jpg/square.jpg']);
    expect((await handler.recordOf('a.jpg'))!.status).toBe('PROCESSING');

    expect(await take('complete', record, { image: begun.image, made })).toMatchObject({ outcome: 'completed' });
    expect(await handler.recordOf('a.jpg')).toMatchObject({
      status: 'COMPLETED', attempts: 1, renditions: { 'small.jpeg': { key: 'a.jpg/small.jpg' }, 'square.jpeg': { key: 'a.jpg/square.jpg' } },
    });
    expect(handler.logs).toContainEqual(expect.objectContaining({ message: 'image completed', sourceKey: 'a.jpg' }));
  });

  test('make what comes out the same once, in one step', async () => {
    handler.configure({ profiles: [profile({ name: 'large', width: 400 }), profile({ name: 'huge', width: 800 }), profile({ name: 'small', width: 40 })] });
    const record = await handler.upload('a.jpg', jpeg);
    const begun = await take('begin', record);
    expect(begun.renditions).toEqual(['large.jpeg', 'small.jpeg']);

    const made = await render(record, begun);
    await take('complete', record, { image: begun.image, made });
    const { renditions } = (await handler.recordOf('a.jpg'))!;
    expect(Object.keys(renditions!)).toEqual(['large.jpeg', 'huge.jpeg', 'small.jpeg']);
    expect(renditions!['large.jpeg'].etag).toBe(renditions!['huge.jpeg'].etag);
    expect(await handler.outputs()).toEqual(['a.jpg/huge.jpg', 'a.jpg/large.jpg', 'a.jpg/small.jpg']);
  });

  test('make only what the record does not have', async () => {
    const record = await handler.upload('a.jpg', jpeg);
    await handler.deliver(record);
    const before = (await handler.recordOf('a.jpg'))!.renditions!;
    handler.configure({ profiles: [profile({ name: 'small', width: 40 }), profile({ name: 'wide', width: 90 })] });
    const begun = await take('begin', record);
    expect(begun.renditions).toEqual(['wide.jpeg']);

    const made = await render(record, begun);
    expect(await take('complete', record, { image: begun.image, made })).toMatchObject({ outcome: 'completed' });
    const { original, renditions } = (await handler.recordOf('a.jpg'))!;
    expect(renditions!['small.jpeg']).toEqual(before['small.jpeg']);
    expect(Object.keys(renditions!)).toEqual(['small.jpeg', 'wide.jpeg']);
    expect(original).toMatchObject({ thumbHash: expect.any(String), dominantColour: expect.any(String) });
  });

  test('end a repeated event at once', async () => {
    const record = await handler.upload('a.jpg', jpeg);
    await handler.deliver(record);
    expect(await take('begin', record)).toEqual({ outcome: 'unchanged', imageId: handler.idOf('a.jpg') });
  });

  test('end what is no image at once', async () => {
    expect(await take('begin', await handler.upload('a.jpg', 'text'))).toMatchObject({ outcome: 'failed', failure: { code: 'UNSUPPORTED_FORMAT' } });
    expect(await take('begin', await handler.upload('folder/', 'x'))).toEqual({ outcome: 'ignored', reason: 'folder marker' });
  });

  test('handle deletions in the first step', async () => {
    await handler.reset({ processing: { deleteRenditions: true } });
    await handler.deliver(await handler.upload('a.jpg', jpeg));
    expect(await take('begin', await handler.remove('a.jpg'))).toMatchObject({ outcome: 'deleted' });
    expect(await handler.outputs()).toEqual([]);
  });

  test('record what cannot be decoded as failed, whichever rendition found it', async () => {
    const record = await handler.upload('a.jpg', jpeg.subarray(0, jpeg.length / 2));
    const begun = await take('begin', record);
    const made = await render(record, begun);
    expect(made[0]).toEqual({ failure: { code: 'CORRUPT_IMAGE', message: expect.any(String), detail: expect.any(String), retryable: false } });

    expect(await take('complete', record, { image: begun.image, made })).toMatchObject({ outcome: 'failed' });
    expect(await handler.recordOf('a.jpg')).toMatchObject({ status: 'FAILED', failure: { code: 'CORRUPT_IMAGE' }, original: { width: 160 }, attempts: 1 });
  });

  test('begin again when the object was replaced between them', async () => {
    const record = await handler.upload('a.jpg', jpeg);
    const begun = await take('begin', record);
    await handler.upload('a.jpg', await open(photo(100, 100)).png().toBuffer());
    const made = await render(record, begun);
    expect(made).toEqual([{ changed: true }, { changed: true }]);

    expect(await take('complete', record, { image: begun.image, made })).toEqual({ outcome: 'changed' });
    expect(await take('begin', record)).toMatchObject({ outcome: 'claimed', image: { original: { format: 'png', width: 100 } } });
  });

  test('begin again when the object was deleted between them', async () => {
    const record = await handler.upload('a.jpg', jpeg);
    const begun = await take('begin', record);
    await handler.remove('a.jpg');
    expect(await render(record, begun)).toEqual([{ changed: true }, { changed: true }]);
    expect(await take('begin', record)).toMatchObject({ outcome: 'failed', failure: { code: 'SOURCE_NOT_FOUND' } });
  });

  test('begin again when a deployment changed the profiles between them', async () => {
    const record = await handler.upload('a.jpg', jpeg);
    const begun = await take('begin', record);
    handler.configure({ profiles: [profile({ name: 'other', width: 30 })] });
    expect(await render(record, begun)).toEqual([{ changed: true }, { changed: true }]);
    expect(await take('begin', record)).toMatchObject({ outcome: 'claimed', renditions: ['other.jpeg'] });
  });

  test('leave the record of a later event alone', async () => {
    const first = await handler.upload('a.jpg', jpeg);
    const begun = await take('begin', first);
    const made = await render(first, begun);
    const second = await handler.upload('a.jpg', await open(photo(80, 60)).jpeg().toBuffer());
    await handler.deliver(second);

    expect(await take('complete', first, { image: begun.image, made })).toMatchObject({ outcome: 'overtaken' });
    expect(await handler.recordOf('a.jpg')).toMatchObject({ status: 'COMPLETED', original: { width: 80 } });
  });

  test('end the record when every try of a step failed, also when that is repeated', async () => {
    const record = await handler.upload('a.jpg', jpeg);
    await take('begin', record);
    for (let tries = 0; tries < 2; tries += 1) {
      expect(await take('giveUp', record)).toEqual({ outcome: 'givenUp' });
      expect(await handler.recordOf('a.jpg')).toMatchObject({ status: 'FAILED', failure: { code: 'RETRIES_EXHAUSTED', retryable: true } });
    }
  });

  test('give up nothing that was completed in the end', async () => {
    const record = await handler.upload('a.jpg', jpeg);
    await handler.deliver(record);
    expect(await take('giveUp', record)).toMatchObject({ outcome: 'unchanged' });
  });

  test('begin what was given up, when the event is sent again', async () => {
    const record = await handler.upload('a.jpg', jpeg);
    await take('giveUp', record);
    expect(await take('begin', record)).toMatchObject({ outcome: 'claimed' });
  });
});
