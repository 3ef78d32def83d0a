import sharp from 'sharp';
import type { S3EventRecord } from '../../../../local-runner/services/s3';
import { dispatch } from '../../../../src/lambda/resize/delivery/dispatch';
import { PermanentError } from '../../../../src/lambda/resize/endings/permanent-error';
import { timeout } from '../../../../src/lambda/resize/image/failures';
import { animated, unreadableFrame } from '../../../helpers/gifs';
import { LocalHandler } from '../../../helpers/handler';
import { open, RED, solid } from '../../../helpers/images';
import { profile } from '../../../helpers/renditions';


describe('a rendition that cannot be made', () => {
  let handler: LocalHandler;
  beforeAll(async () => { handler = await LocalHandler.start(); });
  afterAll(() => handler.stop());

  const eventOf = async (key: string, given: Buffer | S3EventRecord) => (Buffer.isBuffer(given) ? handler.upload(key, given) : given);
  const inSteps = async (key: string, given: Buffer | S3EventRecord) => {
    const event = { Records: [await eventOf(key, given)] };
    const clock = { getRemainingTimeInMillis: () => 60_000 };
    const take = async (more: object) => JSON.parse(JSON.stringify(await dispatch(handler.services, { event, ...more }, clock, 1)));
    const { image, renditions } = await take({ step: 'begin' });
    const made = [];
    for (const rendition of renditions ?? []) made.push(await take({ step: 'render', image, rendition }));
    if (image) await take({ step: 'complete', image, made });
  };
  const atOnce = async (key: string, given: Buffer | S3EventRecord) => handler.deliver(await eventOf(key, given));

  describe.each([['at once', atOnce], ['in steps', inSteps]])('%s', (_, process) => {
    test('does not cost the others: the record has them, and says which one is missing and why', async () => {
      await handler.reset({ profiles: [profile({ name: 'full', scale: 1, width: undefined, formats: ['webp', 'jpeg'] }), profile({ name: 'small', width: 40 })] });
      await process('wide.png', await open(solid(17_000, 2, RED)).png().toBuffer());

      const record = await handler.recordOf('wide.png');
      expect(record).toMatchObject({ status: 'COMPLETED', skipped: { 'full.webp': { code: 'TOO_LARGE', message: expect.any(String) } } });
      expect(Object.keys(record!.renditions!)).toEqual(['full.jpeg', 'small.jpeg']);
      expect(record!.failure).toBeUndefined();
      expect(await handler.outputs()).toEqual(['wide.png/full.jpg', 'wide.png/small.jpg']);
      expect([...record!.outputs!]).toHaveLength(2);
    });

    test.each([
      ['cut off', animated([0, 1, 2]).subarray(0, -40)],
      ['unreadable', unreadableFrame()],
    ])('is the animation of which a later frame is %s', async (__, body) => {
      await handler.reset({ profiles: [profile({ name: 'small', width: 20, formats: ['gif', 'jpeg'] })] });
      await process('a.gif', body);

      const record = await handler.recordOf('a.gif');
      expect(record).toMatchObject({ status: 'COMPLETED', skipped: { 'small.gif': { code: 'CORRUPT_IMAGE' } } });
      expect(Object.keys(record!.renditions!)).toEqual(['small.jpeg']);
    });

    describe.each([
      ['takes too long', timeout()],
      ['turns out to be damaged', new PermanentError('CORRUPT_IMAGE', 'damaged')],
    ])('beside those of a completed image, when it %s', (__, failure) => {
      const [SMALL, OTHER, LATE] = [['small', 40], ['other', 30], ['late', 60]].map(([name, width]) => profile({ name: String(name), width: Number(width) }));

      const DELETING = { processing: { deleteRenditions: true } };

      /** The image path as it is until it comes to the rendition `late`. */
      const failing = (): void => {
        const { services } = handler;
        const { imaging } = services;
        handler.services = {
          ...services,
          imaging: {
            ...imaging,
            render: async (data, probed, renditions, more) => {
              await imaging.render(data, probed, renditions.filter(({ name }) => name !== 'late.jpeg'), more);
              if (renditions.some(({ name }) => name === 'late.jpeg')) throw failure;
            },
          },
        };
      };

      test('costs none of them', async () => {
        await handler.reset({ profiles: [SMALL], ...DELETING });
        const event = await handler.upload('cat.png', await open(solid(100, 100, RED)).png().toBuffer());
        await handler.deliver(event);
        const before = (await handler.recordOf('cat.png'))!;
        handler.configure({ profiles: [SMALL, OTHER, LATE], ...DELETING });
        failing();
        await process('cat.png', event);

        const { status, skipped, renditions, outputs, failure: why, attempts } = (await handler.recordOf('cat.png'))!;
        expect({ status, why, attempts }).toEqual({ status: 'COMPLETED', why: undefined, attempts: 2 });
        expect(skipped).toEqual({ 'late.jpeg': { ...failure.reason, settings: expect.any(String) } });
        expect(renditions).toEqual({ ...before.renditions, 'other.jpeg': expect.objectContaining({ width: 30 }) });
        expect((await handler.outputs()).sort()).toEqual(['cat.png/other.jpg', 'cat.png/small.jpg']);
        expect(outputs!.size).toBe(2);
      });

      test('is not tried again by the same settings and limits, but by others', async () => {
        await handler.reset({ profiles: [SMALL], ...DELETING });
        const event = await handler.upload('cat.png', await open(solid(100, 100, RED)).png().toBuffer());
        await handler.deliver(event);
        handler.configure({ profiles: [SMALL, LATE], ...DELETING });
        failing();
        await process('cat.png', event);
        handler.configure({ profiles: [SMALL, LATE], ...DELETING });
        await process('cat.png', event);
        expect(await handler.recordOf('cat.png')).toMatchObject({ status: 'COMPLETED', attempts: 2 });

        handler.configure({ profiles: [SMALL, { ...LATE, width: 50 }], ...DELETING });
        await process('cat.png', event);
        const record = (await handler.recordOf('cat.png'))!;
        expect(Object.keys(record.renditions!)).toEqual(['small.jpeg', 'late.jpeg']);
        expect(record.skipped).toBeUndefined();
      });

      test('is the end of an image of which nothing is left', async () => {
        await handler.reset({ profiles: [{ ...LATE, width: 20 }], ...DELETING });
        const event = await handler.upload('cat.png', await open(solid(100, 100, RED)).png().toBuffer());
        await handler.deliver(event);
        handler.configure({ profiles: [LATE], ...DELETING });
        failing();
        await process('cat.png', event);

        expect(await handler.recordOf('cat.png')).toMatchObject({ status: 'FAILED', failure: { code: failure.code } });
        expect(await handler.outputs()).toEqual([]);
      });
    });

    test.each([
      ['planned', animated([0, 1, 2]).subarray(0, -40)],
      ['decoded', unreadableFrame()],
    ])('fails the image when it is the only one, found when it was %s', async (__, body) => {
      await handler.reset({ profiles: [profile({ name: 'small', width: 20, formats: ['gif'] })] });
      await process('a.gif', body);

      const record = await handler.recordOf('a.gif');
      expect(record).toMatchObject({ status: 'FAILED', attempts: 1, failure: { code: 'CORRUPT_IMAGE', retryable: false } });
      expect(record!.skipped).toBeUndefined();
    });

    test('keeps the original that was to be deleted: it alone has what is missing', async () => {
      await handler.reset({ profiles: [profile({ name: 'small', width: 20, formats: ['gif', 'jpeg'] })], processing: { deleteSource: true } });
      await process('a.gif', animated([0, 1, 2]).subarray(0, -40));
      await process('b.gif', animated([0, 1, 2]));
      expect((await handler.recordOf('a.gif'))!.skipped).toBeDefined();
      expect(await handler.sources()).toEqual(['a.gif']);
    });

    test('is forgotten once a later version has it', async () => {
      await handler.reset({ profiles: [profile({ name: 'small', width: 20, formats: ['gif', 'jpeg'] })] });
      await process('a.gif', animated([0, 1, 2]).subarray(0, -40));
      await process('a.gif', animated([0, 1, 2]));
      const record = await handler.recordOf('a.gif');
      expect(record).toMatchObject({ status: 'COMPLETED', renditions: { 'small.gif': { frames: 3 } } });
      expect(record!.skipped).toBeUndefined();
    });
  });

  test('the frames of a rendition are those that were made: encoders merge what is the same', async () => {
    await handler.reset({ profiles: [profile({ name: 'small', width: 20, formats: ['gif', 'webp'] })] });
    await atOnce('a.gif', animated([0, 0, 0, 1]));
    const { original, renditions } = (await handler.recordOf('a.gif'))!;
    expect(original!.frames).toBe(4);
    for (const { key, frames } of Object.values(renditions!)) {
      expect(frames).toBeLessThan(4);
      expect(frames).toBe((await sharp((await handler.output(key)).body).metadata()).pages);
    }
  });
});
