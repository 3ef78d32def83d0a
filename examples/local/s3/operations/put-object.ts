import { BucketCall } from '../call';
import { commitObject, writeHeaders } from '../commit';
import { parseMetadata } from '../metadata';
import { receivePayload } from '../payload';
import { assertWritable } from '../preconditions';
import { sendEmpty } from '../respond';

export async function putObject(call: BucketCall): Promise<void> {
  const { request, bucket } = call;
  const metadata = parseMetadata(request.headers);
  // Checked again at the commit: here it spares the transfer.
  assertWritable(request.headers, bucket.current(request.key));
  const { file, checksum } = await receivePayload(request, call.authentication, call.spool);
  const object = commitObject(call, { key: request.key, file, etag: file.md5.toString('hex'), metadata, checksum }, 'ObjectCreated:Put');
  sendEmpty(call.response, 200, writeHeaders(bucket, object));
}
