import { Stack } from 'aws-cdk-lib';
import { Bucket, EventType, IBucket, IBucketNotificationDestination } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { ResizeTriggerSource } from '../resize-trigger';

/** Has S3 send the events of a source straight to a destination. */
export function notify(scope: Construct, source: ResizeTriggerSource, destination: IBucketNotificationDestination): void {
  const bucket = inStackOf(scope, source.bucket);
  const filters = source.prefix ? [{ prefix: source.prefix }] : [];
  bucket.addEventNotification(EventType.OBJECT_CREATED, destination, ...filters);
  if (source.deletions) bucket.addEventNotification(EventType.OBJECT_REMOVED, destination, ...filters);
}

/**
 * CDK keeps a bucket's notifications in the bucket's stack. For a bucket of another stack they would have to name
 * the queue or function of this one, which already names the bucket: a cycle. Imported, they are kept here.
 */
function inStackOf(scope: Construct, bucket: IBucket): IBucket {
  if (Stack.of(bucket) === Stack.of(scope)) return bucket;
  return Bucket.fromBucketAttributes(scope, 'SourceBucket', { bucketArn: bucket.bucketArn, encryptionKey: bucket.encryptionKey });
}
