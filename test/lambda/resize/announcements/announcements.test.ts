import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ImageEventDetail, ImageRecord, STEPS } from '../../../../src/contract';
import { imageEvent } from '../../../../src/lambda/resize/announcements/image-event';
import { dispatch } from '../../../../src/lambda/resize/delivery/dispatch';
import { PermanentError } from '../../../../src/lambda/resize/endings/permanent-error';
import { HandlerOptions, LocalHandler } from '../../../helpers/handler';
import { open, photo } from '../../../helpers/images';
import { profile } from '../../../helpers/renditions';

const EVENTS: HandlerOptions = { events: { bus: 'default' }, profiles: [profile({ name: 'small', width: 40 })] };

describe('the final state of an image is told', () => {
  let handler: LocalHandler;
  let jpeg: Buffer;
  let other: Buffer;

  beforeAll(async () => {
    handler = await LocalHandler.start();
    jpeg = await open(photo(160, 120)).jpeg().toBuffer();
    other = await open(photo(80, 60)).jpeg().toBuffer();
  });
  afterAll(() => handler.stop());
  beforeEach(() => handler.reset(EVENTS));
  afterEach(() => jest.restoreAllMocks());

  const told = () => handler.published.map(({ Detail }) => JSON.parse(Detail!) as ImageEventDetail);
  const types = () => handler.published.map(({ DetailType }) => DetailType);

  test('when it is completed, with its renditions', async () => {
    await handler.deliver(await handler.upload('a.jpg', jpeg));

    expect(handler.published).toMatchObject([{ EventBusName: 'default', Source: 'image-resize-pipeline', DetailType: 'Image Completed' }]);
    const { sourceSequencer, sourceETag, processedAt, original } = (await handler.recordOf('a.jpg'))!;
    expect(told()).toEqual([{
      version: '1',
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      order: `${sourceSequencer}.000001.1`,
      pipeline: 'Images',
      imageId: handler.idOf('a.jpg'),
      status: 'COMPLETED',
      time: processedAt,
      original: { bucket: handler.sourceBucket, key: 'a.jpg', etag: sourceETag, ...original },
      renditionCount: 1,
      renditions: [{
        name: 'small.jpeg',
        profile: 'small',
        bucket: handler.outputBucket,
        key: 'a.jpg/small.jpg',
        width: 40,
        height: 30,
        format: 'jpeg',
        contentType: 'image/jpeg',
        bytes: expect.any(Number),
      }],
      record: { table: handler.services.config.catalog.table, key: { imageId: handler.idOf('a.jpg') } },
    }]);
  });

  test('when it failed, and when it is replaced, with the version before', async () => {
    await handler.deliver(await handler.upload('a.jpg', jpeg));
    const { sourceETag: first } = (await handler.recordOf('a.jpg'))!;
    await handler.deliver(await handler.upload('a.jpg', other));
    const { sourceETag: second } = (await handler.recordOf('a.jpg'))!;
    await handler.deliver(await handler.upload('a.jpg', 'no image'));

    expect(types()).toEqual(['Image Completed', 'Image Completed', 'Image Failed']);
    expect(told()).toMatchObject([{}, { former: { etag: first } }, { former: { etag: second }, failure: { code: 'UNSUPPORTED_FORMAT' }, renditionCount: 0 }]);
    expect(told()[0]).not.toHaveProperty('former');
    const orders = told().map(({ order }) => order);
    expect([...orders].sort()).toEqual(orders);
  });

  test('when it is made again by other settings, as of the same version', async () => {
    const event = await handler.upload('a.jpg', jpeg);
    await handler.deliver(event);
    handler.configure({ ...EVENTS, profiles: [...EVENTS.profiles!, profile({ name: 'wide', width: 90 })] });
    await handler.deliver(event);

    expect(told()).toMatchObject([{ renditionCount: 1 }, { renditionCount: 2 }]);
    expect(told()[1]).not.toHaveProperty('former');
    expect(told()[1].id).not.toBe(told()[0].id);
  });

  test('when it is deleted, and when its object goes on under another id', async () => {
    await handler.reset({ ...EVENTS, processing: { deleteRenditions: true } });
    await handler.deliver(await handler.upload('a.jpg', jpeg, { Metadata: { 'image-id': 'one' } }));
    await handler.deliver(await handler.upload('a.jpg', other, { Metadata: { 'image-id': 'two' } }));
    await handler.deliver(await handler.remove('a.jpg'));

    expect(told().map(({ imageId, status, replacedBy }) => [imageId, status, replacedBy])).toEqual([
      ['one', 'COMPLETED', undefined], ['one', 'DELETED', 'two'], ['two', 'COMPLETED', undefined], ['two', 'DELETED', undefined],
    ]);
  });

  test('when every try failed', async () => {
    const event = await handler.upload('a.jpg', jpeg);
    expect((await handler.deliverBatch([{ Records: [event] }], 4)).batchItemFailures).toHaveLength(1);

    expect(told()).toMatchObject([{ status: 'FAILED', failure: { code: 'RETRIES_EXHAUSTED', retryable: true } }]);
  });

  test('when a claim that was given up completes after all, as the later state', async () => {
    const event = await handler.upload('a.jpg', jpeg);
    const { services } = handler;
    const { renditions } = services;
    const store = renditions.store.bind(renditions);
    jest.spyOn(renditions, 'store').mockImplementationOnce(async (...rendition) => {
      await handler.deliverBatch([{ Records: [event] }], 4);
      return store(...rendition);
    });
    await handler.deliver(event);

    expect(told().map(({ status }) => status)).toEqual(['FAILED', 'COMPLETED']);
    expect(told()[1].order > told()[0].order).toBe(true);
  });

  test('when a last delivery finds the id of what an earlier try could not read, under the id that was recorded', async () => {
    const event = await handler.upload('a.jpg', jpeg, { Metadata: { 'image-id': 'one' } });
    jest.spyOn(handler.services.originals, 'read').mockRejectedValueOnce(new PermanentError('ARCHIVED', 'This image is in an archive.'));
    const taking = handler.eventBridge;
    handler.eventBridge = { send: () => Promise.reject(new Error('ThrottlingException')) };
    await expect(handler.deliver(event)).rejects.toThrow('ThrottlingException');
    handler.eventBridge = taking;
    await handler.deliverBatch([{ Records: [event] }], 4);

    expect(told()).toMatchObject([{ imageId: handler.idOf('a.jpg'), status: 'FAILED', failure: { code: 'ARCHIVED' } }]);
  });

  test('when what is no image closes what another copy of its event gave up', async () => {
    await handler.reset({ ...EVENTS, processing: { deleteRenditions: true } });
    const event = await handler.upload('a.jpg', '');
    const { catalog } = handler.services;
    const read = catalog.read.bind(catalog);
    jest.spyOn(catalog, 'read').mockImplementationOnce(read).mockImplementationOnce(async (id) => {
      const before = await read(id);
      await handler.deliverBatch([{ Records: [event] }], 4);
      return before;
    });
    await handler.deliver(event);

    expect(told().map(({ status }) => status)).toEqual(['FAILED', 'DELETED']);
  });

  test('by the last step of a state machine', async () => {
    const event = { Records: [await handler.upload('a.jpg', jpeg)] };
    const take = async (request: object): Promise<any> => JSON.parse(JSON.stringify(
      await dispatch(handler.services, { event, ...request }, { getRemainingTimeInMillis: () => 60_000 }, 1)));
    const { image, renditions } = await take({ step: STEPS.begin });
    const made = [];
    for (const rendition of renditions) made.push(await take({ step: STEPS.render, image, rendition }));
    expect(told()).toEqual([]);
    await take({ step: STEPS.complete, image, made });

    expect(types()).toEqual(['Image Completed']);
  });

  test.each<[string, () => Promise<object>]>([
    ['was not taken', async () => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'ThrottlingException', ErrorMessage: 'Rate exceeded' }] })],
    ['could not be sent', () => Promise.reject(new Error('ThrottlingException'))],
  ])('by the next delivery, where the event %s', async (_, send) => {
    const event = await handler.upload('a.jpg', jpeg);
    const taking = handler.eventBridge;
    handler.eventBridge = { send };
    await expect(handler.deliver(event)).rejects.toThrow('ThrottlingException');
    expect(await handler.recordOf('a.jpg')).toMatchObject({ status: 'COMPLETED' });

    handler.eventBridge = taking;
    await handler.deliver(event);
    expect(types()).toEqual(['Image Completed']);
    expect((await handler.recordOf('a.jpg'))!.attempts).toBe(1);
  });

  test('with one id, whichever process tells of it', async () => {
    const event = await handler.upload('a.jpg', jpeg);
    await handler.deliver(event);
    await handler.deliver(event);
    expect(told()).toHaveLength(1);
    handler.configure(EVENTS);
    await handler.deliver(event);

    expect(told()).toHaveLength(2);
    expect(told()[1]).toEqual(told()[0]);
  });

  test('as docs/events.md shows it', async () => {
    await handler.reset({ ...EVENTS, versioned: true });
    await handler.deliver(await handler.upload('a.jpg', jpeg));
    await handler.deliver(await handler.upload('a.jpg', other));
    const { Source, DetailType, Detail } = handler.published.at(-1)!;

    expect(shapeOf({ 'source': Source, 'detail-type': DetailType, 'detail': JSON.parse(Detail!) })).toEqual(shapeOf(documentedEvent()));
    expect({ Source, DetailType }).toEqual({ Source: documentedEvent().source, DetailType: documentedEvent()['detail-type'] });
  });

  test('not where nobody asked for it, nor where nothing was an image', async () => {
    await handler.deliver(await handler.upload('empty.jpg', ''));
    handler.configure({ profiles: EVENTS.profiles });
    await handler.deliver(await handler.upload('a.jpg', jpeg));

    expect(handler.published).toEqual([]);
    expect(await handler.recordOf('a.jpg')).not.toHaveProperty('completedVersion');
  });
});

test('an event has room for every image: renditions that are too many are only counted', () => {
  const facts = { profile: 'p', bucket: 'output', width: 1, height: 1, format: 'jpeg', contentType: 'image/jpeg', bytes: 1, reductionPercent: 0 } as const;
  const recordOf = (count: number, key: string) => ({
    status: 'COMPLETED',
    sourceBucket: 'source',
    sourceKey: 'cat.jpg',
    sourceSequencer: '1',
    attempts: 1,
    renditions: Object.fromEntries(Array.from({ length: count }, (_, at) => [`p${at}.jpeg`, { ...facts, key: `${at}${key}` }])),
  } satisfies Partial<ImageRecord>);
  const catalog = { table: 'images', partitionKey: 'imageId', imageId: 'metadata', shards: 1, expireAfter: 0 } as const;
  const fitting = imageEvent('Images', catalog, 'cat', recordOf(200, 'k'.repeat(362)));
  const tooMany = imageEvent('Images', catalog, 'cat', recordOf(200, '\u0001'.repeat(300)));

  expect(fitting.renditions).toHaveLength(200);
  expect(tooMany).toMatchObject({ renditionCount: 200, record: { table: 'images', key: { imageId: 'cat' } } });
  expect(tooMany.renditions).toBeUndefined();
  for (const event of [fitting, tooMany]) expect(Buffer.byteLength(JSON.stringify(event))).toBeLessThan(256 * 1024);
});

function documentedEvent(): any {
  const page = readFileSync(join(__dirname, '../../../../docs/events.md'), 'utf8');
  return JSON.parse(/<!-- example: event -->\n```json\n([^]*?)\n```/.exec(page)![1]);
}

/** Every property with the type of its value. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shapeOf);
  if (typeof value !== 'object' || value === null) return typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, of]) => [name, shapeOf(of)]));
}
