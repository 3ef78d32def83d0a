import { HttpError } from './http-error';
import { Status, STATUSES } from './records';

/** Where a listing goes on: below this `listingSort`, in the same status. */
interface Position {
  readonly status: Status | undefined;
  readonly after: string;
}

const SORT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[\x21-\x7e]{1,200}$/;

export function writeCursor({ status, after }: Position): string {
  return Buffer.from(`${status ?? ''} ${after}`).toString('base64url');
}

/**
 * @returns the `listingSort` below which the listing goes on
 * @throws HttpError 400 for what is no cursor, or one of a listing of another status
 */
export function readCursor(cursor: string, status: Status | undefined): string {
  const [of, after, ...more] = Buffer.from(cursor, 'base64url').toString('latin1').split(' ');
  const isStatus = of === '' || STATUSES.some((known) => known === of);
  if (!isStatus || after === undefined || more.length > 0 || !SORT.test(after)) throw new HttpError(400, 'cursor must be one that a listing returned');
  if (of !== (status ?? '')) throw new HttpError(400, 'cursor must be used with the status of the listing that returned it');
  return after;
}
