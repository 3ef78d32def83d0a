import { LocalHandler } from '../../../helpers/handler';
import { open, photo } from '../../../helpers/images';
import { profile } from '../../../helpers/renditions';

interface Named {
  readonly Metadata?: Record<string, string>;
}

describe('deletions', () => {
  let handler: LocalHandler;
  let jpeg: Buffer;
  let png: Buffer;

  beforeAll(async () => {
    handler = await LocalHandler.start();
    jpeg = await open(photo(80, 60)).jpeg().toBuffer();
    png = await open(photo(80, 60)).png().toBuffer();
  });
  afterAll(() => handler.stop());
  beforeEach(() => handler.reset({ processing: { deleteRenditions: true } }));

  test.each<[string, Named]>([['without a name', {}], ['with a name', { Metadata: { 'image-id': 'tom' } }]])('a source %s takes its renditions with it', async (_, metadata) => {
    await handler.deliver(await handler.upload('cat.jpg', jpeg, metadata));
    await handler.deliver(await handler.remove('cat.jpg'));

    expect(await handler.outputs()).toEqual([]);
    const record = await handler.record(metadata.Metadata ? 'tom' : handler.idOf('cat.jpg'));
    expect(record).toMatchObject({ status: 'DELETED', expiresAt: expect.any(Number) });
    expect(record).not.toHaveProperty('renditions');
  });

  test('a late deletion leaves what was uploaded after it', async () => {
    await handler.deliver(await handler.upload('cat.jpg', jpeg));
    const removal = await handler.remove('cat.jpg');
    await handler.deliver(await handler.upload('cat.jpg', png));
    await handler.deliver(removal);

    expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'COMPLETED', original: { format: 'png' } });
    expect(await handler.outputs()).toEqual(['cat.jpg/small.jpg']);
  });

  test('a late upload stays deleted', async () => {
    const upload = await handler.upload('cat.jpg', jpeg);
    await handler.deliver(await handler.remove('cat.jpg'));
    await handler.deliver(upload);

    expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'DELETED' });
    expect(await handler.outputs()).toEqual([]);
  });

  test('an upload during the deletion keeps its renditions', async () => {
    await handler.deliver(await handler.upload('cat.jpg', jpeg));
    const removal = await handler.remove('cat.jpg');
    const remove = handler.services.renditions.delete.bind(handler.services.renditions);
    jest.spyOn(handler.services.renditions, 'delete').mockImplementationOnce(async (...args) => {
      await handler.deliver(await handler.upload('cat.jpg', jpeg));
      await remove(...args);
    });
    await handler.deliver(removal);
    jest.restoreAllMocks();

    expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'COMPLETED' });
    expect(await handler.outputs()).toEqual(['cat.jpg/small.jpg']);
  });

  test('what a late writer stores after the deletion, it takes back', async () => {
    const upload = await handler.upload('cat.jpg', jpeg);
    const store = handler.services.renditions.store.bind(handler.services.renditions);
    jest.spyOn(handler.services.renditions, 'store').mockImplementationOnce(async (...args) => {
      await handler.deliver(await handler.remove('cat.jpg'));
      return store(...args);
    });
    await handler.deliver(upload);
    jest.restoreAllMocks();

    expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'DELETED' });
    expect(await handler.outputs()).toEqual([]);
  });

  test('what a late writer stored after the deletion before it was killed, its next delivery removes', async () => {
    const upload = await handler.upload('cat.jpg', jpeg);
    const store = handler.services.renditions.store.bind(handler.services.renditions);
    jest.spyOn(handler.services.renditions, 'store').mockImplementationOnce(async (...args) => {
      await handler.deliver(await handler.remove('cat.jpg'));
      await store(...args);
      throw new Error('killed');
    });
    await expect(handler.deliver(upload)).rejects.toThrow('killed');
    jest.restoreAllMocks();
    expect(await handler.outputs()).toEqual(['cat.jpg/small.jpg']);
    await handler.deliver(upload);

    expect(await handler.outputs()).toEqual([]);
  });

  test('renditions that a newer version no longer has are removed', async () => {
    const profiles = [profile({ name: 'half', width: undefined, scale: 0.5, formats: ['original'] })];
    await handler.reset({ profiles, processing: { deleteRenditions: true } });
    await handler.deliver(await handler.upload('cat', jpeg));
    await handler.deliver(await handler.upload('cat', png));

    expect(await handler.outputs()).toEqual(['cat/half.png']);
    expect(await handler.recordOf('cat')).toMatchObject({ renditions: { 'half.original': { key: 'cat/half.png' } } });
  });

  test('renditions of an older version do not pass for a newer one that failed', async () => {
    await handler.deliver(await handler.upload('cat.jpg', jpeg));
    await handler.deliver(await handler.upload('cat.jpg', 'no image'));

    expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'FAILED' });
    expect(await handler.outputs()).toEqual([]);
  });

  test('in a bucket with versions the delete marker counts, not the deletion of an old version', async () => {
    await handler.reset({ processing: { deleteRenditions: true }, versioned: true });
    const old = await handler.upload('cat.jpg', jpeg);
    const present = await handler.upload('cat.jpg', png);
    await handler.deliver(old, present);
    expect(await handler.recordOf('cat.jpg')).toMatchObject({ sourceVersionId: present.s3.object.versionId, original: { format: 'png' } });

    await handler.deliver(await handler.remove('cat.jpg', old.s3.object.versionId));
    expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'COMPLETED' });
    expect(await handler.outputs()).toEqual(['cat.jpg/small.jpg']);

    await handler.deliver(await handler.remove('cat.jpg'));
    expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'DELETED' });
    expect(await handler.outputs()).toEqual([]);
  });

  test('the deletion of a folder marker leaves no record', async () => {
    await handler.upload('folder/', '');
    await handler.deliver(await handler.remove('folder/'));
    expect(await handler.recordOf('folder/')).toBeUndefined();
  });

  test('an older version that becomes current again has its renditions made again', async () => {
    await handler.reset({ processing: { deleteRenditions: true }, versioned: true });
    const old = await handler.upload('cat.jpg', jpeg);
    const newest = await handler.upload('cat.jpg', png);
    await handler.deliver(old, newest);
    await handler.deliver(await handler.remove('cat.jpg', newest.s3.object.versionId));
    expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'COMPLETED', sourceVersionId: old.s3.object.versionId, original: { format: 'jpeg' } });

    const marker = await handler.remove('cat.jpg');
    await handler.deliver(marker);
    expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'DELETED' });
    await handler.deliver(await handler.remove('cat.jpg', marker.s3.object.versionId));
    expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'COMPLETED', sourceVersionId: old.s3.object.versionId });
    expect(await handler.outputs()).toEqual(['cat.jpg/small.jpg']);
  });

  test('beyond the tries, a deletion is tried all the same', async () => {
    await handler.deliver(await handler.upload('cat.jpg', jpeg));
    const removal = await handler.remove('cat.jpg');
    expect(await handler.deliverBatch([{ Records: [removal] }], 4)).toEqual({ batchItemFailures: [] });
    expect(await handler.recordOf('cat.jpg')).toMatchObject({ status: 'DELETED' });
  });

  test('renditions in a former place are deleted where the configuration names it, and else stay listed', async () => {
    await handler.deliver(await handler.upload('cat.jpg', jpeg));
    handler.configure({ processing: { deleteRenditions: true }, source: { outputPrefix: 'moved/' } });
    await handler.deliver(await handler.upload('cat.jpg', png));
    expect(await handler.outputs()).toEqual(['cat.jpg/small.jpg', 'moved/cat.jpg/small.jpg']);
    expect(handler.logs).toContainEqual(expect.objectContaining({ level: 'WARN', message: expect.stringContaining('formerOutputs') }));

    handler.configure({ processing: { deleteRenditions: true }, source: { outputPrefix: 'moved/' }, formerOutputs: [{ bucket: handler.outputBucket, prefix: 'cat' }] });
    await handler.deliver(await handler.remove('cat.jpg'));
    expect(await handler.outputs()).toEqual([]);
  });

  test('without the option nothing is deleted', async () => {
    await handler.reset();
    await handler.deliver(await handler.upload('cat.jpg', jpeg));
    await handler.deliver(await handler.upload('cat.jpg', 'no image'));

    expect(await handler.outputs()).toEqual(['cat.jpg/small.jpg']);
  });
});
