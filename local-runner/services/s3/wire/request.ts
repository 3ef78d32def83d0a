import { IncomingMessage } from 'http';
import { decodePercent } from './encoding';
import { S3Error } from './errors';

export type Headers = Readonly<Record<string, string | undefined>>;

/** A request as S3 sees it, taken from the raw request line: no path segment is normalised. */
export interface S3Request {
  readonly method: string;
  /** Decoded path: `/`, `/bucket` or `/bucket/key`. */
  readonly path: string;
  readonly bucket: string;
  readonly key: string;
  readonly query: ReadonlyMap<string, string>;
  /** Names in lower case. */
  readonly headers: Headers;
  readonly sourceIp: string;
  /** The body; asks a client that waits for `100 Continue` to send it. */
  body(): AsyncIterable<Buffer>;
}

const MAX_KEY_BYTES = 1024;

export function parseRequest(message: IncomingMessage, sendContinue?: () => void): S3Request {
  const [rawPath, rawQuery] = splitOnce(message.url ?? '/', '?');
  if (!rawPath.startsWith('/')) throw new S3Error('InvalidURI', { details: { URI: rawPath } });
  const path = decodePercent(rawPath);
  const [bucket, key] = splitOnce(path.slice(1), '/');
  assertKey(key);
  return {
    method: message.method ?? 'GET',
    path,
    bucket,
    key,
    query: parseQuery(rawQuery),
    headers: message.headers as Headers,
    sourceIp: message.socket.remoteAddress ?? '127.0.0.1',
    body: () => {
      sendContinue?.();
      // A refusal midway must leave the connection usable for the response.
      return message.iterator({ destroyOnReturn: false });
    },
  };
}

/** S3 refuses long keys, and keys whose `..` segments outnumber the segments before them. */
export function assertKey(key: string): void {
  const bytes = Buffer.byteLength(key);
  if (bytes > MAX_KEY_BYTES) throw new S3Error('KeyTooLongError', { details: { Size: bytes, MaxSizeAllowed: MAX_KEY_BYTES } });
  let depth = 0;
  for (const segment of key.split('/')) {
    depth += segment === '..' ? -1 : 1;
    if (depth < 0) throw new S3Error('InvalidURI', { details: { URI: key } });
  }
}

function parseQuery(raw: string): Map<string, string> {
  const query = new Map<string, string>();
  for (const pair of raw.split('&')) {
    if (pair === '') continue;
    const [name, value] = splitOnce(pair, '=').map(decodePercent);
    if (query.has(name)) throw new S3Error('InvalidArgument', { message: `Duplicate query parameter: ${name}` });
    query.set(name, value);
  }
  return query;
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
