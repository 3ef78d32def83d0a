import { changed, configOf, PIPELINE } from './config';
import { BackfillDelivery } from './delivery/backfill';
import { Delivery, DeliveryParts } from './delivery/delivery';
import { DirectDelivery } from './delivery/direct';
import { QueueDelivery } from './delivery/queue';
import { StateMachineDelivery } from './delivery/state-machine';
import { Faults } from './faults';
import { focused, History, Operation, Removal, Upload } from './history';
import { DeployedConfig } from './hook';
import { Lambda } from './lambda';
import { Message, messageOf, requestOf } from './message';
import { RandomSchedule, Schedule } from './schedule';
import { Tape } from './tape';
import { Watch } from './watch';
import { FOCAL_POINT_METADATA, RENDITION_METADATA } from '../../../src/contract';
import { fingerprintOf } from '../../../src/lambda/resize/objects/originals';
import { asObject, StoredObject } from '../cloud/bucket';
import { Cloud, SOURCE } from '../cloud/cloud';
import { S3Event } from '../cloud/events';
import { isContent, versionOf, write } from '../cloud/imaging';
import { rightsOf } from '../cloud/rights';

/** More turns than any history needs: the handler waits for itself. */
const MAX_TURNS = 4000;

/** Seconds that an invocation may take. */
const MAX_INVOCATION = 900;

/** The last that happened to a key, as far as S3 tells. */
export interface Newest {
  readonly event: S3Event;
  /** Whether the function was told, or asked: of deletions it is told only where it deletes renditions. */
  readonly told: boolean;
  /** Records that had outlived their time by then. */
  readonly expired: number;
}

/** The world at rest. */
export interface Rested {
  readonly history: History;
  /** Of deployments so far, the newest last. */
  readonly configs: readonly DeployedConfig[];
  readonly cloud: Cloud;
  readonly watch: Watch;
  /** What was said of the objects. */
  readonly uploads: ReadonlyMap<StoredObject, Upload & { readonly key: string }>;
  readonly newest: ReadonlyMap<string, Newest>;
  readonly handled: readonly Message[];
  readonly deadLetters: readonly Message[];
  /** What was done in which order, for people. */
  readonly log: readonly string[];
}

/** A history in a world: operations, deliveries and single calls take turns as the tape decides. */
export class World {
  readonly log: string[] = [];
  private readonly cloud: Cloud;
  private readonly watch: Watch;
  private readonly configs: DeployedConfig[];
  private readonly tape: Tape;
  private readonly schedule: Schedule;
  private readonly faults: Faults;
  private readonly lambda: Lambda;
  private readonly delivery: Delivery;
  private readonly backfill: Delivery;
  private readonly operations: Operation[];
  private readonly uploads = new Map<StoredObject, Upload & { readonly key: string }>();
  private readonly newest = new Map<string, Newest>();
  private sinceOperation = 0;
  /** Of the newest upload, by key: no two keys have the same bytes. */
  private readonly versions = new Map<string, number>();

  /** @param schedule random by default */
  constructor(private readonly history: History, schedule?: Schedule) {
    this.configs = [configOf(history)];
    this.tape = new Tape(history.tape);
    this.schedule = schedule ?? new RandomSchedule(history.schedule, this.tape);
    this.faults = new Faults(history.faults, this.tape);
    this.watch = new Watch(() => this.cloud, () => this.lambda.config);
    this.cloud = new Cloud({ ...history, decide: (choices) => this.tape.decide(choices), observer: this.watch });
    this.cloud.rights = rightsOf(this.configs[0], history.listsOutputs);
    this.lambda = new Lambda(this.cloud, this.configs[0], this.tape, this.faults, this.log, history.slow ?? false);
    const { lambda, tape, log } = this;
    const parts = { lambda, tape, log, onUnprovoked: (problem: string) => this.watch.problems.push(problem) };
    this.delivery = deliveryOf(history, parts);
    this.backfill = new BackfillDelivery(parts);
    this.operations = history.operations.map((operation) => focused(operation, history.focus));
  }

  /** Until nothing is left to do. */
  async rest(): Promise<Rested> {
    for (let turns = 0; await this.takeTurn(); turns += 1) {
      if (turns < MAX_TURNS) continue;
      this.watch.problems.push('the history never ends');
      break;
    }
    const { history, configs, cloud, watch, uploads, newest, delivery, backfill, log } = this;
    const handled = [...delivery.handled, ...backfill.handled];
    return { history, configs, cloud, watch, uploads, newest, handled, deadLetters: [...delivery.deadLetters, ...backfill.deadLetters], log };
  }

  /** No further faults, and the dead letters are sent again. @returns whether there were any */
  redrive(): boolean {
    this.faults.end();
    const redriven = [this.delivery, this.backfill].map((each) => each.redrive()).includes(true);
    if (redriven) this.log.push('redrive');
    return redriven;
  }

  /** Sends the newest event of every key again, or asks for every key, as one does after a deployment. */
  renew(): void {
    this.faults.end();
    const { renews } = this.history;
    this.log.push(`renew by ${renews}`);
    for (const { event, told } of this.newest.values()) {
      if (renews === 'backfill') this.ask(event.key, true);
      else if (told) this.delivery.send(messageOf(event, this.formOf(0)));
    }
  }

  /** @returns false when nothing is left to do */
  private async takeTurn(): Promise<boolean> {
    const turns = [...this.lambda.turns({ paused: false }), ...this.delivery.turns(), ...this.backfill.turns()];
    this.sinceOperation += 1;
    // No invocation lasts for hours.
    const mayOperate = this.operations.length > 0 && (this.operations[0].seconds <= MAX_INVOCATION || !this.lambda.isRunning);
    if (mayOperate && (turns.length === 0 || this.sinceOperation > this.operations[0].after)) {
      turns.push({ take: () => this.operate(this.operations.shift()!) });
    }
    if (turns.length === 0) turns.push(...this.lambda.turns({ paused: true }));
    if (turns.length === 0) return false;

    this.lambda.waitOn();
    this.schedule.choose(turns).take();
    // The handler runs on until its next call.
    await new Promise(setImmediate);
    this.lambda.sweep();
    return true;
  }

  private operate(operation: Operation): void {
    this.sinceOperation = 0;
    this.cloud.now += 1000 * operation.seconds;
    this.cloud.table.expire(this.cloud.now);
    if (operation.type === 'configure') return this.deploy(operation.change);
    if (operation.type === 'backfill') return this.ask(operation.key, operation.retryFailed, operation);
    const isFirst = !this.newest.has(operation.key);
    const event = operation.type === 'upload' ? this.upload(operation.key, operation) : this.remove(operation.key, operation.type);
    const isSilent = operation.type === 'upload' && operation.silent && isFirst;
    // Only then are deletions listened to.
    const told = event.kind === 'created' ? !isSilent : this.history.deletes === 'renditions';
    this.newest.set(event.key, { event, told, expired: this.cloud.table.expired.length });
    this.log.push(`${JSON.stringify(operation)} #${event.sequencer?.slice(-2) ?? '--'}`);
    for (let copy = 0; copy < operation.copies && told; copy += 1) {
      this.delivery.send(messageOf(event, this.formOf(copy)), operation.stillborn && copy === operation.copies - 1);
    }
  }

  /** Asks for an object, so often. */
  private ask(key: string, retryFailed: boolean, { copies, stillborn }: Pick<Operation, 'copies' | 'stillborn'> = { copies: 1, stillborn: false }): void {
    const newest = this.newest.get(key);
    this.log.push(`backfill of ${key}${retryFailed ? ', also of what failed' : ''}`);
    const event = { kind: 'created' as const, reason: 'Put', bucket: SOURCE, key, time: new Date(this.cloud.now).toISOString() };
    for (let copy = 0; copy < copies; copy += 1) this.backfill.send(requestOf(event, retryFailed), stillborn && copy === copies - 1);
    // What was there before the pipeline was told by nothing else.
    if (newest && newest.event.kind === 'created') this.newest.set(key, { ...newest, told: true });
  }

  private upload(key: string, upload: Upload): S3Event {
    if (!upload.again || !this.versions.has(key)) this.versions.set(key, this.uploads.size + 1);
    const { kind, requested, imageId, focalPoint } = upload;
    const metadata = {
      ...(imageId === undefined ? {} : { 'image-id': imageId }),
      ...(requested === undefined ? {} : { 'requested-width': requested }),
      ...(focalPoint === undefined ? {} : { [FOCAL_POINT_METADATA]: focalPoint }),
      ...(kind === 'own' ? { [RENDITION_METADATA.pipeline]: PIPELINE, [RENDITION_METADATA.sourceETag]: 'etag' } : {}),
    };
    const shown = isContent(kind) ? kind : 'a';
    // Within a second, nothing tells it from the same bytes in another storage class, and nothing is lost either.
    if (kind === 'archived' && upload.again) this.cloud.now += 1000;
    const body = kind === 'empty' ? '' : write({ version: this.versions.get(key)!, kind: shown });
    const { object, event } = this.cloud.upload(key, body, { metadata, archived: kind === 'archived', customerKey: kind === 'customerKey' });
    this.uploads.set(object, { ...upload, key });
    this.watch.versions.set(fingerprintOf({ ...object, bytes: object.body.length }), versionOf(body));
    this.watch.consumed.delete(key);
    this.watch.unseen.delete(key);
    return event;
  }

  private remove(key: string, type: Removal): S3Event {
    this.watch.consumed.delete(key);
    const versions = this.cloud.source.versionsOf(key);
    if (type === 'prune') return this.cloud.removeVersion(key, versions.slice(1).find((version) => asObject(version))?.versionId);
    if (type === 'revert' && this.history.versionedSource) return this.cloud.removeVersion(key, versions[0]?.versionId);
    if (type !== 'expire') return this.cloud.remove(key);
    // Of another second than the events before and after: S3 sends no sequencer.
    this.cloud.now += 2000;
    const { sequencer: _, ...event } = this.cloud.remove(key);
    this.cloud.now += 2000;
    return event;
  }

  private deploy(change: Parameters<typeof changed>[1]): void {
    this.log.push(`deployment: ${change}`);
    const config = changed(this.lambda.config, change, this.history.namesFormer);
    this.configs.push(config);
    this.lambda.config = config;
    this.cloud.rights = rightsOf(config, this.history.listsOutputs);
  }

  private formOf(copy: number): 'notification' | 'envelope' {
    const { trigger, mixedForms } = this.history;
    const isBridged = trigger === 'eventBridge' || trigger === 'stepFunctions';
    return (mixedForms && copy % 2 === 1) !== isBridged ? 'envelope' : 'notification';
  }
}

function deliveryOf({ trigger, batchSize }: History, parts: DeliveryParts): Delivery {
  switch (trigger) {
    case 'queue':
    case 'eventBridge': return new QueueDelivery(parts, batchSize);
    case 's3Notifications': return new DirectDelivery(parts);
    case 'stepFunctions': return new StateMachineDelivery(parts);
  }
}
