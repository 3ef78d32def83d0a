import { createReadStream, createWriteStream } from 'fs';
import { mkdir, writeFile } from 'fs/promises';
import { dirname, join, resolve, sep } from 'path';
import { Readable } from 'stream';
import { pipeline } from 'stream/promises';
import { setTimeout as sleep } from 'timers/promises';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import type { LocalApp } from '..';
import { Input, OWN_FILES } from './inputs';
import { Item, Outcome, outcomeOf, renditionsOf } from './outcome';
import { showProgress } from './progress';

const PARALLEL_TRANSFERS = 8;
/** Of an upload: a connection may break once in thousands. */
const MAX_TRIES = 4;

/**
 * Uploads all inputs, waits for what becomes of them, and writes renditions and records to a folder.
 *
 * @param prefix of their keys in the bucket
 */
export async function process(app: LocalApp, inputs: readonly Input[], out: string, prefix: string): Promise<Outcome[]> {
  const errors = await upload(app, inputs, prefix);
  const items = await readTable(app);
  const records = new Map(items.filter(({ status }) => status !== undefined).map((item) => [item.sourceKey, item]));
  const outcomes = inputs.map((input) => outcomeOf(input, records.get(prefix + input.key), errors.get(input)));

  await saveRenditions(app, outcomes, out);
  await writeFile(join(out, OWN_FILES.records), JSON.stringify(items, setsAsLists, 2));
  return outcomes;
}

/** @returns the inputs that could not be uploaded, each with the reason */
async function upload(app: LocalApp, inputs: readonly Input[], prefix: string): Promise<Map<Input, Error>> {
  const bucket = app.output('InputBucketName');
  const errors = new Map<Input, Error>();
  let uploaded = 0;
  const stopProgress = showProgress(inputs.length, () => ({ uploaded, processed: Math.max(0, uploaded - app.pending) }));
  const limit = pLimit(PARALLEL_TRANSFERS);
  try {
    await Promise.all(inputs.map((input) => limit(async () => {
      const put = () => app.s3.send(new PutObjectCommand({
        Bucket: bucket, Key: prefix + input.key, Body: createReadStream(input.path), ContentLength: input.bytes,
      }));
      // The SDK cannot send a stream again by itself.
      const error = await persistently(put);
      if (error) errors.set(input, error);
      uploaded += 1;
    })));
    await app.idle();
  } finally {
    stopProgress();
  }
  return errors;
}

/**
 * Tries until it works, unless the answer is that it never will.
 * @returns the error of the last try
 */
export async function persistently(work: () => Promise<unknown>, waitMs = 200): Promise<Error | undefined> {
  for (let tries = 1; ; tries += 1) {
    try {
      await work();
      return undefined;
    } catch (error) {
      const { $metadata: { httpStatusCode = 500 } = {} } = error as { $metadata?: { httpStatusCode?: number } };
      const isPassing = httpStatusCode >= 500 || httpStatusCode === 429;
      if (!isPassing || tries === MAX_TRIES) return error as Error;
      await sleep(waitMs * 2 ** tries);
    }
  }
}

async function readTable(app: LocalApp): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of paginateScan({ client: app.dynamodb }, { TableName: app.output('TableName') })) items.push(...(page.Items ?? []) as Item[]);
  return items;
}

async function saveRenditions(app: LocalApp, outcomes: readonly Outcome[], out: string): Promise<void> {
  const renditions = outcomes.flatMap((outcome) => (outcome.state === 'COMPLETED' ? renditionsOf(outcome.record) : []));
  const buckets = new Map(renditions.map(({ bucket, key }) => [key, bucket]));
  const limit = pLimit(PARALLEL_TRANSFERS);
  await Promise.all([...buckets].map(([key, bucket]) => limit(async () => {
    const path = pathUnder(out, key);
    await mkdir(dirname(path), { recursive: true });
    const { Body } = await app.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    await pipeline(Body as Readable, createWriteStream(path));
  })));
}

function pathUnder(folder: string, key: string): string {
  const path = resolve(folder, key);
  if (!path.startsWith(folder + sep)) throw new Error(`the key of a rendition must stay within ${folder}, received ${JSON.stringify(key)}`);
  return path;
}

function setsAsLists(_key: string, value: unknown): unknown {
  return value instanceof Set ? [...value] : value;
}
