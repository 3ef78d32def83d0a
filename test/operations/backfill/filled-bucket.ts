import { join } from 'path';
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, paginateListObjectsV2, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import pLimit from 'p-limit';
import { Execution, LocalApp, LogLine, requestsSince, StateMachine } from '../../../local-runner';
import type { ImageRecord } from '../../../src/contract';
import { open, photo } from '../../helpers/images';

/** The bucket that is there before the pipeline is. */
export const PHOTOS = 'photos';
const PARALLEL = 16;

export interface Ran {
  readonly execution: Execution;
  readonly output: any;
  /** Objects that were stored in the output bucket meanwhile. */
  readonly stored: readonly string[];
  readonly requests: Readonly<Record<string, number>>;
}

/** The example `existing-bucket` on this machine, with originals that were there before it. */
export class FilledBucket {
  /**
   * @param originals how many; every third is named by its uploader
   * @param concurrency processes of each function; by default as many as there are processors
   */
  static async start(originals: number, widths: string, concurrency?: number): Promise<FilledBucket> {
    const keys = Array.from({ length: originals }, (_, at) => `albums/${at % 7}/${at}.jpg`);
    const errors: string[] = [];
    const lines: LogLine[] = [];
    const app = await LocalApp.start({
      directory: join(__dirname, '..', '..', '..', 'examples', 'existing-bucket'),
      buckets: [PHOTOS],
      environment: { WIDTHS: widths },
      prepare: (s3) => fill(s3, keys),
      waitFactor: 1 / 2000,
      concurrency,
      onLog: (line) => {
        lines.push(line);
        if (/"level":"ERROR"/.test(line.text)) errors.push(line.text);
      },
    });
    return new FilledBucket(app, keys, errors, lines);
  }

  /** Keys of what was stored in the output bucket, one by one. */
  private readonly puts: string[] = [];
  private readonly awaited = new Map<string, () => void>();
  private readonly originalsChanged: string[] = [];

  private constructor(
    readonly app: LocalApp, readonly keys: readonly string[], readonly errors: readonly string[], readonly lines: readonly LogLine[],
  ) {
    app.onObjectEvent(({ eventName, s3: { bucket, object } }) => {
      if (bucket.name === this.output && eventName.startsWith('ObjectCreated')) {
        const key = decodeURIComponent(object.key);
        this.puts.push(key);
        this.awaited.get(key)?.();
      }
      if (bucket.name === PHOTOS) this.originalsChanged.push(`${eventName} ${object.key}`);
    });
  }

  get output(): string {
    return this.app.output('OutputBucketName');
  }

  get machine(): StateMachine {
    return this.machineOf('BackfillArn');
  }

  machineOf(output: string): StateMachine {
    return this.app.stateMachines.find(({ arn }) => arn === this.app.output(output))!;
  }

  /** Objects that were stored in the output bucket so far. */
  get storedSoFar(): number {
    return this.puts.length;
  }

  storedSince(before: number): readonly string[] {
    return this.puts.slice(before);
  }

  /** What was done to originals since the pipeline is there; must be nothing. */
  get changes(): readonly string[] {
    return this.originalsChanged;
  }

  async run(input: object, output = 'BackfillArn', during?: (execution: Execution) => Promise<void>): Promise<Ran> {
    const [before, stored] = [this.app.requests, this.puts.length];
    const execution = this.machineOf(output).start(input);
    await during?.(execution);
    await execution.ended;
    return { execution, output: execution.output, stored: this.puts.slice(stored), requests: requestsSince(before, this.app.requests) };
  }

  /** @returns milliseconds until all of its renditions are stored */
  async uploadFresh(key: string): Promise<number> {
    const profiles = ['w200', 'w800'];
    const stored = Promise.all(profiles.map((profile) => new Promise<void>((resolve) => { this.awaited.set(`${key}/${profile}.jpg`, resolve); })));
    const started = performance.now();
    await this.app.s3.send(new PutObjectCommand({ Bucket: PHOTOS, Key: key, Body: await picture() }));
    await stored;
    return performance.now() - started;
  }

  async putRendition(key: string, metadata: Record<string, string>): Promise<void> {
    await this.app.s3.send(new PutObjectCommand({ Bucket: this.output, Key: key, Body: Buffer.from('x'), Metadata: metadata }));
  }

  /** @throws Error for those that are not there */
  async removeRenditions(...keys: string[]): Promise<void> {
    for (const key of keys) {
      await this.renditionMetadata(key);
      await this.app.s3.send(new DeleteObjectCommand({ Bucket: this.output, Key: key }));
    }
  }

  async renditionMetadata(key: string): Promise<Record<string, string>> {
    return (await this.app.s3.send(new HeadObjectCommand({ Bucket: this.output, Key: key }))).Metadata ?? {};
  }

  async outputs(): Promise<string[]> {
    const keys: string[] = [];
    const list = paginateListObjectsV2({ client: this.app.s3 }, { Bucket: this.output });
    for await (const { Contents = [] } of list) keys.push(...Contents.map(({ Key }) => Key!));
    return keys;
  }

  async metadata(key: string): Promise<Record<string, string>> {
    return (await this.app.s3.send(new HeadObjectCommand({ Bucket: PHOTOS, Key: key }))).Metadata ?? {};
  }

  async report(name: string, { execution }: Ran): Promise<string> {
    const place = { Bucket: this.app.output('ReportBucketName'), Key: `backfill/${execution.name}/${name}` };
    const { Body } = await this.app.s3.send(new GetObjectCommand(place));
    return Body!.transformToString();
  }

  async records(): Promise<ImageRecord[]> {
    const records: ImageRecord[] = [];
    const scan = paginateScan({ client: this.app.dynamodb }, { TableName: this.app.output('TableName') });
    for await (const { Items = [] } of scan) records.push(...Items as ImageRecord[]);
    return records.filter(({ status }) => status !== undefined);
  }

  async stop(): Promise<void> {
    await this.app.stop();
  }
}

let made: Promise<Buffer> | undefined;
function picture(): Promise<Buffer> {
  return made ??= open(photo(24, 16)).jpeg().toBuffer();
}

async function fill(s3: S3Client, keys: readonly string[]): Promise<void> {
  const image = await picture();
  const limit = pLimit(PARALLEL);
  await Promise.all(keys.map((key, at) => limit(() => s3.send(new PutObjectCommand({
    Bucket: PHOTOS, Key: key, Body: image, Metadata: { author: `photographer ${at}`, ...(at % 3 === 0 ? { 'image-id': `id-${at}` } : {}) },
  })))));
  for (const [key, body] of [['notes.txt', 'no image'], ['empty.jpg', ''], ['folder/', '']]) {
    await s3.send(new PutObjectCommand({ Bucket: PHOTOS, Key: key, Body: Buffer.from(body) }));
  }
}
