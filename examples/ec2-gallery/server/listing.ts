import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { ImageRecord, Status, STATUSES } from './records';

/** Records that a query reads at least: a page of recent images is spread over the partitions. */
const MIN_READ = 25;
/** Queries of a request beyond one for each partition: what is not found by then is for the next page. */
const MAX_FURTHER_QUERIES = 20;

export interface ListingRequest {
  readonly status?: Status;
  readonly limit: number;
  /** The `listingSort` below which the page begins. */
  readonly after?: string;
}

export interface Page {
  readonly records: readonly ImageRecord[];
  /** The `listingSort` below which the next page begins; absent at the end. */
  readonly next?: string;
}

/** Where the search of a partition ended without having seen all. */
interface Cut {
  readonly isCut: true;
  readonly listingSort: string;
}

interface Search extends ListingRequest {
  readonly read: number;
  /** Whether one more query may be made. */
  readonly mayGoOn: () => boolean;
}

/** The index of all images, newest first. */
export class Listing {
  constructor(private readonly client: DynamoDBDocumentClient, private readonly table: string, private readonly shards: number) {}

  /** A page may be shorter than asked for, or empty, and go on: a request does not search without end. */
  async list(request: ListingRequest): Promise<Page> {
    const partitions = this.partitions(request.status);
    let left = MAX_FURTHER_QUERIES;
    const search = {
      ...request,
      read: Math.max(MIN_READ, Math.ceil((2 * request.limit) / partitions.length)),
      mayGoOn: () => {
        left -= 1;
        return left >= 0;
      },
    };
    const streams = partitions.map((partition) => this.newest(partition, search));
    const heads = await Promise.all(streams.map(async (stream) => (await stream.next()).value));
    const found = new Map<string, ImageRecord>();
    let next: string | undefined;
    for (let at = newestOf(heads); at >= 0; at = newestOf(heads)) {
      const head = heads[at]!;
      if (found.size === request.limit) return { records: [...found.values()], next };
      next = head.listingSort;
      // Below it there may be images that nobody has looked for.
      if ('isCut' in head) return { records: [...found.values()], next };
      // An image that changed its status between two queries is in both answers. The later state counts.
      const known = found.get(head.imageId);
      if (!known || known.updatedAt < head.updatedAt) found.set(head.imageId, head);
      heads[at] = (await streams[at].next()).value;
    }
    return { records: [...found.values()] };
  }

  /** While it is processed, an announced image stays listed as pending. */
  private partitions(status: Status | undefined): string[] {
    const listedAs: readonly Status[] = status === 'PROCESSING' ? ['PROCESSING', 'PENDING'] : status ? [status] : STATUSES;
    return listedAs.flatMap((each) => Array.from({ length: this.shards }, (_, shard) => `${each}#${shard}`));
  }

  private async *newest(partition: string, { status, after, read, mayGoOn }: Search): AsyncGenerator<ImageRecord | Cut, undefined> {
    let start: Record<string, unknown> | undefined;
    do {
      if (start && !mayGoOn()) {
        yield { isCut: true, listingSort: String(start.listingSort) };
        return undefined;
      }
      const { Items = [], LastEvaluatedKey } = await this.client.send(new QueryCommand({
        TableName: this.table,
        IndexName: 'by-status',
        KeyConditionExpression: `listingPartition = :partition${after === undefined ? '' : ' AND listingSort < :after'}`,
        ExpressionAttributeValues: { ':partition': partition, ...(after === undefined ? {} : { ':after': after }) },
        ScanIndexForward: false,
        Limit: read,
        ExclusiveStartKey: start,
      }));
      yield* (Items as ImageRecord[]).filter((record) => !status || record.status === status);
      start = LastEvaluatedKey;
    } while (start);
    return undefined;
  }
}

function newestOf(heads: readonly (ImageRecord | Cut | undefined)[]): number {
  return heads.reduce((best, head, at) => (head && (best < 0 || head.listingSort > heads[best]!.listingSort) ? at : best), -1);
}
