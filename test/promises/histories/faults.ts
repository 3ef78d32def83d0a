import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { HeadObjectCommand, PutObjectCommand, S3ServiceException } from '@aws-sdk/client-s3';
import { Tape } from './tape';
import { s3Error } from '../cloud/s3';

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
  () => s3Error('AccessDenied', 403),
  () => s3Error('SlowDown', 503),
  () => new DynamoDBServiceException({ name: 'ProvisionedThroughputExceededException', $fault: 'client', $metadata: { httpStatusCode: 400 } }),
  () => Object.assign(new Error('socket hang up'), { name: 'TimeoutError', code: 'ECONNRESET' }),
];

/** The faults that a history has. */
export class Faults {
  constructor(private left: number, private readonly tape: Tape) {}

  /** No more of them. */
  end(): void {
    this.left = 0;
  }

  /** @returns what happens to the next call; undefined for nothing */
  next(command: unknown): Fault | undefined {
    if (this.left === 0 || this.tape.decide(FAULT_RATE) !== 1) return undefined;
    this.left -= 1;
    const { name, kills, hasEffect } = FAULTS[this.tape.decide(FAULTS.length)];
    if (kills) return { name, hasEffect };
    if (!hasEffect && isConditionalPut(command) && this.tape.decide(2) === 1) return { name: 'meets another write', hasEffect, error: conflict() };
    // Of an object that the role may not list, S3 says the same when it is missing: that is no fault to be told from it.
    const errors = command instanceof HeadObjectCommand ? ERRORS.slice(1) : ERRORS;
    return { name, hasEffect, error: errors[this.tape.decide(errors.length)]() };
  }
}

/** What S3 answers to a conditional write beside another: to be tried again. */
function conflict(): S3ServiceException {
  return s3Error('ConditionalRequestConflict', 409);
}

function isConditionalPut(command: unknown): boolean {
  return command instanceof PutObjectCommand && (command.input.IfMatch !== undefined || command.input.IfNoneMatch !== undefined);
}
