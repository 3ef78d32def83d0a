import { BucketCall, Call } from '../exchange/call';
import { createBucket, deleteBucket, getBucketLocation, headBucket, listBuckets } from '../operations/buckets';
import { copyObject } from '../operations/copy-object';
import { deleteObject, deleteObjects } from '../operations/delete-object';
import { getObject, headObject } from '../operations/get-object';
import { listObjects, listObjectVersions } from '../operations/list-objects';
import {
  abortMultipartUpload, completeMultipartUpload, createMultipartUpload, listMultipartUploads, listParts, uploadPart,
} from '../operations/multipart';
import { putObject } from '../operations/put-object';
import { S3Error } from '../wire/errors';
import { S3Request } from '../wire/request';

/** `bucket` operations work on a bucket that exists, the others on the service. */
export type Route =
  | { readonly scope: 'service'; run(call: Call): void | Promise<void> }
  | { readonly scope: 'bucket'; run(call: BucketCall): void | Promise<void> };

/** The query parameters that make another operation of a request, with the name that S3's API gives to what they stand for. */
const SUBRESOURCES: Readonly<Record<string, string>> = {
  'abac': 'Abac',
  'accelerate': 'AccelerateConfiguration',
  'acl': 'Acl',
  'analytics': 'AnalyticsConfiguration',
  'attributes': 'Attributes',
  'cors': 'Cors',
  'encryption': 'Encryption',
  'intelligent-tiering': 'IntelligentTieringConfiguration',
  'inventory': 'InventoryConfiguration',
  'legal-hold': 'LegalHold',
  'lifecycle': 'LifecycleConfiguration',
  'logging': 'Logging',
  'metadataConfiguration': 'MetadataConfiguration',
  'metadataTable': 'MetadataTableConfiguration',
  'metrics': 'MetricsConfiguration',
  'notification': 'NotificationConfiguration',
  'object-lock': 'LockConfiguration',
  'ownershipControls': 'OwnershipControls',
  'policy': 'Policy',
  'policyStatus': 'PolicyStatus',
  'publicAccessBlock': 'PublicAccessBlock',
  'renameObject': 'Rename',
  'replication': 'Replication',
  'requestPayment': 'RequestPayment',
  'restore': 'Restore',
  'retention': 'Retention',
  'select': 'SelectContent',
  'session': 'Session',
  'tagging': 'Tagging',
  'torrent': 'Torrent',
  'versioning': 'Versioning',
  'website': 'Website',
};

const VERBS: Readonly<Record<string, string>> = { GET: 'Get', PUT: 'Put', POST: 'Post', DELETE: 'Delete', HEAD: 'Head' };

export function findRoute(request: S3Request): Route {
  const { method, query } = request;
  const verb = VERBS[method];
  if (!verb) throw methodNotAllowed(request);
  const target = request.key ? 'Object' : 'Bucket';
  for (const [parameter, name] of Object.entries(SUBRESOURCES)) {
    if (query.has(parameter)) throw notImplemented(`${verb}${target}${name}`);
  }
  if (!request.bucket) {
    if (method !== 'GET') throw methodNotAllowed(request);
    return service(listBuckets);
  }
  return request.key ? objectRoute(request) : bucketRoute(request);
}

function bucketRoute(request: S3Request): Route {
  const { method, query } = request;
  switch (method) {
    case 'PUT': return service(createBucket);
    case 'HEAD': return bucket(headBucket);
    case 'DELETE': return bucket(deleteBucket);
    case 'POST':
      if (query.has('delete')) return bucket(deleteObjects);
      break;
    case 'GET':
      if (query.has('location')) return bucket(getBucketLocation);
      if (query.has('versions')) return bucket(listObjectVersions);
      if (query.has('uploads')) return bucket(listMultipartUploads);
      if (query.get('list-type') === '2') return bucket(listObjects);
      throw notImplemented('ListObjects');
  }
  throw methodNotAllowed(request);
}

function objectRoute(request: S3Request): Route {
  const { method, query, headers } = request;
  const [upload, part] = [query.has('uploadId'), query.has('partNumber')];
  switch (method) {
    case 'PUT':
      if (upload && headers['x-amz-copy-source'] !== undefined) throw notImplemented('UploadPartCopy');
      if (upload) return bucket(uploadPart);
      if (headers['x-amz-write-offset-bytes'] !== undefined) throw notImplemented('PutObject with x-amz-write-offset-bytes');
      return bucket(headers['x-amz-copy-source'] !== undefined ? copyObject : putObject);
    case 'GET':
      if (upload) return bucket(listParts);
      if (part) throw notImplemented('GetObject with partNumber');
      return bucket(getObject);
    case 'HEAD':
      if (part) throw notImplemented('HeadObject with partNumber');
      return bucket(headObject);
    case 'DELETE': return bucket(upload ? abortMultipartUpload : deleteObject);
    case 'POST':
      if (query.has('uploads')) return bucket(createMultipartUpload);
      if (upload) return bucket(completeMultipartUpload);
  }
  throw methodNotAllowed(request);
}

function service(run: (call: Call) => void | Promise<void>): Route {
  return { scope: 'service', run };
}

function bucket(run: (call: BucketCall) => void | Promise<void>): Route {
  return { scope: 'bucket', run };
}

function notImplemented(operation: string): S3Error {
  return new S3Error('NotImplemented', { message: `This server does not implement ${operation}.`, details: { Operation: operation } });
}

function methodNotAllowed({ method, key, bucket: name }: S3Request): S3Error {
  return new S3Error('MethodNotAllowed', { details: { Method: method, ResourceType: key ? 'OBJECT' : name ? 'BUCKET' : 'SERVICE' } });
}
