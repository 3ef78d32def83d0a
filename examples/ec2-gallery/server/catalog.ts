import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { ImageRecord, isPresent, Status, STATUSES } from './records';

/** A record whose upload never arrived goes by itself after a day; the pipeline takes this off when it arrives. */
const PENDING_SECONDS = 24 * 3600;

export interface NewImage {
  readonly imageId: string;
  readonly sourceBucket: string;
  readonly sourceKey: string;
  readonly fileName: string;
}

export interface Page {
  readonly records: readonly ImageRecord[];
  /** The `listingSort` below which the next page begins; absent at the end. */
  readonly next?: string;
}

/** The table of image records. */
export class Catalog {
  constructor(private readonly client: DynamoDBDocumentClient, private readonly table: string, private readonly shards: number) {}

  /** Lists an image before its upload. */
  async announce(image: NewImage): Promise<ImageRecord> {
    const now = new Date();
    const uploadedAt = now.toISOString();
    const record = { ...image, status: 'PENDING' as const, uploadedAt, updatedAt: uploadedAt, listingSort: `${uploadedAt}#${image.imageId}` };
    await this.client.send(new PutCommand({
      TableName: this.table,
      Item: {
        ...record,
        attempts: 0,
        listingPartition: `PENDING#${this.shardOf(image.imageId)}`,
        expiresAt: Math.floor(now.getTime() / 1000) + PENDING_SECONDS,
      },
      ConditionExpression: 'attribute_not_exists(imageId)',
    }));
    return record;
  }

  /** Takes the announcement back, unless the pipeline has the image already. */
  async withdraw(imageId: string): Promise<void> {
    try {
      await this.client.send(new DeleteCommand({
        TableName: this.table,
        Key: { imageId },
        ConditionExpression: '#status = :pending',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':pending': 'PENDING' satisfies Status },
      }));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  async read(imageId: string): Promise<ImageRecord | undefined> {
    const { Item = {} } = await this.client.send(new GetCommand({ TableName: this.table, Key: { imageId }, ConsistentRead: true }));
    return isPresent(Item) ? (Item as ImageRecord) : undefined;
  }

  /** Images newest first, over every shard of the status, or of all. */
  async list(status: Status | undefined, limit: number, after: string | undefined): Promise<Page> {
    // While it is processed, an announced image stays listed as pending.
    const listedAs: readonly Status[] = status === 'PROCESSING' ? ['PROCESSING', 'PENDING'] : status ? [status] : STATUSES;
    const partitions = listedAs.flatMap((each) => Array.from({ length: this.shards }, (_, shard) => `${each}#${shard}`));
    // One more than is shown tells whether there is a next page.
    const lists = await Promise.all(partitions.map((partition) => this.newest(partition, limit + 1, after, status)));
    const newest = withoutDoubles(lists.flat()).sort((a, b) => (a.listingSort < b.listingSort ? 1 : -1));
    const records = newest.slice(0, limit);
    return { records, next: newest.length > limit ? records.at(-1)!.listingSort : undefined };
  }

  private async newest(partition: string, count: number, after: string | undefined, status: Status | undefined): Promise<ImageRecord[]> {
    const records: ImageRecord[] = [];
    let start: Record<string, unknown> | undefined;
    do {
      const { Items = [], LastEvaluatedKey } = await this.client.send(new QueryCommand({
        TableName: this.table,
        IndexName: 'by-status',
        KeyConditionExpression: `listingPartition = :partition${after === undefined ? '' : ' AND listingSort < :after'}`,
        ExpressionAttributeValues: { ':partition': partition, ...(after === undefined ? {} : { ':after': after }) },
        ScanIndexForward: false,
        Limit: count - records.length,
        ExclusiveStartKey: start,
      }));
      records.push(...(Items as ImageRecord[]).filter((record) => !status || record.status === status));
      start = LastEvaluatedKey;
    } while (start && records.length < count);
    return records;
  }

  private shardOf(imageId: string): number {
    return createHash('sha256').update(imageId).digest().readUInt32BE(0) % this.shards;
  }
}

/** An image that changes its status between two queries is in both answers. The later state counts. */
function withoutDoubles(records: readonly ImageRecord[]): ImageRecord[] {
  const byId = new Map<string, ImageRecord>();
  for (const record of records) {
    const other = byId.get(record.imageId);
    if (!other || other.updatedAt < record.updatedAt) byId.set(record.imageId, record);
  }
  return [...byId.values()];
}
