import { KEY, profile, Scene, SceneOptions } from './scene';
import { PermanentError } from '../../../src/lambda/resize/endings/permanent-error';
import { S3Event } from '../cloud/events';
import { imaging, made, write } from '../cloud/imaging';

// What `trim` leaves of the image takes too long to find.
const TANGLED = write({ version: 1, kind: 'tangled' });
const TRIM = { name: 'trim', threshold: 10 } as const;
const [SMALL, LARGE] = [profile('small'), profile('large', 2)];
const TRIMMED = { ...LARGE, adjustments: [TRIM] };

describe('what cannot be trimmed', () => {
  test('costs the other profiles nothing', async () => {
    const scene = new Scene({ profiles: [SMALL, TRIMMED] });

    await scene.deliver(scene.upload(TANGLED));

    expect(scene.record()).toMatchObject({ status: 'COMPLETED', skipped: { 'large.original': { code: 'TIMEOUT' } } });
    expect(scene.outputs()).toEqual({ [`${KEY}/small`]: made(TANGLED, 'small', 1) });
  });

  test('is a failure where there are no others', async () => {
    const scene = new Scene({ profiles: [TRIMMED] });

    await scene.deliver(scene.upload(TANGLED));

    expect(scene.record()).toMatchObject({ status: 'FAILED', failure: { code: 'TIMEOUT' } });
  });

  test('is not tried again by the same settings, and what is new beside it is made', async () => {
    const scene = new Scene({ profiles: [SMALL, LARGE] });
    const event = scene.upload(TANGLED);
    await scene.deliver(event);
    scene.configure({ profiles: [SMALL, TRIMMED, profile('new', 3)] });

    await scene.deliver(event);
    const reads = scene.calls.filter((call) => call === 'GetObject').length;
    await scene.deliver(event, { count: 2 });

    expect(scene.record()).toMatchObject({ status: 'COMPLETED', skipped: { 'large.original': { code: 'TIMEOUT' } } });
    expect(scene.outputs()).toEqual({ [`${KEY}/small`]: made(TANGLED, 'small', 1), [`${KEY}/new`]: made(TANGLED, 'new', 3) });
    expect(scene.calls.filter((call) => call === 'GetObject')).toHaveLength(reads);
  });
});

test('what cannot be trimmed beside what is there, and is trimmed as well, costs that nothing', async () => {
  const image = write({ version: 1, kind: 'a' });
  let isSlow = false;
  const measure: typeof imaging.measure = async (data, probed, profiles, options) => {
    if (isSlow) throw new PermanentError('TIMEOUT', 'too slow');
    return imaging.measure(data, probed, profiles, options);
  };
  const scene = new Scene({ profiles: [TRIMMED], imaging: { ...imaging, measure } });
  const event = scene.upload(image);
  await scene.deliver(event);
  isSlow = true;
  scene.configure({ profiles: [TRIMMED, { ...profile('more', 3), adjustments: [TRIM] }] });

  await scene.deliver(event);

  expect(scene.record()).toMatchObject({ status: 'COMPLETED', skipped: { 'more.original': { code: 'TIMEOUT' } } });
  expect(scene.record()).not.toHaveProperty('refusal');
  expect(Object.keys(scene.outputs())).toEqual([`${KEY}/large`]);
});

describe('what can be trimmed in the first step of an execution and not in that of its rendition', () => {
  // As when the second invocation is slower.
  const failingFrom = (nth: number): SceneOptions => {
    let calls = 0;
    return {
      imaging: {
        ...imaging,
        measure: async (data, probed, profiles, options) => {
          calls += 1;
          if (calls >= nth) throw new PermanentError('TIMEOUT', 'too slow');
          return imaging.measure(data, probed, profiles, options);
        },
      },
    };
  };
  const IMAGE = write({ version: 1, kind: 'a' });

  const run = async (scene: Scene, event: S3Event) => {
    const { image, renditions } = await scene.step(event, { step: 'begin' });
    const steps = [];
    for (const rendition of renditions) steps.push(await scene.step(event, { step: 'render', image, rendition }));
    return scene.step(event, { step: 'complete', image, made: steps });
  };

  test('costs the other renditions of an image nothing', async () => {
    const scene = new Scene({ profiles: [SMALL, TRIMMED], ...failingFrom(2) });

    expect(await run(scene, scene.upload(IMAGE))).toMatchObject({ outcome: 'completed' });

    expect(scene.record()).toMatchObject({ status: 'COMPLETED', skipped: { 'large.original': { code: 'TIMEOUT' } } });
    expect(scene.outputs()).toEqual({ [`${KEY}/small`]: made(IMAGE, 'small', 1) });
  });

  test('is a failure where there are no others', async () => {
    const scene = new Scene({ profiles: [TRIMMED], ...failingFrom(2) });

    expect(await run(scene, scene.upload(IMAGE))).toMatchObject({ outcome: 'failed' });

    expect(scene.record()).toMatchObject({ status: 'FAILED', failure: { code: 'TIMEOUT' } });
  });

  test.each([['before', [TRIMMED, profile('card', 2)]], ['after', [profile('card', 2), TRIMMED]]])(
    'costs what would come out the same nothing, of an image without edges, %s it in the configuration', async (_, profiles) => {
      const plain = write({ version: 1, kind: 'plain' });
      const scene = new Scene({ profiles, ...failingFrom(2) });

      expect(await run(scene, scene.upload(plain))).toMatchObject({ outcome: 'completed' });

      expect(scene.record()).toMatchObject({ status: 'COMPLETED', skipped: { 'large.original': { code: 'TIMEOUT' } } });
      expect(scene.outputs()).toEqual({ [`${KEY}/card`]: made(plain, 'card', 2) });
    });

  test('costs a completed image nothing', async () => {
    const scene = new Scene({ profiles: [SMALL], ...failingFrom(2) });
    const event = scene.upload(IMAGE);
    await scene.deliver(event);
    scene.configure({ profiles: [SMALL, TRIMMED, profile('new', 3)] });

    expect(await run(scene, event)).toMatchObject({ outcome: 'completed' });
    expect(scene.record()).toMatchObject({ status: 'COMPLETED', skipped: { 'large.original': { code: 'TIMEOUT' } } });
    expect(scene.record().skipped).not.toHaveProperty(['small.original']);
    expect(scene.outputs()).toEqual({ [`${KEY}/small`]: made(IMAGE, 'small', 1), [`${KEY}/new`]: made(IMAGE, 'new', 3) });
  });

  test('is not looked at in the steps of other renditions, where it could not be trimmed in the first', async () => {
    const measured: string[][] = [];
    const measure: typeof imaging.measure = async (data, probed, profiles, options) => {
      measured.push(profiles.map(({ name }) => name));
      return imaging.measure(data, probed, profiles, options);
    };
    const scene = new Scene({ profiles: [SMALL, TRIMMED], imaging: { ...imaging, measure } });
    const event = scene.upload(TANGLED);
    const { image, renditions } = await scene.step(event, { step: 'begin' });
    expect(renditions).toEqual(['small.original']);

    const step = await scene.step(event, { step: 'render', image, rendition: 'small.original' });

    expect(await scene.step(event, { step: 'complete', image, made: [step] })).toMatchObject({ outcome: 'completed' });
    expect(measured).toEqual([['small', 'large']]);
  });
});
