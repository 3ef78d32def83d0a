import type { SQSBatchResponse } from 'aws-lambda';
import { Delivery } from './delivery';
import { queueRecord } from '../../cloud/events';
import { MAX_TRIES } from '../config';
import { Message } from '../message';

/** Deliveries after the last try, in which the function records that it was. */
const LAST_DELIVERIES = 2;

/** A queue in front of the function. */
export class QueueDelivery extends Delivery {
  protected skipTries(message: Message): void {
    message.receives = MAX_TRIES;
  }

  protected async deliver(messages: readonly Message[]): Promise<void> {
    const records = messages.map(({ payload, receives }, at) => queueRecord(String(at), payload, receives));
    const answer = await this.parts.lambda.invoke(messages, { Records: records });
    const failures = new Set((answer.result as SQSBatchResponse | undefined)?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const [at, message] of messages.entries()) {
      const failed = answer.failed || failures.has(String(at));
      if (message.receives <= MAX_TRIES) this.tried(message, answer, failed);
      else this.gaveUp(message, answer, failed);
      if (!failed) this.handled.push(message);
      else if (message.receives < MAX_TRIES + LAST_DELIVERIES) this.waiting.push(message);
      else this.deadLetters.push(message);
    }
  }
}
