import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, S3ServiceException,
} from '@aws-sdk/client-s3';
import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { apply, holds, Item } from './expressions';

export interface StoredObject {
  readonly body: string;
  readonly etag: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** Decides when a call takes effect, and whether it fails. */
export type Gate = <T>(call: string, effect: () => T) => Promise<T>;

/** S3 and one DynamoDB table in memory, strongly consistent and with conditional writes, as AWS's are. */
export class Cloud {
  readonly buckets: Record<string, Map<string, StoredObject>> = { source: new Map(), output: new Map() };
  readonly items = new Map<string, Item>();
  private sequence = 0;
  /** Called with every item as it was and as it is. */
  onWrite: (before: Item | undefined, after: Item) => void = () => undefined;

  put(bucket: string, key: string, body: string, metadata: Record<string, string> = {}): StoredObject {
    const object = { body, etag: createHash('md5').update(body).digest('hex'), metadata };
    this.buckets[bucket].set(key, object);
    return object;
  }

  nextSequencer(): string {
    this.sequence += 1;
    return this.sequence.toString(16).toUpperCase().padStart(6, '0');
  }

  /** The clients of one invocation, whose calls pass its gate. */
  clients(gate: Gate): { s3: { send(command: unknown): Promise<unknown> }; dynamodb: { send(command: unknown): Promise<unknown> } } {
    return {
      s3: { send: async (command) => gate(nameOf(command), () => this.s3(command)) },
      dynamodb: { send: async (command) => gate(nameOf(command), () => this.dynamodb(command)) },
    };
  }

  private s3(command: unknown): unknown {
    if (command instanceof ListObjectsV2Command) {
      const { Bucket, Prefix = '' } = command.input;
      return { Contents: [...this.buckets[Bucket!].keys()].filter((key) => key.startsWith(Prefix)).sort().map((Key) => ({ Key })) };
    }
    const { Bucket, Key } = (command as GetObjectCommand).input as { Bucket: string; Key: string };
    const objects = this.buckets[Bucket];
    const found = objects.get(Key);
    if (command instanceof PutObjectCommand) {
      if (command.input.IfNoneMatch && found) throw s3Error('PreconditionFailed', 412);
      if (command.input.IfMatch && !found) throw s3Error('NoSuchKey', 404);
      if (command.input.IfMatch && `"${found?.etag}"` !== command.input.IfMatch) throw s3Error('PreconditionFailed', 412);
      const { etag } = this.put(Bucket, Key, String(command.input.Body), command.input.Metadata);
      return { ETag: `"${etag}"` };
    }
    if (command instanceof DeleteObjectCommand) {
      if (command.input.IfMatch && `"${found?.etag}"` !== command.input.IfMatch) throw s3Error('PreconditionFailed', 412);
      objects.delete(Key);
      return {};
    }
    if (!found) throw s3Error('NotFound', 404);
    const head = { ContentLength: found.body.length, ETag: `"${found.etag}"`, Metadata: found.metadata, LastModified: new Date(0) };
    if (command instanceof HeadObjectCommand) return head;
    if (command instanceof GetObjectCommand) return { ...head, Body: Readable.from([Buffer.from(found.body)]) };
    throw new Error(`no model of ${nameOf(command)}`);
  }

  private dynamodb(command: unknown): unknown {
    const id = (command as GetCommand).input.Key!.imageId as string;
    const item = this.items.get(id);
    if (command instanceof GetCommand) return { Item: item };
    if (!(command instanceof UpdateCommand)) throw new Error(`no model of ${nameOf(command)}`);
    if (!holds(item ?? {}, command.input)) throw new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} });
    const written = apply(item ?? { imageId: id }, command.input);
    this.items.set(id, written);
    this.onWrite(item, written);
    return { Attributes: item };
  }
}

function nameOf(command: unknown): string {
  return (command as object).constructor.name;
}

function s3Error(name: string, httpStatusCode: number): S3ServiceException {
  return new S3ServiceException({ name, message: name, $fault: 'client', $metadata: { httpStatusCode } });
}
