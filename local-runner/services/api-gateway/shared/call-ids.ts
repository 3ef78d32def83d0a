import { randomUUID } from 'crypto';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** What API Gateway makes up for each request. */
export interface CallIds {
  readonly requestId: string;
  readonly traceId: string;
  readonly timeEpoch: number;
  /** For example `12/Mar/2026:19:03:58 +0000`. */
  readonly time: string;
}

export function newCallIds(now: Date = new Date()): CallIds {
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${two(now.getUTCDate())}/${MONTHS[now.getUTCMonth()]}/${now.getUTCFullYear()}`;
  return {
    requestId: randomUUID(),
    traceId: `1-${Math.floor(now.getTime() / 1000).toString(16)}-${randomUUID().replaceAll('-', '').slice(0, 24)}`,
    timeEpoch: now.getTime(),
    time: `${date}:${two(now.getUTCHours())}:${two(now.getUTCMinutes())}:${two(now.getUTCSeconds())} +0000`,
  };
}
