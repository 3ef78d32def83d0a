import type { Logger } from '@aws-lambda-powertools/logger';
import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { SQSBatchResponse } from 'aws-lambda';
import { Cloud, Gate } from './cloud';
import { History, Operation } from './history';
import { imaging, write } from './imaging';
import { illegalTransition } from './transitions';
import { CONFIG_VERSION, HandlerConfig, PROCESSING_DEFAULTS, PROFILE_DEFAULTS, renditionName } from '../../src/contract';
import { dispatch } from '../../src/handler/dispatch';
import { createServices, Services } from '../../src/handler/services';
import type { Telemetry } from '../../src/handler/telemetry';

export const MAX_TRIES = 3;
const MAX_MESSAGES = 3;
const PROFILES = ['small', 'large'];
const NOW = Date.parse('2026-01-02T03:04:05Z');
/** One call in so many fails, as long as the history has faults left. */
const FAULT_RATE = 6;
/** One invocation in so many pauses once, before its first call of a kind, for up to so many steps of the others. */
const [PAUSE_RATE, PAUSE_STEPS] = [2, 40];
const PAUSED_CALLS = [DeleteObjectCommand.name, UpdateCommand.name, PutObjectCommand.name, GetObjectCommand.name];

/** What a service answers, or does not, when a call fails. */
const FAULTS = [
  () => new S3ServiceException({ name: 'SlowDown', $fault: 'server', $metadata: { httpStatusCode: 503 } }),
  () => new DynamoDBServiceException({ name: 'ProvisionedThroughputExceededException', $fault: 'client', $metadata: { httpStatusCode: 400 } }),
  () => new S3ServiceException({ name: 'AccessDenied', $fault: 'client', $metadata: { httpStatusCode: 403 } }),
  () => Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' }),
];

export interface Message {
  readonly key: string;
  readonly created: boolean;
  readonly sequencer: string;
  readonly body: string;
  receives: number;
}

export interface Upload {
  readonly key: string;
  readonly version: number;
}

/** The world once every message was handled or ended in the dead-letter queue. */
export interface Ended {
  readonly history: History;
  readonly config: HandlerConfig;
  readonly cloud: Cloud;
  readonly uploads: readonly Upload[];
  readonly deadLetters: readonly Message[];
  /** Writes to records that must never be. */
  readonly illegal: readonly string[];
  /** What was done in which order, for people. */
  readonly log: readonly string[];
}

interface Call {
  readonly name: string;
  readonly proceed: () => void;
  readonly fail: (error: Error, hasEffect: boolean) => void;
}

interface Invocation {
  readonly message: Message;
  /** Calls that wait to take effect. */
  readonly waiting: Set<Call>;
  /** Ends it as if its process were killed. */
  readonly kill: () => void;
  /** Takes no turn for so many steps once it waits with such a call, unless nobody else can. */
  readonly pause?: { readonly call: string; steps: number };
  ended: boolean;
}

/** Runs the handler through a history: operations, deliveries and single calls take turns as the tape decides. */
export async function run(history: History): Promise<Ended> {
  const world = new World(history);
  while (await world.step());
  return world.end();
}

class World {
  private readonly cloud = new Cloud();
  private readonly config: HandlerConfig;
  private readonly operations: Operation[];
  private readonly queue: Message[] = [];
  private readonly deadLetters: Message[] = [];
  private readonly uploads: Upload[] = [];
  private readonly illegal: string[] = [];
  private readonly log: string[] = [];
  private invocations: Invocation[] = [];
  /** Messages that are being handled. */
  private handled = 0;
  /** Steps of state machines that wait to be tried again. */
  private readonly retries: (() => void)[] = [];
  private position = 0;
  private sinceOperation = 0;
  private faults: number;

  constructor(private readonly history: History) {
    this.config = configOf(history);
    this.operations = [...history.operations];
    this.faults = history.faults;
    const renditions = PROFILES.map((profile) => renditionName(profile, 'original'));
    this.cloud.onWrite = (before, after) => {
      const problem = illegalTransition(before, after, renditions);
      if (problem) this.illegal.push(`${after.imageId}: ${problem}`);
    };
  }

  /** @returns false when nothing is left to do */
  async step(): Promise<boolean> {
    const awake = this.invocations.filter((invocation) => !isPaused(invocation));
    const choices = this.callsOf(awake);
    choices.push(...this.retries.map((retry, at) => () => {
      this.retries.splice(at, 1);
      retry();
    }));
    if (this.queue.length > 0 && this.handled < MAX_MESSAGES) {
      // Mostly in order, and now and then not.
      choices.push(() => this.deliver(0));
      if (this.queue.length > 1) choices.push(() => this.deliver(1 + this.decide(this.queue.length - 1)));
    }
    this.sinceOperation += 1;
    if (this.operations.length > 0 && (choices.length === 0 || this.sinceOperation > this.operations[0].after)) {
      choices.push(() => this.operate(this.operations.shift()!));
    }
    if (choices.length === 0) choices.push(...this.callsOf(this.invocations));
    if (choices.length === 0) return false;

    for (const { pause } of this.invocations.filter(isPaused)) pause!.steps -= 1;
    choices[this.decide(choices.length)]();
    // The handler runs on until its next call.
    await new Promise(setImmediate);
    this.invocations = this.invocations.filter(({ ended }) => !ended);
    return true;
  }

  end(): Ended {
    const { history, config, cloud, uploads, deadLetters, illegal, log } = this;
    return { history, config, cloud, uploads, deadLetters, illegal, log };
  }

  private decide(choices: number): number {
    return (this.history.tape[this.position++] ?? 0) % choices;
  }

  private callsOf(invocations: readonly Invocation[]): (() => void)[] {
    return invocations.flatMap((invocation) => [...invocation.waiting].map((call) => () => this.proceed(invocation, call)));
  }

  private operate(operation: Operation): void {
    const { key, copies } = operation;
    this.sinceOperation = 0;
    const sequencer = this.cloud.nextSequencer();
    if (operation.type === 'upload') {
      const version = this.uploads.push({ key, version: this.uploads.length + 1 });
      this.cloud.put('source', key, write({ version, kind: operation.kind }), operation.imageId ? { 'image-id': operation.imageId } : {});
    } else {
      if (operation.type === 'remove') this.cloud.buckets.source.delete(key);
      if (!this.history.deleteRenditions) return;
    }
    const created = operation.type === 'upload';
    this.log.push(`${operation.type} ${key} #${sequencer}`);
    const body = notification(key, created, sequencer);
    for (let copy = 0; copy < copies; copy += 1) this.queue.push({ key, created, sequencer, receives: 0, body });
  }

  private deliver(at: number): void {
    const [message] = this.queue.splice(at, 1);
    message.receives += 1;
    this.handled += 1;
    void (this.history.steps ? this.execute(message) : this.invokeBatch(message)).then(() => { this.handled -= 1; });
  }

  /** What a queue does with a message. */
  private async invokeBatch(message: Message): Promise<void> {
    const record = { messageId: 'm', eventSource: 'aws:sqs', body: message.body, attributes: { ApproximateReceiveCount: String(message.receives) } };
    const response = await this.invoke(message, { Records: [record] }).catch(() => undefined) as SQSBatchResponse | undefined;
    const acknowledged = response?.batchItemFailures.length === 0;
    this.log.push(`  #${message.sequencer} delivery ${message.receives} ${acknowledged ? 'done' : 'failed'}`);
    if (acknowledged) return;
    // Two deliveries beyond the tries, as the queue is configured.
    if (message.receives > MAX_TRIES + 1) this.deadLetters.push(message);
    else this.queue.push(message);
  }

  /** What the state machine does with an event. */
  private async execute(message: Message): Promise<void> {
    try {
      await this.makeRenditions(message);
    } catch {
      const ended = await this.takeStep(message, { step: 'giveUp' }).catch(() => ({ outcome: 'givenUp' }));
      if (ended.outcome === 'givenUp') this.deadLetters.push(message);
    }
    this.log.push(`  #${message.sequencer} execution ended`);
  }

  private async makeRenditions(message: Message): Promise<void> {
    for (;;) {
      const { outcome, image, renditions } = await this.takeStep(message, { step: 'begin' });
      if (outcome !== 'claimed') return;
      const made = await Promise.all(renditions.map((rendition: string) => this.takeStep(message, { step: 'render', image, rendition })));
      const ended = await this.takeStep(message, { step: 'complete', image, made });
      if (ended.outcome !== 'changed') return;
    }
  }

  private async takeStep(message: Message, request: object): Promise<any> {
    for (let tries = 1; ; tries += 1) {
      try {
        const result = await this.invoke(message, { ...request, event: JSON.parse(message.body) });
        // Between two steps, what a state machine passes on is JSON.
        return JSON.parse(JSON.stringify(result));
      } catch (error) {
        if (tries === MAX_TRIES) throw error;
        await new Promise<void>((resolve) => this.retries.push(resolve));
      }
    }
  }

  /** @throws Error when the handler throws, or is killed */
  private invoke(message: Message, payload: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const invocation: Invocation = { message, pause: this.pause(), waiting: new Set(), ended: false, kill: () => end(() => reject(new Error('killed'))) };
      const end = (settle: () => void) => {
        if (invocation.ended) return;
        invocation.ended = true;
        settle();
      };
      this.invocations.push(invocation);
      void dispatch(this.services(invocation), payload, { getRemainingTimeInMillis: () => 60_000 }, 1)
        .then((result) => end(() => resolve(result)), (error) => end(() => reject(error)));
    });
  }

  private pause(): Invocation['pause'] {
    if (this.decide(PAUSE_RATE) !== 1) return undefined;
    return { call: PAUSED_CALLS[this.decide(PAUSED_CALLS.length)], steps: this.decide(PAUSE_STEPS) };
  }

  private proceed(invocation: Invocation, call: Call): void {
    const { name, proceed, fail } = call;
    invocation.waiting.delete(call);
    const fault = this.faults > 0 && this.decide(FAULT_RATE) === 1 ? this.decide(4) : undefined;
    const told = fault === undefined ? '' : ` ${['fails', 'fails after its effect', 'killed before', 'killed after'][fault]}`;
    this.log.push(`  #${invocation.message.sequencer} ${name}${told}`);
    if (fault === undefined) return proceed();

    this.faults -= 1;
    const [fails, hasEffect] = [fault < 2, fault % 2 === 1];
    if (fails) return fail(FAULTS[this.decide(FAULTS.length)](), hasEffect);
    if (hasEffect) proceed();
    invocation.kill();
  }

  private services(invocation: Invocation): Services {
    const clock = new Date(NOW + (this.decide(1000) - 500) * 3_600_000);
    const gate: Gate = (name, effect) => new Promise((resolve, reject) => {
      // A killed invocation goes no further.
      if (invocation.ended) return;
      invocation.waiting.add({
        name,
        fail: (error, hasEffect) => {
          if (hasEffect) take(effect).catch(() => undefined);
          reject(error);
        },
        proceed: () => void take(effect).then(resolve, reject),
      });
    });
    const { s3, dynamodb } = this.cloud.clients(gate);
    return createServices(this.config, {
      imaging,
      s3: s3 as S3Client,
      dynamodb: dynamodb as DynamoDBDocumentClient,
      // Every process has a clock of its own.
      now: () => clock,
      logger: { info() {}, warn() {}, error() {} } as unknown as Logger,
      telemetry: { processed() {}, failed() {}, flush() {} } as unknown as Telemetry,
    });
  }
}

function isPaused({ pause, waiting }: Invocation): boolean {
  return pause !== undefined && pause.steps > 0 && [...waiting].some(({ name }) => name === pause.call);
}

/** An effect's result, or what it throws. Takes place at once. */
async function take<T>(effect: () => T): Promise<T> {
  return effect();
}

function configOf({ deleteRenditions, outputKey }: History): HandlerConfig {
  return {
    version: CONFIG_VERSION,
    outputBucket: 'output',
    outputKey,
    profileSets: [PROFILES.map((name) => ({ ...PROFILE_DEFAULTS, name, width: 1, formats: [{ format: 'original', options: {} }] }))],
    sources: [{ bucket: 'source', prefix: '', include: [], exclude: [], outputPrefix: '', profileSet: 0 }],
    processing: { ...PROCESSING_DEFAULTS, deleteRenditions },
    catalog: { table: 'images', partitionKey: 'imageId', imageId: 'metadata', shards: 1, expireAfter: 0 },
    maxTries: MAX_TRIES,
    pipelineName: 'Images',
  };
}

function notification(key: string, created: boolean, sequencer: string): string {
  return JSON.stringify({
    Records: [{
      eventName: created ? 'ObjectCreated:Put' : 'ObjectRemoved:Delete',
      eventTime: '2026-01-02T03:04:05.678Z',
      s3: { bucket: { name: 'source' }, object: { key, sequencer } },
    }],
  });
}
