import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { S3EventRecord } from '../../../../local-runner/services/s3';
import { ProfileConfig } from '../../../../src/contract';
import { unreadableFrame } from '../../../helpers/gifs';
import { HandlerOptions, LocalHandler } from '../../../helpers/handler';
import { open, photo } from '../../../helpers/images';
import { profile } from '../../../helpers/renditions';

let handler: LocalHandler;
let image: Buffer;
/** Names of the requests to S3 since the last delivery, and of the renditions that were encoded. */
let requests: string[];
let encoded: string[];

beforeAll(async () => {
  handler = await LocalHandler.start();
  image = await open(photo(400, 300)).jpeg().toBuffer();
  handler.client.middlewareStack.add((next, { commandName }) => (args) => {
    requests.push(commandName!.replace('Command', ''));
    return next(args);
  }, { step: 'initialize', name: 'recordRequests', priority: 'high' });
});
afterAll(() => handler.stop());

const TEN = Array.from({ length: 10 }, (_, at) => profile({ name: `p${at}`, width: 20 + at }));
const PLACEHOLDER = { thumbHash: expect.stringMatching(/^[\w+/=]{24,36}$/), dominantColour: expect.stringMatching(/^#[0-9a-f]{6}$/) };
const ONE_MORE = profile({ name: 'more', width: 90 });

/** Delivers an event, as of the given configuration. */
async function deliver(event: S3EventRecord, options: HandlerOptions, deliveries = 1) {
  handler.configure(options);
  const { imaging } = handler.services;
  handler.services = {
    ...handler.services,
    imaging: {
      ...imaging,
      render: (data, probed, renditions, more) => {
        encoded.push(...imaging.alike(renditions).map(([{ name }]) => name));
        return imaging.render(data, probed, renditions, more);
      },
    },
  };
  [requests, encoded] = [[], []];
  expect(await handler.deliverBatch([{ Records: [event] }], deliveries)).toEqual({ batchItemFailures: [] });
}

const count = (name: string) => requests.filter((one) => one === name).length;
const record = async () => (await handler.recordOf('cat.jpg'))!;

async function made(profiles: readonly ProfileConfig[], options: HandlerOptions = {}): Promise<S3EventRecord> {
  requests = [];
  await handler.reset({ profiles, ...options });
  const event = await handler.upload('cat.jpg', image);
  await deliver(event, { profiles, ...options });
  return event;
}

describe('an image that comes again', () => {
  test('with one profile more costs one read, one rendition, and one write', async () => {
    const event = await made(TEN);
    const before = await record();
    await deliver(event, { profiles: [...TEN.slice(0, 5), ONE_MORE, ...TEN.slice(5)] });

    expect(encoded).toEqual(['more.jpeg']);
    expect({ gets: count('GetObject'), puts: count('PutObject'), looks: count('HeadObject') }).toEqual({ gets: 1, puts: 1, looks: 10 });
    const { status, renditions, outputs } = await record();
    expect(status).toBe('COMPLETED');
    expect(renditions).toMatchObject(before.renditions!);
    expect(Object.keys(renditions!)).toHaveLength(11);
    expect(outputs!.size).toBe(11);
  });

  test.each<[string, Partial<ProfileConfig>]>([
    ['size', { width: 44 }],
    ['fit', { fit: 'cover', height: 10 }],
    ['format options', { formats: [{ format: 'jpeg', options: { quality: 30 } }] }],
    ['cache policy', { cacheControl: 'max-age=1' }],
    ['metadata', { metadata: { team: 'web' } }],
  ])('with another %s of one profile has that one made again', async (_, change) => {
    const event = await made(TEN);
    await deliver(event, { profiles: [{ ...TEN[0], ...change }, ...TEN.slice(1)] });

    expect(encoded).toEqual(['p0.jpeg']);
    expect(count('PutObject')).toBe(1);
    expect(await handler.outputs()).toHaveLength(10);
  });

  test('without a profile loses that rendition, and has none made', async () => {
    const event = await made(TEN, { processing: { deleteRenditions: true } });
    const { original } = await record();
    expect(original).toMatchObject(PLACEHOLDER);
    await deliver(event, { profiles: TEN.slice(1), processing: { deleteRenditions: true } });

    expect({ encoded, puts: count('PutObject') }).toEqual({ encoded: [], puts: 0 });
    expect(Object.keys((await record()).renditions!)).not.toContain('p0.jpeg');
    expect((await record()).original).toEqual(original);
    expect(await handler.outputs()).toHaveLength(9);
  });

  test('has made what is not stored any more, or is something else', async () => {
    const event = await made(TEN);
    await handler.client.send(new DeleteObjectCommand({ Bucket: handler.outputBucket, Key: 'cat.jpg/p1.jpg' }));
    await handler.client.send(new PutObjectCommand({ Bucket: handler.outputBucket, Key: 'cat.jpg/p2.jpg', Body: 'other' }));
    await deliver(event, { profiles: [...TEN, ONE_MORE] });

    expect(encoded).toEqual(['p1.jpeg', 'p2.jpeg', 'more.jpeg']);
    for (const { key, bytes } of Object.values((await record()).renditions!)) expect((await handler.output(key)).body).toHaveLength(bytes);
  });

  test.each<[string, HandlerOptions]>([
    ['another template', { outputKey: '{key}/{profile}-{width}.{ext}' }],
    ['another prefix', { source: { outputPrefix: 'new/' } }],
    ['other metadata kept', { processing: { metadata: 'all' } }],
  ])('has all made under %s', async (_, options) => {
    const event = await made(TEN);
    await deliver(event, { profiles: TEN, ...options });

    expect(encoded).toHaveLength(10);
  });

  test('has all made when it was stored again since, with the same bytes', async () => {
    await made(TEN);
    const again = await handler.upload('cat.jpg', image, { Metadata: { author: 'Ada' } });
    await deliver(again, { profiles: TEN });

    expect(encoded).toHaveLength(10);
  });

  // Whoever was cut short may still be under way, and knows what is stored.
  test('has all made after a try that was cut short', async () => {
    const event = await made(TEN);
    handler.configure({ profiles: [...TEN, ONE_MORE] });
    jest.spyOn(handler.services.renditions, 'store').mockRejectedValueOnce(new Error('killed'));
    await expect(handler.deliver(event)).rejects.toThrow('killed');
    jest.restoreAllMocks();
    await deliver(event, { profiles: [...TEN, ONE_MORE] }, 2);

    expect(encoded).toHaveLength(11);
    expect(await record()).toMatchObject({ status: 'COMPLETED', attempts: 3 });
  });

  test('is not read when nothing is to be made, by the same settings or others', async () => {
    const event = await made(TEN);
    await deliver(event, { profiles: TEN }, 2);
    expect(requests).toEqual(['HeadObject']);

    const more = { processing: { maxInputPixels: 1_000_000 } };
    await deliver(event, { profiles: TEN, ...more }, 2);
    expect([...new Set(requests)]).toEqual(['HeadObject']);
    expect(count('HeadObject')).toBe(11);
    const { status, configDigest } = await record();
    expect({ status, configDigest }).toEqual({ status: 'COMPLETED', configDigest: handler.services.sources[0].configDigest });
  });

  test('is read after all when what was repeated has lost a rendition', async () => {
    const event = await made(TEN);
    await handler.client.send(new DeleteObjectCommand({ Bucket: handler.outputBucket, Key: 'cat.jpg/p1.jpg' }));
    await deliver(event, { profiles: TEN, processing: { maxInputPixels: 1_000_000 } }, 2);

    expect(encoded).toEqual(['p1.jpeg']);
  });

  test('is not asked once more for what cannot be made of it, unless that may be possible by now', async () => {
    const profiles = [profile({ name: 'full', width: 40, formats: ['gif', 'jpeg'] })];
    const limits = { processing: { maxInputPixels: 10_000 } };
    await handler.reset({ profiles, ...limits });
    requests = [];
    const event = await handler.upload('cat.jpg', unreadableFrame());
    await deliver(event, { profiles, ...limits });
    const { skipped } = await record();
    expect(skipped).toMatchObject({ 'full.gif': { settings: expect.stringMatching(/^[0-9a-f]{12}$/) } });

    await deliver(event, { profiles: [...profiles, ONE_MORE], ...limits });
    expect(encoded).toEqual(['more.jpeg']);
    expect((await record()).skipped).toEqual(skipped);

    await deliver(event, { profiles, processing: { maxInputPixels: 20_000 } });
    expect(encoded).toEqual(['full.gif']);
    expect((await record()).skipped!['full.gif'].settings).not.toBe(skipped!['full.gif'].settings);
  });

  test('of a record without settings, as of an earlier release, is made again', async () => {
    const event = await made(TEN);
    const { client } = handler.dynamodb;
    await client.send(new UpdateCommand({
      TableName: handler.services.config.catalog.table,
      Key: { imageId: handler.idOf('cat.jpg') },
      UpdateExpression: 'REMOVE renditions.#name.settings',
      ExpressionAttributeNames: { '#name': 'p3.jpeg' },
    }));
    await deliver(event, { profiles: [...TEN, ONE_MORE] });

    expect(encoded).toEqual(['p3.jpeg', 'more.jpeg']);
  });
});

describe('renditions that come out the same', () => {
  test('are encoded once, and stored under each key with the headers of its profile', async () => {
    const profiles = [
      profile({ name: 'medium', width: 800, cacheControl: 'max-age=1' }), profile({ name: 'large', width: 1600, cacheControl: 'max-age=2' }),
      profile({ name: 'small', width: 40 }), profile({ name: 'lossy', width: 1600, formats: [{ format: 'jpeg', options: { quality: 20 } }] }),
    ];
    await made(profiles);

    expect(encoded).toEqual(['medium.jpeg', 'small.jpeg', 'lossy.jpeg']);
    const [medium, large] = await Promise.all([handler.output('cat.jpg/medium.jpg'), handler.output('cat.jpg/large.jpg')]);
    expect(large.body.equals(medium.body)).toBe(true);
    expect([medium.cacheControl, large.cacheControl]).toEqual(['max-age=1', 'max-age=2']);
    expect([medium.metadata.profile, large.metadata.profile]).toEqual(['medium', 'large']);
    expect(Object.keys((await record()).renditions!)).toEqual(['medium.jpeg', 'large.jpeg', 'small.jpeg', 'lossy.jpeg']);
  });
});
