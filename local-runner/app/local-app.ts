import { mkdtemp } from 'fs/promises';
import { availableParallelism } from 'os';
import { join, resolve } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { deploy } from './deploy';
import { Addresses } from '../http/addresses';
import { THIS_MACHINE } from '../http/local-server';
import { resourceType } from '../resources';
import type { LocalCloud } from '../resources/local-cloud';
import { Services, startServices } from '../services/embedded-services';
import type { LogLine } from '../services/lambda/local-function';
import type { S3EventRecord } from '../services/s3';
import type { Queue } from '../services/sqs/queue';
import type { StateMachine } from '../services/step-functions/state-machine';
import { readAssembly } from '../template/assembly';
import { nameStacks } from '../template/stack';
import { ACCOUNT, REGION, synthesize } from '../template/synthesize';

const IDLE_CHECK_MS = 50;

export interface LocalAppOptions {
  /** Folder of the CDK app, with its `cdk.json`. */
  readonly directory: string;
  /** Environment variables for the app's synthesis. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Names of buckets that exist before the app does. */
  readonly buckets?: readonly string[];
  /** Fills them, before the app is there. */
  readonly prepare?: (s3: S3Client) => Promise<void>;
  /**
   * Share of their real time that waits for redeliveries and retries take; what runs keeps its real time.
   * @default 1
   */
  readonly waitFactor?: number;
  /**
   * Most processes of a function at a time.
   * @default - as many as the machine has processors
   */
  readonly concurrency?: number;
  /**
   * Port of the app's page: of its distribution or instance, of which there is one then.
   * @default - any that is free
   */
  readonly pagePort?: number;
  /**
   * Address of this machine, an IPv4 one, on which pages, APIs and buckets listen, and which is in all links to them. Whoever can reach it
   * can use the app.
   * @default '127.0.0.1'
   */
  readonly host?: string;
  /** Gets every line that a function writes. */
  readonly onLog?: (line: LogLine) => void;
}

/** A CDK app that runs on this machine as it was synthesised, on embedded services that listen on 127.0.0.1, unless told otherwise. */
export class LocalApp {
  static async start(options: LocalAppOptions): Promise<LocalApp> {
    const services = await startServices(REGION, options.host);
    try {
      for (const bucket of options.buckets ?? []) services.s3.createBucket(bucket);
      await options.prepare?.(services.s3Client);
      return new LocalApp(services, options, await run(services, options));
    } catch (error) {
      await services.stop();
      throw error;
    }
  }

  readonly s3: S3Client;
  readonly dynamodb: DynamoDBDocumentClient;

  private constructor(private readonly services: Services, private readonly options: LocalAppOptions, private running: Running) {
    this.s3 = services.s3Client;
    this.dynamodb = DynamoDBDocumentClient.from(services.dynamodbClient);
  }

  /**
   * Deploys the app anew, synthesised with other environment variables: buckets and tables stay with what is in them, everything else is
   * made again. What was on its way must have arrived: see `idle`.
   */
  async update(environment: Readonly<Record<string, string>>): Promise<void> {
    await this.cloud.stop();
    this.running = await run(this.services, { ...this.options, environment });
  }

  private get cloud(): LocalCloud {
    return this.running.cloud;
  }

  /** Outputs of all stacks, with addresses on this machine. */
  get outputs(): Readonly<Record<string, string>> {
    return this.running.outputs;
  }

  get stateMachines(): readonly StateMachine[] {
    return this.cloud.stateMachines;
  }

  get queues(): readonly Queue[] {
    return this.cloud.queues;
  }

  /** The queues in which messages end that could not be handled. */
  get deadLetterQueues(): readonly Queue[] {
    return [...this.cloud.deadLetterQueues];
  }

  /** The values of the app's API keys, by their names. */
  get apiKeys(): ReadonlyMap<string, string> {
    return this.cloud.apiKeys;
  }

  /** Events that are on their way to a function, being handled, or waiting for their next try. */
  get pending(): number {
    return this.cloud.pending;
  }

  /** Invocations of functions that have not come to their end: also those that nobody waits for any more. */
  get invocations(): number {
    return this.cloud.functions.reduce((sum, { pending }) => sum + pending, 0);
  }

  /** Requests so far: to buckets and tables, and invocations of functions. Those of functions begin anew with an update. */
  get requests(): Readonly<Record<string, number>> {
    const { s3, tables } = this.services;
    return { ...s3.requests, ...tables.requests, ...Object.fromEntries(this.cloud.functions.map(({ name, invocations }) => [`Lambda ${name}`, invocations])) };
  }

  /** Invocations of each function that ended in an error, since the last update. */
  get errors(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.cloud.functions.map(({ name, errors }) => [name, errors]));
  }

  /** When somebody asked an API, a page or an instance of the app for something at last; 0 for never. */
  get lastRequestAt(): number {
    return this.cloud.lastRequestAt;
  }

  /** The output of a stack, which must exist. */
  output(name: string): string {
    const value = this.outputs[name];
    if (value === undefined) throw new Error(`the app must have an output ${JSON.stringify(name)}, received ${JSON.stringify(Object.keys(this.outputs))}`);
    return value;
  }

  onObjectEvent(listener: (record: S3EventRecord) => void): void {
    this.services.s3.onEvent(listener);
  }

  /**
   * Kills a process of a function while it handles an event, as Lambda does for lack of memory.
   *
   * @returns whether one was handling what is wanted
   */
  killFunction(isWanted: (event: unknown) => boolean): boolean {
    return this.cloud.functions.some((each) => each.kill(isWanted));
  }

  /** Resolves when every event so far was handled or given up. */
  async idle(): Promise<void> {
    while (this.pending > 0) await sleep(IDLE_CHECK_MS);
  }

  /** Ends everything, also what is still running, and removes all data. */
  async stop(): Promise<void> {
    await this.cloud.stop();
    await this.services.stop();
  }
}

interface Running {
  readonly cloud: LocalCloud;
  readonly outputs: Readonly<Record<string, string>>;
}

async function run(services: Services, options: LocalAppOptions): Promise<Running> {
  const assembly = await mkdtemp(join(services.temporary, 'cdk.out-'));
  await synthesize(resolve(options.directory), assembly, options.environment);
  const host = options.host ?? THIS_MACHINE;
  const addresses = addressesOf(services, host);
  const stacks = nameStacks(readAssembly(assembly), { account: ACCOUNT, region: REGION }, resourceType, addresses);
  const cloud = await deploy(stacks, {
    services,
    account: ACCOUNT,
    region: REGION,
    concurrency: options.concurrency ?? availableParallelism(),
    waitFactor: options.waitFactor ?? 1,
    pagePort: options.pagePort,
    host,
    onLog: options.onLog ?? (() => undefined),
  }, options.buckets ?? [], addresses);
  return { cloud, outputs: Object.assign({}, ...stacks.map((stack) => stack.outputs())) as Record<string, string> };
}

/** What policies allow of a whole service is allowed of what stands for it. */
function addressesOf({ s3 }: Services, host: string): Addresses {
  const addresses = new Addresses();
  addresses.set(`*.execute-api.${REGION}.amazonaws.com`, `http://${host}:*`);
  addresses.set(`*.s3.${REGION}.amazonaws.com`, s3.endpoint);
  return addresses;
}
