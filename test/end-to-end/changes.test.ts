import { join } from 'path';
import type { Execution } from '../../local-runner';
import { picture, RunningApp } from '../helpers/running-app';
import type { Changes } from './fixtures/changes-app/app';

jest.setTimeout(180_000);

const KEYS = ['a.jpg', 'cats/b.jpg', 'cats/c.jpg'];
const RUN = { mode: 'run', maxObjects: 100, maxDollars: 1 };
const PRUNE = { mode: 'run', maxObjects: 100, minAgeHours: 0 };

/** As docs/operations.md says to do it, each test from the deployment of the one before. */
describe('a pipeline that is in use is changed without losing an image', () => {
  let app: RunningApp;
  let deployed: Changes = {};

  beforeAll(async () => {
    app = await RunningApp.app({ directory: join(__dirname, 'fixtures', 'changes-app') });
    for (const key of KEYS) await app.put(key, await picture(100, 80));
    await app.app.idle();
  });
  afterAll(() => app.stop());

  async function deploy(changes: Changes): Promise<void> {
    deployed = { ...deployed, ...changes };
    await app.app.update({ CHANGES: JSON.stringify(deployed) });
  }

  async function run(input: object, machine = 'BackfillArn'): Promise<any> {
    const execution: Execution = app.app.stateMachines.find(({ arn }) => arn === app.app.output(machine))!.start(input);
    await execution.ended;
    expect(execution).toMatchObject({ status: 'SUCCEEDED' });
    return execution.output;
  }

  const outputsOf = (keys: readonly string[], place: (key: string, profile: string) => string) => keys.flatMap((key) => ['large', 'small'].map((profile) => place(key, profile))).sort();

  /** Every original has its renditions there, as its record says, and nothing is left to do. */
  async function expectAll(keys: readonly string[], place: (key: string, profile: string) => string): Promise<void> {
    expect((await app.outputKeys()).sort()).toEqual(outputsOf(keys, place));
    const records = (await app.items()).filter(({ status }) => status === 'COMPLETED');
    expect(records.flatMap(({ renditions = {} }) => Object.values(renditions).map(({ key }) => key)).sort()).toEqual(outputsOf(keys, place));
    expect(await run({ mode: 'plan' })).toMatchObject({ counts: { originals: keys.length, current: keys.length }, work: { images: 0 } });
  }

  const profilesOf = (keys: readonly string[]) => [...new Set(keys.map((key) => key.split('/')[1]))].sort();

  test('another output prefix: former renditions stay until they are pruned', async () => {
    await deploy({ outputPrefix: 'second/', formerPrefix: '' });
    expect(await run({ mode: 'plan' })).toMatchObject({ counts: { stale: 3 }, work: { images: 3, renditions: 6 } });
    expect(await app.outputKeys()).toHaveLength(6);

    expect(await run(RUN)).toMatchObject({ outcomes: { completed: 3 }, renditions: 6 });
    expect(await app.outputKeys()).toHaveLength(12);
    expect(await run(PRUNE, 'PruneArn')).toMatchObject({ deleted: 6 });
    await expectAll(KEYS, (key, profile) => `second/${key}/${profile}.jpg`);
  });

  test('another template of keys', async () => {
    await deploy({ formerPrefix: undefined, outputKey: '{profile}/{key}.{ext}' });
    expect(await run(RUN)).toMatchObject({ outcomes: { completed: 3 }, renditions: 6 });
    expect(await run({ ...PRUNE, mode: 'plan' }, 'PruneArn')).toMatchObject({ counts: { deletable: { former: { objects: 6 } } } });
    expect(await run(PRUNE, 'PruneArn')).toMatchObject({ deleted: 6 });
    await expectAll(KEYS, (key, profile) => `second/${profile}/${key}.jpg`);
  });

  test('what became no image leaves its renditions until they are pruned', async () => {
    await app.process('late.jpg', await picture(90, 80));
    await app.process('late.jpg', 'no image');
    expect(await run({ ...PRUNE, mode: 'plan' }, 'PruneArn')).toMatchObject({ counts: { deletable: { gone: { objects: 2 } } } });
    expect(await run(PRUNE, 'PruneArn')).toMatchObject({ deleted: 2 });
    expect((await app.outputKeys()).sort()).toEqual(outputsOf(KEYS, (key, profile) => `second/${profile}/${key}.jpg`));
    await app.process('late.jpg', await picture(90, 80));
    await expectAll([...KEYS, 'late.jpg'], (key, profile) => `second/${profile}/${key}.jpg`);
  });

  test('another trigger, and image ids from keys: what has a record keeps its id, and what comes has its key', async () => {
    await deploy({ trigger: 'eventBridge', isIdByKey: true });
    expect(await run({ mode: 'plan' })).toMatchObject({ counts: { originals: 4, current: 4 }, work: { images: 0 } });
    await app.process('cats/new.jpg', await picture(80, 80));
    expect(await app.record('cats/new.jpg')).toMatchObject({ imageId: 'cats/new.jpg', status: 'COMPLETED' });
    await expectAll([...KEYS, 'late.jpg', 'cats/new.jpg'], (key, profile) => `second/${profile}/${key}.jpg`);
  });

  test('another table and partition key: a run fills it', async () => {
    await deploy({ partitionKey: 'id' });
    expect(await app.items()).toEqual([]);
    expect(await run({ mode: 'plan' })).toMatchObject({ counts: { originals: 5, missing: 5 } });
    expect(await run(RUN)).toMatchObject({ outcomes: { completed: 5 } });
    expect((await app.items()).map(({ id }) => id)).toEqual(expect.arrayContaining([...KEYS, 'late.jpg', 'cats/new.jpg']));
    await expectAll([...KEYS, 'late.jpg', 'cats/new.jpg'], (key, profile) => `second/${profile}/${key}.jpg`);
    expect(await run(PRUNE, 'PruneArn')).toMatchObject({ work: { objects: 0 } });
  });

  test('a profile renamed, with deleteRenditions: a run deletes the former ones at once; one less: they stay until they are pruned', async () => {
    await deploy({ profiles: { small: 32, huge: 64 }, deleteRenditions: true });
    expect(await app.outputKeys()).toContain('second/large/a.jpg.jpg');
    expect(await run(RUN)).toMatchObject({ outcomes: { completed: 5 }, renditions: 5 });
    expect(profilesOf(await app.outputKeys())).toEqual(['huge', 'small']);

    await deploy({ profiles: { small: 32 } });
    expect(await run(RUN)).toMatchObject({ counts: { current: 5, dropped: 5 }, work: { images: 0 } });
    expect(profilesOf(await app.outputKeys())).toEqual(['huge', 'small']);
    const pruned = await run(PRUNE, 'PruneArn');
    expect(pruned).toMatchObject({ deleted: 5, report: { key: expect.stringMatching(/summary\.md$/) } });
    expect(profilesOf(await app.outputKeys())).toEqual(['small']);
  });
});
