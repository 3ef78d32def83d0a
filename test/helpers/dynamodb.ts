import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { LocalTables } from '../../local-runner/services/dynamodb/local-tables';
import { LISTING_INDEX, LISTING_PARTITION, LISTING_SORT } from '../../src/contract';

export interface LocalDynamoDb {
  readonly client: DynamoDBDocumentClient;
  /** Creates a table with a string partition key and the listing index. */
  createTable(name: string, partitionKey: string): Promise<void>;
  stop(): Promise<void>;
}

/** DynamoDB in this process, with its real conditional writes. */
export async function startDynamoDb(): Promise<LocalDynamoDb> {
  const tables = await LocalTables.start();
  const plain = new DynamoDBClient({
    endpoint: tables.endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    client: DynamoDBDocumentClient.from(plain, { marshallOptions: { removeUndefinedValues: true } }),
    createTable: (name, partitionKey) => tables.create(plain, name, {
      KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }],
      AttributeDefinitions: [partitionKey, LISTING_PARTITION, LISTING_SORT].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      GlobalSecondaryIndexes: [{
        IndexName: LISTING_INDEX,
        KeySchema: [{ AttributeName: LISTING_PARTITION, KeyType: 'HASH' }, { AttributeName: LISTING_SORT, KeyType: 'RANGE' }],
        Projection: { ProjectionType: 'ALL' },
      }],
    }),
    async stop() {
      plain.destroy();
      await tables.stop();
    },
  };
}
