import { createHash } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { ImageRecord, isPresent, Status } from './records';

/** A record whose upload never arrived goes by itself after a day; the pipeline takes this off when it arrives. */
const PENDING_SECONDS = 24 * 3600;

export interface NewImage {
  readonly imageId: string;
  readonly sourceBucket: string;
  readonly sourceKey: string;
  readonly fileName: string;
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

  private shardOf(imageId: string): number {
    return createHash('sha256').update(imageId).digest().readUInt32BE(0) % this.shards;
  }
}
