import { PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { BackfillAnswer, BackfillRequest } from '../../../../src/contract';
import { dispatch } from '../../../../src/lambda/resize/delivery/dispatch';
import { PermanentError } from '../../../../src/lambda/resize/endings/permanent-error';
import { timeout } from '../../../../src/lambda/resize/image/failures';
import { HandlerOptions, LocalHandler } from '../../../helpers/handler';
import { open, photo } from '../../../helpers/images';
import { profile } from '../../../helpers/renditions';

describe('an object that exists', () => {
  const SMALL = profile({ name: 'small', width: 40 });
  const WIDE = profile({ name: 'wide', width: 90 });
  let handler: LocalHandler;
  let jpeg: Buffer;

  beforeAll(async () => {
    handler = await LocalHandler.start();
    jpeg = await open(photo(160, 120)).jpeg().toBuffer();
  });
  afterAll(() => handler.stop());
  beforeEach(() => handler.reset({ profiles: [SMALL] }));
  afterEach(() => jest.restoreAllMocks());

  const ask = async (key: string, more: Partial<BackfillRequest['backfill']> = {}): Promise<BackfillAnswer> => JSON.parse(JSON.stringify(
    await dispatch(handler.services, { backfill: { bucket: handler.sourceBucket, key, ...more } }, { getRemainingTimeInMillis: () => 60_000 }, 1)));
  const set = (key: string, status: string, startedAt: Date, name: string) => handler.dynamodb.client.send(new UpdateCommand({
    TableName: handler.services.config.catalog.table,
    Key: { imageId: handler.idOf(key) },
    UpdateExpression: 'SET #status = :status, processingStartedAt = :at, #event.#name = :name',
    ExpressionAttributeNames: { '#status': 'status', '#event': 'event', '#name': 'name' },
    ExpressionAttributeValues: { ':status': status, ':at': startedAt.toISOString(), ':name': name },
  }));

  test('becomes renditions and a record, without an event', async () => {
    await handler.upload('my cat+ä.jpg', jpeg);
    const answer = await ask('my cat+ä.jpg');

    const record = (await handler.recordOf('my cat+ä.jpg'))!;
    const { bytes } = record.renditions!['small.jpeg'];
    expect(answer).toEqual({
      outcome: 'completed', imageId: handler.idOf('my cat+ä.jpg'), made: ['small.jpeg'], bytesIn: jpeg.length, bytesOut: bytes,
    });
    expect(record).toMatchObject({ status: 'COMPLETED', sourceSequencer: '0', event: { name: 'Backfill' } });
  });

  test('is recorded under the id that its uploader named', async () => {
    await handler.upload('a.jpg', jpeg, { Metadata: { 'image-id': 'cat' } });

    expect(await ask('a.jpg')).toMatchObject({ outcome: 'completed', imageId: 'cat' });
    handler.configure({ profiles: [SMALL, WIDE] });
    expect(await ask('a.jpg')).toMatchObject({ outcome: 'completed', imageId: 'cat', made: ['wide.jpeg'] });
  });

  test('is not made again, nor read, when it is as it should be', async () => {
    await handler.deliver(await handler.upload('a.jpg', jpeg));
    const read = jest.spyOn(handler.services.originals, 'read');

    expect(await ask('a.jpg')).toEqual({ outcome: 'unchanged', imageId: handler.idOf('a.jpg'), made: [], bytesIn: 0, bytesOut: 0 });
    expect(read).not.toHaveBeenCalled();
  });

  test('gets what is missing, under the event that its record names', async () => {
    const event = await handler.upload('a.jpg', jpeg);
    await handler.deliver(event);
    const { sourceSequencer } = (await handler.recordOf('a.jpg'))!;
    handler.configure({ profiles: [SMALL, WIDE] });

    expect(await ask('a.jpg')).toMatchObject({ outcome: 'completed', made: ['wide.jpeg'] });
    expect(await handler.recordOf('a.jpg')).toMatchObject({ sourceSequencer, attempts: 2 });
    await handler.deliver(event);
    expect(await handler.recordOf('a.jpg')).toMatchObject({ status: 'COMPLETED', attempts: 2 });
  });

  test('keeps what it has when a profile more takes too long, and says so', async () => {
    await handler.deliver(await handler.upload('a.jpg', jpeg));
    handler.configure({ profiles: [SMALL, WIDE] });
    const { services } = handler;
    handler.services = { ...services, imaging: { ...services.imaging, render: () => Promise.reject(timeout()) } };

    expect(await ask('a.jpg')).toMatchObject({ outcome: 'completed', made: [], skipped: { 'wide.jpeg': 'TIMEOUT' }, bytesOut: 0 });
    expect(await handler.recordOf('a.jpg')).toMatchObject({ status: 'COMPLETED', renditions: { 'small.jpeg': {} }, skipped: { 'wide.jpeg': { code: 'TIMEOUT' } } });
    expect(await ask('a.jpg')).toMatchObject({ outcome: 'unchanged' });
  });

  test.each<[string, HandlerOptions]>([
    ['limits that are lower', { processing: { maxInputPixels: 100 } }],
    ['a size in bytes that is lower', { processing: { maxInputBytes: 100 } }],
    ['a hook that refuses it', { hook: () => ({ refuse: { code: 'NO_FACES', message: 'Nobody is on it.' } }) }],
  ])('stays as it was completed, with %s, and the answer says why', async (_, options) => {
    await handler.deliver(await handler.upload('a.jpg', jpeg));
    const before = await handler.recordOf('a.jpg');
    handler.configure({ profiles: [SMALL, WIDE], ...options });
    const failure = { code: options.hook ? 'NO_FACES' : 'TOO_LARGE', message: expect.any(String), retryable: false };

    expect(await ask('a.jpg')).toEqual({ outcome: 'unchanged', imageId: handler.idOf('a.jpg'), made: [], bytesIn: 0, bytesOut: 0, failure });
    const { refusal, updatedAt, ...after } = (await handler.recordOf('a.jpg'))!;
    expect({ ...after, updatedAt: before!.updatedAt }).toEqual(before);
    expect(refusal).toMatchObject({ code: failure.code });
    handler.configure({ profiles: [SMALL, WIDE] });
    expect(await ask('a.jpg')).toMatchObject({ outcome: 'completed', made: ['wide.jpeg'] });
    expect(await handler.recordOf('a.jpg')).not.toHaveProperty('refusal');
  });

  test('that is archived by now stays as it was completed, and its record says why it lacks a profile', async () => {
    await handler.deliver(await handler.upload('a.jpg', jpeg));
    handler.configure({ profiles: [SMALL, WIDE] });
    jest.spyOn(handler.services.originals, 'read').mockRejectedValue(new PermanentError('ARCHIVED', 'It is archived.'));

    expect(await ask('a.jpg')).toMatchObject({ outcome: 'unchanged', failure: { code: 'ARCHIVED' } });
    expect(await handler.recordOf('a.jpg')).toMatchObject({ status: 'COMPLETED', renditions: { 'small.jpeg': {} }, refusal: { code: 'ARCHIVED' } });
  });

  test('of which another version was completed says nothing of the present one', async () => {
    const event = await handler.upload('a.jpg', jpeg);
    await handler.deliver(event);
    await handler.upload('a.jpg', await open(photo(170, 120)).jpeg().toBuffer());
    const before = await handler.recordOf('a.jpg');
    handler.configure({ profiles: [SMALL, WIDE], hook: () => ({ refuse: { code: 'NO_FACES', message: 'Nobody is on it.' } }) });
    await handler.deliver(event);
    expect(await handler.recordOf('a.jpg')).toEqual(before);
  });

  test('gives way to a fresh event, which adopts what was made', async () => {
    const event = await handler.upload('a.jpg', jpeg);
    await ask('a.jpg');
    await handler.deliver(event);

    const record = await handler.recordOf('a.jpg');
    expect(record).toMatchObject({ status: 'COMPLETED', attempts: 1, event: { name: 'ObjectCreated:Put' } });
    expect(record!.sourceSequencer! > '0').toBe(true);
  });

  test('that failed is tried again only when that is asked for', async () => {
    await handler.deliver(await handler.upload('a.jpg', jpeg.subarray(0, 500)));
    const failure = { code: 'CORRUPT_IMAGE', message: expect.any(String), retryable: false };

    expect(await ask('a.jpg')).toEqual({ outcome: 'unchanged', imageId: handler.idOf('a.jpg'), made: [], bytesIn: 0, bytesOut: 0, failure });
    expect(await handler.recordOf('a.jpg')).toMatchObject({ attempts: 1 });
    expect(await ask('a.jpg', { retryFailed: true })).toMatchObject({ outcome: 'failed', failure });
    expect(await handler.recordOf('a.jpg')).toMatchObject({ status: 'FAILED', attempts: 2 });
  });

  test('that failed for what is no fault of its own by now is made', async () => {
    const { services } = handler;
    const probe = () => Promise.reject(new PermanentError('TIMEOUT', 'took too long'));
    handler.services = { ...services, imaging: { ...services.imaging, probe } };
    await handler.deliver(await handler.upload('a.jpg', jpeg));
    expect(await handler.recordOf('a.jpg')).toMatchObject({ failure: { code: 'TIMEOUT' } });
    handler.services = services;

    expect(await ask('a.jpg', { retryFailed: true })).toMatchObject({ outcome: 'completed', made: ['small.jpeg'] });
    expect((await handler.recordOf('a.jpg'))!.failure).toBeUndefined();
  });

  test('throws what is passing, goes on where it was, and is given up as others are', async () => {
    await handler.upload('a.jpg', jpeg);
    jest.spyOn(handler.services.renditions, 'store').mockRejectedValue(new Error('SlowDown'));
    await expect(ask('a.jpg')).rejects.toThrow('SlowDown');
    await expect(ask('a.jpg')).rejects.toThrow('SlowDown');
    expect(await handler.recordOf('a.jpg')).toMatchObject({ status: 'PROCESSING', attempts: 2 });

    expect(await ask('a.jpg', { giveUp: true })).toMatchObject({ outcome: 'failed', failure: { code: 'RETRIES_EXHAUSTED', retryable: true } });
    expect(await handler.recordOf('a.jpg')).toMatchObject({ status: 'FAILED', failure: { code: 'RETRIES_EXHAUSTED' } });
    jest.restoreAllMocks();
    expect(await ask('a.jpg', { retryFailed: true })).toMatchObject({ outcome: 'completed' });
  });

  test.each<[string, number, string, string]>([
    ['left alone while its own message is under way', 60_000, 'ObjectCreated:Put', 'overtaken'],
    ['made when that must be long over', 7_200_000, 'ObjectCreated:Put', 'completed'],
    ['made when it was asked for before', 60_000, 'Backfill', 'completed'],
  ])('that is being processed is %s', async (_, ago, name, outcome) => {
    await handler.deliver(await handler.upload('a.jpg', jpeg));
    await set('a.jpg', 'PROCESSING', new Date(Date.now() - ago), name);

    expect(await ask('a.jpg')).toMatchObject({ outcome });
    if (outcome === 'overtaken') expect(await ask('a.jpg', { giveUp: true })).toMatchObject({ outcome });
  });

  test('is ignored when there is none, or it is no image of a source', async () => {
    expect(await ask('none.jpg')).toEqual({ outcome: 'ignored', made: [], bytesIn: 0, bytesOut: 0, reason: 'no such object' });
    expect(await handler.recordOf('none.jpg')).toBeUndefined();

    handler.configure({ source: { exclude: ['*.psd'] } });
    await handler.upload('a.psd', jpeg);
    expect(await ask('a.psd')).toMatchObject({ outcome: 'ignored', reason: 'no source has this key' });
    await handler.upload('folder/', '');
    expect(await ask('folder/')).toMatchObject({ outcome: 'ignored' });
  });

  test('that was announced before its upload is made under its record', async () => {
    await handler.upload('up/cat/a.jpg', jpeg, { Metadata: { 'image-id': 'cat' } });
    await handler.dynamodb.client.send(new PutCommand({
      TableName: handler.services.config.catalog.table,
      Item: { imageId: 'cat', status: 'PENDING', sourceBucket: handler.sourceBucket, sourceKey: 'up/cat/a.jpg', fileName: 'My cat.jpg', attempts: 0 },
    }));

    expect(await ask('up/cat/a.jpg')).toMatchObject({ outcome: 'completed', imageId: 'cat' });
    expect(await handler.record('cat')).toMatchObject({ status: 'COMPLETED', fileName: 'My cat.jpg' });
  });

  test('counts as processed, but not as one that somebody waited for', async () => {
    const processed = jest.spyOn(handler.services.telemetry, 'processed');
    await handler.upload('a.jpg', jpeg);
    await ask('a.jpg');

    expect(processed).toHaveBeenCalledWith(expect.objectContaining({ sinceEventMs: NaN, renditions: 1, bytesIn: jpeg.length }));
  });
});
