/** The items of a distributed map that are in S3: objects of a bucket, or the entries of a file. */

import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import { statesError } from './errors';

export interface ReaderConfig {
  readonly InputType?: string;
  readonly MaxItems?: number;
  readonly CSVHeaderLocation?: string;
  readonly CSVHeaders?: readonly string[];
}

interface Location {
  readonly Bucket: string;
  readonly Key?: string;
  readonly Prefix?: string;
}

type Parser = (text: string, config: ReaderConfig) => unknown[];

/** By the type of a file. */
export const PARSERS: Readonly<Record<string, Parser>> = { JSON: parseJson, JSONL: parseLines, CSV: parseCsv };

export async function readItems(s3: S3Client, resource: string, location: Location, config: ReaderConfig = {}): Promise<unknown[]> {
  try {
    const items = operationOf(resource) === 'listObjectsV2' ? await listObjects(s3, location) : await readFile(s3, location, config);
    return config.MaxItems ? items.slice(0, config.MaxItems) : items;
  } catch (error) {
    throw statesError('States.ItemReaderFailed', (error as Error).message);
  }
}

/** In the words of Step Functions, which has its own for ETags and times. */
async function listObjects(s3: S3Client, { Bucket, Prefix }: Location): Promise<unknown[]> {
  const items: unknown[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket, Prefix })) {
    for (const { ETag, Key, LastModified, Size, StorageClass = 'STANDARD' } of Contents) {
      items.push({ Etag: ETag, Key, LastModified: Math.floor(LastModified!.getTime() / 1000), Size, StorageClass });
    }
  }
  return items;
}

async function readFile(s3: S3Client, { Bucket, Key }: Location, config: ReaderConfig): Promise<unknown[]> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return PARSERS[config.InputType!](await Body!.transformToString(), config);
}

function parseJson(text: string): unknown[] {
  const value: unknown = JSON.parse(text);
  if (!Array.isArray(value)) throw new Error('a JSON file of items must be an array');
  return value as unknown[];
}

function parseLines(text: string): unknown[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '').map((line) => JSON.parse(line) as unknown);
}

function parseCsv(text: string, { CSVHeaderLocation, CSVHeaders }: ReaderConfig): unknown[] {
  const rows = [...csvRows(text)];
  const headers = CSVHeaderLocation === 'GIVEN' ? CSVHeaders! : rows.shift() ?? [];
  return rows.map((row) => Object.fromEntries(headers.map((name, at) => [name, row[at] ?? ''])));
}

function* csvRows(text: string): Generator<string[]> {
  let row: string[] = [];
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    if (row.length > 1 || row[0] !== '') yield row;
    row = [];
  }
}

/** What a reader does in S3. */
export function operationOf(resource: unknown): string {
  return /^arn:[^:]+:states:::s3:(\w+)$/.exec(String(resource))?.[1] ?? '';
}
