import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, QueryCommandOutput } from '@aws-sdk/lib-dynamodb';
import {
  EXPIRY_ATTRIBUTE, ImageApiConfig, ImageRecord, ImageStatus, LISTED_STATUSES, listedAs, ListedStatus, LISTING_INDEX, LISTING_PARTITION, LISTING_SORT,
  listingAttributes, listingPartition,
} from '../../contract';

/** An image that is listed, with its id. */
export interface ListedImage {
  readonly imageId: string;
  readonly record: ImageRecord & { readonly status: ListedStatus };
}

/** A partition of the index. */
export interface Partition {
  readonly listedAs: ListedStatus;
  readonly shard: number;
}

/** Where a search ended without having seen all. */
export interface Cut {
  readonly position: string;
}

export interface Search {
  readonly pageSize: number;
  readonly budget: QueryBudget;
  readonly wanted?: ListedStatus;
}

/** How many queries a request may still make. */
export class QueryBudget {
  constructor(private left: number) {}

  public take(): boolean {
    this.left -= 1;
    return this.left >= 0;
  }
}

/** Records of announced uploads are small, and most of them are passed over. */
const ANNOUNCED_PAGE_SIZE = 250;

export interface PendingUpload {
  readonly bucket: string;
  readonly key: string;
  readonly fileName: string;
  readonly at: Date;
  /** When the record goes if nothing is uploaded. */
  readonly expiresAt: Date;
}

/** The table of image records, as the API uses it: it writes only what the pipeline has not taken over yet. */
export class Records {
  constructor(
    private readonly client: DynamoDBDocumentClient,
    private readonly config: ImageApiConfig['catalog'],
    /** For how long an announced upload can arrive. */
    private readonly announcedSeconds: number,
  ) {}

  /** Reserves the image id for one object, and lists the image at once. */
  public async announce(imageId: string, upload: PendingUpload): Promise<void> {
    const uploadedAt = upload.at.toISOString();
    const status = 'PENDING' satisfies ImageStatus;
    const record: ImageRecord = {
      status,
      sourceBucket: upload.bucket,
      sourceKey: upload.key,
      fileName: upload.fileName,
      uploadedAt,
      updatedAt: uploadedAt,
      attempts: 0,
      [EXPIRY_ATTRIBUTE]: Math.ceil(upload.expiresAt.getTime() / 1000),
      ...listingAttributes(imageId, status, uploadedAt, this.config.shards),
    };
    await this.client.send(new PutCommand({
      TableName: this.config.table,
      Item: { [this.config.partitionKey]: imageId, ...record },
      ConditionExpression: 'attribute_not_exists(#id)',
      ExpressionAttributeNames: { '#id': this.config.partitionKey },
    }));
  }

  /** The image of an id; undefined for none, for one that is deleted, and for an item that only points to another id. */
  public async find(imageId: string): Promise<ListedImage | undefined> {
    const { Item } = await this.client.send(new GetCommand({
      TableName: this.config.table,
      Key: { [this.config.partitionKey]: imageId },
      ConsistentRead: true,
    }));
    return this.asListed(Item);
  }

  /** Removes the record of an image whose object never arrived; once the pipeline has seen it, the record is the pipeline's. */
  public async withdraw(imageId: string): Promise<void> {
    try {
      await this.client.send(new DeleteCommand({
        TableName: this.config.table,
        Key: { [this.config.partitionKey]: imageId },
        ConditionExpression: '#status = :pending AND attribute_not_exists(#sequencer)',
        ExpressionAttributeNames: { '#status': 'status', '#sequencer': 'sourceSequencer' },
        ExpressionAttributeValues: { ':pending': 'PENDING' satisfies ImageStatus },
      }));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
  }

  /**
   * The newest images of a partition, from just below `before` on, and where the search ended if its budget ended first.
   *
   * @param wanted the status that they are to have; without one, all but announced uploads that have not arrived
   */
  public async *newest(
    { listedAs: listed, shard }: Partition, before: string | undefined, { pageSize, budget, wanted }: Search,
  ): AsyncGenerator<ListedImage | Cut, undefined> {
    // Among the announced, those that are looked for may be few.
    const limit = listed === 'PENDING' ? Math.max(pageSize, ANNOUNCED_PAGE_SIZE) : pageSize;
    let start: Record<string, unknown> | undefined;
    do {
      if (start && !budget.take()) {
        yield { position: String(start[LISTING_SORT]) };
        return undefined;
      }
      const page: QueryCommandOutput = await this.client.send(new QueryCommand({
        TableName: this.config.table,
        IndexName: LISTING_INDEX,
        KeyConditionExpression: '#partition = :partition' + (before === undefined ? '' : ' AND #sort < :before'),
        FilterExpression: wanted ? '#status = :status' : '#status <> :status',
        ExpressionAttributeNames: { '#partition': LISTING_PARTITION, '#status': 'status', ...(before !== undefined && { '#sort': LISTING_SORT }) },
        ExpressionAttributeValues: {
          ':partition': listingPartition(listed, shard),
          ':status': wanted ?? ('PENDING' satisfies ListedStatus),
          ...(before !== undefined && { ':before': before }),
        },
        ScanIndexForward: false,
        Limit: limit,
        ExclusiveStartKey: start,
      }));
      for (const item of page.Items ?? []) {
        const image = this.asListed(item);
        if (image && !this.isAbandoned(image.record)) yield image;
      }
      start = page.LastEvaluatedKey;
    } while (start);
    return undefined;
  }

  /** Where images of a status may be, or all. */
  public partitions(status: ListedStatus | undefined): Partition[] {
    const shards = Array.from({ length: this.config.shards }, (_, shard) => shard);
    return (status ? listedAs(status) : LISTED_STATUSES).flatMap((each) => shards.map((shard) => ({ listedAs: each, shard })));
  }

  /** Nothing can arrive any more. Of those that an application announces, it alone knows. */
  private isAbandoned({ status, uploadedAt, [EXPIRY_ATTRIBUTE]: expiry }: ImageRecord): boolean {
    return status === 'PENDING' && expiry !== undefined && Date.parse(uploadedAt) + this.announcedSeconds * 1000 < Date.now();
  }

  private asListed(item: Record<string, unknown> | undefined): ListedImage | undefined {
    const record = item as ImageRecord | undefined;
    if (!record || record.pointsTo !== undefined || !isListed(record) || isExpired(record)) return undefined;
    return { imageId: String(item![this.config.partitionKey]), record };
  }
}

/** DynamoDB takes days to remove what has expired. */
function isExpired({ [EXPIRY_ATTRIBUTE]: expiry }: ImageRecord): boolean {
  return expiry !== undefined && expiry <= Date.now() / 1000;
}

function isListed(record: ImageRecord): record is ListedImage['record'] {
  return (LISTED_STATUSES as readonly string[]).includes(record.status);
}
