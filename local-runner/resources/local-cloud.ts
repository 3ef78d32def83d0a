import type { Addresses } from '../http/addresses';
import type { LocalServer } from '../http/local-server';
import type { Services } from '../services/embedded-services';
import { EventBridge } from '../services/event-bridge/event-bridge';
import { putEvents } from '../services/event-bridge/put-events';
import { AsyncInvocations, AsyncInvocationsOptions } from '../services/lambda/async-invocations';
import type { LocalFunction, LogLine } from '../services/lambda/local-function';
import type { BucketOptions } from '../services/s3';
import type { Queue } from '../services/sqs/queue';
import type { StateMachine } from '../services/step-functions/state-machine';

/** What resources are made on. */
export interface Machine {
  readonly services: Services;
  readonly account: string;
  readonly region: string;
  /** Most processes of a function at a time. */
  readonly concurrency: number;
  /** Share of their real time that waits for redeliveries and retries take. */
  readonly waitFactor: number;
  /** Where the app's page is. */
  readonly pagePort?: number;
  /** Address of this machine on which the app's servers listen. */
  readonly host: string;
  readonly onLog: (line: LogLine) => void;
}

/** Takes what is sent to an ARN. */
export type Receiver = (payload: object) => void;

/** What runs of an app so far, and where its resources find one another. */
export class LocalCloud {
  readonly queues: Queue[] = [];
  /** Those in which ends what could not be handled. */
  readonly deadLetterQueues = new Set<Queue>();
  readonly functions: LocalFunction[] = [];
  /** Folders with the modules of layers, by the ARN of their version. */
  readonly layers = new Map<string, () => string>();
  readonly stateMachines: StateMachine[] = [];
  readonly bus: EventBridge;
  /** The values that requests with an API key send, by the key's name. */
  readonly apiKeys = new Map<string, string>();
  private readonly bucketNames = new Set<string>();
  private readonly receivers = new Map<string, () => Receiver>();
  private readonly asynchronous = new Map<LocalFunction, AsyncInvocations>();
  private readonly pendingCounts = new Map<object, () => number>();
  private readonly ends: (() => Promise<void> | void)[] = [];

  /**
   * @param assets folders and files by their key in the assets bucket
   * @param servers by each host name that they have
   */
  constructor(
    readonly machine: Machine,
    readonly assets: ReadonlyMap<string, string>,
    readonly addresses: Addresses,
    private readonly servers: ReadonlyMap<string, LocalServer>,
  ) {
    this.bus = new EventBridge(machine.account, machine.region);
    machine.services.events.handle(putEvents(this.bus));
  }

  /** Events that are on their way: in a queue that feeds a function, or being tried. */
  get pending(): number {
    return [...this.pendingCounts.values()].reduce((sum, count) => sum + count(), 0);
  }

  /** @param of each thing is counted once */
  countPending(of: object, count: () => number): void {
    this.pendingCounts.set(of, count);
  }

  /** What was created first ends first: where events come from, before what waits for them. */
  onStop(end: () => Promise<void> | void): void {
    this.ends.push(end);
  }

  async stop(): Promise<void> {
    for (const end of this.ends) await end();
  }

  createBucket(name: string, options?: BucketOptions): void {
    // A stack that is updated keeps its buckets.
    if (!this.machine.services.s3.hasBucket(name)) this.machine.services.s3.createBucket(name, options);
    this.bucketNames.add(name);
  }

  hasBucket(name: string): boolean {
    return this.bucketNames.has(name);
  }

  addQueue(queue: Queue): void {
    this.queues.push(queue);
    this.onStop(() => queue.close());
    this.addReceiver(queue.arn, () => (payload) => queue.send(JSON.stringify(payload)));
  }

  queue(arn: string): Queue {
    const queue = this.queues.find((each) => each.arn === arn);
    if (!queue) throw new Error(`no stack of the app has a queue ${JSON.stringify(arn)}`);
    return queue;
  }

  addFunction(added: LocalFunction): void {
    this.functions.push(added);
    this.onStop(() => added.stop());
    this.addReceiver(added.arn, () => {
      const target = this.function(added.arn);
      const invocations = this.asynchronous.get(target) ?? this.configureAsyncInvocations(target);
      return (payload) => invocations.send(payload);
    });
  }

  /** The function that something is to invoke. */
  function(nameOrArn: string): LocalFunction {
    const found = this.functions.find(({ name, arn }) => nameOrArn === name || nameOrArn === arn);
    if (!found) throw new Error(`no stack of the app has a function ${JSON.stringify(nameOrArn)}`);
    // Checked when something invokes it: CDK's own functions need not run here.
    found.requireRunnable();
    return found;
  }

  configureAsyncInvocations(target: LocalFunction, options: Partial<Pick<AsyncInvocationsOptions, 'maxRetries' | 'onFailure'>> = {}): AsyncInvocations {
    const { maxRetries = 2, onFailure } = options;
    const invocations = new AsyncInvocations({ target, maxRetries, onFailure, waitFactor: this.machine.waitFactor });
    this.asynchronous.set(target, invocations);
    this.countPending(target, () => invocations.pending);
    this.onStop(() => invocations.stop());
    return invocations;
  }

  addStateMachine(machine: StateMachine): void {
    this.stateMachines.push(machine);
    this.countPending(machine, () => machine.pending);
    this.onStop(() => machine.stop());
    this.addReceiver(machine.arn, () => (payload) => void machine.start(payload));
  }

  /** @param open makes the receiver when something sends to the ARN */
  addReceiver(arn: string, open: () => Receiver): void {
    this.receivers.set(arn, open);
  }

  receiver(arn: string): Receiver {
    const open = this.receivers.get(arn);
    if (!open) throw new Error(`no stack of the app has what takes events at ${JSON.stringify(arn)}`);
    return open();
  }

  /** Time of the latest request to any server of the app; 0 before the first. */
  get lastRequestAt(): number {
    return Math.max(0, ...[...this.servers.values()].map(({ lastRequestAt }) => lastRequestAt));
  }

  /** The server of a resource whose type has host names. */
  server(host: string): LocalServer {
    return this.servers.get(host)!;
  }
}
