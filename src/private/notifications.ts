import { Names, Stack, Token } from 'aws-cdk-lib';
import { Bucket, EventType, IBucket, IBucketNotificationDestination } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ResizeTriggerSource } from '../resize-trigger';
import { describe, KeySpace, overlap } from './key-spaces';

/** Has S3 send the events of a source straight to a destination. */
export function notify(scope: Construct, source: ResizeTriggerSource, destination: IBucketNotificationDestination): void {
  requireFree(scope, source);
  new NotifiedKeys(scope, 'NotifiedKeys', source);

  const bucket = inStackOf(scope, source.bucket);
  const filters = source.prefix ? [{ prefix: encodeFilter(source.prefix) }] : [];
  bucket.addEventNotification(EventType.OBJECT_CREATED, destination, ...filters);
  if (source.deletions) bucket.addEventNotification(EventType.OBJECT_REMOVED, destination, ...filters);
}

/** S3 compares the filters of notifications with the key as it stands in the event: encoded like an HTML form. */
function encodeFilter(prefix: string): string {
  if (Token.isUnresolved(prefix)) return prefix;
  return encodeURIComponent(prefix).replaceAll('%2F', '/').replaceAll('%20', '+');
}

/** Notes in the construct tree of which keys S3 tells someone. */
class NotifiedKeys extends Construct {
  public constructor(scope: Construct, id: string, public readonly keys: KeySpace) {
    super(scope, id);
  }
}

/** S3 refuses a second destination for events of one object, but only at deployment. */
function requireFree(scope: Construct, source: KeySpace): void {
  const taken = scope.node.root.node.findAll().find((node) => node instanceof NotifiedKeys && overlap(node.keys, source)) as NotifiedKeys | undefined;
  if (!taken) return;
  throw new Error(
    `source ${describe(source)} must not overlap ${describe(taken.keys)} of another pipeline, as S3 notifies one destination only: `
    + 'use prefixes of which neither begins with the other, or ResizeTrigger.eventBridge()');
}

/**
 * CDK keeps a bucket's notifications in the bucket's stack. For a bucket of another stack they would have to name
 * the queue or function of this one, which already names the bucket: a cycle. Imported, they are kept here.
 */
function inStackOf(scope: Construct, bucket: IBucket): IBucket {
  const stack = Stack.of(scope);
  if (Stack.of(bucket) === stack) return bucket;
  // Once for all sources of the stack: two lists of notifications for one bucket would be deployed at a time and overwrite each other.
  const id = `SourceBucket${Names.nodeUniqueId(bucket.node)}`;
  const known = stack.node.tryFindChild(id) as IBucket | undefined;
  return known ?? Bucket.fromBucketAttributes(stack, id, { bucketArn: bucket.bucketArn, encryptionKey: bucket.encryptionKey });
}
