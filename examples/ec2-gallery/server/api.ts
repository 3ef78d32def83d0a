import type { FastifyInstance } from 'fastify';
import { Catalog } from './catalog';
import { readCursor, writeCursor } from './cursor';
import { HttpError } from './http-error';
import { viewFullImage, viewImage } from './image-view';
import { Listing } from './listing';
import { ImageRecord, Status, STATUSES } from './records';
import { Storage } from './storage';
import { unlessKnown } from './unless-known';
import { requireUpload, withUploadedFile } from './upload-form';
import { Uploads } from './uploads';

export interface ApiServices {
  readonly catalog: Catalog;
  readonly listing: Listing;
  readonly storage: Storage;
  readonly uploads: Uploads;
  readonly maxUploadBytes: number;
}

interface ListingQuery {
  readonly status?: Status;
  readonly limit: number;
  readonly cursor?: string;
}

const LISTING_QUERY = {
  type: 'object',
  properties: {
    status: { enum: STATUSES },
    limit: { type: 'integer', minimum: 1, maximum: 100, default: 20 },
    cursor: { type: 'string', maxLength: 400 },
  },
};
/** Also the ids that the pipeline derives for objects without one. */
const IMAGE_ID = /^[A-Za-z0-9_-]{1,128}$/;

/** The routes under `/api`. */
export async function api(app: FastifyInstance, { catalog, listing, storage, uploads, maxUploadBytes }: ApiServices): Promise<void> {
  const view = (record: ImageRecord) => viewImage(record, (key) => storage.link(key));

  app.addHook('onSend', async (request, reply, payload) => (request.method === 'GET' ? unlessKnown(request, reply, payload) : void reply.header('cache-control', 'no-store')));

  app.get<{ Querystring: ListingQuery }>('/images', { schema: { querystring: LISTING_QUERY } }, async ({ query: { status, limit, cursor } }) => {
    const { records, next } = await listing.list({ status, limit, after: cursor === undefined ? undefined : readCursor(cursor, status) });
    return { images: await Promise.all(records.map(view)), cursor: next === undefined ? undefined : writeCursor({ status, after: next }) };
  });

  app.post('/images', async (request, reply) => {
    requireUpload(request, maxUploadBytes);
    uploads.requireRoom();
    const record = await withUploadedFile(request, maxUploadBytes, (file) => uploads.receive(file, request.log));
    return reply.code(201).send(await view(record));
  });

  app.get<{ Params: { imageId: string } }>('/images/:imageId', async ({ params }) => viewFullImage(await find(params.imageId), storage));

  app.delete<{ Params: { imageId: string } }>('/images/:imageId', async ({ params: { imageId } }, reply) => {
    const { sourceKey } = await find(imageId);
    uploads.cancel(imageId);
    await storage.removeOriginal(sourceKey);
    // Nothing tells the pipeline of an image that never arrived.
    await catalog.withdraw(imageId);
    return reply.code(202).send({ imageId });
  });

  async function find(imageId: string): Promise<ImageRecord> {
    const record = IMAGE_ID.test(imageId) ? await catalog.read(imageId) : undefined;
    if (!record) throw new HttpError(404, 'there is no such image');
    return record;
  }
}
