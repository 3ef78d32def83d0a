import { Cloud } from './cloud';
import { configOf, RENDITIONS } from './config';
import { Delivery } from './delivery';
import { Faults } from './faults';
import { History, Operation } from './history';
import { write } from './imaging';
import { Lambda } from './lambda';
import { Message, messageOf } from './message';
import { Tape } from './tape';
import { illegalTransition } from './transitions';
import { HandlerConfig } from '../../../src/contract';

interface Upload {
  readonly key: string;
  readonly version: number;
}

/** The world once every message was handled or ended in the dead-letter queue. */
export interface Ended {
  readonly history: History;
  readonly config: HandlerConfig;
  readonly cloud: Cloud;
  readonly uploads: readonly Upload[];
  readonly handled: readonly Message[];
  readonly deadLetters: readonly Message[];
  /** Writes to records that must never be. */
  readonly illegal: readonly string[];
  /** What was done in which order, for people. */
  readonly log: readonly string[];
}

/** Runs the handler through a history: operations, deliveries and single calls take turns as the tape decides. */
export async function run(history: History): Promise<Ended> {
  const world = new World(history);
  while (await world.takeTurn());
  return world.end();
}

class World {
  private readonly cloud = new Cloud();
  private readonly config: HandlerConfig;
  private readonly tape: Tape;
  private readonly lambda: Lambda;
  private readonly delivery: Delivery;
  private readonly operations: Operation[];
  private readonly uploads: Upload[] = [];
  private readonly illegal: string[] = [];
  private readonly log: string[] = [];
  private sinceOperation = 0;

  constructor(private readonly history: History) {
    this.config = configOf(history);
    this.tape = new Tape(history.tape);
    this.lambda = new Lambda(this.cloud, this.config, this.tape, new Faults(history.faults, this.tape), this.log);
    this.delivery = new Delivery(history.steps, this.lambda, this.tape, this.log);
    this.operations = [...history.operations];
    this.cloud.onWrite = (before, after) => {
      const problem = illegalTransition(before, after, RENDITIONS);
      if (problem) this.illegal.push(`${after.imageId}: ${problem}`);
    };
  }

  /** @returns false when nothing is left to do */
  async takeTurn(): Promise<boolean> {
    const turns = [...this.lambda.turns({ paused: false }), ...this.delivery.turns()];
    this.sinceOperation += 1;
    if (this.operations.length > 0 && (turns.length === 0 || this.sinceOperation > this.operations[0].after)) {
      turns.push(() => this.operate(this.operations.shift()!));
    }
    if (turns.length === 0) turns.push(...this.lambda.turns({ paused: true }));
    if (turns.length === 0) return false;

    this.lambda.waitOn();
    turns[this.tape.decide(turns.length)]();
    // The handler runs on until its next call.
    await new Promise(setImmediate);
    this.lambda.sweep();
    return true;
  }

  end(): Ended {
    const { history, config, cloud, uploads, delivery: { handled, deadLetters }, illegal, log } = this;
    return { history, config, cloud, uploads, handled, deadLetters, illegal, log };
  }

  private operate(operation: Operation): void {
    const { key, copies } = operation;
    this.sinceOperation = 0;
    const sequencer = this.cloud.nextSequencer();
    if (operation.type === 'upload') {
      const version = this.uploads.push({ key, version: this.uploads.length + 1 });
      this.cloud.put('source', key, write({ version, kind: operation.kind }), operation.imageId ? { 'image-id': operation.imageId } : {});
    }
    if (operation.type === 'remove') this.cloud.buckets.source.delete(key);
    this.log.push(`${operation.type} ${key} #${sequencer}`);
    // Only then are deletions listened to.
    if (operation.type !== 'upload' && !this.history.deleteRenditions) return;
    for (let copy = 0; copy < copies; copy += 1) this.delivery.send(messageOf(key, operation.type === 'upload', sequencer));
  }
}
