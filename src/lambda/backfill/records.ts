import { setTimeout as sleep } from 'node:timers/promises';
import { BatchGetCommand, BatchGetCommandOutput, DynamoDBDocumentClient, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { CatalogConfig, ImageRecord, LISTING_INDEX, LISTING_PARTITION, ListedStatus, listedAs, listingPartition } from '../../contract';

export type ItemOf = Partial<ImageRecord>;

/** DynamoDB's limit for one request. */
const MAX_BATCH = 100;
const MAX_PAUSE_MS = 5000;

/** The table of image records, read many at a time. */
export class Records {
  constructor(private readonly client: DynamoDBDocumentClient, private readonly config: CatalogConfig) {}

  /** @param isConsistent else, those that were just written may be as they were before */
  public async read(ids: readonly string[], isConsistent = false): Promise<Map<string, ItemOf>> {
    const found = new Map<string, ItemOf>();
    const distinct = [...new Set(ids)];
    for (let at = 0; at < distinct.length; at += MAX_BATCH) await this.readBatch(distinct.slice(at, at + MAX_BATCH), isConsistent, found);
    return found;
  }

  /** Bucket and key of every original whose record has a status. */
  public async *ofStatus(status: ListedStatus): AsyncGenerator<{ readonly bucket: string; readonly key: string }> {
    const shards = Array.from({ length: this.config.shards }, (_, shard) => shard);
    for (const partition of listedAs(status).flatMap((listed) => shards.map((shard) => listingPartition(listed, shard)))) {
      const query = {
        TableName: this.config.table,
        IndexName: LISTING_INDEX,
        KeyConditionExpression: '#partition = :partition',
        ExpressionAttributeNames: { '#partition': LISTING_PARTITION },
        ExpressionAttributeValues: { ':partition': partition },
      };
      for await (const { Items = [] } of paginateQuery({ client: this.client }, query)) {
        // The index may have but a part of what the record says.
        const records = await this.read(Items.map((item) => String(item[this.config.partitionKey])));
        for (const { status: present, sourceBucket, sourceKey } of records.values()) {
          if (present === status && sourceBucket && sourceKey) yield { bucket: sourceBucket, key: sourceKey };
        }
      }
    }
  }

  private async readBatch(ids: readonly string[], isConsistent: boolean, found: Map<string, ItemOf>): Promise<void> {
    const { table, partitionKey } = this.config;
    let keys: Record<string, unknown>[] | undefined = ids.map((id) => ({ [partitionKey]: id }));
    for (let pause = 50; keys && keys.length > 0; pause = Math.min(2 * pause, MAX_PAUSE_MS)) {
      const command: BatchGetCommand = new BatchGetCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: isConsistent } } });
      const { Responses = {}, UnprocessedKeys = {} }: BatchGetCommandOutput = await this.client.send(command);
      for (const item of Responses[table] ?? []) found.set(String(item[partitionKey]), item as ItemOf);
      keys = UnprocessedKeys[table]?.Keys;
      if (keys) await sleep(pause);
    }
  }
}
