import { readFile } from 'fs/promises';
import { setTimeout as sleep } from 'timers/promises';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import Table from 'cli-table3';
import pLimit from 'p-limit';
import { LocalApp, requestsSince } from '..';
import { count, formatTime } from './format';
import type { Input } from './inputs';
import { scene } from './samples';
import type { Execution } from '../services/step-functions/state-machine';

const PHOTOS = 240;
/** Pictures that differ; the others are copies under names of their own. */
const SCENES = 6;
const PARALLEL_UPLOADS = 16;
const PROGRESS_MS = 500;
const TENTHS = 10;
const LIMITS = { maxObjects: 100_000, maxDollars: 10 };

/** Fills a bucket with files, or with photos where there are none, as its owner did before there was a pipeline. */
export async function fillBucket(s3: S3Client, bucket: string, inputs: readonly Input[]): Promise<void> {
  const objects = inputs.length > 0 ? inputs.map(({ key, path }) => ({ key, content: () => readFile(path) })) : await photos();
  const limit = pLimit(PARALLEL_UPLOADS);
  await Promise.all(objects.map(({ key, content }) => limit(async () => {
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: await content() }));
  })));
}

async function photos(): Promise<{ readonly key: string; readonly content: () => Promise<Buffer> | Buffer }[]> {
  const pictures = await Promise.all(Array.from({ length: SCENES }, async (_, at) => (await scene(1200, 800, at * 55)).jpeg().toBuffer()));
  return Array.from({ length: PHOTOS }, (_, at) => ({ key: `20${10 + (at % 12)}/photo ${at}.jpg`, content: () => pictures[at % SCENES] }));
}

/**
 * Plans and runs a backfill, changes profiles, and prunes: each with its report, and with what it took in requests.
 *
 * @returns whether everything succeeded
 */
export async function showBackfill(app: LocalApp, inputs: readonly Input[], tell: (text: string) => void): Promise<boolean> {
  tell(`The bucket has ${count(inputs.length || PHOTOS, 'photo')} that were there before the pipeline.`);
  const ended = [
    await execute(app, tell, 'A plan', 'BackfillArn', { mode: 'plan' }),
    await execute(app, tell, 'A run', 'BackfillArn', { mode: 'run', ...LIMITS }),
  ];
  tell('\nThe owner adds a width of 1600 pixels, and deploys.');
  await app.update({ WIDTHS: '200,800,1600' });
  ended.push(await execute(app, tell, 'A run makes that width alone', 'BackfillArn', { mode: 'run', ...LIMITS }));
  tell('\nThe owner drops the width of 800 pixels, and deploys.');
  await app.update({ WIDTHS: '200,1600' });
  // Objects younger than a day stay, unless the execution says otherwise.
  ended.push(
    await execute(app, tell, 'A plan of pruning', 'PruneArn', { mode: 'plan', minAgeHours: 0 }),
    await execute(app, tell, 'Pruning', 'PruneArn', { mode: 'run', minAgeHours: 0, maxObjects: LIMITS.maxObjects }),
    await execute(app, tell, 'A run finds nothing to do', 'BackfillArn', { mode: 'run', ...LIMITS }),
  );
  return ended.every(({ status }) => status === 'SUCCEEDED');
}

async function execute(app: LocalApp, tell: (text: string) => void, title: string, output: string, input: object): Promise<Execution> {
  tell(`\n${title}: ${JSON.stringify(input)}`);
  const [before, started] = [app.requests, Date.now()];
  const execution = app.stateMachines.find(({ arn }) => arn === app.output(output))!.start(input);
  await showProgress(execution, tell);
  if (execution.status !== 'SUCCEEDED') tell(`${execution.status}: ${execution.error}: ${execution.cause}`);
  else tell(await reportOf(app, execution));
  tell(`${formatTime(Date.now() - started)}, and in requests:\n${requestTable(requestsSince(before, app.requests))}`);
  return execution;
}

async function showProgress(execution: Execution, tell: (text: string) => void): Promise<void> {
  let shown = 0;
  const over = execution.ended.then(() => true);
  while (!await Promise.race([over, sleep(PROGRESS_MS, false)])) {
    const { succeeded = 0, total = 0 } = execution.mapRuns.find(({ state }) => state === 'Run')?.itemCounts ?? {};
    const tenth = total > 0 ? Math.floor((TENTHS * succeeded) / total) : 0;
    if (tenth > shown) tell(`  ${succeeded} of ${total}`);
    shown = tenth;
  }
}

/** The summary for people. */
async function reportOf(app: LocalApp, { output }: Execution): Promise<string> {
  const { report } = output as { report: { bucket: string; key: string } };
  const { Body } = await app.s3.send(new GetObjectCommand({ Bucket: report.bucket, Key: report.key }));
  return (await Body!.transformToString()).trim();
}

function requestTable(requests: Readonly<Record<string, number>>): string {
  const plain = !process.stdout.isTTY || process.env.NO_COLOR;
  const rows = new Table({ head: ['Request', 'Count'], colAligns: ['left', 'right'], style: { compact: true, ...(plain ? { head: [], border: [] } : {}) } });
  rows.push(...Object.entries(requests).map(([name, number]) => [name, String(number)]));
  return rows.toString();
}
