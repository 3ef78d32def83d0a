import { setTimeout as sleep } from 'timers/promises';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { FilledBucket, PHOTOS, Ran } from './filled-bucket';

jest.setTimeout(180_000);

const IMAGES = 14;
const LIMITS = { maxObjects: 1000, maxDollars: 10 };

/** What an execution looks at and what it makes, by the deployed state machine. Each test goes on from the one before. */
describe('a backfill makes what is chosen', () => {
  let filled: FilledBucket;
  beforeAll(async () => { filled = await FilledBucket.start(IMAGES, '200,800'); });
  afterAll(() => filled.stop());

  const list = (name: string, text: string) => filled.app.s3.send(new PutObjectCommand({ Bucket: filled.app.output('ReportBucketName'), Key: `lists/${name}`, Body: text }));
  /** The images that were made, by their keys. */
  const made = ({ stored }: Ran) => [...new Set(stored.map((key) => key.slice(0, key.lastIndexOf('/'))))].sort();
  const at = (...numbers: number[]) => numbers.map((number) => filled.keys[number]).sort();

  test('under a prefix', async () => {
    const plan = await filled.run({ mode: 'plan', prefix: 'albums/1/' });
    expect(plan.output).toMatchObject({ counts: { originals: 2, missing: 2 }, work: { images: 2, renditions: 4 } });

    expect(made(await filled.run({ mode: 'run', ...LIMITS, prefix: 'albums/1/' }))).toEqual(at(1, 8));
    expect((await filled.run({ mode: 'plan', prefix: 'nothing/' })).output).toMatchObject({ counts: { originals: 0 }, work: { images: 0 } });
  });

  test('in a list of lines, once each, also under a prefix', async () => {
    await list('some.jsonl', [filled.keys[2], filled.keys[1], filled.keys[2], 'gone.jpg', 'folder/'].map((key) => JSON.stringify({ key })).join('\n'));
    const plan = await filled.run({ mode: 'plan', keys: 'lists/some.jsonl' });
    expect(plan.output).toMatchObject({ counts: { originals: 4, ignored: 1, current: 1, missing: 3 }, work: { images: 2 } });
    expect((await filled.run({ mode: 'plan', keys: 'lists/some.jsonl', prefix: 'albums/2/' })).output).toMatchObject({ counts: { originals: 2 }, work: { images: 1 } });

    const run = await filled.run({ mode: 'run', ...LIMITS, keys: 'lists/some.jsonl' });
    expect(run.stored.filter((key) => key.startsWith(filled.keys[2]))).toHaveLength(2);
    expect(run.output).toMatchObject({ images: 2, renditions: 2, outcomes: { completed: 1, ignored: 1 } });
  });

  test('in a list of rows, whose buckets may be named', async () => {
    await filled.app.s3.send(new PutObjectCommand({ Bucket: PHOTOS, Key: 'a, "b".txt', Body: 'no image' }));
    await filled.app.idle();
    await list('some.csv', `key,bucket\n${filled.keys[3]},${PHOTOS}\n"${filled.keys[4]}",\n"a, ""b"".txt",\nx.jpg,elsewhere\n`);
    const run = await filled.run({ mode: 'run', ...LIMITS, keys: 'lists/some.csv' });

    expect(made(run)).toEqual(at(3, 4));
    expect(JSON.parse(await filled.report('plan.json', run))).toMatchObject({ counts: { originals: 3, ignored: 1, missing: 2, failed: 1 } });
  });

  test('nothing, where the list is not there', async () => {
    expect((await filled.run({ mode: 'plan', keys: 'lists/none.csv' })).execution).toMatchObject({ status: 'FAILED', error: 'States.ItemReaderFailed' });
  });

  test('within dollars: it stops there, says where, and goes on from there', async () => {
    const { output: { work } } = await filled.run({ mode: 'plan', prefix: 'albums/' });
    expect(work.images).toBe(IMAGES - 5);
    const run = await filled.run({ mode: 'run', prefix: 'albums/', maxObjects: 1000, maxDollars: (3.5 / work.images) * work.dollars });

    const left = filled.keys.filter((_, number) => ![1, 8, 2, 3, 4].includes(number)).sort();
    expect(made(run)).toEqual(left.slice(0, 3));
    expect(run.output).toMatchObject({ images: 3, renditions: 6, stoppedAt: { limit: 'maxDollars', bucket: PHOTOS, key: left[3] } });
    expect(await filled.report('summary.md', run)).toContain(`\`maxDollars\` stopped it before \`${PHOTOS}/${left[3]}\``);
    expect(made(await filled.run({ mode: 'run', prefix: 'albums/', maxObjects: 2, maxDollars: 1 }))).toEqual([left[3]]);
  });

  test('that failed, only where that is asked for', async () => {
    const text = 'a, "b".txt';
    expect((await filled.run({ mode: 'plan', prefix: text })).output).toMatchObject({ counts: { originals: 1, failed: 1 }, work: { images: 0 } });

    expect((await filled.run({ mode: 'run', ...LIMITS, only: 'failed' })).output).toMatchObject({ images: 1, outcomes: { failed: 1 }, failures: { UNSUPPORTED_FORMAT: 1 } });
    expect((await filled.records()).find(({ sourceKey }) => sourceKey === text)).toMatchObject({ status: 'FAILED', attempts: 2 });
  });

  test('by the status of records', async () => {
    const failed = await filled.run({ mode: 'plan', status: 'FAILED', only: 'all' });
    expect(failed.output).toMatchObject({ counts: { originals: 1, failed: 1 }, work: { images: 1 } });
    const completed = await filled.run({ mode: 'plan', status: 'COMPLETED' });
    expect(completed.output).toMatchObject({ counts: { originals: 9, current: 9 }, work: { images: 0 } });
    // Also where there is none.
    expect((await filled.run({ mode: 'plan', status: 'PENDING' })).output).toMatchObject({ counts: { originals: 0 }, work: { images: 0 } });
  });

  test('stored since a time', async () => {
    // S3 tells seconds.
    await sleep(1100);
    const since = new Date(Math.ceil(Date.now() / 1000) * 1000);
    await sleep(since.getTime() - Date.now() + 1);
    await filled.app.s3.send(new PutObjectCommand({ Bucket: PHOTOS, Key: 'late.txt', Body: 'no image' }));
    await filled.app.idle();
    await sleep(1100);

    const plan = await filled.run({ mode: 'plan', modifiedSince: since.toISOString() });
    expect(plan.output).toMatchObject({ counts: { originals: 1, failed: 1 } });
    expect((await filled.run({ mode: 'plan', modifiedSince: since.toISOString(), status: 'FAILED' })).execution).toMatchObject({ status: 'FAILED', error: 'InvalidInput' });
  });

  test('of which a rendition of some profiles is missing', async () => {
    await filled.app.update({ WIDTHS: '200,800,1600' });
    // Of an image that has the others: it has all of them made.
    const lacking = await filled.run({ mode: 'plan', profiles: ['w800'], prefix: 'albums/' });
    expect(lacking.output).toMatchObject({ counts: { originals: IMAGES }, work: { images: 5, renditions: 15 } });
    expect((await filled.run({ mode: 'plan', profiles: ['w1600'], prefix: 'albums/' })).output).toMatchObject({ work: { images: IMAGES, renditions: 9 + 15 } });

    expect(made(await filled.run({ mode: 'run', ...LIMITS, profiles: ['w800'], prefix: 'albums/' }))).toHaveLength(5);
    expect((await filled.run({ mode: 'plan', profiles: ['w400'] })).execution).toMatchObject({ status: 'FAILED', cause: expect.stringContaining('profiles must be some of w200, w800, w1600') });
  });

  test('that is stale, apart from what is missing', async () => {
    expect((await filled.run({ mode: 'plan', prefix: 'albums/', only: 'stale' })).output).toMatchObject({ counts: { missing: 9, stale: 0 }, work: { images: 0 } });
    expect((await filled.run({ mode: 'plan', prefix: 'albums/', only: ['stale', 'missing'] })).output).toMatchObject({ work: { images: 9, renditions: 9 } });
  });
});
