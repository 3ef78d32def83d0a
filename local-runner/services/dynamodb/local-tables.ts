import { IncomingMessage, Server } from 'http';
import { AddressInfo } from 'net';
import { CreateTableCommand, CreateTableCommandInput, DynamoDBClient, ListTablesCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { RequestCounts } from '../request-counts';

/** What a template says of a table and the embedded database takes. */
export type TableProperties = Pick<CreateTableCommandInput, 'AttributeDefinitions' | 'KeySchema' | 'GlobalSecondaryIndexes' | 'LocalSecondaryIndexes'>;

/** DynamoDB, in memory. */
export class LocalTables {
  static async start(): Promise<LocalTables> {
    const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
    return new LocalTables(server);
  }

  private readonly counts = new RequestCounts();

  private constructor(private readonly server: Server) {
    server.on('request', ({ headers }: IncomingMessage) => this.counts.add(`DynamoDB ${String(headers['x-amz-target']).split('.').at(-1)}`));
  }

  /** Requests so far, by operation. */
  get requests(): Readonly<Record<string, number>> {
    return this.counts.all;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Makes a table, unless there is one of the name: a stack that is updated keeps its tables. */
  async create(client: DynamoDBClient, name: string, properties: TableProperties): Promise<void> {
    const { TableNames = [] } = await client.send(new ListTablesCommand({}));
    if (TableNames.includes(name)) return;
    const indexes = properties.GlobalSecondaryIndexes?.map(({ IndexName, KeySchema, Projection }) => ({ IndexName, KeySchema, Projection }));
    await client.send(new CreateTableCommand({
      TableName: name,
      AttributeDefinitions: properties.AttributeDefinitions,
      KeySchema: properties.KeySchema,
      GlobalSecondaryIndexes: indexes,
      LocalSecondaryIndexes: properties.LocalSecondaryIndexes,
      BillingMode: 'PAY_PER_REQUEST',
    }));
    await waitUntilTableExists({ client, maxWaitTime: 30, minDelay: 0.05, maxDelay: 0.5 }, { TableName: name });
  }

  async stop(): Promise<void> {
    // Not dynalite's own close, which takes the database away from requests that are being handled. In memory, it needs none.
    const closed = new Promise<void>((resolve, reject) => Server.prototype.close.call(this.server, (error) => (error ? reject(error) : resolve())));
    this.server.closeAllConnections();
    await closed;
  }
}
