import { dispatch } from '../../../../src/lambda/resize/delivery/dispatch';
import { LocalHandler } from '../../../helpers/handler';
import { open, photo } from '../../../helpers/images';
import { profile } from '../../../helpers/renditions';

describe('delivery', () => {
  let handler: LocalHandler;
  let first: Buffer;
  let second: Buffer;

  beforeAll(async () => {
    handler = await LocalHandler.start();
    first = await open(photo(160, 120)).jpeg().toBuffer();
    second = await open(photo(100, 200)).jpeg().toBuffer();
  });
  afterAll(() => handler.stop());
  beforeEach(() => handler.reset());

  async function expectNewest(key: string, bytes: number): Promise<void> {
    const record = await handler.recordOf(key);
    expect(record).toMatchObject({ status: 'COMPLETED', original: { bytes } });
    for (const rendition of Object.values(record!.renditions!)) {
      const { body, metadata } = await handler.output(rendition.key);
      expect(body.length).toBe(rendition.bytes);
      expect(metadata['source-etag']).toBe(record!.sourceETag);
    }
  }

  /** Lets something happen while the next rendition is about to be stored. */
  function whileStoring(happen: () => Promise<void>): void {
    const { renditions } = handler.services;
    const store = renditions.store.bind(renditions);
    jest.spyOn(renditions, 'store').mockImplementationOnce(async (...args) => {
      await happen();
      return store(...args);
    });
  }

  test('a repeated event changes nothing', async () => {
    const event = await handler.upload('cat.jpg', first);
    await handler.deliver(event);
    const before = await handler.recordOf('cat.jpg');
    await handler.deliver(event, event);

    expect(await handler.recordOf('cat.jpg')).toEqual(before);
  });

  test('events in the wrong order end with the newest content', async () => {
    const older = await handler.upload('cat.jpg', first);
    const newer = await handler.upload('cat.jpg', second);
    await handler.deliver(newer);
    await handler.deliver(older);

    await expectNewest('cat.jpg', second.length);
  });

  test('a version that a late event has completed is not made again by its own', async () => {
    const older = await handler.upload('cat.jpg', first);
    const newer = await handler.upload('cat.jpg', second);
    await handler.deliver(older);
    const completed = await handler.recordOf('cat.jpg');
    await handler.deliver(newer);

    const record = await handler.recordOf('cat.jpg');
    expect(record).toMatchObject({ status: 'COMPLETED', attempts: 1, renditions: completed!.renditions });
    expect(record!.sourceSequencer! > completed!.sourceSequencer!).toBe(true);
    // The earlier one comes again, and later.
    await handler.deliver(older);
    expect(await handler.recordOf('cat.jpg')).toEqual(record);
  });

  test('an event of something too large finds what replaced it', async () => {
    await handler.reset({ processing: { maxInputBytes: 50_000 } });
    const large = await handler.upload('cat.jpg', Buffer.alloc(60_000));
    await handler.upload('cat.jpg', first);
    await handler.deliver(large);

    await expectNewest('cat.jpg', first.length);
  });

  test('a late writer does not replace newer renditions', async () => {
    const older = await handler.upload('cat.jpg', first);
    whileStoring(async () => handler.deliver(await handler.upload('cat.jpg', second)));
    await handler.deliver(older);

    await expectNewest('cat.jpg', second.length);
    expect(handler.logs).toContainEqual(expect.objectContaining({ message: 'event overtaken' }));
  });

  test('a late writer does not replace newer renditions that have the same bytes as those before its own', async () => {
    await handler.deliver(await handler.upload('cat.jpg', first));
    const older = await handler.upload('cat.jpg', second);
    whileStoring(async () => handler.deliver(await handler.upload('cat.jpg', first)));
    await handler.deliver(older);

    await expectNewest('cat.jpg', first.length);
  });

  test('an event that is overtaken before it has written anything does not wait', async () => {
    const older = await handler.upload('cat.jpg', first);
    const newer = await handler.upload('cat.jpg', second);
    jest.spyOn(handler.services.renditions, 'store').mockRejectedValueOnce(new Error('killed'));
    await expect(handler.deliver(newer)).rejects.toThrow('killed');

    await handler.deliver(older);
    expect(handler.logs).toContainEqual(expect.objectContaining({ message: 'event overtaken' }));
    await handler.deliver(newer);
    await expectNewest('cat.jpg', second.length);
  });

  test('the same event makes renditions again after the profiles changed', async () => {
    const event = await handler.upload('cat.jpg', first);
    await handler.deliver(event);
    handler.configure({ profiles: [profile({ name: 'large', width: 100 })] });
    await handler.deliver(event);

    expect(await handler.recordOf('cat.jpg')).toMatchObject({ renditions: { 'large.jpeg': { width: 100 } }, attempts: 2 });
  });

  describe('batches', () => {
    test('every message is done, and only those that failed are delivered again', async () => {
      const good = await handler.upload('good.jpg', first);
      const bad = await handler.upload('bad.jpg', 'no image');
      const flaky = await handler.upload('flaky.jpg', first);
      const store = handler.services.renditions.store.bind(handler.services.renditions);
      jest.spyOn(handler.services.renditions, 'store').mockImplementation(async (rendition, origin, ...more) => {
        if (origin.key === 'flaky.jpg') throw new Error('throttled');
        return store(rendition, origin, ...more);
      });
      const response = await handler.deliverBatch([{ Records: [good] }, { Records: [bad] }, { Records: [flaky] }, { Event: 's3:TestEvent' }, 'no json']);
      jest.restoreAllMocks();

      expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-2' }, { itemIdentifier: 'message-4' }] });
      expect(await handler.recordOf('good.jpg')).toMatchObject({ status: 'COMPLETED' });
      expect(await handler.recordOf('bad.jpg')).toMatchObject({ status: 'FAILED' });
      expect(await handler.recordOf('flaky.jpg')).toMatchObject({ status: 'PROCESSING' });
    });

    test('every other try of a batch goes the other way round', async () => {
      const bodies: unknown[] = [];
      for (const key of ['a.jpg', 'b.jpg', 'c.jpg']) bodies.push({ Records: [await handler.upload(key, first)] });
      const read = jest.spyOn(handler.services.originals, 'read').mockRejectedValue(new Error('throttled'));
      for (const deliveries of [1, 2]) await handler.deliverBatch(bodies, deliveries);
      const order = read.mock.calls.map(([, key]) => key);
      jest.restoreAllMocks();

      expect(order.slice(3)).toEqual(order.slice(0, 3).reverse());
    });

    test('the deliveries after the last try record the failure once and end in the dead-letter queue', async () => {
      const event = await handler.upload('cat.jpg', first, { Metadata: { 'image-id': 'tom' } });
      jest.spyOn(handler.services.renditions, 'store').mockRejectedValue(new Error('throttled'));
      for (const deliveries of [1, 2, 3, 4, 5]) {
        expect(await handler.deliverBatch([{ Records: [event] }], deliveries)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
      }
      jest.restoreAllMocks();
      expect(await handler.record('tom')).toMatchObject({ status: 'FAILED', attempts: 3, failure: { code: 'RETRIES_EXHAUSTED', retryable: true } });
      expect(handler.logs.filter(({ message }) => message === 'image failed')).toHaveLength(1);

      // Redriven, the message counts its deliveries from one again.
      expect(await handler.deliverBatch([{ Records: [event] }])).toEqual({ batchItemFailures: [] });
      expect(await handler.record('tom')).toMatchObject({ status: 'COMPLETED' });
    });

    test('a message whose image is complete is not given up', async () => {
      const event = await handler.upload('cat.jpg', first);
      await handler.deliver(event);

      expect(await handler.deliverBatch([{ Records: [event] }], 4)).toEqual({ batchItemFailures: [] });
      expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'COMPLETED' });
    });

    test('with an image id that is another object\'s and S3 out of reach, that is recorded under the object\'s own', async () => {
      const metadata = { Metadata: { 'image-id': 'tom' } };
      await handler.deliver(await handler.upload('cat.jpg', first, metadata));
      const event = await handler.upload('dog.jpg', second, metadata);
      jest.spyOn(handler.services.catalog, 'claim').mockRejectedValueOnce(new Error('throttled'));
      jest.spyOn(handler.services.originals, 'head').mockRejectedValueOnce(new Error('throttled'));
      for (const deliveries of [1, 4]) await handler.deliverBatch([{ Records: [event] }], deliveries);
      jest.restoreAllMocks();

      expect(await handler.record('tom')).toMatchObject({ status: 'COMPLETED', sourceKey: 'cat.jpg' });
      expect(await handler.recordOf('dog.jpg')).toMatchObject({ status: 'FAILED', failure: { code: 'IMAGE_ID_TAKEN', retryable: false } });
      await handler.deliverBatch([{ Records: [event] }]);
      expect(await handler.recordOf('dog.jpg')).toMatchObject({ status: 'FAILED', failure: { code: 'IMAGE_ID_TAKEN' } });
    });

    test('what Lambda gave up on is tried once more, then recorded, and goes on to the dead-letter queue', async () => {
      const event = await handler.upload('cat.jpg', first);
      const payload = { requestContext: { condition: 'RetriesExhausted' }, requestPayload: { Records: [event] } };

      jest.spyOn(handler.services.originals, 'read').mockRejectedValue(new Error('throttled'));
      for (const deliveries of [1, 2, 3]) {
        expect(await handler.deliverBatch([payload], deliveries)).toEqual({ batchItemFailures: [{ itemIdentifier: 'message-0' }] });
      }
      jest.restoreAllMocks();
      expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'FAILED', failure: { code: 'RETRIES_EXHAUSTED' } });
      expect(handler.logs.filter(({ message }) => message === 'image failed')).toHaveLength(1);

      // Redriven, it counts its deliveries from one again.
      expect(await handler.deliverBatch([payload])).toEqual({ batchItemFailures: [] });
      expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'COMPLETED' });
    });
  });

  test('an image that its neighbours left no time for is tried again', async () => {
    const event = await handler.upload('cat.jpg', first);
    let left = 60_000;
    const clock = { getRemainingTimeInMillis: () => left };
    const delivery = { messageId: 'm', eventSource: 'aws:sqs', body: JSON.stringify({ Records: [event] }), attributes: { ApproximateReceiveCount: '1' } };
    const read = handler.services.originals.read.bind(handler.services.originals);
    jest.spyOn(handler.services.originals, 'read').mockImplementationOnce(async (...args) => {
      left = 2000;
      return read(...args);
    });
    const slow = { ...delivery, messageId: 'a slow one', body: JSON.stringify({ Records: [await handler.upload('slow.jpg', first)] }) };
    const response = await dispatch(handler.services, { Records: [slow, delivery] }, clock, 1);
    jest.restoreAllMocks();

    expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: 'm' }] });
  });

  test('every record of a direct notification is done, also when one fails', async () => {
    const events = [await handler.upload('a.jpg', first), await handler.upload('b.jpg', first), await handler.upload('c.jpg', first)];
    jest.spyOn(handler.services.renditions, 'store').mockRejectedValueOnce(new Error('throttled'));
    await expect(handler.deliver(...events)).rejects.toThrow('throttled');
    jest.restoreAllMocks();

    expect(await handler.recordOf('a.jpg')).toMatchObject({ status: 'PROCESSING' });
    expect(await handler.recordOf('b.jpg')).toMatchObject({ status: 'COMPLETED' });
    expect(await handler.recordOf('c.jpg')).toMatchObject({ status: 'COMPLETED' });
  });
});
