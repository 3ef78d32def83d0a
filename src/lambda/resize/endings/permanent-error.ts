import { Failure, Reason, ReasonCode } from '../../../contract';
import { plainText } from '../../shared/plain-text';

/** Characters of a detail, which may quote what a file holds. */
const MAX_DETAIL = 2000;

/**
 * A reason why an image can never become renditions: it ends the record as `FAILED` and is not retried.
 * Everything else that is thrown counts as passing and is left to the trigger's retries.
 */
export class PermanentError extends Error {
  public override readonly name = 'PermanentError';

  /** The technical side of it. */
  public readonly detail?: string;

  /** @param message a sentence for people: what is wrong, and what to do */
  constructor(
    public readonly code: ReasonCode,
    message: string,
    { detail, ...options }: ErrorOptions & { readonly detail?: string } = {},
  ) {
    super(message, options);
    this.detail = detail && plainText(detail, MAX_DETAIL);
  }

  public get reason(): Reason {
    return { code: this.code, message: this.message, ...(this.detail === undefined ? {} : { detail: this.detail }) };
  }
}

/** The failure that a permanent error stands for; passing errors are thrown on. */
export function permanentFailure(error: unknown): Failure {
  if (!(error instanceof PermanentError)) throw error;
  return { ...error.reason, retryable: false };
}
