import type { SQSBatchResponse } from 'aws-lambda';
import { Delivery } from './delivery';
import { givenUp, queueRecord } from '../../cloud/events';
import { MAX_TRIES } from '../config';
import { Message } from '../message';

/** Deliveries of the queue behind the failure destination. */
const MAX_RECEIVES = 2;

/** S3 invokes the function, and Lambda sends what failed in every try to a queue that feeds the function again. */
export class DirectDelivery extends Delivery {
  /** Those that Lambda has sent to the queue. */
  private readonly sentOn = new Set<Message>();

  protected skipTries(message: Message): void {
    this.sentOn.add(message);
    message.receives = 1;
  }

  protected async deliver([message]: readonly Message[]): Promise<void> {
    if (this.sentOn.has(message)) return this.receive(message);
    const answer = await this.parts.lambda.invoke([message], message.payload);
    this.tried(message, answer, answer.failed);
    if (!answer.failed) return void this.handled.push(message);
    if (message.receives === MAX_TRIES) {
      this.sentOn.add(message);
      message.receives = 0;
    }
    this.waiting.push(message);
  }

  private async receive(message: Message): Promise<void> {
    const answer = await this.parts.lambda.invoke([message], { Records: [queueRecord('0', givenUp(message.payload), message.receives)] });
    const failed = answer.failed || (answer.result as SQSBatchResponse).batchItemFailures.length > 0;
    if (message.receives === 1) this.tried(message, answer, failed);
    else this.gaveUp(message, answer, failed);
    if (!failed) this.handled.push(message);
    else if (message.receives < MAX_RECEIVES) this.waiting.push(message);
    else this.deadLetters.push(message);
  }
}
