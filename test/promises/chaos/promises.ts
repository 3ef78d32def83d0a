import { createHash } from 'node:crypto';
import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import { contentBytes, RENDITION_WIDTH, SOURCE_WIDTH } from './pictures';
import { Content, Operation } from './plan';
import type { S3EventRecord } from '../../../local-runner/services/s3';
import type { Failure } from '../../../src/contract';
import type { Item, RunningApp } from '../../helpers/running-app';

const FAILURES = { text: 'UNSUPPORTED_FORMAT', truncated: 'CORRUPT_IMAGE' } as const satisfies Record<string, Failure['code']>;

/** How a key stands at the end. */
export interface Fate {
  readonly key: string;
  /** What is stored under it; undefined when it was deleted. */
  readonly content?: Content;
  /** Of the last event. */
  readonly sequencer: string;
}

/** The end of every key of the plan, which was carried out in its order. */
export function fatesOf(operations: readonly Operation[], events: readonly S3EventRecord[]): Fate[] {
  const sequencers = new Map(events.map(({ s3: { object } }) => [decodeURIComponent(object.key), object.sequencer]));
  const last = new Map(operations.map((operation) => [operation.key, operation]));
  return [...last.values()].map(({ key, content }) => ({ key, content, sequencer: sequencers.get(key)! }));
}

/** What is wrong with the records and renditions; empty when every promise is kept. */
export async function violations(app: RunningApp, fates: readonly Fate[]): Promise<string[]> {
  const records = await recordsByKey(app);
  const outputs = new Set(await outputKeys(app));
  const limit = pLimit(8);
  const problems = await Promise.all(fates.map((fate) => limit(() => problemsOf(app, fate, records.get(fate.key), outputs))));
  const leftovers = [...outputs].map((key) => `${key} is a rendition that nothing should have`);
  return [...problems.flat(), ...leftovers];
}

/** What is wrong with the records of keys whose last event, a creation, is in the dead-letter queue. */
export async function unfinishedViolations(app: RunningApp, fates: readonly Fate[]): Promise<string[]> {
  const records = await recordsByKey(app);
  return fates.flatMap(({ key, content, sequencer }) => {
    const record = records.get(key);
    const found = { status: record?.status, code: record?.failure?.code, sequencer: record?.sourceSequencer };
    // Another copy of the event may have got through.
    const { kind } = content!;
    const done = kind === 'image' ? { status: 'COMPLETED', sequencer } : { status: 'FAILED', code: FAILURES[kind], sequencer };
    return compare(key, found, done).length === 0 ? [] : compare(key, found, { status: 'FAILED', code: 'RETRIES_EXHAUSTED', sequencer });
  });
}

/** Takes the renditions that should be out of `outputs`. */
async function problemsOf(app: RunningApp, { key, content, sequencer }: Fate, record: Item | undefined, outputs: Set<string>): Promise<string[]> {
  if (!record) return [`${key}: no record`];
  if (!content) return compare(key, { status: record.status, renditions: record.renditions }, { status: 'DELETED', renditions: undefined });

  const etag = etagOf(await contentBytes(content));
  const version = { status: record.status, etag: record.sourceETag, sequencer: record.sourceSequencer };
  if (content.kind !== 'image') {
    return compare(key, { ...version, code: record.failure?.code, renditions: record.renditions }, {
      status: 'FAILED', etag, sequencer, code: FAILURES[content.kind], renditions: undefined,
    });
  }
  const { width, height } = record.original ?? {};
  const names = Object.keys(record.renditions ?? {});
  const problems = compare(key, { ...version, width, height, names, failure: record.failure }, {
    status: 'COMPLETED', etag, sequencer, width: SOURCE_WIDTH, height: content.height, names: ['small.jpeg'], failure: undefined,
  });
  for (const { key: output, width: recordedWidth, height: recordedHeight } of Object.values(record.renditions ?? {})) {
    if (!outputs.delete(output)) return [...problems, `${key}: rendition ${output} is missing`];
    const [metadata, made] = [await app.userMetadata(output), await app.rendition(output)];
    const size = [RENDITION_WIDTH, Math.round(content.height * RENDITION_WIDTH / SOURCE_WIDTH)];
    problems.push(...compare(output, { etag: metadata['source-etag'], stored: [made.width, made.height], recorded: [recordedWidth, recordedHeight] }, {
      etag, stored: size, recorded: size,
    }));
  }
  return problems;
}

function compare(of: string, found: object, expected: object): string[] {
  const [received, wanted] = [JSON.stringify(found), JSON.stringify(expected)];
  return received === wanted ? [] : [`${of}: expected ${wanted}, received ${received}`];
}

function etagOf(body: Buffer): string {
  return createHash('md5').update(body).digest('hex');
}

async function recordsByKey(app: RunningApp): Promise<Map<string, Item>> {
  const items: Item[] = [];
  const pages = paginateScan({ client: app.app.dynamodb }, { TableName: app.app.output('TableName') });
  for await (const { Items = [] } of pages) items.push(...Items as Item[]);
  return new Map(items.map((item) => [item.sourceKey!, item]));
}

async function outputKeys(app: RunningApp): Promise<string[]> {
  const keys: string[] = [];
  const pages = paginateListObjectsV2({ client: app.app.s3 }, { Bucket: app.output });
  for await (const { Contents = [] } of pages) keys.push(...Contents.map(({ Key }) => Key!));
  return keys;
}
