import { randomUUID } from 'node:crypto';
import { invalidRequest } from './http';
import { objectKey } from './object-key';
import { Services } from './services';
import { SignedUpload } from './signed-requests';
import { UploadRequest, uploadRequestParser } from './upload-request';
import { FOCAL_POINT_METADATA, IMAGE_ID_METADATA, REQUESTED_SIZE_METADATA, UPLOADED_AT_METADATA } from '../../contract';
import { keyFilter } from '../shared/key-filter';

/** How long an image whose object never arrives stays listed after the upload could last begin. */
const ABANDONED_MS = 24 * 3600 * 1000;

/** What the client uploads with. */
export type UploadView = {
  readonly imageId: string;
  readonly url: string;
  readonly expiresAt: string;
} & (
  | { readonly method: 'POST'; readonly fields: Readonly<Record<string, string>> }
  | { readonly method: 'PUT'; readonly headers: Readonly<Record<string, string>> }
);

/** Answers requests for an upload: lists the image as `PENDING`, and allows one client to store its object. */
export function uploadHandler({ config: { upload: config }, records, requests, logger }: Services): (body: unknown) => Promise<UploadView> {
  const parse = uploadRequestParser(config);
  const isImage = keyFilter(config.source);

  return async (body) => {
    const request = parse(body);
    const imageId = randomUUID();
    const key = objectKey(config.prefix, imageId, request.fileName);
    if (!isImage(key)) throw invalidRequest('fileName must be one that is taken for an image here');

    const at = new Date();
    // Signatures count from the beginning of the second.
    const expiresAt = new Date(Math.floor(at.getTime() / 1000) * 1000 + config.expirySeconds * 1000);
    await records.announce(imageId, {
      bucket: config.bucket, key, fileName: request.fileName, at, expiresAt: new Date(expiresAt.getTime() + ABANDONED_MS),
    });
    const upload: SignedUpload = {
      bucket: config.bucket,
      key,
      contentType: request.contentType,
      metadata: { [IMAGE_ID_METADATA]: imageId, [UPLOADED_AT_METADATA]: at.toISOString(), ...requestedSize(request), ...focalPoint(request) },
      minBytes: request.bytes ?? 1,
      maxBytes: request.bytes ?? config.maxBytes,
    };
    logger.info('upload allowed', { imageId, sourceKey: key, contentType: upload.contentType, maxBytes: upload.maxBytes });

    const shared = { imageId, expiresAt: expiresAt.toISOString() };
    if (config.method === 'PUT') return { ...shared, method: 'PUT', ...await requests.put(upload, config.expirySeconds) };
    return { ...shared, method: 'POST', ...await requests.post(upload, config.expirySeconds) };
  };
}

function requestedSize({ width, height }: UploadRequest): Record<string, string> {
  return {
    ...(width !== undefined && { [REQUESTED_SIZE_METADATA.width]: String(width) }),
    ...(height !== undefined && { [REQUESTED_SIZE_METADATA.height]: String(height) }),
  };
}

/** As decimals: a number near zero would be written with an exponent. */
function focalPoint({ focalPoint: point }: UploadRequest): Record<string, string> {
  return point ? { [FOCAL_POINT_METADATA]: [point.x, point.y].map((share) => String(Math.round(share * 10_000) / 10_000)).join(',') } : {};
}
