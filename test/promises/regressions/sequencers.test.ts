import { image, KEY, Scene } from './scene';
import { made } from '../cloud/imaging';

const DAY = 24 * 3600;

describe('sequencers of different senders', () => {
  test('an earlier event of EventBridge is overtaken by a later notification', async () => {
    const scene = new Scene();
    const [first, second] = [scene.upload(image(1)), scene.upload(image(2))];
    await scene.deliver(second);
    const { processedAt } = scene.record();
    scene.cloud.now += 1000;

    expect(await scene.deliver(first, { form: 'envelope' })).toBe('done');

    expect(scene.record()).toMatchObject({ status: 'COMPLETED', sourceSequencer: second.sequencer, processedAt });
  });

  test('a later notification is accepted after an event of EventBridge', async () => {
    const scene = new Scene();
    await scene.deliver(scene.upload(image(1)), { form: 'envelope' });
    const second = scene.upload(image(2));

    expect(await scene.deliver(second)).toBe('done');

    expect(scene.record()).toMatchObject({ status: 'COMPLETED', sourceSequencer: second.sequencer });
    expect(scene.outputs()).toEqual({ [`${KEY}/small`]: made(image(2), 'small', 1) });
  });

  test('both forms of one event are one event', async () => {
    const scene = new Scene();
    const event = scene.upload(image(1));
    await scene.deliver(event);
    const before = scene.record();
    scene.cloud.now += 1000;

    expect(await scene.deliver(event, { form: 'envelope' })).toBe('done');

    expect(scene.record()).toEqual(before);
  });

  test.each(['notification', 'envelope'] as const)('a deletion by a lifecycle rule comes without and is later than what was before it: %s', async (form) => {
    const scene = new Scene();
    await scene.deliver(scene.upload(image(1)));
    scene.cloud.now += DAY * 1000;
    const { sequencer: _, ...deletion } = scene.remove();

    expect(await scene.deliver(deletion, { form })).toBe('done');

    expect(scene.record().status).toBe('DELETED');
    expect(scene.outputs()).toEqual({});
  });

  test('an upload after a deletion without one is later than that', async () => {
    const scene = new Scene();
    await scene.deliver(scene.upload(image(1)));
    scene.cloud.now += DAY * 1000;
    const { sequencer: _, ...deletion } = scene.remove();
    await scene.deliver(deletion);

    expect(await scene.deliver(scene.upload(image(2), { seconds: 2 }))).toBe('done');

    expect(scene.record().status).toBe('COMPLETED');
  });

  test('an unknown form is ordered as it is', async () => {
    const scene = new Scene();
    const [first, second] = [scene.upload(image(1)), scene.upload(image(2))];
    await scene.deliver({ ...second, sequencer: 'b-2' });

    expect(await scene.deliver({ ...first, sequencer: 'b-1' })).toBe('done');

    expect(scene.record()).toMatchObject({ status: 'COMPLETED', sourceSequencer: 'b-2' });
  });
});
