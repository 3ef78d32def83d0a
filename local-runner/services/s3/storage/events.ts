import { Bucket } from './store';
import { encodeForm } from '../wire/encoding';

export type S3EventName =
  | 'ObjectCreated:Put' | 'ObjectCreated:Post' | 'ObjectCreated:Copy' | 'ObjectCreated:CompleteMultipartUpload'
  | 'ObjectRemoved:Delete' | 'ObjectRemoved:DeleteMarkerCreated';

/** One record of an S3 event notification, version 2.1. */
export interface S3EventRecord {
  readonly eventVersion: string;
  readonly eventSource: string;
  readonly awsRegion: string;
  readonly eventTime: string;
  readonly eventName: S3EventName;
  readonly userIdentity: { readonly principalId: string };
  readonly requestParameters: { readonly sourceIPAddress: string };
  readonly responseElements: { readonly 'x-amz-request-id': string; readonly 'x-amz-id-2': string };
  readonly s3: {
    readonly s3SchemaVersion: string;
    readonly configurationId: string;
    readonly bucket: { readonly name: string; readonly ownerIdentity: { readonly principalId: string }; readonly arn: string };
    readonly object: {
      /** Form encoded. */
      readonly key: string;
      readonly size?: number;
      readonly eTag?: string;
      /** Present where the bucket has versioning. */
      readonly versionId?: string;
      /** Events of one key are in the order of this string. */
      readonly sequencer: string;
    };
  };
}

/** Called after each change that has taken place. */
export type S3EventListener = (record: S3EventRecord, bucket: string) => void;

export interface EventSubject {
  readonly key: string;
  readonly versionId: string;
  readonly size?: number;
  readonly etag?: string;
}

export interface EventCause {
  readonly requestId: string;
  readonly hostId: string;
  readonly sourceIp: string;
}

/** Turns changes into notification records, for all listeners. */
export class EventFeed {
  private readonly listeners = new Set<S3EventListener>();
  private lastSequence = 0n;

  constructor(private readonly region: string, private readonly accountId: string) {}

  /** @returns a function that ends the subscription */
  subscribe(listener: S3EventListener): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  publish(eventName: S3EventName, bucket: Bucket, object: EventSubject, cause: EventCause): void {
    const record: S3EventRecord = {
      eventVersion: '2.1',
      eventSource: 'aws:s3',
      awsRegion: this.region,
      eventTime: new Date().toISOString(),
      eventName,
      userIdentity: { principalId: `AWS:${this.accountId}` },
      requestParameters: { sourceIPAddress: cause.sourceIp },
      responseElements: { 'x-amz-request-id': cause.requestId, 'x-amz-id-2': cause.hostId },
      s3: {
        s3SchemaVersion: '1.0',
        configurationId: 'local',
        bucket: { name: bucket.name, ownerIdentity: { principalId: this.accountId }, arn: `arn:aws:s3:::${bucket.name}` },
        object: {
          key: encodeForm(object.key),
          ...(object.size !== undefined && { size: object.size }),
          ...(object.etag !== undefined && { eTag: object.etag }),
          ...(bucket.versioned && { versionId: object.versionId }),
          sequencer: this.nextSequencer(),
        },
      },
    };
    for (const listener of this.listeners) {
      try {
        listener(record, bucket.name);
      } catch (error) {
        // The write has happened: S3 would not report the failure of a notification to the writer either.
        console.error('local S3: an event listener failed', error);
      }
    }
  }

  /** Follows the clock, so that order holds across restarts too. */
  private nextSequencer(): string {
    const now = BigInt(Date.now()) * 1_000_000n;
    this.lastSequence = now > this.lastSequence ? now : this.lastSequence + 1n;
    return this.lastSequence.toString(16).toUpperCase().padStart(18, '0');
  }
}
