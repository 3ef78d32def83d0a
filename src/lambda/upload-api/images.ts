import * as z from 'zod/mini';
import { Versioned } from './conditional';
import { decodeCursor, encodeCursor } from './cursor';
import { HttpError, invalidRequest, notFound } from './http';
import { FullImageView, fullView, ImageView, listView } from './image-view';
import { linksAt } from './links';
import { listImages } from './listing';
import { ListedImage } from './records';
import { Services } from './services';
import { DERIVED_ID_PREFIX, IMAGE_ID_PATTERN, LISTED_STATUSES, LISTING_SORT } from '../../contract';

const DERIVED_ID_PATTERN = new RegExp(`^${DERIVED_ID_PREFIX}[0-9a-f]{32}$`);

export interface ImageList {
  readonly images: readonly ImageView[];
  readonly cursor?: string;
}

const listQuery = z.object({
  status: z.optional(z.enum(LISTED_STATUSES, `status must be one of ${LISTED_STATUSES.join(', ')}`)),
  limit: z._default(
    z.pipe(z.string().check(z.regex(/^(?:[1-9]\d?|100)$/, 'limit must be a whole number from 1 to 100')), z.transform(Number)),
    20,
  ),
  cursor: z.optional(z.string().check(z.maxLength(1024, 'cursor must have at most 1024 characters'))),
});

/** Lambda answers with 6 MB at most; many renditions, each with a long link, are more. */
const MAX_PAGE_BYTES = 5_000_000;

/** Reads, and deletes, what the table knows. */
export class Images {
  constructor(private readonly services: Services) {}

  public async list(query: unknown): Promise<Versioned<ImageList>> {
    const { data, error } = listQuery.safeParse(query);
    if (error) throw invalidRequest(error.issues[0].message);
    const { status, limit, cursor } = data;
    const after = cursor === undefined ? undefined : decodeCursor(status, cursor);
    const page = await listImages(this.services.records, { status, limit, after });
    const links = this.links();
    return {
      facts: [page, links.epoch],
      make: async () => {
        const views = await Promise.all(page.images.map((image) => listView(image, links)));
        const count = fittingCount(views);
        const next = count < views.length ? page.images[count - 1].record[LISTING_SORT] : page.next;
        return { images: views.slice(0, count), ...(next !== undefined && { cursor: encodeCursor(status, next) }) };
      },
    };
  }

  public async get(imageId: string): Promise<Versioned<FullImageView>> {
    const image = await this.find(imageId);
    const links = this.links();
    return { facts: [image, links.epoch], make: () => fullView(image, links) };
  }

  /** Deletes the original. Renditions and record go when the pipeline hears of it. */
  public async delete(imageId: string): Promise<{ readonly imageId: string }> {
    const { config: { upload }, records, objects, logger } = this.services;
    const { record } = await this.find(imageId);
    // Of others the prefix may be the same, and the role may delete them.
    if (record.sourceBucket !== upload.bucket || !record.sourceKey.startsWith(`${upload.prefix}${imageId}/`)) {
      throw new HttpError(403, 'FORBIDDEN', 'the image is not among those that can be deleted here');
    }
    await objects.delete(record.sourceBucket, record.sourceKey);
    // No event tells the pipeline of an object that was never there.
    if (record.status === 'PENDING') await records.withdraw(imageId);
    logger.info('image deleted', { imageId, sourceKey: record.sourceKey });
    return { imageId };
  }

  private links() {
    return linksAt(new Date(), this.services.config, this.services.requests);
  }

  private async find(imageId: string): Promise<ListedImage> {
    const isId = IMAGE_ID_PATTERN.test(imageId) || DERIVED_ID_PATTERN.test(imageId);
    const image = isId ? await this.services.records.find(imageId) : undefined;
    if (!image) throw notFound('there is no such image');
    return image;
  }
}

/** How many images fit into one answer, at least one. */
function fittingCount(views: readonly ImageView[]): number {
  let bytes = 0;
  for (const [at, view] of views.entries()) {
    bytes += Buffer.byteLength(JSON.stringify(view));
    if (bytes > MAX_PAGE_BYTES) return Math.max(1, at);
  }
  return views.length;
}
