import type { Logger } from '@aws-lambda-powertools/logger';
import { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { SQSBatchResponse } from 'aws-lambda';
import {
  CatalogConfig, CONFIG_VERSION, HandlerConfig, ImageRecord, ProcessingConfig, PROCESSING_DEFAULTS, PROFILE_DEFAULTS, ProfileConfig, SourceConfig,
} from '../../../src/contract';
import { dispatch } from '../../../src/lambda/resize/delivery/dispatch';
import { createServices, Imaging } from '../../../src/lambda/resize/services/services';
import type { Telemetry } from '../../../src/lambda/resize/services/telemetry';
import { derivedId } from '../../../src/lambda/shared/derived-id';
import { prepareSources } from '../../../src/lambda/shared/sources';
import { ObjectFacts } from '../cloud/bucket';
import { Cloud, CloudOptions, Gate, OUTPUTS, SOURCE } from '../cloud/cloud';
import { envelope, givenUp, notification, queueRecord, S3Event } from '../cloud/events';
import { imaging, shown, write } from '../cloud/imaging';

export interface SceneOptions extends CloudOptions {
  readonly profiles?: readonly ProfileConfig[];
  readonly outputKey?: string;
  readonly outputBucket?: string;
  readonly formerOutputs?: HandlerConfig['formerOutputs'];
  readonly source?: Partial<SourceConfig>;
  readonly sources?: readonly Partial<SourceConfig>[];
  readonly processing?: Partial<ProcessingConfig>;
  readonly catalog?: Partial<CatalogConfig>;
  readonly maxTries?: number;
  readonly imaging?: Imaging;
}

/** How an event is delivered. */
export interface DeliveryOptions {
  /** Of a message of a queue. @default 1 */
  readonly count?: number;
  /** @default 'notification' */
  readonly form?: 'notification' | 'envelope';
  /** Whether S3 invokes the function, or Lambda's failure destination sends the event. @default - a queue delivers it */
  readonly from?: 's3' | 'failureDestination';
  /** Milliseconds that are left of the invocation. @default 60000 */
  readonly remaining?: number;
}

/** A call's name without `Command`. */
export type CallName = 'GetObject' | 'HeadObject' | 'PutObject' | 'DeleteObject' | 'ListObjectsV2' | 'Get' | 'Update';

export type Ending = 'done' | 'failed' | 'killed';

export const KEY = 'x.jpg';
/** Bytes of an image of a version. */
export const image = (version: number, kind: 'a' | 'b' = 'a'): string => write({ version, kind });
export const broken = (version: number): string => write({ version, kind: 'broken' });

export function profile(name: string, width = 1): ProfileConfig {
  return { ...PROFILE_DEFAULTS, name, width, height: 9, formats: [{ format: 'original', options: {} }] };
}

/** The handler on services in memory, whose invocations go as far as a test lets them. */
export class Scene {
  readonly cloud: Cloud;
  config: HandlerConfig;
  private imaging: Imaging;
  /** Calls of all invocations so far. */
  readonly calls: CallName[] = [];

  constructor(private options: SceneOptions = {}) {
    this.cloud = new Cloud(options);
    this.config = configOf(options);
    this.imaging = options.imaging ?? imaging;
  }

  /** Another configuration of invocations that begin from now on, as after a deployment. */
  configure(changes: SceneOptions): void {
    this.options = { ...this.options, ...changes };
    this.config = configOf(this.options);
  }

  upload(body: string, { key = KEY, seconds = 1, ...facts }: ObjectFacts & { key?: string; seconds?: number } = {}): S3Event {
    this.cloud.now += 1000 * seconds;
    return this.cloud.upload(key, body, facts).event;
  }

  remove(key = KEY): S3Event {
    this.cloud.now += 1000;
    return this.cloud.remove(key);
  }

  /** Deletes the newest version for good, which may be a marker. */
  removeNewestVersion(key = KEY): S3Event {
    this.cloud.now += 1000;
    return this.cloud.removeVersion(key, this.cloud.source.versionsOf(key)[0].versionId);
  }

  /** Begins to deliver an event; nothing happens until it is let go. */
  start(event: S3Event, delivery: DeliveryOptions = {}): Run {
    return this.invoke(payloadOf(event, delivery), delivery.remaining);
  }

  deliver(event: S3Event, delivery: DeliveryOptions = {}): Promise<Ending> {
    return this.start(event, delivery).finish();
  }

  /** Takes a step of a state machine. */
  async step(event: S3Event, request: object): Promise<any> {
    const run = this.invoke({ ...request, event: envelope(event) });
    if (await run.finish() !== 'done') throw run.error;
    return JSON.parse(JSON.stringify(run.result));
  }

  invoke(payload: unknown, remaining = 60_000): Run {
    const { config } = this;
    return new Run((gate) => {
      const clients = this.cloud.clients(gate);
      const services = createServices(config, {
        imaging: this.imaging,
        s3: clients.s3 as S3Client,
        dynamodb: clients.dynamodb as DynamoDBDocumentClient,
        now: () => new Date(this.cloud.now),
        logger: { debug() {}, info() {}, warn() {}, error() {} } as unknown as Logger,
        telemetry: { processed() {}, failed() {}, backfilled() {}, flush() {} } as unknown as Telemetry,
      });
      return dispatch(services, JSON.parse(JSON.stringify(payload)), { getRemainingTimeInMillis: () => remaining }, 1);
    }, this.calls);
  }

  idOf(key = KEY): string {
    const source = prepareSources(this.config).find(({ prefix }) => key.startsWith(prefix))!;
    return derivedId(this.config.catalog.imageId, source, key);
  }

  record(id = this.idOf()): Partial<ImageRecord> {
    return this.cloud.items.get(id) ?? {};
  }

  /** The stored renditions: what they show, by key. */
  outputs(bucket: string = this.config.outputBucket): Record<string, string> {
    return Object.fromEntries(this.cloud.buckets[bucket].entries().map(([key, { body }]) => [key, shown(body)]));
  }
}

/** More calls than any event needs: the handler goes round in circles. */
const MAX_CALLS = 2000;

interface Call {
  readonly name: CallName;
  readonly proceed: () => Promise<void>;
  readonly fail: (error: Error) => void;
}

/** One invocation, call by call. */
export class Run {
  result: unknown;
  error: unknown;
  private ending?: Ending;
  private readonly waiting: Call[] = [];
  private passed = 0;

  constructor(handle: (gate: Gate) => Promise<unknown>, private readonly seen: CallName[]) {
    const gate: Gate = (name, effect) => new Promise((resolve, reject) => {
      this.waiting.push({
        name: name.replace('Command', '') as CallName,
        fail: reject,
        proceed: async () => {
          try {
            resolve(effect());
          } catch (error) {
            reject(error as Error);
          }
        },
      });
    });
    void handle(gate).then((result) => {
      this.result = result;
      const failures = (result as SQSBatchResponse | undefined)?.batchItemFailures ?? [];
      this.ending ??= failures.length > 0 ? 'failed' : 'done';
    }, (error) => {
      this.error = error;
      this.ending ??= 'failed';
    });
  }

  /** Lets it go on until the next call of this kind is about to take effect. @throws Error when it ends before */
  async before(name: CallName, nth = 1): Promise<void> {
    for (let left = nth; ; left -= 1) {
      await this.until(name);
      if (left === 1) return;
      await this.pass();
    }
  }

  /** Lets it go on until a call of this kind has taken effect. */
  async after(name: CallName, nth = 1): Promise<void> {
    await this.before(name, nth);
    await this.pass();
  }

  /** Has the next call of this kind fail without effect. */
  async failing(name: CallName, error: Error): Promise<void> {
    await this.until(name);
    this.seen.push(name);
    this.waiting.shift()!.fail(error);
  }

  /** Lets so many calls take effect. @returns whether there were that many */
  async calls(count: number): Promise<boolean> {
    for (let left = count; left > 0; left -= 1) if (!await this.pass()) return false;
    return true;
  }

  async finish(): Promise<Ending> {
    while (await this.pass());
    return this.ending!;
  }

  /** Goes no further, as when its process is killed. */
  kill(): void {
    this.ending = 'killed';
    this.waiting.length = 0;
  }

  private async until(name: CallName): Promise<void> {
    while (await this.next() !== name) if (!await this.pass()) throw new Error(`ended before ${name}: ${String(this.error)}`);
  }

  private async pass(): Promise<boolean> {
    const name = await this.next();
    if (!name) return false;
    this.passed += 1;
    if (this.passed > MAX_CALLS) throw new Error(`an invocation with more than ${MAX_CALLS} calls`);
    this.seen.push(name);
    await this.waiting.shift()!.proceed();
    return true;
  }

  /** The call that waits; undefined when it has ended. */
  private async next(): Promise<CallName | undefined> {
    while (this.waiting.length === 0 && this.ending === undefined) await new Promise(setImmediate);
    return this.waiting[0]?.name;
  }
}

function payloadOf(event: S3Event, { count = 1, form = 'notification', from }: DeliveryOptions): unknown {
  const payload = form === 'notification' ? notification(event) : envelope(event);
  if (from === 's3') return payload;
  return { Records: [queueRecord('message', from === 'failureDestination' ? givenUp(payload) : payload, count)] };
}

function configOf(options: SceneOptions): HandlerConfig {
  const defaults: SourceConfig = { bucket: SOURCE, prefix: '', include: [], exclude: [], outputPrefix: '', profileSet: 0 };
  return {
    version: CONFIG_VERSION,
    outputBucket: options.outputBucket ?? OUTPUTS[0],
    outputKey: options.outputKey ?? '{key}/{profile}',
    formerOutputs: options.formerOutputs ?? [],
    profileSets: [options.profiles ?? [profile('small')]],
    sources: (options.sources ?? [options.source ?? {}]).map((source) => ({ ...defaults, ...source })),
    processing: { ...PROCESSING_DEFAULTS, deleteRenditions: !options.processing?.deleteSource, ...options.processing },
    catalog: { table: 'images', partitionKey: 'imageId', imageId: 'metadata', shards: 1, expireAfter: 0, ...options.catalog },
    maxTries: options.maxTries ?? 3,
    pipelineName: 'Images',
  };
}
