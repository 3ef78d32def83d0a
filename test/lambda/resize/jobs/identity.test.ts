import { LocalHandler } from '../../../helpers/handler';
import { open, photo } from '../../../helpers/images';

describe('image ids', () => {
  let handler: LocalHandler;
  let jpeg: Buffer;

  beforeAll(async () => {
    handler = await LocalHandler.start();
    jpeg = await open(photo(80, 60)).jpeg().toBuffer();
  });
  afterAll(() => handler.stop());
  beforeEach(() => handler.reset());

  const named = (id: string) => ({ Metadata: { 'image-id': id } });

  test('the uploader names the image', async () => {
    await handler.deliver(await handler.upload('cat.jpg', jpeg, named('tom')));

    expect(await handler.record('tom')).toMatchObject({ status: 'COMPLETED', sourceKey: 'cat.jpg' });
    expect(await handler.recordOf('cat.jpg')).toMatchObject({ pointsTo: 'tom' });
    expect(await handler.recordOf('cat.jpg')).not.toHaveProperty('listingPartition');
  });

  test('a stranger cannot take over the record or the renditions of another image', async () => {
    await handler.reset({ outputKey: '{imageId}/{profile}.{ext}' });
    await handler.deliver(await handler.upload('cat.jpg', jpeg, named('tom')));
    const before = [await handler.record('tom'), await handler.output('tom/small.jpg')];
    await handler.deliver(await handler.upload('stranger.jpg', await open(photo(60, 80)).jpeg().toBuffer(), named('tom')));

    expect([await handler.record('tom'), await handler.output('tom/small.jpg')]).toEqual(before);
    expect(await handler.outputs()).toEqual(['tom/small.jpg']);
    expect(await handler.recordOf('stranger.jpg')).toMatchObject({ status: 'FAILED', failure: { code: 'IMAGE_ID_TAKEN' } });
  });

  test('a stranger\'s deletion leaves the other image alone', async () => {
    await handler.reset({ processing: { deleteRenditions: true } });
    await handler.deliver(await handler.upload('cat.jpg', jpeg, named('tom')));
    await handler.deliver(await handler.upload('stranger.jpg', jpeg, named('tom')));
    await handler.deliver(await handler.remove('stranger.jpg'));

    expect(await handler.record('tom')).toMatchObject({ status: 'COMPLETED' });
    expect(await handler.outputs()).toEqual(['cat.jpg/small.jpg']);
    expect(await handler.recordOf('stranger.jpg')).toMatchObject({ status: 'DELETED' });
  });

  test.each<[string, Partial<ReturnType<typeof named>>, Partial<ReturnType<typeof named>>, string | undefined]>([
    ['from one name to another', named('tom'), named('felix'), 'felix'],
    ['from none to a name', {}, named('felix'), 'felix'],
    ['from a name to none', named('tom'), {}, undefined],
  ])('a key that goes on under another id, %s, closes the former record', async (_, before, after, id) => {
    await handler.reset({ processing: { deleteRenditions: true } });
    await handler.deliver(await handler.upload('cat.jpg', jpeg, before));
    await handler.deliver(await handler.upload('cat.jpg', jpeg, after));

    expect(await handler.record(id ?? handler.idOf('cat.jpg'))).toMatchObject({ status: 'COMPLETED' });
    if (before.Metadata) expect(await handler.record('tom')).toMatchObject({ status: 'DELETED' });
    else expect(await handler.recordOf('cat.jpg')).not.toHaveProperty('status');
    expect(await handler.outputs()).toEqual(['cat.jpg/small.jpg']);
  });

  test('the key can be the id', async () => {
    await handler.reset({ catalog: { imageId: 'key' }, source: { prefix: 'uploads/' } });
    await handler.deliver(await handler.upload('uploads/cat.jpg', jpeg, named('ignored')));

    expect(await handler.record('cat.jpg')).toMatchObject({ status: 'COMPLETED' });
    expect(await handler.record('ignored')).toBeUndefined();
  });
});
