/** An error as Step Functions knows it: a name that `Retry` and `Catch` match, and a cause. */
export function statesError(name: string, cause: string): Error {
  const error = new Error(cause);
  error.name = name;
  return error;
}

/** What a definition does that the data does not allow; neither retried nor caught. */
export function runtimeError(cause: string): Error {
  return Object.assign(statesError('States.Runtime', cause), { isRetryable: false, isCatchable: false });
}
