import { Delivery } from './delivery';
import { BackfillAnswer } from '../../../../src/contract';
import { MAX_TRIES } from '../config';
import { Message, requestOf } from '../message';

/** A run of backfills: each request is tried a few times, and then given up. */
export class BackfillDelivery extends Delivery {
  private readonly stillborn = new Set<Message>();

  /** What failed is asked for again, as a run of what failed does. */
  override redrive(): boolean {
    for (const [at, letter] of this.deadLetters.entries()) this.deadLetters[at] = requestOf(letter.event, true);
    return super.redrive();
  }

  protected skipTries(message: Message): void {
    this.stillborn.add(message);
  }

  protected async deliver([message]: readonly Message[]): Promise<void> {
    const { outcome, failure } = await this.try(message);
    this.note(message, `backfill ended: ${outcome}`);
    (failure?.retryable ? this.deadLetters : this.handled).push(message);
  }

  private async try(message: Message): Promise<Pick<BackfillAnswer, 'failure'> & { outcome: string }> {
    for (let tries = this.stillborn.delete(message) ? MAX_TRIES : 0; tries < MAX_TRIES; tries += 1) {
      const answer = await this.parts.lambda.invoke([message], message.payload);
      this.tried(message, answer, answer.failed);
      if (!answer.failed) return answer.result as BackfillAnswer;
      await this.wait();
    }
    const { backfill } = message.payload as { backfill: object };
    const { failed, result } = await this.parts.lambda.invoke([message], { backfill: { ...backfill, giveUp: true } });
    const gaveUp = { code: 'RETRIES_EXHAUSTED', message: '', retryable: true } as const;
    return failed ? { outcome: 'given up', failure: gaveUp } : result as BackfillAnswer;
  }
}
