import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { PassThrough } from 'node:stream';
import { GetObjectCommand, paginateListObjectsV2, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { REPORTS_PREFIX } from '../../contract';

/** The folder of an execution in the report bucket. */
export class Reports {
  public readonly folder: string;

  constructor(private readonly s3: S3Client, public readonly bucket: string, execution: string) {
    this.folder = `${REPORTS_PREFIX}${execution}/`;
  }

  /** @returns its key */
  public async write(name: string, body: string, contentType = 'application/json'): Promise<string> {
    const key = this.folder + name;
    await this.s3.send(new PutObjectCommand({ Bucket: this.bucket, Key: key, Body: body, ContentType: contentType }));
    return key;
  }

  /**
   * Writes lines as they come, however many.
   *
   * @param lines as JSON-ready data
   * @returns the key of the file
   */
  public async writeLines(name: string, lines: AsyncIterable<unknown>): Promise<string> {
    const key = this.folder + name;
    const body = new PassThrough();
    const upload = new Upload({ client: this.s3, params: { Bucket: this.bucket, Key: key, Body: body, ContentType: 'application/x-ndjson' }, queueSize: 2 });
    const uploaded = upload.done();
    // Whichever of the two fails, the other must not wait for it.
    const written = pump(lines, body).catch((error: unknown) => body.destroy(error as Error));
    await Promise.all([uploaded, written]);
    return key;
  }

  /** Names in a folder, in their order. */
  public async names(folder: string, accepts: (name: string) => boolean = () => true): Promise<string[]> {
    const names: string[] = [];
    for await (const page of paginateListObjectsV2({ client: this.s3 }, { Bucket: this.bucket, Prefix: this.folder + folder })) {
      names.push(...(page.Contents ?? []).map(({ Key }) => Key!.slice(this.folder.length)).filter(accepts));
    }
    return names;
  }

  /** The lines of files, one file after the other. */
  public async *lines(names: readonly string[]): AsyncGenerator<unknown> {
    for (const name of names) {
      const { Body } = await this.s3.send(new GetObjectCommand({ Bucket: this.bucket, Key: this.folder + name }));
      for await (const line of createInterface({ input: Body as Readable, crlfDelay: Infinity })) {
        if (line !== '') yield JSON.parse(line) as unknown;
      }
    }
  }
}

async function pump(lines: AsyncIterable<unknown>, into: PassThrough): Promise<void> {
  for await (const line of lines) {
    if (!into.write(`${JSON.stringify(line)}\n`)) await new Promise((resolve) => { into.once('drain', resolve); });
  }
  into.end();
}
