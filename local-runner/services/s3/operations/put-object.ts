import { BucketCall } from '../exchange/call';
import { commitObject, writeHeaders } from '../exchange/commit';
import { receivePayload } from '../exchange/payload';
import { assertWritable } from '../exchange/preconditions';
import { sendEmpty } from '../exchange/respond';
import { parseMetadata } from '../wire/metadata';

export async function putObject(call: BucketCall): Promise<void> {
  const { request, bucket } = call;
  const metadata = parseMetadata(request.headers);
  // Checked again at the commit: here it spares the transfer.
  assertWritable(request.headers, bucket.current(request.key));
  const { file, checksum } = await receivePayload(request, call.authentication, call.spool);
  const object = commitObject(call, { key: request.key, file, etag: file.md5.toString('hex'), metadata, checksum }, 'ObjectCreated:Put');
  sendEmpty(call.response, 200, writeHeaders(bucket, object));
}
