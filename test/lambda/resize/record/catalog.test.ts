import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { Catalog } from '../../../../src/lambda/resize/record/catalog';
import { Version } from '../../../../src/lambda/resize/record/version';
import { LocalDynamoDb, startDynamoDb } from '../../../helpers/dynamodb';

const ORIGINAL = { width: 4000, height: 3000, format: 'jpeg', bytes: 1_000_000 };
const CLAIM = { original: ORIGINAL, outputs: ['output/cat.jpg/thumbnail.jpg'], configDigest: 'digest' };
const RENDITION = {
  profile: 'thumbnail', bucket: 'output', key: 'cat.jpg/thumbnail.jpg', width: 200, height: 150, format: 'jpeg' as const, contentType: 'image/jpeg', bytes: 9000, reductionPercent: 99.1,
};
const COMPLETION = { configDigest: CLAIM.configDigest, original: ORIGINAL, renditions: { 'thumbnail.jpeg': RENDITION }, outputs: CLAIM.outputs, swept: [] };
const FAILURE = { code: 'CORRUPT_IMAGE', message: 'broken', retryable: false } as const;
const GIVEN_UP = { code: 'RETRIES_EXHAUSTED', message: 'gave up', retryable: true } as const;
const FACTS = { configDigest: 'digest', counts: true };

describe('Catalog', () => {
  let dynamodb: LocalDynamoDb;
  let catalog: Catalog;
  let now = new Date('2026-01-02T03:04:05.678Z');
  let tables = 0;

  beforeAll(async () => {
    dynamodb = await startDynamoDb();
  });
  afterAll(() => dynamodb.stop());
  beforeEach(async () => {
    catalog = await newCatalog();
  });

  async function newCatalog(expireAfter = 0): Promise<Catalog> {
    const table = `images-${tables++}`;
    await dynamodb.createTable(table, 'resource-id');
    return new Catalog(dynamodb.client, { table, partitionKey: 'resource-id', imageId: 'metadata', shards: 4, expireAfter }, () => now);
  }

  function version(sequencer: string, changes: Partial<Version> = {}): Version {
    return {
      bucket: 'source',
      key: 'pets/cat.jpg',
      sequencer,
      etag: `etag-${sequencer}`,
      uploadedAt: '2026-01-02T03:04:00.000Z',
      event: { name: 'ObjectCreated:Put', time: '2026-01-02T03:04:00.100Z' },
      ...changes,
    };
  }

  test('a completed image has everything in its record', async () => {
    await catalog.claim('a', version('1', { versionId: 'v1' }), CLAIM);
    await catalog.complete('a', version('1', { versionId: 'v1' }), 1, COMPLETION);

    expect(await catalog.read('a')).toEqual({
      'resource-id': 'a',
      'status': 'COMPLETED',
      'sourceBucket': 'source',
      'sourceKey': 'pets/cat.jpg',
      'sourceVersionId': 'v1',
      'sourceETag': 'etag-1',
      'sourceSequencer': '1',
      'fileName': 'cat.jpg',
      'uploadedAt': '2026-01-02T03:04:00.000Z',
      'processingStartedAt': '2026-01-02T03:04:05.678Z',
      'processedAt': '2026-01-02T03:04:05.678Z',
      'updatedAt': '2026-01-02T03:04:05.678Z',
      'attempts': 1,
      'original': ORIGINAL,
      'renditions': COMPLETION.renditions,
      'event': { name: 'ObjectCreated:Put', time: '2026-01-02T03:04:00.100Z' },
      'outputs': new Set(['output/cat.jpg/thumbnail.jpg']),
      'configDigest': 'digest',
      'listingPartition': expect.stringMatching(/^COMPLETED#[0-3]$/),
      'listingSort': '2026-01-02T03:04:00.000Z#a',
    });
  });

  test('a repeated event of a completed version writes nothing', async () => {
    await catalog.claim('a', version('1'), CLAIM);
    await catalog.complete('a', version('1'), 1, COMPLETION);
    const before = await catalog.read('a');

    expect(await catalog.claim('a', version('1'), CLAIM)).toMatchObject({ refusedBy: 'notFinal' });
    expect(await catalog.fail('a', version('1'), GIVEN_UP, FACTS)).toMatchObject({ refusedBy: 'notFinal' });
    expect(await catalog.read('a')).toEqual(before);
  });

  test.each([
    ['another configuration', version('1'), { ...CLAIM, configDigest: 'other' }],
    ['a later event', version('2'), CLAIM],
  ])('%s claims a completed image again', async (_, source, claim) => {
    await catalog.claim('a', version('1'), CLAIM);
    await catalog.complete('a', version('1'), 1, COMPLETION);

    expect(await catalog.claim('a', source, claim)).toMatchObject({ before: { status: 'COMPLETED' } });
    expect(await catalog.read('a')).toMatchObject({ status: 'PROCESSING', attempts: 2 });
  });

  test('an image is listed once it is final, or before where that is said to last, and stays listed while it is made again', async () => {
    const partition = async () => (await catalog.read('a'))!.listingPartition;
    await catalog.claim('a', version('1'), CLAIM);
    expect(await partition()).toBeUndefined();
    await catalog.claim('a', version('1'), { ...CLAIM, lists: true });
    expect(await partition()).toMatch(/^PROCESSING#/);
    await catalog.complete('a', version('1'), 2, COMPLETION);
    await catalog.claim('a', version('2'), CLAIM);
    expect(await partition()).toMatch(/^COMPLETED#/);
    expect(await catalog.read('a')).toMatchObject({ status: 'PROCESSING' });
  });

  test('a try that was killed is claimed again by the next delivery', async () => {
    await catalog.claim('a', version('1'), CLAIM);

    expect(await catalog.claim('a', version('1'), { ...CLAIM, outputs: ['output/cat.jpg/medium.jpg'] })).not.toHaveProperty('refusedBy');
    expect(await catalog.read('a')).toMatchObject({ attempts: 2, outputs: new Set(['output/cat.jpg/thumbnail.jpg', 'output/cat.jpg/medium.jpg']) });
  });

  test('an earlier event neither claims, completes, fails nor closes after a later one', async () => {
    await catalog.claim('a', version('1'), CLAIM);
    await catalog.claim('a', version('1F'), CLAIM);
    const before = await catalog.read('a');

    for (const write of [
      () => catalog.claim('a', version('1'), CLAIM),
      () => catalog.fail('a', version('1'), FAILURE, FACTS),
      () => catalog.close('a', version('1')),
    ]) {
      expect(await write()).toMatchObject({ refusedBy: 'notOvertaken' });
    }
    expect(await catalog.complete('a', version('1'), 1, COMPLETION)).toMatchObject({ refusedBy: 'stillClaimed' });
    expect(await catalog.read('a')).toEqual(before);
  });

  test.each([
    ['shorter sequencers compare as if padded with zeros on the right', '0A', '0A01'],
    ['sequencers compare as text', '005', '01'],
  ])('%s', async (_, earlier, later) => {
    await catalog.claim('a', version(later), CLAIM);

    expect(await catalog.claim('a', version(earlier), CLAIM)).toMatchObject({ refusedBy: 'notOvertaken' });
  });

  test('no object writes the record of another one', async () => {
    await catalog.claim('a', version('1'), CLAIM);
    await catalog.complete('a', version('1'), 1, COMPLETION);
    const before = await catalog.read('a');

    for (const stranger of [version('2', { key: 'stranger.jpg' }), version('2', { bucket: 'other' })]) {
      for (const write of [
        () => catalog.claim('a', stranger, CLAIM),
        () => catalog.complete('a', stranger, 1, COMPLETION),
        () => catalog.fail('a', stranger, FAILURE, FACTS),
        () => catalog.close('a', stranger),
        () => catalog.point('a', 'b', stranger, 'digest'),
      ]) {
        expect(await write()).toMatchObject({ refusedBy: 'own' });
      }
    }
    expect(await catalog.read('a')).toEqual(before);
  });

  test('a permanent failure is final, one of exhausted retries is not', async () => {
    await catalog.fail('a', version('1'), FAILURE, FACTS);
    expect(await catalog.read('a')).toMatchObject({ status: 'FAILED', failure: FAILURE, attempts: 1, listingPartition: expect.stringMatching(/^FAILED#/) });
    expect(await catalog.claim('a', version('1'), CLAIM)).toMatchObject({ refusedBy: 'notFinal' });

    await catalog.fail('b', version('1'), GIVEN_UP, FACTS);
    expect(await catalog.claim('b', version('1'), CLAIM)).not.toHaveProperty('refusedBy');
    expect(await catalog.read('b')).toMatchObject({ status: 'PROCESSING' });
    expect(await catalog.read('b')).not.toHaveProperty('failure');
  });

  test('a failure removes the renditions of an earlier version from the record', async () => {
    await catalog.claim('a', version('1'), CLAIM);
    await catalog.complete('a', version('1'), 1, COMPLETION);
    await catalog.fail('a', version('2'), FAILURE, FACTS);

    expect(await catalog.read('a')).not.toHaveProperty('renditions');
  });

  test('a record that an application wrote beforehand is taken over with its file name', async () => {
    const pending = new Catalog(dynamodb.client, { table: 'images-pending', partitionKey: 'imageId', imageId: 'metadata', shards: 1, expireAfter: 0 }, () => now);
    await dynamodb.createTable('images-pending', 'imageId');
    await dynamodb.client.send(new PutCommand({
      TableName: 'images-pending',
      Item: { imageId: 'a', status: 'PENDING', sourceBucket: 'source', sourceKey: 'pets/cat.jpg', fileName: 'My cat.jpg', caption: 'kept' },
    }));
    await pending.claim('a', version('1'), CLAIM);

    expect(await pending.read('a')).toMatchObject({ status: 'PROCESSING', fileName: 'My cat.jpg', caption: 'kept', attempts: 1 });
  });

  test('a closed record is not listed, keeps its outputs and expires', async () => {
    await catalog.claim('a', version('1'), CLAIM);
    await catalog.complete('a', version('1'), 1, COMPLETION);
    await catalog.close('a', version('2'));

    const record = await catalog.read('a');
    expect(record).toMatchObject({ status: 'DELETED', outputs: new Set(CLAIM.outputs), expiresAt: Date.parse('2026-04-02T03:04:05Z') / 1000 });
    expect(record).not.toHaveProperty('listingPartition');
    expect(record).not.toHaveProperty('renditions');
  });

  test('a deletion that comes before the upload it deletes leaves a mark that stops the upload', async () => {
    await catalog.close('a', version('2'));

    expect(await catalog.claim('a', version('1'), CLAIM)).toMatchObject({ refusedBy: 'notOvertaken' });
    expect(await catalog.claim('a', version('3'), CLAIM)).not.toHaveProperty('refusedBy');
    expect(await catalog.read('a')).not.toHaveProperty('expiresAt');
  });

  test('a derived id points to the id that the uploader named, and says which one it was before', async () => {
    expect(await catalog.point('k-1', 'a', version('1'), 'digest')).not.toHaveProperty('refusedBy');
    expect(await catalog.point('k-1', 'b', version('2'), 'digest')).toMatchObject({ before: { pointsTo: 'a' } });
    expect(await catalog.point('k-1', 'c', version('1'), 'digest')).toMatchObject({ refusedBy: 'notOvertaken' });
    expect(await catalog.read('k-1')).toMatchObject({ pointsTo: 'b' });

    await catalog.close('k-1', version('2'));
    await catalog.point('k-1', 'b', version('2'), 'digest');
    expect(await catalog.read('k-1')).not.toHaveProperty('expiresAt');
    expect(await catalog.claim('k-1', version('3'), CLAIM)).toMatchObject({ before: { pointsTo: 'b' } });
    expect(await catalog.read('k-1')).not.toHaveProperty('pointsTo');
  });

  test('records expire when the owner says so', async () => {
    const expiring = await newCatalog(3600);
    await expiring.claim('a', version('1'), CLAIM);
    expect(await expiring.read('a')).toMatchObject({ expiresAt: Math.floor(now.getTime() / 1000) + 3600 });

    now = new Date('2026-01-02T04:00:00.000Z');
    await expiring.complete('a', version('1'), 1, COMPLETION);
    expect(await expiring.read('a')).toMatchObject({ expiresAt: now.getTime() / 1000 + 3600 });
  });
});
