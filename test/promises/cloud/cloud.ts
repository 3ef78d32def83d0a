import type { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { Bucket, ObjectFacts, StoredObject } from './bucket';
import { S3Event } from './events';
import { Item } from './expressions';
import { nameOf } from './names';
import { ALL_RIGHTS, Rights } from './rights';
import { S3, S3Observer } from './s3';
import { Table } from './table';
import type { ImageEventDetail } from '../../../src/contract';

/** Decides when a call takes effect, and whether it fails. */
export type Gate = <T>(call: string, effect: () => T, command: unknown) => Promise<T>;

export interface CloudObserver extends S3Observer {
  /** An event that was put on the bus. */
  tell?(detail: ImageEventDetail): void;
  recorded?(actor: unknown, before: Item | undefined, after: Item): void;
}

export interface CloudOptions {
  readonly versionedSource?: boolean;
  readonly versionedOutput?: boolean;
  /** Whether every write has an ETag of its own. */
  readonly ownETags?: boolean;
  /** Answers where a service may do one thing or another; always the first without it. */
  readonly decide?: (choices: number) => number;
  readonly observer?: CloudObserver;
}

export interface Clients {
  readonly s3: { send(command: unknown): Promise<unknown> };
  readonly dynamodb: { send(command: unknown): Promise<unknown> };
  readonly eventBridge: { send(command: unknown): Promise<unknown> };
}

export const SOURCE = 'source';
export const OUTPUTS = ['output', 'other-output'] as const;

/** S3, one DynamoDB table and an event bus in memory. */
export class Cloud {
  readonly source: Bucket;
  readonly buckets: Readonly<Record<string, Bucket>>;
  readonly table: Table;
  /** What the function's role may do now. */
  rights: Rights = ALL_RIGHTS;
  /** Epoch millisecond. */
  now = Date.parse('2026-01-02T03:04:05.000Z');
  private readonly s3: S3;
  private readonly tell: (detail: ImageEventDetail) => void;
  private events = 0;

  constructor({ versionedSource, versionedOutput, ownETags, decide = () => 0, observer = {} }: CloudOptions = {}) {
    this.source = new Bucket(SOURCE, { versioned: versionedSource, ownETags });
    const outputs = OUTPUTS.map((name) => [name, new Bucket(name, { versioned: versionedOutput, ownETags })] as const);
    this.buckets = { [SOURCE]: this.source, ...Object.fromEntries(outputs) };
    this.table = new Table('imageId', decide, (before, after, actor) => observer.recorded?.(actor, before, after));
    this.tell = (detail) => observer.tell?.(detail);
    this.s3 = new S3(this.buckets, { rights: () => this.rights, now: () => this.now, decide, observer });
  }

  get items(): ReadonlyMap<string, Item> {
    return this.table.items;
  }

  /** Stores an object as a user does. */
  upload(key: string, body: string, facts: ObjectFacts = {}): { object: StoredObject; event: S3Event } {
    const object = this.source.put(key, body, this.now, facts);
    const { etag, versionId } = object;
    return { object, event: { ...this.nextEvent('created', 'Put', key), size: body.length, etag, versionId } };
  }

  /** Deletes an object as a user does. */
  remove(key: string): S3Event {
    const marker = this.source.delete(key);
    return { ...this.nextEvent('removed', marker ? 'DeleteMarkerCreated' : 'Delete', key), versionId: marker?.versionId };
  }

  /** Deletes a version of an object, or a marker, as a user does. */
  removeVersion(key: string, versionId: string | undefined): S3Event {
    if (versionId !== undefined) this.source.deleteVersion(key, versionId);
    return { ...this.nextEvent('removed', 'Delete', key), versionId };
  }

  /** The clients of one invocation, whose calls pass its gate. */
  clients(gate: Gate, actor?: unknown): Clients {
    return {
      s3: { send: async (command) => gate(nameOf(command), () => this.s3.send(command, actor), command) },
      dynamodb: { send: async (command) => gate(nameOf(command), () => this.table.send(command, actor), command) },
      eventBridge: { send: async (command) => gate(nameOf(command), () => this.put(command as PutEventsCommand), command) },
    };
  }

  private put({ input: { Entries: entries = [] } }: PutEventsCommand): object {
    for (const { Detail } of entries) this.tell(JSON.parse(Detail!));
    return { FailedEntryCount: 0, Entries: entries.map(() => ({ EventId: '1' })) };
  }

  private nextEvent(kind: S3Event['kind'], reason: string, key: string): S3Event {
    this.events += 1;
    const seconds = Math.floor(this.now / 1000).toString(16).padStart(8, '0');
    const sequencer = `00${seconds}${this.events.toString(16).padStart(8, '0')}`.toUpperCase();
    return { kind, reason, bucket: SOURCE, key, sequencer, time: new Date(this.now).toISOString() };
  }
}
