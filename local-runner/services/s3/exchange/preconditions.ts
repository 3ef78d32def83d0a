import { ObjectVersion, StoredObject } from '../storage/store';
import { S3Error } from '../wire/errors';
import { Headers } from '../wire/request';

/** Refuses a write whose `If-None-Match` or `If-Match` does not hold for the present object. */
export function assertWritable(headers: Headers, current: ObjectVersion | undefined): void {
  const ifNoneMatch = headers['if-none-match'];
  const ifMatch = headers['if-match'];
  const present = current && !current.deleteMarker ? current : undefined;
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== '*') throw new S3Error('NotImplemented', { details: { Header: 'If-None-Match' } });
    if (present) throw failed('If-None-Match');
  }
  if (ifMatch !== undefined) {
    if (!present) throw new S3Error('NoSuchKey');
    if (!matches(ifMatch, present.etag)) throw failed('If-Match');
  }
}

/** Evaluates the conditions of a read: `false` means that the caller's copy is still good. */
export function isModified(headers: Headers, object: StoredObject): boolean {
  const [match, noneMatch] = [headers['if-match'], headers['if-none-match']];
  const [modifiedSince, unmodifiedSince] = [parseDate(headers['if-modified-since']), parseDate(headers['if-unmodified-since'])];
  // The entity tag decides alone where both it and a date are given.
  if (match !== undefined) {
    if (!matches(match, object.etag)) throw failed('If-Match');
  } else if (unmodifiedSince && object.lastModified > unmodifiedSince) {
    throw failed('If-Unmodified-Since');
  }
  if (noneMatch !== undefined) return !matches(noneMatch, object.etag);
  return !modifiedSince || object.lastModified > modifiedSince;
}

/** The `x-amz-copy-source-if-*` headers, in the names of the conditions of a read. */
export function copySourceConditions(headers: Headers): Headers {
  return Object.fromEntries(['if-match', 'if-none-match', 'if-modified-since', 'if-unmodified-since']
    .map((name) => [name, headers[`x-amz-copy-source-${name}`]]));
}

export function failed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', { details: { Condition: condition } });
}

export function matches(header: string, etag: string): boolean {
  return header.split(',').map((tag) => tag.trim().replace(/^W\//, '')).some((tag) => tag === '*' || unquote(tag) === etag);
}

export function unquote(etag: string): string {
  return etag.replace(/^"(.*)"$/, '$1');
}

/** S3 ignores dates that it cannot read and dates in the future. */
function parseDate(text: string | undefined): Date | undefined {
  const date = new Date(text ?? NaN);
  return Number.isNaN(date.getTime()) || date.getTime() > Date.now() ? undefined : date;
}
