import { createHash } from 'crypto';
import { S3Error } from './errors';
import { ChunkSignatures, sameSignature } from './sigv4';

const MIN_CHUNK_BYTES = 8192;
const MAX_LINE_BYTES = 16 * 1024;
const TRAILER_SIGNATURE = 'x-amz-trailer-signature';

export interface AwsChunkedOptions {
  /** Names of the announced trailers. */
  readonly trailers: readonly string[];
  /** Present where chunks and trailers are signed. */
  readonly signatures?: ChunkSignatures;
}

/** Decodes an `aws-chunked` body: yields the data and returns the trailers. */
export async function* decodeAwsChunked(source: AsyncIterable<Buffer>, options: AwsChunkedOptions): AsyncGenerator<Buffer, Map<string, string>> {
  const reader = new Reader(source);
  try {
    for (let shortChunk = false; ;) {
      const [, digits, signature] = /^([0-9a-fA-F]{1,13})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(await reader.line()) ?? incomplete();
      const size = parseInt(digits, 16);
      if (size > 0 && shortChunk) throw new S3Error('InvalidChunkSizeError');
      shortChunk = size < MIN_CHUNK_BYTES;

      const hash = createHash('sha256');
      for (let left = size; left > 0;) {
        const data = await reader.data(left);
        hash.update(data);
        left -= data.length;
        yield data;
      }
      if (options.signatures && !sameSignature(await options.signatures.next(hash.digest('hex')), signature ?? '')) {
        throw new S3Error('SignatureDoesNotMatch');
      }
      if (size === 0) return await readTrailers(reader, options);
      if (await reader.line() !== '') incomplete();
    }
  } finally {
    await reader.close();
  }
}

async function readTrailers(reader: Reader, options: AwsChunkedOptions): Promise<Map<string, string>> {
  const trailers = new Map<string, string>();
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const at = line.indexOf(':');
    if (at < 1) throw new S3Error('MalformedTrailerError');
    trailers.set(line.slice(0, at).toLowerCase(), line.slice(at + 1).trim());
  }
  const signature = trailers.get(TRAILER_SIGNATURE);
  trailers.delete(TRAILER_SIGNATURE);
  if (options.trailers.length !== trailers.size || options.trailers.some((name) => !trailers.has(name))) throw new S3Error('MalformedTrailerError');
  if (options.signatures && trailers.size > 0) {
    const hash = createHash('sha256').update([...trailers].map(([name, value]) => `${name}:${value}\n`).join(''));
    if (!sameSignature(await options.signatures.trailer(hash.digest('hex')), signature ?? '')) throw new S3Error('SignatureDoesNotMatch');
  }
  return trailers;
}

/** Reads lines and blocks off a stream of buffers. */
class Reader {
  private readonly source: AsyncIterator<Buffer>;
  private buffer: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.source = source[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    let end = this.buffer.indexOf('\r\n');
    while (end < 0) {
      if (this.buffer.length > MAX_LINE_BYTES || !(await this.fill())) incomplete();
      end = this.buffer.indexOf('\r\n');
    }
    const line = this.buffer.toString('utf8', 0, end);
    this.buffer = this.buffer.subarray(end + 2);
    return line;
  }

  /** At least one byte, at most `max`. */
  async data(max: number): Promise<Buffer> {
    if (this.buffer.length === 0 && !(await this.fill())) incomplete();
    const data = this.buffer.subarray(0, max);
    this.buffer = this.buffer.subarray(data.length);
    return data;
  }

  async close(): Promise<void> {
    await this.source.return?.();
  }

  private async fill(): Promise<boolean> {
    const { done, value } = await this.source.next();
    if (done) return false;
    this.buffer = this.buffer.length > 0 ? Buffer.concat([this.buffer, value]) : value;
    return true;
  }
}

function incomplete(): never {
  throw new S3Error('IncompleteBody');
}
