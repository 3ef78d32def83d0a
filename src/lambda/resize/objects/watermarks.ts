import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { readAll } from './originals';
import { MAX_WATERMARK_BYTES, WatermarkConfig, watermarkName, WatermarkObject, watermarkPath, watermarkProblem } from '../../../contract';

type Image = WatermarkConfig['image'];

/** A watermark is small. An image must not end as too slow because S3 is. */
const MAX_READ_MS = 5000;

/** Pictures that are laid over renditions: files of a layer, and objects. */
export class Watermarks {
  private readonly known = new Map<string, Promise<Buffer>>();

  constructor(private readonly s3: Pick<S3Client, 'send'>, private readonly maxReadMs = MAX_READ_MS) {}

  /**
   * The content of a watermark, which is read once; again where that failed.
   *
   * @throws Error when it is not there, may not be read, or is no watermark: that is no image's fault, and may pass
   */
  public async read(image: Image): Promise<Buffer> {
    const place = JSON.stringify(image);
    const known = this.known.get(place);
    if (known) return known;
    const reading = typeof image === 'string' ? readFileOf(image) : this.readObject(image);
    this.known.set(place, reading);
    reading.catch(() => this.forget(image));
    return reading;
  }

  /** Reads those that stand in S3, at a time, so that they cost an image no time later. */
  public async load(images: readonly Image[]): Promise<void> {
    await Promise.all(images.filter((image) => typeof image !== 'string').map((image) => this.read(image)));
  }

  /** Has it read again. */
  public forget(image: Image): void {
    this.known.delete(JSON.stringify(image));
  }

  private async readObject(object: WatermarkObject): Promise<Buffer> {
    const name = watermarkName(object);
    const content = await this.contentOf(object).catch((cause) => {
      throw new Error(`the watermark ${name} cannot be read: ${this.explained(cause)}`, { cause });
    });
    const problem = watermarkProblem(content);
    if (!problem) return content;
    const { rule, received, detail } = problem;
    throw new Error(`the watermark ${name} must be ${rule}${received === undefined ? '' : `, received ${received}`}${detail === undefined ? '' : `: ${detail}`}`);
  }

  private async contentOf({ bucket, key, versionId }: WatermarkObject): Promise<Buffer> {
    const abortSignal = AbortSignal.timeout(this.maxReadMs);
    const { Body, ContentLength = 0 } = await this.s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }), { abortSignal });
    const stream = Body as Readable;
    if (ContentLength > MAX_WATERMARK_BYTES) {
      stream.destroy();
      throw new Error(`it must have at most ${MAX_WATERMARK_BYTES} bytes, received ${ContentLength}`);
    }
    return readAll(stream, ContentLength, abortSignal);
  }

  private explained({ name, message }: Error): string {
    if (name === 'AbortError' || name === 'TimeoutError') return `S3 did not answer within ${this.maxReadMs} ms`;
    // Whoever may not list the bucket is told the same of an object that is missing.
    if (name === 'AccessDenied') return `it is not there, or the function may not read it (${message})`;
    return name === 'Error' ? message : `${name}: ${message}`;
  }
}

/** The synthesis has looked at it. */
async function readFileOf(image: string): Promise<Buffer> {
  return readFile(watermarkPath(image));
}
