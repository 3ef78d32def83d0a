import { Failure, FailureCode } from '../../../contract';

/**
 * A reason why an image can never become renditions: it ends the record as `FAILED` and is not retried.
 * Everything else that is thrown counts as passing and is left to the trigger's retries.
 */
export class PermanentError extends Error {
  public override readonly name = 'PermanentError';

  constructor(
    public readonly code: FailureCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The failure that a permanent error stands for; passing errors are thrown on. */
export function permanentFailure(error: unknown): Failure {
  if (!(error instanceof PermanentError)) throw error;
  return { code: error.code, message: error.message, retryable: false };
}
