import { Readable } from 'stream';
import { pipeline } from 'stream/promises';
import busboy from 'busboy';
import { invalidArgument, S3Error } from '../wire/errors';
import { S3Request } from '../wire/request';

const MAX_FIELD_BYTES = 20 * 1024;
const MAX_INLINE_FILE_BYTES = 1024 ** 2;

/** What comes before the file in a browser upload. Fields after the file do not count. */
export interface Form {
  /** Names in lower case. */
  readonly fields: ReadonlyMap<string, string>;
  readonly filename: string;
}

/**
 * Reads a `multipart/form-data` upload. `receive` gets the fields and the file as soon as the file begins.
 * What it returned is handed to `discard` where the rest of the form turns out to be broken.
 */
export async function readForm<T>(
  request: S3Request,
  receive: (form: Form, file: Readable) => Promise<T>,
  discard: (received: T) => void,
): Promise<T> {
  const parser = startParser(request);
  // The pipeline below reports its failures; one that comes after the end of the pipeline has no other taker.
  parser.on('error', () => undefined);
  const fields = new Map<string, string>();
  let fieldBytes = 0;
  let received: Promise<T> | undefined;

  const onFile = (filename: string, file: Readable): void => {
    if (received) {
      parser.destroy(oneFileOnly());
      return;
    }
    received = receive({ fields: new Map(fields), filename }, file);
    // A refusal ends the transfer at once instead of reading the rest of the file.
    received.catch((error: Error) => parser.destroy(error));
  };
  parser.on('file', (name, file, { filename }) => {
    // Whoever reads the file sees its failure; nobody may be reading it.
    file.on('error', () => undefined);
    if (name.toLowerCase() === 'file') onFile(filename ?? '', file);
    else parser.destroy(oneFileOnly());
  });
  parser.on('field', (fieldName, value, info) => {
    const name = fieldName.toLowerCase();
    if (name === 'file' && !info.valueTruncated) {
      onFile('', Readable.from(value === '' ? [] : [Buffer.from(value)]));
    } else if (!received) {
      fieldBytes += Buffer.byteLength(name) + Buffer.byteLength(value);
      if (fieldBytes > MAX_FIELD_BYTES || info.nameTruncated || info.valueTruncated) parser.destroy(new S3Error('MaxPostPreDataLengthExceededError'));
      else if (fields.has(name)) parser.destroy(invalidArgument('The form must not repeat a field.', name, value));
      else fields.set(name, value);
    }
  });

  try {
    await pipeline(request.body(), parser);
    if (!received) throw oneFileOnly();
    return await received;
  } catch (error) {
    await (received as Promise<T> | undefined)?.then(discard, () => undefined);
    throw asRefusal(error);
  }
}

function startParser(request: S3Request): busboy.Busboy {
  const contentType = request.headers['content-type'] ?? '';
  try {
    // The parser would also take the other kind of form.
    if (!/^multipart\/form-data\s*;/i.test(contentType)) throw new TypeError(contentType);
    return busboy({
      headers: { 'content-type': contentType },
      defParamCharset: 'utf8',
      limits: { fieldNameSize: MAX_FIELD_BYTES, fieldSize: MAX_INLINE_FILE_BYTES },
    });
  } catch {
    throw new S3Error('PreconditionFailed', { details: { Condition: 'Bucket POST must be of the enclosure-type multipart/form-data' } });
  }
}

/** Errors with a code come from the connection or the disk, the others from the parser. */
function asRefusal(error: unknown): unknown {
  return error instanceof S3Error || (error as NodeJS.ErrnoException).code ? error : new S3Error('MalformedPOSTRequest');
}

function oneFileOnly(): S3Error {
  return invalidArgument('POST requires exactly one file upload per request.', 'file', '0');
}
