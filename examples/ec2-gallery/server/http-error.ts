const CODES: Readonly<Record<number, string>> = {
  400: 'INVALID_REQUEST',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  408: 'REQUEST_TIMEOUT',
  413: 'TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  421: 'MISDIRECTED_REQUEST',
  429: 'TOO_MANY_REQUESTS',
  503: 'UNAVAILABLE',
};

/** An answer other than success. The message is for the person who asked. */
export class HttpError extends Error {
  readonly name = 'HttpError';

  constructor(readonly statusCode: number, message: string) {
    super(message);
  }
}

export interface ErrorBody {
  readonly code: string;
  readonly message: string;
}

export function errorBody(statusCode: number, message: string): ErrorBody {
  return { code: CODES[statusCode] ?? (statusCode < 500 ? 'INVALID_REQUEST' : 'INTERNAL_ERROR'), message };
}

/** The status of what was thrown, where it is the client's to know. */
export function statusOf(error: unknown): number {
  const status = (error as { statusCode?: unknown } | undefined)?.statusCode;
  const isForClient = error instanceof HttpError || (typeof status === 'number' && status >= 400 && status < 500);
  return isForClient ? (status as number) : 500;
}
