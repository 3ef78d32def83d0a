import { Answer, Lambda } from '../lambda';
import { Message } from '../message';
import { Tape, Turn } from '../tape';

const MAX_IN_FLIGHT = 4;

export interface DeliveryParts {
  readonly lambda: Lambda;
  readonly tape: Tape;
  readonly log: string[];
  /** Is told of tries that failed though nothing was in their way. */
  readonly onUnprovoked: (problem: string) => void;
}

/** Brings messages to the function until they are handled or dead letters. */
export abstract class Delivery {
  readonly handled: Message[] = [];
  readonly deadLetters: Message[] = [];
  protected readonly waiting: Message[] = [];
  /** What waits for a time to pass. */
  private readonly later: (() => void)[] = [];
  private inFlight = 0;

  constructor(protected readonly parts: DeliveryParts, private readonly batchSize = 1) {}

  /** @param stillborn whether no try but those that give up gets as far as a call */
  send(message: Message, stillborn = false): void {
    if (stillborn) this.skipTries(message);
    this.waiting.push(message);
  }

  /** Sends the dead letters again. @returns whether there were any */
  redrive(): boolean {
    const letters = this.deadLetters.splice(0);
    for (const message of letters) this.send(Object.assign(message, { receives: 0 }));
    return letters.length > 0;
  }

  turns(): Turn[] {
    const turns: Turn[] = this.later.map((goOn, at) => ({
      take: () => {
        this.later.splice(at, 1);
        goOn();
      },
    }));
    if (this.waiting.length > 0 && this.inFlight < MAX_IN_FLIGHT) {
      // Mostly in order, and now and then not.
      turns.push({ take: () => this.take(0) });
      if (this.waiting.length > 1) turns.push({ take: () => this.take(1 + this.parts.tape.decide(this.waiting.length - 1)) });
    }
    return turns;
  }

  protected abstract skipTries(message: Message): void;

  protected abstract deliver(messages: readonly Message[]): Promise<void>;

  protected wait(): Promise<void> {
    return new Promise((resolve) => this.later.push(resolve));
  }

  /** Notes what became of one message of an invocation that tried to process it. */
  protected tried(message: Message, { invocation }: Answer, failed: boolean): void {
    this.note(message, failed ? 'failed' : 'done');
    if (failed && !invocation.isHindered) this.parts.onUnprovoked(`event ${message.event.sequencer} failed: ${String(invocation.errors[0])}`);
  }

  /** Notes what became of one message of an invocation that only had to record that every try failed. */
  protected gaveUp(message: Message, { invocation }: Answer, failed: boolean): void {
    this.note(message, failed ? 'given up' : 'done');
    message.isRecorded ||= !invocation.isHindered;
  }

  protected note(message: Message, what: string): void {
    this.parts.log.push(`  #${message.event.sequencer?.slice(-2) ?? '--'}.${message.receives} ${what}`);
  }

  private take(at: number): void {
    const messages = this.waiting.splice(at, this.batchSize);
    for (const message of messages) message.receives += 1;
    this.inFlight += 1;
    void this.deliver(messages).then(() => { this.inFlight -= 1; });
  }
}
