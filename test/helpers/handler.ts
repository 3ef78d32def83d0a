import { Logger } from '@aws-lambda-powertools/logger';
import type { EventBridgeClient, PutEventsCommand, PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, PutObjectCommandInput, S3Client } from '@aws-sdk/client-s3';
import type { SQSBatchResponse } from 'aws-lambda';
import { LocalDynamoDb, startDynamoDb } from './dynamodb';
import { profile } from './renditions';
import { LocalS3, S3EventRecord } from '../../local-runner/services/s3';
import {
  CatalogConfig, CONFIG_VERSION, DEFAULT_OUTPUT_KEY, HandlerConfig, ImageRecord, ProcessingConfig, PROCESSING_DEFAULTS, ProfileConfig,
  ResizeHookFunction, SourceConfig,
} from '../../src/contract';
import { dispatch } from '../../src/lambda/resize/delivery/dispatch';
import * as imaging from '../../src/lambda/resize/image';
import { createServices, Services } from '../../src/lambda/resize/services/services';
import { Telemetry } from '../../src/lambda/resize/services/telemetry';
import { derivedId } from '../../src/lambda/shared/derived-id';
import { s3ClientConfig } from '../../src/lambda/shared/s3-client-config';

process.env.POWERTOOLS_METRICS_DISABLED = 'true';

const REGION = 'eu-central-1';
const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local-secret' };

export interface HandlerOptions {
  readonly profiles?: readonly ProfileConfig[];
  readonly processing?: Partial<ProcessingConfig>;
  readonly catalog?: Partial<CatalogConfig>;
  readonly source?: Partial<SourceConfig>;
  readonly outputKey?: string;
  readonly formerOutputs?: HandlerConfig['formerOutputs'];
  readonly maxTries?: number;
  readonly pipelineName?: string;
  readonly events?: HandlerConfig['events'];
  readonly hook?: ResizeHookFunction;
  /** Whether the source bucket keeps versions. */
  readonly versioned?: boolean;
  /** What the names of the buckets begin with. */
  readonly buckets?: { readonly source: string; readonly output: string };
}

/** The handler's functions on an embedded S3 and DynamoDB. Events wait until a test delivers them. */
export class LocalHandler {
  static async start(): Promise<LocalHandler> {
    const [s3, dynamodb] = await Promise.all([LocalS3.start({ credentials: CREDENTIALS, region: REGION }), startDynamoDb()]);
    return new LocalHandler(s3, dynamodb);
  }

  readonly client: S3Client;
  /** The events of the source bucket since `reset`, as S3 sends them. */
  events: S3EventRecord[] = [];
  /** What was put on the event bus since `reset`. */
  published: PutEventsRequestEntry[] = [];
  /** What the event bus answers with. */
  eventBridge: { send(command: unknown): Promise<object> } = this.takingEventBridge();
  /** The log lines since `reset`. */
  logs: Record<string, unknown>[] = [];
  services!: Services;
  private table = 0;
  private names = { source: 'source', output: 'output' };

  private constructor(private readonly s3: LocalS3, readonly dynamodb: LocalDynamoDb) {
    const { endpoint } = s3;
    this.client = new S3Client({ ...s3ClientConfig({ AWS_ENDPOINT_URL_S3: endpoint }), endpoint, region: REGION, credentials: CREDENTIALS });
    s3.onEvent((record) => {
      if (record.s3.bucket.name === this.sourceBucket) this.events.push(record);
    });
  }

  get sourceBucket(): string {
    return `${this.names.source}-${this.table}`;
  }

  get outputBucket(): string {
    return `${this.names.output}-${this.table}`;
  }

  /** New buckets, a new table, and a handler with this configuration. */
  async reset(options: HandlerOptions = {}): Promise<void> {
    this.table += 1;
    this.names = options.buckets ?? { source: 'source', output: 'output' };
    this.s3.createBucket(this.sourceBucket, { versioned: options.versioned });
    this.s3.createBucket(this.outputBucket);
    await this.dynamodb.createTable(`images-${this.table}`, 'imageId');
    this.events = [];
    this.logs = [];
    this.published = [];
    this.eventBridge = this.takingEventBridge();
    this.configure(options);
  }

  /** The same buckets and table with another configuration, as after a deployment. */
  configure(options: HandlerOptions): void {
    const config = this.config(options);
    this.services = createServices(config, {
      hook: options.hook,
      imaging,
      s3: this.client,
      eventBridge: { send: (command: unknown) => this.eventBridge.send(command) } as Pick<EventBridgeClient, 'send'>,
      dynamodb: this.dynamodb.client,
      logger: collectingLogger(this.logs),
      telemetry: new Telemetry(config.pipelineName),
    });
  }

  /** Stores a source object and returns its event. */
  async upload(key: string, body: Buffer | string, more: Partial<PutObjectCommandInput> = {}): Promise<S3EventRecord> {
    await this.client.send(new PutObjectCommand({ Bucket: this.sourceBucket, Key: key, Body: Buffer.from(body), ...more }));
    return this.events.at(-1)!;
  }

  async remove(key: string, versionId?: string): Promise<S3EventRecord> {
    await this.client.send(new DeleteObjectCommand({ Bucket: this.sourceBucket, Key: key, VersionId: versionId }));
    return this.events.at(-1)!;
  }

  /** Delivers events as one direct notification. */
  async deliver(...records: S3EventRecord[]): Promise<void> {
    await dispatch(this.services, { Records: records }, { getRemainingTimeInMillis: () => 60_000 }, 1);
  }

  /** Delivers each body as one message of a batch. */
  async deliverBatch(bodies: readonly unknown[], deliveries = 1): Promise<SQSBatchResponse> {
    const records = bodies.map((body, at) => ({
      messageId: `message-${at}`,
      eventSource: 'aws:sqs',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      attributes: { ApproximateReceiveCount: String(deliveries) },
    }));
    return await dispatch(this.services, { Records: records }, { getRemainingTimeInMillis: () => 60_000 }, 1) as SQSBatchResponse;
  }

  record(id: string): Promise<Partial<ImageRecord> | undefined> {
    return this.services.catalog.read(id);
  }

  recordOf(key: string): Promise<Partial<ImageRecord> | undefined> {
    return this.record(this.idOf(key));
  }

  idOf(key: string): string {
    return derivedId(this.services.config.catalog.imageId, this.services.sources[0], key);
  }

  async outputs(): Promise<string[]> {
    return this.keysOf(this.outputBucket);
  }

  async sources(): Promise<string[]> {
    return this.keysOf(this.sourceBucket);
  }

  private async keysOf(bucket: string): Promise<string[]> {
    const { Contents = [] } = await this.client.send(new ListObjectsV2Command({ Bucket: bucket }));
    return Contents.map(({ Key }) => Key!);
  }

  async output(key: string): Promise<{ body: Buffer; metadata: Record<string, string>; contentType?: string; cacheControl?: string }> {
    const found = await this.client.send(new GetObjectCommand({ Bucket: this.outputBucket, Key: key }));
    const body = Buffer.from(await found.Body!.transformToByteArray());
    return { body, metadata: found.Metadata!, contentType: found.ContentType, cacheControl: found.CacheControl };
  }

  async stop(): Promise<void> {
    this.client.destroy();
    await Promise.all([this.s3.stop(), this.dynamodb.stop()]);
  }

  private takingEventBridge() {
    return {
      send: async (command: unknown) => {
        this.published.push(...(command as PutEventsCommand).input.Entries!);
        return { FailedEntryCount: 0, Entries: [{ EventId: '1' }] };
      },
    };
  }

  private config(options: HandlerOptions): HandlerConfig {
    return {
      version: CONFIG_VERSION,
      outputBucket: this.outputBucket,
      outputKey: options.outputKey ?? DEFAULT_OUTPUT_KEY,
      formerOutputs: options.formerOutputs ?? [],
      profileSets: [options.profiles ?? [profile({ name: 'small', width: 40 })]],
      sources: [{ bucket: this.sourceBucket, prefix: '', include: [], exclude: [], outputPrefix: '', profileSet: 0, ...options.source }],
      processing: { ...PROCESSING_DEFAULTS, ...options.processing },
      catalog: { table: `images-${this.table}`, partitionKey: 'imageId', imageId: 'metadata', shards: 2, expireAfter: 0, ...options.catalog },
      maxTries: options.maxTries ?? 3,
      ...options.events && { events: options.events },
      pipelineName: options.pipelineName ?? 'Images',
    };
  }
}

function collectingLogger(lines: Record<string, unknown>[]): Logger {
  const collect = (level: string) => (message: unknown, extra: unknown) => lines.push({ level, message, ...(extra as object) });
  return { info: collect('INFO'), warn: collect('WARN'), error: collect('ERROR') } as unknown as Logger;
}
