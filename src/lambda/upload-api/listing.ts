import { Cut, ListedImage, QueryBudget, Records } from './records';
import { LISTING_SORT, ListedStatus } from '../../contract';

export interface ListRequest {
  readonly status?: ListedStatus;
  readonly limit: number;
  /** Position in the index after which the page begins. */
  readonly after?: string;
}

export interface ListPage {
  readonly images: readonly ListedImage[];
  /** Where the next page begins; undefined at the end. */
  readonly next?: string;
}

/** Read ahead in each partition: a page of recent images is spread over them. */
const MIN_PAGE_SIZE = 5;
/** Queries of a request beyond one for each partition: what is not found by then is for the next page. */
export const MAX_FURTHER_QUERIES = 60;

/**
 * The newest images over all shards, and over all statuses unless one is asked for; then without announced uploads that have not
 * arrived. A page may be shorter than asked for, or empty, and go on.
 *
 * Every record has a place of its own in the one order of the index, so that a page continues exactly where the one
 * before ended.
 */
export async function listImages(records: Records, { status, limit, after }: ListRequest): Promise<ListPage> {
  const partitions = records.partitions(status);
  const pageSize = Math.max(MIN_PAGE_SIZE, Math.ceil((2 * limit) / partitions.length));
  const search = { pageSize, budget: new QueryBudget(MAX_FURTHER_QUERIES), wanted: status };
  const streams = partitions.map((partition) => records.newest(partition, after, search));
  const heads = await Promise.all(streams.map(async (stream) => (await stream.next()).value));

  const images = new Map<string, ListedImage>();
  let last: string | undefined;
  for (let at = newestOf(heads); at >= 0; at = newestOf(heads)) {
    const head = heads[at]!;
    if (images.size === limit) return { images: [...images.values()], next: last };
    last = positionOf(head);
    // Below it there may be images that nobody has looked for.
    if ('position' in head) return { images: [...images.values()], next: last };
    // A record that changed its status while it was read may have been found in both.
    if (!images.has(head.imageId)) images.set(head.imageId, head);
    heads[at] = (await streams[at].next()).value;
  }
  return { images: [...images.values()] };
}

function newestOf(heads: readonly (ListedImage | Cut | undefined)[]): number {
  return heads.reduce((best, head, at) => (head && (best < 0 || positionOf(head) > positionOf(heads[best]!)) ? at : best), -1);
}

function positionOf(head: ListedImage | Cut): string {
  return 'position' in head ? head.position : head.record[LISTING_SORT]!;
}
