import { setTimeout as sleep } from 'timers/promises';
import { FilledBucket, PHOTOS, Ran } from './filled-bucket';
import type { Execution } from '../../../local-runner';
import { COUNTED } from '../../measure/scale/backfill';

/** Images at a time, as the example has it by default. */
const AT_A_TIME = 20;
const LIMITS = { maxObjects: 1_000_000, maxDollars: 1000 };

/** Tells what is being done. */
export type Tell = (what: string, ran?: Ran) => void;

/**
 * Everything that a backfill promises, from a bucket that is full to one whose profiles have changed.
 *
 * @throws Error at the first thing that is not so
 * @param originals how many images there are
 * @param kills how often a run is ended at a random point
 */
export async function checkBackfill(
  filled: FilledBucket, originals: number, kills: number, random: () => number, tell: Tell = () => undefined,
): Promise<void> {
  const { keys } = filled;
  // One object more than images: a text, which no listing can tell from one.
  const all = originals + 1;

  const plan = await filled.run({ mode: 'plan' });
  tell('plan', plan);
  expect(plan.output).toMatchObject({
    counts: {
      originals: all,
      ignored: 2,
      current: 0,
      missing: all,
      stale: 0,
      failed: 0,
      inProgress: 0,
      profiles: { w200: { missing: all, stale: 0 }, w800: { missing: all, stale: 0 } },
      selected: { images: all, renditions: 2 * all },
    },
  });
  expect(await filled.records()).toEqual([]);
  expect(plan.stored).toEqual([]);

  // One that its uploader did not name.
  const one = await filled.run({ mode: 'run', ...LIMITS, prefix: keys[1] });
  tell('run of one image', one);
  expect(counted(filled, one)).toEqual({ ...COUNTED.missing, puts: 2 });

  const cut = await filled.run({ mode: 'run', maxObjects: 5, maxDollars: 1000 });
  tell('run within 5 objects', cut);
  expect(cut.stored).toHaveLength(4);
  expect(cut.output).toMatchObject({ images: 2, renditions: 4, stoppedAt: { limit: 'maxObjects', bucket: PHOTOS } });

  const run = await filled.run({ mode: 'run', ...LIMITS });
  tell('run', run);
  expect(run.output).toMatchObject({
    images: all - 3, renditions: 2 * (originals - 3), outcomes: { completed: originals - 3, failed: 1 }, failures: { UNSUPPORTED_FORMAT: 1 },
  });
  expect(run.stored).toHaveLength(2 * (originals - 3));
  await expectAll(filled, ['w200', 'w800']);
  const lines = (await filled.report('report.jsonl', run)).trim().split('\n').map((line) => JSON.parse(line) as { key: string; outcome: string });
  expect(lines).toHaveLength(all - 3);
  expect(lines.filter(({ outcome }) => outcome !== 'completed').map(({ key }) => key)).toEqual(['notes.txt']);

  const again = await filled.run({ mode: 'run', ...LIMITS });
  tell('run again', again);
  expect(again.output).toMatchObject({ counts: { current: originals, failed: 1, missing: 0, stale: 0 }, work: { images: 0 } });
  expectReadsOnly(filled, again, all);

  await filled.app.update({ WIDTHS: '200,800,1600' });
  const oneAgain = await filled.run({ mode: 'run', ...LIMITS, prefix: keys[1] });
  expect(counted(filled, oneAgain)).toEqual({ ...COUNTED.oneMore, puts: 1 });
  const oneMore = await filled.run({ mode: 'run', ...LIMITS, profiles: ['w1600'] });
  tell('run with one profile more', oneMore);
  expect([...oneAgain.stored, ...oneMore.stored].sort()).toEqual(keys.map((key) => `${key}/w1600.jpg`).sort());
  // One read and one decode for each.
  expect(oneMore.requests[`S3 GET ${PHOTOS}`]).toBe(originals - 1);

  await filled.app.update({ WIDTHS: '200,800,1600,400' });
  const stored: string[] = [];
  let processesKilled = 0;
  for (let kill = 0; kill < kills; kill += 1) {
    const at = Math.floor(random() * originals * 0.15);
    const stops = random() < 0.5;
    const killed = await filled.run({ mode: 'run', ...LIMITS }, 'BackfillArn', async (execution) => {
      if (await endAt(filled, execution, at, stops)) processesKilled += 1;
    });
    stored.push(...killed.stored);
    // Invocations in hand come to their end, unless they were killed.
    const inHand = await settled(filled);
    expect(new Set(inHand.map((key) => key.slice(0, key.lastIndexOf('/')))).size).toBeLessThanOrEqual(AT_A_TIME);
    stored.push(...inHand);
    tell(`run that is ${stops ? 'stopped' : 'killed'} after ${at} images`, killed);
  }
  const rest = await filled.run({ mode: 'run', ...LIMITS });
  tell('run to the end', rest);
  stored.push(...rest.stored);
  expect(new Set(stored.filter((key) => key.endsWith('/w400.jpg')))).toEqual(new Set(keys.map((key) => `${key}/w400.jpg`)));
  // Stopping costs nothing: what is in hand comes to its end. Of what is killed, the one image in hand is made anew as a whole.
  expect([...madeAnew(stored).values()].reduce((sum, times) => sum + times, 0)).toBeLessThanOrEqual(processesKilled);
  await expectAll(filled, ['w200', 'w800', 'w1600', 'w400']);
  expectReadsOnly(filled, await filled.run({ mode: 'run', ...LIMITS }), all);

  await checkPrune(filled, originals, tell);

  expect(filled.changes).toEqual([]);
  for (const at of [0, 1, 3]) expect(await filled.metadata(keys[at])).toEqual({ author: `photographer ${at}`, ...(at % 3 === 0 ? { 'image-id': `id-${at}` } : {}) });
}

/** What was asked for one image. */
function counted({ output }: FilledBucket, { requests }: Ran): object {
  const of = (name: string) => requests[name] ?? 0;
  return {
    gets: of(`S3 GET ${PHOTOS}`), heads: of(`S3 HEAD ${output}`), reads: of('DynamoDB GetItem'), updates: of('DynamoDB UpdateItem'), puts: of(`S3 PUT ${output}`),
  };
}

/** What a dropped profile left, and what no record knows, is deleted, and nothing else. */
async function checkPrune(filled: FilledBucket, originals: number, tell: Tell): Promise<void> {
  const { keys } = filled;
  const pipeline = (await filled.renditionMetadata(`${keys[0]}/w200.jpg`)).pipeline;
  await filled.putRendition('mine.jpg', {});
  await filled.putRendition('theirs.jpg', { 'pipeline': 'theirs', 'source-etag': 'x', 'image-id': 'x' });
  await filled.putRendition('orphan.jpg', { pipeline, 'source-etag': 'x', 'image-id': 'nobody' });
  await filled.app.update({ WIDTHS: '200,1600,400' });

  const young = await filled.run({ mode: 'plan' }, 'PruneArn');
  const objects = 4 * originals + 3;
  expect(young.output).toMatchObject({ counts: { objects, kept: { recent: objects }, deletable: {} }, work: { objects: 0 } });
  const plan = await filled.run({ mode: 'plan', minAgeHours: 0 }, 'PruneArn');
  tell('plan of pruning', plan);
  expect(plan.output).toMatchObject({
    counts: {
      objects,
      kept: { recent: 0, foreign: 2, current: 3 * originals },
      deletable: { dropped: { objects: originals }, orphan: { objects: 1 } },
    },
    work: { objects: originals + 1 },
  });
  expect(await filled.outputs()).toHaveLength(objects);

  const cut = await filled.run({ mode: 'run', minAgeHours: 0, maxObjects: 5 }, 'PruneArn');
  tell('pruning of 5 objects', cut);
  expect(cut.output).toMatchObject({ deleted: 5, changed: 0, stoppedAt: { limit: 'maxObjects' } });
  const rest = await filled.run({ mode: 'run', minAgeHours: 0, maxObjects: 1_000_000 }, 'PruneArn');
  tell('pruning of the rest', rest);
  expect(rest.output).toMatchObject({ deleted: originals - 4, changed: 0 });
  await filled.removeRenditions('mine.jpg', 'theirs.jpg');
  await expectAll(filled, ['w200', 'w1600', 'w400']);
  const after = await filled.run({ mode: 'run', ...LIMITS });
  expect(after.output).toMatchObject({ counts: { current: originals, dropped: 0, missing: 0, stale: 0 }, work: { images: 0 } });
}

/** How often each image was made beyond the once that it takes to give it one width more. */
function madeAnew(stored: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const key of stored) times.set(key, (times.get(key) ?? (key.endsWith('/w400.jpg') ? -1 : 0)) + 1);
  const anew = new Map<string, number>();
  for (const [key, more] of times) {
    const image = key.slice(0, key.lastIndexOf('/'));
    anew.set(image, Math.max(anew.get(image) ?? 0, more));
  }
  return anew;
}

/**
 * Stops the execution once so many images are made, or kills a process of the function at work and then stops it.
 *
 * @returns whether a process was killed
 */
async function endAt(filled: FilledBucket, execution: Execution, images: number, stops: boolean): Promise<boolean> {
  const made = () => execution.mapRuns.find(({ state }) => state === 'Run')?.itemCounts.succeeded ?? -1;
  while (execution.status === 'RUNNING' && made() < images) await sleep(2);
  if (execution.status !== 'RUNNING') return false;
  const isKilled = !stops && filled.app.killFunction((event) => typeof event === 'object' && event !== null && 'backfill' in event);
  execution.stop();
  return isKilled;
}

/** What is stored until nothing that was in hand runs any more. */
async function settled(filled: FilledBucket): Promise<readonly string[]> {
  const before = filled.storedSoFar;
  while (filled.app.invocations > 0) await sleep(20);
  return filled.storedSince(before);
}

/** Every image has these renditions, where its record says that they are, and there is nothing else. */
async function expectAll(filled: FilledBucket, profiles: readonly string[]): Promise<void> {
  const expected = filled.keys.flatMap((key) => profiles.map((profile) => `${key}/${profile}.jpg`)).sort();
  expect((await filled.outputs()).sort()).toEqual(expected);
  const records = (await filled.records()).filter(({ status }) => status === 'COMPLETED');
  expect(records.flatMap(({ renditions = {} }) => Object.values(renditions).map(({ key }) => key)).sort()).toEqual(expected);
}

/** What is current costs a listing and batched reads, and nothing of its own. */
function expectReadsOnly({ output }: FilledBucket, { requests, stored }: Ran, images: number): void {
  expect(stored).toEqual([]);
  expect(Object.keys(requests).filter((name) => name.endsWith(` ${PHOTOS}`) || name.endsWith(` ${output}`))).toEqual([`S3 LIST ${PHOTOS}`]);
  expect(Object.keys(requests).filter((name) => name.startsWith('DynamoDB'))).toEqual(['DynamoDB BatchGetItem']);
  // A third is found by way of a pointer.
  expect(requests['DynamoDB BatchGetItem']).toBeLessThanOrEqual(2 * (Math.ceil(images / 100) + Math.ceil(images / 500)));
}
