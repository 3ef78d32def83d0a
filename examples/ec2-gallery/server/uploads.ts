import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import pLimit from 'p-limit';
import { Catalog } from './catalog';
import { displayName, keyName } from './file-name';
import { HttpError } from './http-error';
import { ImageRecord } from './records';
import { Storage } from './storage';
import { UploadedFile } from './upload-form';

/** So many may wait for each that runs. Those that wait are not read, so they cost a connection and no memory. */
const WAITING_PER_RUNNING = 4;

export interface UploadTarget {
  readonly sourceBucket: string;
  readonly sourcePrefix: string;
}

/** The uploads of this server: bounded in number, and each leaves an image with its record, or nothing. */
export class Uploads {
  private readonly running = new Map<string, UploadedFile>();
  private readonly limit: pLimit.Limit;
  private readonly maxWaiting: number;

  constructor(private readonly catalog: Catalog, private readonly storage: Storage, private readonly target: UploadTarget, maxRunning: number) {
    this.limit = pLimit(maxRunning);
    this.maxWaiting = maxRunning * WAITING_PER_RUNNING;
  }

  /** @throws HttpError 429 when too many wait already */
  requireRoom(): void {
    if (this.limit.pendingCount >= this.maxWaiting) throw new HttpError(429, 'too many uploads at the moment: try again soon');
  }

  async receive(file: UploadedFile, logger: FastifyBaseLogger): Promise<ImageRecord> {
    const imageId = randomUUID();
    this.running.set(imageId, file);
    try {
      return await this.limit(() => this.run(imageId, file, logger));
    } finally {
      this.running.delete(imageId);
    }
  }

  /** Ends the upload of an image that is deleted meanwhile. */
  cancel(imageId: string): void {
    this.running.get(imageId)?.cancel(new HttpError(404, 'the image was deleted'));
  }

  cancelAll(): void {
    for (const file of this.running.values()) file.cancel(new HttpError(503, 'the server is restarting: try again soon'));
  }

  private async run(imageId: string, file: UploadedFile, logger: FastifyBaseLogger): Promise<ImageRecord> {
    // Its client may have left while it waited.
    file.requireUnbroken();
    const fileName = displayName(file.fileName);
    const key = `${this.target.sourcePrefix}${imageId}/${keyName(fileName)}`;
    const record = await this.catalog.announce({ imageId, sourceBucket: this.target.sourceBucket, sourceKey: key, fileName });
    try {
      await this.storage.store({ key, imageId, contentType: file.contentType, uploadedAt: record.uploadedAt }, file.body);
      return record;
    } catch (error) {
      // Should this fail as well, the record expires.
      await this.catalog.withdraw(imageId).catch((cause: unknown) => logger.error({ err: cause, imageId }, 'record not withdrawn'));
      throw error;
    }
  }
}
