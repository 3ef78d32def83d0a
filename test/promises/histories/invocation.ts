import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { Fault } from './faults';
import { DeployedConfig, HookCall } from './hook';
import { Message } from './message';
import { Tape } from './tape';
import { StoredObject } from '../cloud/bucket';
import { Gate } from '../cloud/cloud';

/** One invocation in so many pauses, for up to so many turns. */
const [PAUSE_RATE, PAUSE_TURNS] = [2, 40];
const PAUSED_CALLS = [HookCall, DeleteObjectCommand, UpdateCommand, PutObjectCommand, GetObjectCommand, HeadObjectCommand].map(({ name }) => name);

/** Lets others go first, once: while a call of this kind waits, for so many turns of others, or until nobody else can move. */
interface Pause {
  readonly call: string;
  turns: number;
}

export interface Call {
  readonly name: string;
  readonly command: unknown;
  readonly proceed: () => void;
  readonly fail: (error: Error, hasEffect: boolean) => void;
}

/** A run of the handler whose calls wait until they are let through. */
export class Invocation {
  /** What it logged as errors. */
  readonly errors: unknown[] = [];
  /** What it last saw under each key of a source. */
  readonly seen = new Map<string, StoredObject | undefined>();
  /** Whether anything went wrong that was no fault of the handler's. */
  isHindered = false;
  private readonly waiting = new Set<Call>();
  private readonly pause?: Pause;
  private readonly killed: Promise<never>;
  private endKilled!: (error: Error) => void;
  private ended = false;

  constructor(readonly messages: readonly Message[], readonly config: DeployedConfig, tape: Tape) {
    if (tape.decide(PAUSE_RATE) === 1) this.pause = { call: PAUSED_CALLS[tape.decide(PAUSED_CALLS.length)], turns: tape.decide(PAUSE_TURNS) };
    this.killed = new Promise((_, reject) => { this.endKilled = reject; });
  }

  /** @throws Error when the handler throws, or is killed */
  run(handle: (gate: Gate) => Promise<unknown>): Promise<unknown> {
    return Promise.race([this.killed, handle(this.gate)]).finally(() => { this.ended = true; });
  }

  get hasEnded(): boolean {
    return this.ended;
  }

  get isPaused(): boolean {
    const { pause } = this;
    return pause !== undefined && pause.turns > 0 && this.calls.some(({ name }) => name === pause.call);
  }

  /** Calls that wait to take effect. */
  get calls(): readonly Call[] {
    return [...this.waiting];
  }

  /** Others had a turn while this was paused. */
  waitOn(): void {
    this.pause!.turns -= 1;
  }

  /** Lets a call take effect, or has it meet a fault. */
  pass(call: Call, fault: Fault | undefined): void {
    if (this.isPaused) this.pause!.turns = 0;
    this.waiting.delete(call);
    if (fault) this.isHindered = true;
    if (fault?.error) return call.fail(fault.error, fault.hasEffect);
    if (!fault || fault.hasEffect) call.proceed();
    if (fault) this.kill();
  }

  /** Ends it as if its process were killed. */
  private kill(): void {
    this.ended = true;
    this.endKilled(new Error('killed'));
  }

  private readonly gate: Gate = (name, effect, command) => new Promise((resolve, reject) => {
    // A killed invocation goes no further.
    if (this.ended) return;
    this.waiting.add({
      name,
      command,
      fail: (error, hasEffect) => {
        if (hasEffect) take(effect).catch(() => undefined);
        reject(error);
      },
      proceed: () => void take(effect).then(resolve, reject),
    });
  });
}

/** An effect's result, or what it throws. Takes place at once. */
async function take<T>(effect: () => T): Promise<T> {
  return effect();
}
