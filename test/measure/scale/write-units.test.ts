import { AttributeValue, ConsumedCapacity, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutCommand, UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { capacityUnits } from 'dynalite/db';
import { WRITE_UNITS } from './cost';
import { RECORD_UNITS } from './inputs';
import { LISTING_PARTITION, LISTING_SORT } from '../../../src/contract';
import { LocalHandler } from '../../helpers/handler';
import { open, photo } from '../../helpers/images';
import { profile } from '../../helpers/renditions';

type Item = Readonly<Record<string, AttributeValue>> | undefined;

/** What a write consumed. */
interface Units {
  readonly table: number;
  readonly index: number;
}

let handler: LocalHandler;
/** Reads items as they are stored. */
let reader: DynamoDBClient;
let jpeg: Buffer;
let written: Units[];

beforeAll(async () => {
  handler = await LocalHandler.start();
  const client = handler.dynamodb.client as unknown as DynamoDBClient;
  const { endpoint, region, credentials } = client.config;
  reader = new DynamoDBClient({ endpoint, region, credentials });
  jpeg = await open(photo(400, 300)).jpeg().toBuffer();
  client.middlewareStack.add((next, { commandName }) => async (args) => {
    if (commandName !== 'UpdateItemCommand') return next(args);
    const { TableName, Key } = args.input as UpdateCommandInput;
    const key = { imageId: { S: String(Key!.imageId) } };
    const read = async (): Promise<Item> => (await reader.send(new GetItemCommand({ TableName, Key: key, ConsistentRead: true }))).Item;
    const before = await read();
    const result = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: 'INDEXES' } as typeof args.input });
    const { ConsumedCapacity: consumed } = result.output as { ConsumedCapacity: ConsumedCapacity };
    written.push({ table: consumed.Table!.CapacityUnits!, index: indexUnits(before, await read()) });
    return result;
  }, { step: 'initialize', name: 'measureUnits', priority: 'high' });
});
afterAll(async () => {
  reader.destroy();
  await handler.stop();
});

/**
 * The embedded table counts no units of indexes. DynamoDB takes those of an entry that comes or goes, of both where it moves, and
 * of the larger one where it stays and changes.
 */
function indexUnits(before: Item, after: Item): number {
  const entryOf = (item: Item) => (item?.[LISTING_PARTITION] ? { at: `${item[LISTING_PARTITION].S} ${item[LISTING_SORT].S}`, units: capacityUnits(item) } : undefined);
  const [was, is] = [entryOf(before), entryOf(after)];
  return was && was.at === is?.at ? Math.max(was.units, is.units) : (was?.units ?? 0) + (is?.units ?? 0);
}

/** Names as long as those that CDK gives, and three profiles. */
const PROFILES = ['large', 'medium', 'thumbnail'].map((name, at) => profile({ name, width: [320, 160, 30][at] }));
const options = {
  profiles: PROFILES,
  buckets: { source: 'photos-imagesource4f1c2b9a-a1b2c3d4e5f6', output: 'photos-imageoutput8e7d6c5b-f6e5d4c3b2a1' },
  pipelineName: 'PhotosImages8F3A21C4',
  versioned: true,
};
const KEY = 'uploads/2026/11/IMG_20261127_094512.jpg';

async function unitsOf(deliver: () => Promise<unknown>): Promise<Units[]> {
  written = [];
  await deliver();
  return written;
}

test('the usual upload costs the write units that the costs are computed from', async () => {
  await handler.reset(options);
  const event = await handler.upload(KEY, jpeg);
  const [claim, completion, ...more] = await unitsOf(() => handler.deliver(event));

  expect({ claim, completion, more }).toEqual({ ...RECORD_UNITS, more: [] });
  expect(WRITE_UNITS).toBeLessThanOrEqual(5);
});

test('an upload that was announced moves once in the index, when it is completed', async () => {
  await handler.reset(options);
  const event = await handler.upload(KEY, jpeg, { Metadata: { 'image-id': 'cat' } });
  await handler.dynamodb.client.send(new PutCommand({
    TableName: handler.services.config.catalog.table,
    Item: {
      imageId: 'cat',
      status: 'PENDING',
      sourceBucket: handler.sourceBucket,
      sourceKey: KEY,
      fileName: 'My cat.jpg',
      attempts: 0,
      uploadedAt: '2026-11-27T09:45:12.000Z',
      listingPartition: 'PENDING#0',
      listingSort: '2026-11-27T09:45:12.000Z#cat',
    },
  }));

  const [pointer, claim, completion] = await unitsOf(() => handler.deliver(event));
  expect([pointer, claim, completion]).toEqual([{ table: 1, index: 0 }, { table: 1, index: 1 }, { table: 2, index: 3 }]);
});

test('a profile more changes a record where it is listed', async () => {
  await handler.reset(options);
  const event = await handler.upload(KEY, jpeg);
  await handler.deliver(event);
  handler.configure({ ...options, profiles: [...PROFILES, profile({ name: 'more', width: 200 })] });

  expect(await unitsOf(() => handler.deliver(event))).toEqual([{ table: 2, index: 2 }, { table: 3, index: 3 }]);
});

test('a second try is listed', async () => {
  await handler.reset(options);
  const event = await handler.upload(KEY, jpeg);
  const units = await unitsOf(() => handler.deliverBatch([{ Records: [event] }], 2));
  expect(units.map(({ index }) => index)).toEqual([2, 4]);
});
