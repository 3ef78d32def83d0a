import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { S3ServiceException } from '@aws-sdk/client-s3';
import { Tape } from './tape';

/** One call in so many fails, as long as the history has faults left. */
const FAULT_RATE = 6;

/** What happens to a call, and whether it takes effect all the same. */
export interface Fault {
  readonly name: string;
  readonly hasEffect: boolean;
  /** What the call throws; without it, the invocation is killed. */
  readonly error?: Error;
}

const FAULTS = [
  { name: 'fails', kills: false, hasEffect: false },
  { name: 'fails after its effect', kills: false, hasEffect: true },
  { name: 'killed before', kills: true, hasEffect: false },
  { name: 'killed after', kills: true, hasEffect: true },
];

/** What a service answers, or does not, when a call fails. */
const ERRORS = [
  () => new S3ServiceException({ name: 'SlowDown', $fault: 'server', $metadata: { httpStatusCode: 503 } }),
  () => new DynamoDBServiceException({ name: 'ProvisionedThroughputExceededException', $fault: 'client', $metadata: { httpStatusCode: 400 } }),
  () => new S3ServiceException({ name: 'AccessDenied', $fault: 'client', $metadata: { httpStatusCode: 403 } }),
  () => Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' }),
];

/** The faults that a history has. */
export class Faults {
  constructor(private left: number, private readonly tape: Tape) {}

  /** @returns what happens to the next call; undefined for nothing */
  next(): Fault | undefined {
    if (this.left === 0 || this.tape.decide(FAULT_RATE) !== 1) return undefined;
    this.left -= 1;
    const { name, kills, hasEffect } = FAULTS[this.tape.decide(FAULTS.length)];
    return { name, hasEffect, error: kills ? undefined : ERRORS[this.tape.decide(ERRORS.length)]() };
  }
}
