import sharp from 'sharp';
import { LocalHandler } from '../../../helpers/handler';
import { open, photo } from '../../../helpers/images';
import { profile } from '../../../helpers/renditions';

describe('a size that the uploader asks for', () => {
  let handler: LocalHandler;
  let jpeg: Buffer;

  beforeAll(async () => {
    handler = await LocalHandler.start();
    jpeg = await open(photo(160, 120)).jpeg().toBuffer();
  });
  afterAll(() => handler.stop());

  const allow = (fit: 'inside' | 'cover' = 'cover') => handler.reset({ source: { requested: profile({ name: 'requested', width: 100, height: 90, fit }) } });
  const ask = async (width?: string, height?: string) => {
    const metadata = { ...(width && { 'requested-width': width }), ...(height && { 'requested-height': height }) };
    await handler.deliver(await handler.upload('a.jpg', jpeg, { Metadata: metadata }));
    return (await handler.recordOf('a.jpg'))!;
  };

  test('is one more rendition, with the fit of the owner\'s profile', async () => {
    await allow();
    const { status, renditions } = await ask('50', '60');
    expect({ status, renditions }).toMatchObject({
      status: 'COMPLETED',
      renditions: { 'small.jpeg': { width: 40, height: 30 }, 'requested.jpeg': { profile: 'requested', key: 'a.jpg/requested.jpg', width: 50, height: 60 } },
    });
    expect(await sharp((await handler.output('a.jpg/requested.jpg')).body).metadata()).toMatchObject({ width: 50, height: 60 });
  });

  test.each([
    ['80', undefined, { width: 80, height: 60 }],
    [undefined, '30', { width: 40, height: 30 }],
    // 90 high would be 120 wide.
    [undefined, '90', { width: 100, height: 75 }],
  ])('given as %s x %s is completed by the aspect ratio, within the limits', async (width, height, expected) => {
    await allow();
    expect((await ask(width, height)).renditions!['requested.jpeg']).toMatchObject(expected);
  });

  test('can be the limits themselves', async () => {
    await allow();
    expect((await ask('100', '90')).renditions!['requested.jpeg']).toMatchObject({ width: 100, height: 90 });
  });

  test('is left out when the uploader asks for none', async () => {
    await allow();
    expect(Object.keys((await ask()).renditions!)).toEqual(['small.jpeg']);
  });

  test('is ignored where the owner allows none', async () => {
    await handler.reset();
    expect(Object.keys((await ask('50', '60')).renditions!)).toEqual(['small.jpeg']);
  });

  test.each(['101', '0', '-5', '1.5', '1e2', '0x10', '5px', 'wide', '99999999999999999999'])('fails for a width of %j, and says why', async (width) => {
    await allow();
    expect(await ask(width, '60')).toMatchObject({
      status: 'FAILED',
      failure: {
        code: 'INVALID_REQUESTED_SIZE',
        detail: `expected metadata requested-width to be a whole number of pixels from 1 to 100, received ${JSON.stringify(width)}`,
        retryable: false,
      },
    });
    expect(await handler.outputs()).toEqual([]);
  });

  test('goes with the next version of the object', async () => {
    await handler.reset({
      source: { requested: profile({ name: 'requested', width: 100, height: 90 }) }, outputKey: '{key}/{profile}-{width}.{ext}', processing: { deleteRenditions: true },
    });
    await ask('50', '60');
    await ask('70', '60');
    expect(await handler.outputs()).toEqual(['a.jpg/requested-70.jpg', 'a.jpg/small-40.jpg']);
  });
});
