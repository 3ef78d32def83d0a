import type { SQSBatchResponse } from 'aws-lambda';
import { MAX_TRIES } from './config';
import { Lambda } from './lambda';
import { Message } from './message';
import { Tape, Turn } from './tape';

const MAX_IN_FLIGHT = 3;

/** Brings messages to the function, as a queue or a state machine does, until they are handled or dead letters. */
export class Delivery {
  readonly deadLetters: Message[] = [];
  readonly handled: Message[] = [];
  private readonly queue: Message[] = [];
  private inFlight = 0;
  /** Steps of state machines that wait to be tried again. */
  private readonly retries: Turn[] = [];

  /** @param steps whether a state machine takes the steps of an event, each in an invocation of its own */
  constructor(private readonly steps: boolean, private readonly lambda: Lambda, private readonly tape: Tape, private readonly log: string[]) {}

  send(message: Message): void {
    this.queue.push(message);
  }

  turns(): Turn[] {
    const turns = this.retries.map((retry, at) => () => {
      this.retries.splice(at, 1);
      retry();
    });
    if (this.queue.length > 0 && this.inFlight < MAX_IN_FLIGHT) {
      // Mostly in order, and now and then not.
      turns.push(() => this.deliver(0));
      if (this.queue.length > 1) turns.push(() => this.deliver(1 + this.tape.decide(this.queue.length - 1)));
    }
    return turns;
  }

  private deliver(at: number): void {
    const [message] = this.queue.splice(at, 1);
    message.receives += 1;
    this.inFlight += 1;
    void (this.steps ? this.execute(message) : this.invokeBatch(message)).then(() => { this.inFlight -= 1; });
  }

  /** What a queue does with a message. */
  private async invokeBatch(message: Message): Promise<void> {
    const record = { messageId: 'm', eventSource: 'aws:sqs', body: message.body, attributes: { ApproximateReceiveCount: String(message.receives) } };
    const response = await this.lambda.invoke(message, { Records: [record] }).catch(() => undefined) as SQSBatchResponse | undefined;
    const acknowledged = response?.batchItemFailures.length === 0;
    this.log.push(`  #${message.sequencer} delivery ${message.receives} ${acknowledged ? 'done' : 'failed'}`);
    // Two deliveries beyond the tries, as the queue is configured.
    const goesOn = message.receives > MAX_TRIES + 1 ? this.deadLetters : this.queue;
    (acknowledged ? this.handled : goesOn).push(message);
  }

  /** What the state machine does with an event. */
  private async execute(message: Message): Promise<void> {
    const { outcome } = await this.makeRenditions(message)
      .catch(() => this.takeStep(message, { step: 'giveUp' }))
      .catch(() => ({ outcome: 'givenUp' }));
    (outcome === 'givenUp' ? this.deadLetters : this.handled).push(message);
    this.log.push(`  #${message.sequencer} execution ended`);
  }

  private async makeRenditions(message: Message): Promise<any> {
    for (;;) {
      const begun = await this.takeStep(message, { step: 'begin' });
      if (begun.outcome !== 'claimed') return begun;
      const { image, renditions } = begun;
      const made = await Promise.all(renditions.map((rendition: string) => this.takeStep(message, { step: 'render', image, rendition })));
      const ended = await this.takeStep(message, { step: 'complete', image, made });
      if (ended.outcome !== 'changed') return ended;
    }
  }

  private async takeStep(message: Message, request: object): Promise<any> {
    for (let tries = 1; ; tries += 1) {
      try {
        const result = await this.lambda.invoke(message, { ...request, event: JSON.parse(message.body) });
        // Between two steps, what a state machine passes on is JSON.
        return JSON.parse(JSON.stringify(result));
      } catch (error) {
        if (tries === MAX_TRIES) throw error;
        await new Promise<void>((resolve) => this.retries.push(resolve));
      }
    }
  }
}
