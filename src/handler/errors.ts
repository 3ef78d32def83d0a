import { FailureCode } from '../contract';

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
