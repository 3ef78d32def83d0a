import { join } from 'path';
import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import sharp from 'sharp';
import { LocalApp, LocalAppOptions, LogLine } from '../../local-runner';
import type { S3EventRecord } from '../../local-runner/services/s3';
import type { ImageRecord } from '../../src/contract';
import type { PipelineAppOptions } from '../end-to-end/fixtures/pipeline-app/pipeline-stack';

export type Item = Partial<ImageRecord> & Readonly<Record<string, unknown>>;

/** Waits of minutes take fractions of a second. */
const WAIT_FACTOR = 1 / 2000;

/** An app that runs locally, with what tests do to it and ask it. */
export class RunningApp {
  static async example(name: string, options: Partial<LocalAppOptions> = {}): Promise<RunningApp> {
    return RunningApp.start({ directory: join(__dirname, '..', '..', 'examples', name), ...options });
  }

  static async pipeline(options: PipelineAppOptions = {}): Promise<RunningApp> {
    return RunningApp.start({
      directory: join(__dirname, '..', 'end-to-end', 'fixtures', 'pipeline-app'),
      environment: { PIPELINE_APP_OPTIONS: JSON.stringify(options) },
      buckets: [options.importedBucket, options.watermarkBucket].filter((name) => name !== undefined),
    });
  }

  static async app(options: LocalAppOptions): Promise<RunningApp> {
    return RunningApp.start(options);
  }

  private static async start(options: LocalAppOptions): Promise<RunningApp> {
    const lines: LogLine[] = [];
    const app = await LocalApp.start({ waitFactor: WAIT_FACTOR, onLog: (line) => void lines.push(line), ...options });
    return new RunningApp(app, lines);
  }

  readonly events: S3EventRecord[] = [];

  private constructor(readonly app: LocalApp, private readonly lines: readonly LogLine[]) {
    app.onObjectEvent((record) => void this.events.push(record));
  }

  get input(): string {
    return this.app.output('InputBucketName');
  }

  get output(): string {
    return this.app.output('OutputBucketName');
  }

  /** The queue that feeds the function. */
  get queue() {
    return this.app.queues.find((queue) => queue.deadLetterQueue)!;
  }

  get deadLetters(): unknown[] {
    return this.app.deadLetterQueues.flatMap((queue) => queue.bodies).map((body) => JSON.parse(body) as unknown);
  }

  /** Logs of the function that are JSON, with this message. */
  logs(message: string): Record<string, unknown>[] {
    const texts = this.lines.filter(({ text, isMetric }) => !isMetric && text.startsWith('{')).map(({ text }) => text);
    return texts.map((text) => JSON.parse(text) as Record<string, unknown>).filter((line) => line.message === message);
  }

  metrics(): Record<string, unknown>[] {
    return this.lines.filter(({ isMetric }) => isMetric).map(({ text }) => JSON.parse(text) as Record<string, unknown>);
  }

  async put(key: string, body: Buffer | string, metadata?: Record<string, string>): Promise<void> {
    await this.app.s3.send(new PutObjectCommand({
      Bucket: this.input, Key: key, Body: body, ContentLength: Buffer.byteLength(body), Metadata: metadata,
    }));
  }

  /** Puts and waits until nothing is on its way any more. */
  async process(key: string, body: Buffer | string, metadata?: Record<string, string>): Promise<void> {
    await this.put(key, body, metadata);
    await this.app.idle();
  }

  async outputKeys(): Promise<string[]> {
    return this.keys(this.output);
  }

  async keys(bucket: string): Promise<string[]> {
    const { Contents = [] } = await this.app.s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    return Contents.map(({ Key }) => Key!);
  }

  async rendition(key: string) {
    return sharp(await this.bytes(this.output, key)).metadata();
  }

  async bytes(bucket: string, key: string): Promise<Buffer> {
    const { Body } = await this.app.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return Buffer.from(await Body!.transformToByteArray());
  }

  async userMetadata(key: string): Promise<Record<string, string>> {
    const { Metadata = {} } = await this.app.s3.send(new HeadObjectCommand({ Bucket: this.output, Key: key }));
    return Metadata;
  }

  async items(): Promise<Item[]> {
    const { Items = [] } = await this.app.dynamodb.send(new ScanCommand({ TableName: this.app.output('TableName') }));
    return Items as Item[];
  }

  async record(sourceKey: string): Promise<Item | undefined> {
    return (await this.items()).find((item) => item.sourceKey === sourceKey && item.status !== undefined);
  }

  async stop(): Promise<void> {
    await this.app.stop();
  }
}

export function picture(width = 64, height = 48): Promise<Buffer> {
  return sharp({ create: { width, height, channels: 3, background: '#2a9d8f' } }).jpeg().toBuffer();
}
