import { BucketCall } from '../exchange/call';
import { declaredMd5, receiveDocument } from '../exchange/payload';
import { failed, matches } from '../exchange/preconditions';
import { sendEmpty, sendXml } from '../exchange/respond';
import { wholeSecond } from '../storage/store';
import { declaredChecksum } from '../wire/checksums';
import { S3Error } from '../wire/errors';
import { assertKey } from '../wire/request';
import { childText, parseXml, XmlContent } from '../wire/xml';

const MAX_KEYS = 1000;
const EMPTY_MD5 = 'd41d8cd98f00b204e9800998ecf8427e';

export function deleteObject(call: BucketCall): void {
  const { request } = call;
  const outcome = remove(call, { key: request.key, versionId: request.query.get('versionId'), ifMatch: request.headers['if-match'] });
  sendEmpty(call.response, 204, {
    ...(outcome.deleteMarker && { 'x-amz-delete-marker': 'true' }),
    ...(outcome.versionId !== undefined && { 'x-amz-version-id': outcome.versionId }),
  });
}

export async function deleteObjects(call: BucketCall): Promise<void> {
  const { headers } = call.request;
  if (!declaredMd5(headers) && !declaredChecksum(headers)) {
    throw new S3Error('InvalidRequest', { message: 'Missing required header for this request: Content-MD5' });
  }
  const root = parseXml(await receiveDocument(call.request, call.authentication, call.spool), 'Delete');
  const quiet = childText(root, 'Quiet') === 'true';
  const objects = root.children.filter((child) => child.name === 'Object').map((object) => {
    const key = childText(object, 'Key');
    if (!key) throw new S3Error('MalformedXML');
    return { key, versionId: childText(object, 'VersionId'), ifMatch: childText(object, 'ETag') };
  });
  if (objects.length === 0 || objects.length > MAX_KEYS) throw new S3Error('MalformedXML');

  const deleted: XmlContent[] = [];
  const errors: XmlContent[] = [];
  for (const target of objects) {
    try {
      assertKey(target.key);
      const outcome = remove(call, target);
      deleted.push({
        Key: target.key,
        VersionId: target.versionId,
        DeleteMarker: outcome.deleteMarker || undefined,
        DeleteMarkerVersionId: outcome.deleteMarker ? outcome.versionId : undefined,
      });
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      errors.push({ Key: target.key, VersionId: target.versionId, Code: error.code, Message: error.message });
    }
  }
  sendXml(call.response, 'DeleteResult', { Deleted: quiet ? [] : deleted, Error: errors });
}

interface Target {
  readonly key: string;
  readonly versionId?: string;
  readonly ifMatch?: string;
}

/** What the response says: the version that went, or the marker that came. */
interface Outcome {
  readonly deleteMarker: boolean;
  readonly versionId?: string;
}

function remove(call: BucketCall, { key, versionId, ifMatch }: Target): Outcome {
  const { bucket, events, cause } = call;
  const version = versionId === undefined ? bucket.current(key) : bucket.version(key, versionId);
  if (ifMatch !== undefined) {
    if (!version || version.deleteMarker) throw new S3Error('NoSuchKey', { details: { Key: key } });
    if (!matches(ifMatch, version.etag)) throw failed('If-Match');
  }
  if (bucket.versioned && versionId === undefined) {
    const marker = { key, versionId: bucket.newVersionId(), lastModified: wholeSecond(), deleteMarker: true } as const;
    bucket.add(marker);
    events.publish('ObjectRemoved:DeleteMarkerCreated', bucket, { ...marker, etag: EMPTY_MD5 }, cause);
    return marker;
  }
  if (version) {
    bucket.remove(version);
    if (!version.deleteMarker) call.spool.discard(version.path);
    events.publish('ObjectRemoved:Delete', bucket, { key, versionId: version.versionId }, cause);
  }
  return { deleteMarker: version?.deleteMarker ?? false, versionId };
}
