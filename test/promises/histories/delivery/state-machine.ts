import { Delivery } from './delivery';
import { MAX_TRIES } from '../config';
import { Message } from '../message';

/** A state machine that takes the steps of an event, each in an invocation of its own. */
export class StateMachineDelivery extends Delivery {
  private readonly stillborn = new Set<Message>();

  protected skipTries(message: Message): void {
    this.stillborn.add(message);
  }

  protected async deliver([message]: readonly Message[]): Promise<void> {
    const tries = this.stillborn.delete(message) ? Promise.reject(new Error('killed')) : this.makeRenditions(message);
    const { outcome } = await tries
      .catch(() => this.takeStep(message, { step: 'giveUp' }))
      .catch(() => ({ outcome: 'givenUp' }));
    this.note(message, `ended: ${outcome}`);
    (outcome === 'givenUp' ? this.deadLetters : this.handled).push(message);
  }

  private async makeRenditions(message: Message): Promise<any> {
    for (;;) {
      const begun = await this.takeStep(message, { step: 'begin' });
      if (begun.outcome !== 'claimed') return begun;
      const { image, renditions } = begun;
      const made = await Promise.all(renditions.map((rendition: string) => this.takeStep(message, { step: 'render', image, rendition }).catch(() => ({ givenUp: true }))));
      const ended = await this.takeStep(message, { step: 'complete', image, made });
      if (ended.outcome !== 'changed') return ended;
    }
  }

  private async takeStep(message: Message, request: { readonly step: string; readonly [more: string]: unknown }): Promise<any> {
    for (let tries = 1; ; tries += 1) {
      const answer = await this.parts.lambda.invoke([message], { ...request, event: message.payload });
      this.tried(message, answer, answer.failed);
      if (request.step === 'giveUp') message.isRecorded ||= !answer.invocation.isHindered;
      // Between two steps, what a state machine passes on is JSON.
      if (!answer.failed) return JSON.parse(JSON.stringify(answer.result));
      if (tries === MAX_TRIES) throw answer.invocation.errors.at(-1);
      await this.wait();
    }
  }
}
