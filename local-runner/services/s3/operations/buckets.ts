import { BucketCall, Call } from '../exchange/call';
import { receiveDocument } from '../exchange/payload';
import { sendEmpty, sendXml } from '../exchange/respond';
import { S3Error } from '../wire/errors';
import { childText, parseXml } from '../wire/xml';

/** The region that has no name of its own in S3's location documents. */
const DEFAULT_REGION = 'us-east-1';

export function listBuckets(call: Call): void {
  sendXml(call.response, 'ListAllMyBucketsResult', {
    Buckets: { Bucket: call.store.list().map((bucket) => ({ Name: bucket.name, CreationDate: bucket.created, BucketRegion: call.region })) },
    Owner: { ID: call.accountId },
  });
}

export async function createBucket(call: Call): Promise<void> {
  const { request, region, store } = call;
  const document = await receiveDocument(request, call.authentication, call.spool);
  const constraint = document === '' ? undefined : childText(parseXml(document, 'CreateBucketConfiguration'), 'LocationConstraint');
  if ((constraint || DEFAULT_REGION) !== region) {
    throw new S3Error('IllegalLocationConstraintException', {
      message: `The ${constraint || 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    });
  }
  // For historical reasons this region alone lets the owner create a bucket again.
  if (region !== DEFAULT_REGION || !store.find(request.bucket)) store.create(request.bucket);
  sendEmpty(call.response, 200, { location: `/${request.bucket}` });
}

export function headBucket(call: BucketCall): void {
  sendEmpty(call.response, 200, { 'content-type': 'application/xml', 'x-amz-bucket-region': call.region });
}

export function deleteBucket(call: BucketCall): void {
  call.store.delete(call.bucket);
  for (const upload of call.bucket.uploads.values()) {
    for (const part of upload.parts.values()) call.spool.discard(part.file.path);
  }
  sendEmpty(call.response, 204);
}

export function getBucketLocation(call: BucketCall): void {
  sendXml(call.response, 'LocationConstraint', call.region === DEFAULT_REGION ? '' : call.region);
}
