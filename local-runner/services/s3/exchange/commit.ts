import { BucketExchange } from './call';
import { assertWritable } from './preconditions';
import { S3EventName } from '../storage/events';
import { SpooledFile } from '../storage/spool';
import { Bucket, ObjectVersion, StoredObject, wholeSecond } from '../storage/store';
import { Checksum, checksumHeaders } from '../wire/checksums';
import { ObjectMetadata } from '../wire/metadata';

export interface NewObject {
  readonly key: string;
  readonly file: SpooledFile;
  readonly etag: string;
  readonly metadata: ObjectMetadata;
  readonly checksum?: Checksum;
}

/**
 * Makes a spooled body the current version of its key and publishes the event. Nothing here awaits, so of several
 * conditional writes that arrive together exactly one succeeds.
 */
export function commitObject(call: BucketExchange, object: NewObject, eventName: S3EventName): StoredObject {
  const { bucket, spool } = call;
  try {
    // The bucket may have gone, and other writes may have come, while the body was on its way.
    call.store.get(bucket.name);
    assertWritable(call.request.headers, bucket.current(object.key));
  } catch (error) {
    spool.discard(object.file.path);
    throw error;
  }
  const stored: StoredObject = {
    key: object.key,
    versionId: bucket.newVersionId(),
    lastModified: wholeSecond(),
    deleteMarker: false,
    path: object.file.path,
    size: object.file.size,
    etag: object.etag,
    metadata: object.metadata,
    checksum: object.checksum,
  };
  const replaced = bucket.add(stored);
  if (replaced && !replaced.deleteMarker) spool.discard(replaced.path);
  call.events.publish(eventName, bucket, stored, call.cause);
  return stored;
}

/** The headers with which S3 acknowledges a write. */
export function writeHeaders(bucket: Bucket, object: StoredObject): Record<string, string> {
  return { etag: `"${object.etag}"`, ...object.metadata.encryption, ...checksumHeaders(object.checksum), ...versionHeader(bucket, object) };
}

export function versionHeader(bucket: Bucket, version: ObjectVersion): Record<string, string> {
  return bucket.versioned ? { 'x-amz-version-id': version.versionId } : {};
}
