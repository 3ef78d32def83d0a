import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { ConditionalCheckFailedException, DynamoDBClient, DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand, UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { Cloud } from './cloud';
import { Item } from './expressions';
import { LocalDynamoDb, startDynamoDb } from '../../helpers/dynamodb';

jest.setTimeout(120_000);

/** Of each comparison: a few seconds. */
const RUNS = 100;

const text = (...values: string[]) => fc.constantFrom(...values);
// Each attribute has a type of its own, as those of a record. In the order of strings, not of numbers.
const word = text('0A', '0B', '9', 'A', '');
const number = fc.integer({ min: -2, max: 2 });
const members = fc.uniqueArray(text('1', '2', '3'), { minLength: 1 }).map((values) => new Set(values));
const anyItem: fc.Arbitrary<Item> = fc.record({
  word, other: word, number, flag: fc.boolean(), map: fc.record({ flag: fc.boolean(), word }, { requiredKeys: [] }), members,
}, { requiredKeys: [] });

/** An expression with placeholders that are not numbered yet: `{name}` and `<nth value>`. */
interface Piece {
  readonly text: string;
  readonly values: readonly unknown[];
}

const piece = (strings: string, ...values: unknown[]): Piece => ({ text: strings, values });
const join = (pieces: readonly Piece[], separator: string): Piece => ({
  text: pieces.map((each) => each.text).join(separator), values: pieces.flatMap(({ values }) => values),
});
const wrap = (before: string, { text: inner, values }: Piece, after: string): Piece => piece(before + inner + after, ...values);

const operand = fc.oneof(
  fc.tuple(text('{word}', '{other}', '{map}.{word}'), word),
  fc.tuple(text('{number}'), number),
  fc.tuple(text('{flag}', '{map}.{flag}'), fc.boolean()),
  // A path that holds another type.
  fc.tuple(text('{word}'), number),
);
const ordered = fc.oneof(fc.tuple(text('{word}', '{map}.{word}'), word), fc.tuple(text('{number}'), number));
const condition: fc.Arbitrary<Piece> = fc.letrec<{ any: Piece; leaf: Piece; joined: Piece; negated: Piece }>((tie) => ({
  any: fc.oneof({ depthSize: 'small', withCrossShrink: true }, tie('leaf'), tie('joined'), tie('negated')),
  leaf: fc.oneof(
    fc.tuple(text('attribute_exists', 'attribute_not_exists'), text('{word}', '{number}', '{map}', '{map}.{flag}', '{members}'))
      .map(([name, path]) => piece(`${name}(${path})`)),
    fc.tuple(operand, text('=', '<>')).map(([[path, value], comparator]) => piece(`${path} ${comparator} ?`, value)),
    fc.tuple(ordered, text('<', '<=', '>', '>=')).map(([[path, value], comparator]) => piece(`${path} ${comparator} ?`, value)),
    fc.tuple(text('{word}', '{other}'), fc.array(text('0A', '0B', '9', 'A'), { minLength: 1, maxLength: 3 })).map(([path, values]) => piece(`${path} IN (${values.map(() => '?').join(', ')})`, ...values)),
    fc.tuple(text('<', '>=', '='), fc.nat({ max: 3 })).map(([comparator, size]) => piece(`size({members}) ${comparator} ?`, size)),
    text('1', '2', '4').map((member) => piece('contains({members}, ?)', member)),
    text('0', 'A', '').filter((start) => start !== '').map((start) => piece('begins_with({word}, ?)', start)),
  ),
  // Of one condition, the parentheses could be redundant, which DynamoDB refuses.
  joined: fc.tuple(text(' AND ', ' OR '), fc.array(tie('any'), { minLength: 2, maxLength: 3 }), fc.boolean())
    .map(([separator, conditions]) => wrap('(', join(conditions, separator), ')')),
  negated: tie('leaf').map((inner) => wrap('(NOT ', inner, ' AND attribute_exists({imageId}))')),
})).any;

/** Every kind of change. Now and then two of one attribute, which DynamoDB refuses. */
const clauses = fc.record({
  set: fc.subarray([piece('{word} = ?', 'set'), piece('{other} = if_not_exists({other}, ?)', 'once'), piece('{flag} = ?', true), piece('{other} = {word}')]),
  number: fc.constantFrom(undefined, piece('{number} = if_not_exists({number}, ?) + ?', 0, 1), piece('{number} = {number} - ?', 1)),
  nested: fc.option(fc.boolean().map((flag) => piece('{map}.{flag} = ?', flag))),
  add: fc.option(members.map((values) => piece('{members} ?', values))),
  remove: fc.subarray(['{removed}', '{map}.{word}', '{word}', '{members}']),
  deleted: fc.option(members.map((values) => piece('{members} ?', values))),
});
const update: fc.Arbitrary<Pick<UpdateCommandInput, 'UpdateExpression'>> = fc.tuple(clauses, fc.option(condition)).map(([changes, when]) => {
  const sets = [...changes.set, changes.number, changes.nested].filter((each): each is Piece => Boolean(each));
  const parts = [
    ...(sets.length > 0 ? [wrap('SET ', join(sets, ', '), '')] : []),
    ...(changes.add ? [wrap('ADD ', changes.add, '')] : []),
    ...(changes.remove.length > 0 ? [piece(`REMOVE ${changes.remove.join(', ')}`)] : []),
    ...(changes.deleted && !changes.add ? [wrap('DELETE ', changes.deleted, '')] : []),
  ];
  return rendered(parts.length > 0 ? join(parts, ' ') : undefined, when ?? undefined);
});

/** With names and values passed by placeholder. */
function rendered(changes: Piece | undefined, when: Piece | undefined): Partial<UpdateCommandInput> {
  const names: Record<string, string> = {};
  const values: Record<string, unknown> = {};
  const render = (one: Piece) => {
    let at = 0;
    return one.text.replace(/\{(\w+)\}/g, (_, name: string) => {
      names[`#${name}`] = name;
      return `#${name}`;
    }).replace(/\?/g, () => {
      const placeholder = `:${Object.keys(values).length}`;
      values[placeholder] = one.values[at++];
      return placeholder;
    });
  };
  return {
    ...(changes ? { UpdateExpression: render(changes) } : {}),
    ...(when ? { ConditionExpression: render(when) } : {}),
    ...(Object.keys(names).length > 0 ? { ExpressionAttributeNames: names } : {}),
    ...(Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {}),
  };
}

let dynamodb: LocalDynamoDb;
beforeAll(async () => {
  dynamodb = await startDynamoDb();
  await dynamodb.createTable('images', 'imageId');
});
afterAll(() => dynamodb.stop());

test('conditions and updates do the same on the table of the histories as on DynamoDB', async () => {
  const seen = { done: 0, refused: 0, invalid: 0 };
  const same = fc.asyncProperty(anyItem, fc.array(update, { minLength: 1, maxLength: 10 }), async (before, updates) => {
    const cloud = new Cloud();
    const model = cloud.clients(async (_, effect) => effect()).dynamodb as DynamoDBDocumentClient;
    cloud.table.put({ ...before, imageId: 'a' });
    await dynamodb.client.send(new PutCommand({ TableName: 'images', Item: { ...before, imageId: 'a' } }));
    for (const one of updates) {
      const expected = await resultOf(dynamodb.client, one);
      expect({ one, result: await resultOf(model, one) }).toEqual({ one, result: expected });
      expect(await itemOf(model)).toEqual(await itemOf(dynamodb.client));
      seen[expected.result] += 1;
    }
  });
  await fc.assert(same, { numRuns: RUNS });

  const total = seen.done + seen.refused + seen.invalid;
  expect(seen.done).toBeGreaterThan(total / 10);
  expect(seen.refused).toBeGreaterThan(total / 10);
  expect(seen.invalid).toBeGreaterThan(0);
});

async function resultOf(client: DynamoDBDocumentClient, one: Partial<UpdateCommandInput>) {
  try {
    const { Attributes } = await client.send(new UpdateCommand({ TableName: 'images', Key: { imageId: 'a' }, ...one, ReturnValues: 'ALL_OLD' }));
    return { result: 'done' as const, before: Attributes };
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return { result: 'refused' as const };
    if (error instanceof DynamoDBServiceException && error.name === 'ValidationException') return { result: 'invalid' as const };
    throw error;
  }
}

async function itemOf(client: DynamoDBDocumentClient): Promise<Item | undefined> {
  return (await client.send(new GetCommand({ TableName: 'images', Key: { imageId: 'a' }, ConsistentRead: true }))).Item;
}

test('an item may have 400 KB on both', async () => {
  const model = new Cloud().clients(async (_, effect) => effect()).dynamodb as DynamoDBDocumentClient;
  const grow = (bytes: number): Partial<UpdateCommandInput> => rendered(piece('SET {word} = ?', 'x'.repeat(bytes)), undefined);

  for (const bytes of [400 * 1024 - 100, 400 * 1024]) {
    const [expected, found] = [await resultOf(dynamodb.client, grow(bytes)), await resultOf(model, grow(bytes))];
    expect(found.result).toBe(expected.result);
  }
});

describe('a refused write that asks for the item', () => {
  const ITEM = { imageId: 'a', status: 'COMPLETED', attempts: 2, again: false, outputs: new Set(['one', 'two']), failure: { code: 'CORRUPT_IMAGE' } };
  const WRITE = {
    TableName: 'images',
    Key: { imageId: 'a' },
    UpdateExpression: 'SET attempts = :0',
    ConditionExpression: 'attribute_not_exists(imageId)',
    ExpressionAttributeValues: { ':0': 1 },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  } as const;
  let server: Server;
  let client: DynamoDBDocumentClient;

  // dynalite does not know the option, so the answer is DynamoDB's as documented, read by the SDK.
  beforeAll(async () => {
    const answer = {
      __type: 'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',
      message: 'The conditional request failed',
      Item: {
        imageId: { S: 'a' }, status: { S: 'COMPLETED' }, attempts: { N: '2' }, again: { BOOL: false }, outputs: { SS: ['one', 'two'] }, failure: { M: { code: { S: 'CORRUPT_IMAGE' } } },
      },
    };
    server = createServer((_, response) => {
      response.writeHead(400, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(answer));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    client = DynamoDBDocumentClient.from(new DynamoDBClient({
      endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, region: 'eu-central-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    }));
  });
  afterAll(async () => {
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  test('gets it in the same form from both', async () => {
    const cloud = new Cloud();
    cloud.table.put(ITEM);
    const model = cloud.clients(async (_, effect) => effect()).dynamodb as DynamoDBDocumentClient;

    const refusals = await Promise.all([client, model].map((each) => each.send(new UpdateCommand(WRITE)).catch((error: unknown) => error)));

    const [expected, found] = refusals as ConditionalCheckFailedException[];
    expect(expected).toBeInstanceOf(ConditionalCheckFailedException);
    expect(found).toBeInstanceOf(ConditionalCheckFailedException);
    expect(expected.Item).toBeDefined();
    expect(found.Item).toEqual(expected.Item);
  });
});

test('a read that need not be consistent may see an earlier state', async () => {
  const cloud = new Cloud({ decide: (choices) => choices - 1 });
  const client = cloud.clients(async (_, effect) => effect()).dynamodb as DynamoDBDocumentClient;
  cloud.table.put({ imageId: 'a', attempts: 1 });
  cloud.table.put({ imageId: 'a', attempts: 2 });

  const read = (ConsistentRead?: boolean) => client.send(new GetCommand({ TableName: 'images', Key: { imageId: 'a' }, ConsistentRead }));

  expect((await read(true)).Item).toMatchObject({ attempts: 2 });
  expect((await read()).Item).toBeUndefined();
});
