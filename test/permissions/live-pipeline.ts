import { Readable } from 'node:stream';
import { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DeleteObjectCommand, PutObjectCommand, PutObjectCommandInput, S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { HttpResponse } from '@smithy/protocol-http';
import { Account, PLACE } from './account';
import { Guard } from './guard';
import { Call, describe, distinct } from './simulator';
import { LocalTables } from '../../local-runner/services/dynamodb/local-tables';
import { LocalS3, S3EventRecord } from '../../local-runner/services/s3';
import { adjustmentOf, CONFIG_VARIABLE, HandlerConfig, ImageRecord, parseConfig, STEP_OUTCOMES, STEPS, WatermarkObject } from '../../src/contract';
import { dispatch } from '../../src/lambda/resize/delivery/dispatch';
import * as imaging from '../../src/lambda/resize/image';
import { Catalog } from '../../src/lambda/resize/record/catalog';
import { createServices, Services } from '../../src/lambda/resize/services/services';
import { Telemetry } from '../../src/lambda/resize/services/telemetry';
import { derivedId } from '../../src/lambda/shared/derived-id';
import type { Source } from '../../src/lambda/shared/sources';
import { open, solid } from '../helpers/images';

process.env.POWERTOOLS_METRICS_DISABLED = 'true';

const CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local-secret' };

/** A bus that takes every event. */
const TAKING_BUS = {
  handle: async () => ({ response: new HttpResponse({ statusCode: 200, headers: {}, body: Readable.from('{"FailedEntryCount":0,"Entries":[{"EventId":"1"}]}') }) }),
};

/** The key of a watermark in the stacks of these tests. */
export const WATERMARK = 'marks/logo.png';

/** The id of the pipeline in the stacks of these tests. */
export const PIPELINE = 'Pipeline';

/** A synthesised pipeline whose handler runs on embedded services, with the rights of its role and no others. */
export class LivePipeline {
  public static async start(account: Account): Promise<LivePipeline> {
    const s3 = await LocalS3.start({ credentials: CREDENTIALS, region: PLACE.region, accountId: PLACE.account });
    const tables = await LocalTables.start();
    try {
      const live = new LivePipeline(account, s3, tables);
      for (const { name } of account.resources('AWS::S3::Bucket')) s3.createBucket(name);
      for (const { bucket, key } of watermarkObjects(live.config)) {
        await live.admin.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: await open(solid(4, 4, [1, 2, 3])).png().toBuffer() }));
      }
      for (const { name, properties } of account.resources('AWS::DynamoDB::Table')) await tables.create(live.admin.dynamodb, name, properties);
      return live;
    } catch (error) {
      await Promise.all([s3.stop(), tables.stop()]);
      throw error;
    }
  }

  public readonly config: HandlerConfig;
  /** The role that the function runs as. */
  public readonly role: string;
  /** Everything that was called in the name of a role. */
  public readonly calls: Call[] = [];
  /** Of whoever may do everything. */
  public readonly admin: Clients;
  private readonly opened: Clients[] = [];
  private readonly events: S3EventRecord[] = [];
  private guard!: Guard;
  private services!: Services;

  private constructor(private readonly account: Account, private readonly s3: LocalS3, private readonly tables: LocalTables) {
    this.config = configOf(account);
    this.role = functionOf(account).Role;
    this.admin = this.open();
    s3.onEvent((record) => this.events.push(record));
    this.runUnder(account);
  }

  /** The sources of the pipeline, as its handler knows them. */
  public get sources(): readonly Source[] {
    return this.services.sources;
  }

  /** From now on, the policies of this account apply to the handler. */
  public runUnder(account: Account): void {
    this.guard = new Guard(account, this.role);
    this.services = this.servicesOn(this.open(this.guard), this.config);
  }

  private servicesOn({ s3, dynamodb, eventBridge }: Clients, config: HandlerConfig): Services {
    return createServices(config, {
      imaging,
      s3,
      eventBridge,
      dynamodb: DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } }),
      logger: new Logger({ logLevel: 'SILENT' }),
      telemetry: new Telemetry(config.pipelineName),
    });
  }

  /** What a run of the handler calls. */
  public async callsOf(run: () => Promise<unknown>): Promise<Call[]> {
    const before = this.guard.calls.length;
    await run();
    const calls = distinct(this.guard.calls.slice(before));
    this.calls.push(...calls);
    return calls;
  }

  /** Clients of another role of an account, whose calls count as well. */
  public as(role: string, account = this.account, s3Config: S3ClientConfig = {}): Clients & { readonly guard: Guard } {
    const guard = new Guard(account, role);
    return { ...this.open(guard, s3Config), guard };
  }

  /** Runs something once, in the middle of a run: before the handler's next call that takes this right. */
  public before(action: string, interruption: () => Promise<void>): void {
    this.guard.before(action, interruption);
  }

  /** Stores an original, as whoever may do everything, and returns its event. */
  public async upload(bucket: string, key: string, body: Buffer | string, more: Partial<PutObjectCommandInput> = {}): Promise<S3EventRecord> {
    await this.admin.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: Buffer.from(body), ...more }));
    return this.lastEvent;
  }

  public async remove(bucket: string, key: string): Promise<S3EventRecord> {
    await this.admin.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    return this.lastEvent;
  }

  /** The event of what was last done to an object. */
  public get lastEvent(): S3EventRecord {
    return this.events.at(-1)!;
  }

  /** Delivers events as the last step of the trigger does. */
  public async deliver(...records: S3EventRecord[]): Promise<void> {
    await this.invoke({ Records: records }, 60_000);
  }

  /** Delivers an event as before a deployment that changed the prefix of renditions, whatever the role may now. */
  public async deliverBefore(outputPrefix: string, record: S3EventRecord): Promise<void> {
    const sources = this.config.sources.map((source) => ({ ...source, outputPrefix }));
    const services = this.servicesOn(this.admin, { ...this.config, sources });
    await dispatch(services, { Records: [record] }, { getRemainingTimeInMillis: () => 60_000 }, 1);
  }

  /**
   * Does the steps of a state machine, one after the other.
   *
   * @param between runs once, when the image is begun
   */
  public async execute(record: S3EventRecord, between?: () => Promise<void>): Promise<void> {
    const step = (request: object) => this.invoke({ ...request, event: { Records: [record] } }, 60_000) as Promise<any>;
    const { outcome, image, renditions } = await step({ step: STEPS.begin });
    if (outcome !== STEP_OUTCOMES.claimed) return;
    await between?.();
    const made = [];
    for (const rendition of renditions) made.push(await step({ step: STEPS.render, image, rendition }));
    const ended = await step({ step: STEPS.complete, image, made });
    if (ended.outcome === STEP_OUTCOMES.changed) await this.execute(record);
  }

  /** @param milliseconds that the invocation may take, as Lambda tells the handler */
  public async invoke(payload: unknown, milliseconds: number): Promise<unknown> {
    return dispatch(this.services, payload, { getRemainingTimeInMillis: () => milliseconds }, 1);
  }

  /** What became of the object's image, with the code when it failed. */
  public async outcome(bucket: string, key: string, named?: string): Promise<string> {
    const record = await this.record(bucket, key, named);
    return [record.status ?? 'no record', record.failure?.code].filter(Boolean).join(' ');
  }

  /** The record of an object, as whoever may do everything reads it. */
  public async record(bucket: string, key: string, named?: string): Promise<Partial<ImageRecord>> {
    const source = this.sources.find((each) => each.bucket === bucket && each.accepts(key))!;
    const unguarded = new Catalog(DynamoDBDocumentClient.from(this.admin.dynamodb), this.config.catalog);
    return await unguarded.read(named ?? derivedId(this.config.catalog.imageId, source, key)) ?? {};
  }

  public async stop(): Promise<void> {
    for (const { s3, dynamodb } of this.opened) {
      s3.destroy();
      dynamodb.destroy();
    }
    await Promise.all([this.s3.stop(), this.tables.stop()]);
  }

  private open(guard?: Guard, s3Config: S3ClientConfig = {}): Clients {
    const clients = {
      s3: new S3Client({ ...s3Config, endpoint: this.s3.endpoint, region: PLACE.region, credentials: CREDENTIALS, forcePathStyle: true }),
      dynamodb: new DynamoDBClient({ endpoint: this.tables.endpoint, region: PLACE.region, credentials: CREDENTIALS }),
      eventBridge: new EventBridgeClient({ requestHandler: TAKING_BUS, region: PLACE.region, credentials: CREDENTIALS }),
    };
    this.opened.push(clients);
    guard?.protect(clients.s3);
    guard?.protect(clients.dynamodb);
    guard?.protect(clients.eventBridge);
    return clients;
  }
}

/** What the synthesised function would be configured with. */
/** The watermarks of a pipeline that stand in buckets. */
export function watermarkObjects({ profileSets }: HandlerConfig): WatermarkObject[] {
  return profileSets.flat().flatMap(({ adjustments }) => adjustmentOf(adjustments, 'watermark')?.image ?? []).filter((image) => typeof image !== 'string');
}

export function configOf(account: Account): HandlerConfig {
  return parseConfig({ [CONFIG_VARIABLE]: functionOf(account).Environment.Variables[CONFIG_VARIABLE] });
}

function functionOf(account: Account): any {
  return account.resource('AWS::Lambda::Function', `${PIPELINE}Function`).properties;
}

export interface Clients {
  readonly s3: S3Client;
  readonly dynamodb: DynamoDBClient;
  readonly eventBridge: EventBridgeClient;
}

/** Calls as text, for comparisons. */
export function texts(calls: readonly Call[]): string[] {
  return calls.map(describe);
}
