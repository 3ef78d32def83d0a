import { once } from 'node:events';
import { Readable } from 'node:stream';
import type { Multipart, MultipartFile } from '@fastify/multipart';
import type { FastifyRequest } from 'fastify';
import { HttpError } from './http-error';

const FIELD = 'image';
/** What the form may have besides the file's bytes: boundaries and headers. */
const FORM_BYTES = 16 * 1024;

export interface UploadedFile {
  readonly fileName: string;
  readonly contentType: string;
  /** Fails at its end, not before, when more comes than the one file; and earlier when the file is too large. */
  readonly body: Readable;
  /** Throws what broke the upload before anybody read it. */
  readonly requireUnbroken: () => void;
  /** Makes `body` fail with the reason. */
  readonly cancel: (reason: Error) => void;
}

/** Refuses what its headers already tell, before anything is read. */
export function requireUpload(request: FastifyRequest, maxBytes: number): void {
  if (!request.isMultipart()) throw new HttpError(415, 'an upload must be multipart/form-data');
  if (Number(request.headers['content-length'] ?? 0) > maxBytes + FORM_BYTES) throw tooLarge(maxBytes);
}

/**
 * Calls `receive` with the form's one file as soon as it begins to arrive.
 *
 * @throws HttpError for any other form
 */
export async function withUploadedFile<T>(request: FastifyRequest, maxBytes: number, receive: (file: UploadedFile) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const parts = request.parts();
  const { value: first } = await parts.next() as IteratorResult<Multipart, undefined>;
  try {
    const file = requireFile(first);
    return await receive({
      fileName: file.filename,
      contentType: requireType(file.mimetype),
      body: Readable.from(bytesOf(file, parts, maxBytes, controller.signal), { objectMode: false }),
      requireUnbroken() {
        if (file.file.errored) throw file.file.errored;
      },
      cancel(reason) {
        controller.abort(reason);
        file.file.destroy(reason);
      },
    });
  } finally {
    if (first?.type === 'file') first.file.destroy();
    // A client that is still sending reads its answer only when it is done, or when the request times out.
    request.raw.resume();
  }
}

async function* bytesOf(file: MultipartFile, parts: AsyncIterator<Multipart>, maxBytes: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of file.file as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    yield chunk;
  }
  if (bytes === 0) throw new HttpError(400, 'the file must not be empty');
  signal.throwIfAborted();
  const { done } = await Promise.race([parts.next(), reasonOf(signal)]);
  if (!done) throw onlyOneFile();
}

async function reasonOf(signal: AbortSignal): Promise<never> {
  await once(signal, 'abort');
  throw signal.reason;
}

function requireFile(part: Multipart | undefined): MultipartFile {
  if (part?.type === 'file' && part.fieldname === FIELD) return part;
  throw onlyOneFile();
}

/** The pipeline knows an image by its content. Here only those are refused that say themselves that they are none. */
function requireType(contentType: string): string {
  if (/^image\/[a-z0-9.+-]{1,100}$/i.test(contentType) || contentType === 'application/octet-stream') return contentType.toLowerCase();
  throw new HttpError(415, 'the file must be an image');
}

function onlyOneFile(): HttpError {
  return new HttpError(400, `the form must have one file, in the field "${FIELD}", and nothing else`);
}

function tooLarge(maxBytes: number): HttpError {
  return new HttpError(413, `the file must have at most ${maxBytes} bytes`);
}
