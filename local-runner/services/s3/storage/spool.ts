import { randomUUID } from 'crypto';
import { rmSync } from 'fs';
import { mkdtemp, open, rm } from 'fs/promises';
import { join } from 'path';
import { pipeline } from 'stream/promises';
import { ChecksumAlgorithm, startHash } from '../wire/checksums';

export type Digests = ReadonlyMap<ChecksumAlgorithm | 'md5', Buffer>;

/** A body on disk. Files are never changed after they are written, only replaced by others and then removed. */
export interface SpooledFile {
  readonly path: string;
  readonly size: number;
  readonly md5: Buffer;
  readonly digests: Digests;
}

/** The private directory that holds the bodies. */
export class Spool {
  static async create(parent: string): Promise<Spool> {
    return new Spool(await mkdtemp(join(parent, 'local-s3-')));
  }

  private constructor(private readonly directory: string) {}

  /** Writes a body and computes its digests on the way; leaves nothing behind when the source fails. */
  async write(source: AsyncIterable<Buffer>, algorithms: Iterable<ChecksumAlgorithm> = [], maxBytes?: MaxBytes): Promise<SpooledFile> {
    const path = join(this.directory, randomUUID());
    const hashes = [...new Set<ChecksumAlgorithm | 'md5'>(['md5', ...algorithms])].map((algorithm) => [algorithm, startHash(algorithm)] as const);
    let size = 0;
    // Opened first, so that a failure finds the file that it has to remove.
    const file = await open(path, 'wx', 0o600);
    try {
      await pipeline(
        source,
        async function* (chunks: AsyncIterable<Buffer>) {
          for await (const chunk of chunks) {
            size += chunk.length;
            if (maxBytes && size > maxBytes.limit) throw maxBytes.error(size);
            for (const [, hash] of hashes) hash.update(chunk);
            yield chunk;
          }
        },
        file.createWriteStream(),
      );
    } catch (error) {
      this.discard(path);
      throw error;
    }
    const digests = new Map(hashes.map(([algorithm, hash]) => [algorithm, hash.digest()]));
    return { path, size, md5: digests.get('md5')!, digests };
  }

  /** Readers that have the file open keep its content. What cannot be removed now goes with the directory. */
  discard(path: string): void {
    try {
      rmSync(path, { force: true });
    } catch {
      return;
    }
  }

  async remove(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}

export interface MaxBytes {
  readonly limit: number;
  error(size: number): Error;
}
