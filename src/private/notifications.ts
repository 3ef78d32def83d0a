import { Names, Stack, Token } from 'aws-cdk-lib';
import { Bucket, EventType, IBucket, IBucketNotificationDestination } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ResizeTriggerSource } from '../resize-trigger';
import { describe, isSameBucket, KeySpace, overlap } from './key-spaces';

/** Has S3 send the events of a source straight to a destination. */
export function notify(scope: Construct, source: ResizeTriggerSource, destination: IBucketNotificationDestination): void {
  const others = notifiedKeys(scope);
  requireFree(source, others);
  const bucket = notifierOf(scope, source.bucket, others);
  new NotifiedKeys(scope, 'NotifiedKeys', source, bucket);

  const filters = source.prefix ? [{ prefix: encodeFilter(source.prefix) }] : [];
  bucket.addEventNotification(EventType.OBJECT_CREATED, destination, ...filters);
  if (source.deletions) bucket.addEventNotification(EventType.OBJECT_REMOVED, destination, ...filters);
}

/** S3 compares the filters of notifications with the key as it stands in the event: encoded like an HTML form. */
function encodeFilter(prefix: string): string {
  if (Token.isUnresolved(prefix)) return prefix;
  const encoded = encodeURIComponent(prefix).replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return encoded.replaceAll('%2F', '/').replaceAll('%20', '+');
}

/** Notes in the construct tree of which keys S3 tells someone. */
class NotifiedKeys extends Construct {
  public constructor(scope: Construct, id: string, public readonly keys: KeySpace, public readonly notifier: IBucket) {
    super(scope, id);
  }
}

function notifiedKeys(scope: Construct): NotifiedKeys[] {
  return scope.node.root.node.findAll().filter((node) => node instanceof NotifiedKeys);
}

/** S3 refuses a second destination for events of one object, but only at deployment. */
function requireFree(source: KeySpace, others: readonly NotifiedKeys[]): void {
  const taken = others.find(({ keys }) => overlap(keys, source));
  if (!taken) return;
  throw new Error(
    `source ${describe(source)} must not overlap ${describe(taken.keys)} of another pipeline, as S3 notifies one destination only: `
    + 'use prefixes of which neither begins with the other, or ResizeTrigger.eventBridge()');
}

/**
 * The construct that keeps a bucket's notifications: one per stack, because two lists of notifications for one bucket
 * would be deployed at a time and overwrite each other.
 *
 * CDK keeps them in the bucket's stack. For a bucket of another stack they would have to name the queue or function of
 * this one, which already names the bucket: a cycle. Imported, they are kept here.
 */
function notifierOf(scope: Construct, bucket: IBucket, others: readonly NotifiedKeys[]): IBucket {
  const stack = Stack.of(scope);
  const known = others.find(({ keys, notifier }) => Stack.of(notifier) === stack && isSameBucket(keys.bucket, bucket));
  if (known) return known.notifier;
  if (Stack.of(bucket) === stack) return bucket;
  const id = `SourceBucket${Names.nodeUniqueId(bucket.node)}`;
  return Bucket.fromBucketAttributes(stack, id, { bucketArn: bucket.bucketArn, encryptionKey: bucket.encryptionKey });
}
