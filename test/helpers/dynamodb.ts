import { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import dynalite from 'dynalite';
import { LISTING_INDEX, LISTING_PARTITION, LISTING_SORT } from '../../src/contract';

export interface LocalDynamoDb {
  readonly client: DynamoDBDocumentClient;
  /** Creates a table with a string partition key and the listing index. */
  createTable(name: string, partitionKey: string): Promise<void>;
  stop(): Promise<void>;
}

/** DynamoDB in this process, with its real conditional writes. */
export async function startDynamoDb(): Promise<LocalDynamoDb> {
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const plain = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    client: DynamoDBDocumentClient.from(plain, { marshallOptions: { removeUndefinedValues: true } }),
    async createTable(name, partitionKey) {
      await plain.send(new CreateTableCommand({
        TableName: name,
        KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }],
        AttributeDefinitions: [partitionKey, LISTING_PARTITION, LISTING_SORT].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        GlobalSecondaryIndexes: [{
          IndexName: LISTING_INDEX,
          KeySchema: [{ AttributeName: LISTING_PARTITION, KeyType: 'HASH' }, { AttributeName: LISTING_SORT, KeyType: 'RANGE' }],
          Projection: { ProjectionType: 'ALL' },
        }],
        BillingMode: 'PAY_PER_REQUEST',
      }));
    },
    async stop() {
      plain.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
