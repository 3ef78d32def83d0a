import sharp from 'sharp';
import { ImageRecord } from '../../../../src/contract';
import { LocalHandler } from '../../../helpers/handler';
import { open, photo } from '../../../helpers/images';
import { profile } from '../../../helpers/renditions';

describe('one image', () => {
  let handler: LocalHandler;
  let jpeg: Buffer;

  beforeAll(async () => {
    handler = await LocalHandler.start();
    jpeg = await open(photo(160, 120)).jpeg().toBuffer();
  });
  afterAll(() => handler.stop());
  beforeEach(() => handler.reset());

  test('an upload becomes renditions and a record', async () => {
    await handler.reset({ profiles: [profile({ name: 'small', width: 40, formats: ['jpeg', 'webp'], cacheControl: 'max-age=60' })] });
    await handler.deliver(await handler.upload('pets/my cat+1.jpg', jpeg));

    expect(await handler.outputs()).toEqual(['pets/my cat+1.jpg/small.jpg', 'pets/my cat+1.jpg/small.webp']);
    const { body, contentType, cacheControl, metadata } = await handler.output('pets/my cat+1.jpg/small.webp');
    expect(await sharp(body).metadata()).toMatchObject({ format: 'webp', width: 40, height: 30 });
    expect({ contentType, cacheControl }).toEqual({ contentType: 'image/webp', cacheControl: 'max-age=60' });
    expect(metadata).toMatchObject({ 'image-id': handler.idOf('pets/my cat+1.jpg'), 'profile': 'small', 'source-key': 'pets/my%20cat%2B1.jpg' });

    expect(await handler.recordOf('pets/my cat+1.jpg')).toMatchObject({
      status: 'COMPLETED',
      sourceKey: 'pets/my cat+1.jpg',
      fileName: 'my cat+1.jpg',
      attempts: 1,
      original: {
        width: 160,
        height: 120,
        format: 'jpeg',
        bytes: jpeg.length,
        thumbHash: expect.stringMatching(/^[\w+/=]{24,36}$/),
        dominantColour: expect.stringMatching(/^#[0-9a-f]{6}$/),
      },
      renditions: {
        'small.webp': {
          bucket: handler.outputBucket,
          key: 'pets/my cat+1.jpg/small.webp',
          width: 40,
          height: 30,
          format: 'webp',
          contentType: 'image/webp',
          bytes: body.length,
          reductionPercent: Math.round(1000 * (1 - body.length / jpeg.length)) / 10,
        },
        'small.jpeg': { format: 'jpeg' },
      },
    });
    expect(handler.logs).toContainEqual(expect.objectContaining({
      message: 'image completed', sourceKey: 'pets/my cat+1.jpg', original: expect.objectContaining({ width: 160, height: 120 }),
    }));
  });

  test.each([
    ['{imageId}/{profile}-{width}x{height}.{ext}', 'a/Cat.JPEG', /^k-[0-9a-f]{32}\/small-40x30\.jpg$/],
    ['processed/thumb_{name}.{ext}', 'a/Cat.JPEG', /^processed\/thumb_Cat\.jpg$/],
    ['{dir}{name}.{sourceExt}-{format}', 'a/b/Cat.JPEG', /^a\/b\/Cat\.JPEG-jpeg$/],
    ['resized-{name}.{ext}', 'Cat', /^resized-Cat\.jpg$/],
  ])('template %s names the rendition of %s', async (outputKey, key, expected) => {
    await handler.reset({ outputKey });
    await handler.deliver(await handler.upload(key, jpeg));

    expect(await handler.outputs()).toEqual([expect.stringMatching(expected)]);
  });

  test.each([['Cat.JPEG', 'resized-Cat.JPEG'], ['cat.png', 'resized-cat.jpg'], ['cat', 'resized-cat.jpg']])(
    'a rendition in the original\'s format keeps the extension of %s where it fits', async (key, expected) => {
      await handler.reset({ outputKey: 'resized-{name}.{ext}', profiles: [profile({ name: 'half', scale: 0.5, width: undefined, formats: ['original'] })] });
      await handler.deliver(await handler.upload(key, jpeg));

      expect(await handler.outputs()).toEqual([expected]);
      expect(await handler.recordOf(key)).toMatchObject({ renditions: { 'half.original': { width: 80, height: 60, format: 'jpeg' } } });
    });

  test('the content decides, not name or Content-Type', async () => {
    await handler.deliver(await handler.upload('cat.txt', await open(photo(80, 60)).png().toBuffer(), { ContentType: 'text/plain' }));

    expect(await handler.recordOf('cat.txt')).toMatchObject({ status: 'COMPLETED', original: { format: 'png' } });
  });

  test('an empty object is ignored', async () => {
    await handler.deliver(await handler.upload('empty.jpg', ''));

    expectPassedOver(await handler.recordOf('empty.jpg'));
    expect(handler.logs).toMatchObject([{ message: 'event ignored' }]);
  });

  test('a folder marker is ignored', async () => {
    await handler.deliver(await handler.upload('folder/', ''));

    expect(await handler.recordOf('folder/')).toBeUndefined();
    expect(handler.logs).toMatchObject([{ message: 'event ignored' }]);
  });

  test('keys that the source excludes are ignored', async () => {
    await handler.reset({ source: { exclude: ['**/*.psd'] } });
    await handler.deliver(await handler.upload('a/layers.psd', 'x'));

    expect(await handler.recordOf('a/layers.psd')).toBeUndefined();
  });

  /** No record but a mark, unlisted and with an end, by which an event of something before it comes too late. */
  function expectPassedOver(record: Partial<ImageRecord> | undefined): void {
    expect(record).toMatchObject({ status: 'DELETED', expiresAt: expect.any(Number) });
    expect(record).not.toHaveProperty('listingPartition');
  }

  test.each([
    ['an empty object', '', {}, 'EMPTY_OBJECT'],
    ['what carries the metadata of a rendition', 'other', { 'pipeline': 'Images', 'source-etag': 'etag' }, 'OWN_RENDITION'],
  ])('%s in place of an image ends its record, and its renditions with deleteRenditions', async (_, body, metadata, code) => {
    await handler.reset({ processing: { deleteRenditions: true } });
    await handler.deliver(await handler.upload('cat.jpg', jpeg));
    await handler.deliver(await handler.upload('cat.jpg', body, { Metadata: metadata as unknown as Record<string, string> }));

    expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'FAILED', failure: { code, retryable: false } });
    expect(await handler.outputs()).toEqual([]);
  });

  test('a record that was begun for a source which the configuration no longer has is ended', async () => {
    const event = await handler.upload('cat.jpg', jpeg);
    jest.spyOn(handler.services.renditions, 'store').mockRejectedValueOnce(new Error('killed'));
    await expect(handler.deliver(event)).rejects.toThrow('killed');
    jest.restoreAllMocks();
    const id = handler.idOf('cat.jpg');
    handler.configure({ source: { prefix: 'moved/' } });
    await handler.deliver(event);

    expect(await handler.record(id)).toMatchObject({ status: 'FAILED', failure: { code: 'SOURCE_REMOVED' } });
  });

  test('its own renditions are ignored, wherever they come from', async () => {
    await handler.deliver(await handler.upload('cat.jpg', jpeg));
    const { body, metadata } = await handler.output('cat.jpg/small.jpg');
    await handler.deliver(await handler.upload('copy.jpg', body, { Metadata: metadata }));

    expectPassedOver(await handler.recordOf('copy.jpg'));
    expect(await handler.outputs()).toEqual(['cat.jpg/small.jpg']);
  });

  test('renditions carry the uploader\'s metadata where that is wanted, and that of the profile', async () => {
    const profiles = [profile({ name: 'small', width: 40, metadata: { team: 'web' } })];
    for (const copyUserMetadata of [true, false]) {
      await handler.reset({ profiles, processing: { copyUserMetadata } });
      await handler.deliver(await handler.upload('cat.jpg', jpeg, { Metadata: { author: 'Ada' } }));

      const { metadata } = await handler.output('cat.jpg/small.jpg');
      expect(metadata).toMatchObject({ team: 'web' });
      expect(metadata.author).toBe(copyUserMetadata ? 'Ada' : undefined);
    }
  });

  test('the original is kept, and deleted only when asked for and done', async () => {
    await handler.deliver(await handler.upload('cat.jpg', jpeg));
    expect(await handler.services.originals.head(handler.sourceBucket, 'cat.jpg')).toBeDefined();

    await handler.reset({ processing: { deleteSource: true } });
    await handler.deliver(await handler.upload('cat.jpg', jpeg));
    await handler.deliver(await handler.upload('broken.jpg', jpeg.subarray(0, 500)));
    expect(await handler.services.originals.head(handler.sourceBucket, 'cat.jpg')).toBeUndefined();
    expect(await handler.services.originals.head(handler.sourceBucket, 'broken.jpg')).toBeDefined();
    expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'COMPLETED' });
  });

  test('a repeated event after the original was deleted changes nothing, also with other profiles and without tries', async () => {
    await handler.reset({ processing: { deleteSource: true } });
    const event = await handler.upload('cat.jpg', jpeg);
    await handler.deliver(event);
    await handler.deliver(event);
    handler.configure({ profiles: [profile({ name: 'other', width: 20 })] });
    await handler.deliver(event);
    expect(await handler.deliverBatch([{ Records: [event] }], 4)).toEqual({ batchItemFailures: [] });

    expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'COMPLETED', attempts: 1 });
  });
});

describe('what can never succeed ends as FAILED, at once', () => {
  let handler: LocalHandler;
  let jpeg: Buffer;

  beforeAll(async () => {
    handler = await LocalHandler.start();
    jpeg = await open(photo(160, 120)).jpeg().toBuffer();
  });
  afterAll(() => handler.stop());

  test.each<[string, string, () => Buffer | string, object, string]>([
    ['text', 'cat.jpg', () => 'hello', {}, 'UNSUPPORTED_FORMAT'],
    ['a truncated image', 'cat.jpg', () => jpeg.subarray(0, jpeg.length / 2), {}, 'CORRUPT_IMAGE'],
    ['too many bytes', 'cat.jpg', () => jpeg, { processing: { maxInputBytes: 1000 } }, 'TOO_LARGE'],
    ['too many pixels', 'cat.jpg', () => jpeg, { processing: { maxInputPixels: 1000 } }, 'TOO_LARGE'],
    ['a key too long for its rendition', `${'x'.repeat(1020)}.jpg`, () => jpeg, {}, 'OUTPUT_KEY_TOO_LONG'],
  ])('fails for %s', async (_, key, body, options, code) => {
    await handler.reset(options);
    await handler.deliver(await handler.upload(key, body()));

    expect(await handler.recordOf(key)).toMatchObject({ status: 'FAILED', attempts: 1, failure: { code, message: expect.stringMatching(/.+/), retryable: false } });
    expect(await handler.outputs()).toEqual([]);
    expect(handler.logs).toContainEqual(expect.objectContaining({ level: 'WARN', message: 'image failed' }));
  });

  test('fails for an animation of over a million frames, at once and for good, and makes stills of it', async () => {
    const frame = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 0x01, 0]);
    const screen = Buffer.concat([Buffer.from('GIF89a'), Buffer.from([1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255])]);
    const gif = Buffer.concat([screen, Buffer.alloc(1_100_000 * frame.length, frame), Buffer.from([0x3b])]);
    const moving = profile({ name: 'moving', formats: ['gif'] });
    await handler.reset({ profiles: [moving] });
    await handler.deliver(await handler.upload('cat.gif', gif));

    const tooLarge = { code: 'TOO_LARGE', detail: expect.stringMatching('at most 50000 frames') };
    expect(await handler.recordOf('cat.gif')).toMatchObject({ status: 'FAILED', attempts: 1, failure: { ...tooLarge, retryable: false } });

    await handler.reset({ profiles: [moving, profile({ name: 'still' })] });
    await handler.deliver(await handler.upload('cat.gif', gif));

    expect(await handler.recordOf('cat.gif')).toMatchObject({ status: 'COMPLETED', renditions: { 'still.jpeg': {} }, skipped: { 'moving.gif': tooLarge } });
  });

  test('fails for an object that is gone', async () => {
    await handler.reset();
    const event = await handler.upload('cat.jpg', jpeg);
    await handler.remove('cat.jpg');
    await handler.deliver(event);

    expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'FAILED', failure: { code: 'SOURCE_NOT_FOUND' } });
  });

  test('fails for a named id that could be that of another image', async () => {
    await handler.reset();
    await handler.deliver(await handler.upload('cat.jpg', jpeg, { Metadata: { 'image-id': '../other' } }));

    expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'FAILED', failure: { code: 'INVALID_IMAGE_ID' } });
  });
});
