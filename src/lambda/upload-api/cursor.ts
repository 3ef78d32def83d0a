import { invalidRequest } from './http';
import { ListedStatus } from '../../contract';

/** `<uploadedAt>#<image id>` */
const POSITION = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z#[\x21-\x7e]{1,200}$/;

/** A position in the listing of a status, as clients hand it back. */
export function encodeCursor(status: ListedStatus | undefined, position: string): string {
  return Buffer.from(JSON.stringify([status ?? '', position])).toString('base64url');
}

/** @throws HttpError unless it is a cursor of a listing of the same status */
export function decodeCursor(status: ListedStatus | undefined, cursor: string): string {
  const position = positionIn(cursor);
  // What decodes in several ways is none of ours.
  if (position === undefined || encodeCursor(status, position) !== cursor) {
    throw invalidRequest('cursor must be that of the page before, with the same status');
  }
  return position;
}

function positionIn(cursor: string): string | undefined {
  try {
    const [, position] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
    return typeof position === 'string' && POSITION.test(position) ? position : undefined;
  } catch {
    return undefined;
  }
}
