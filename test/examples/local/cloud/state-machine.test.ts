import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { StateMachine } from '../../../../examples/local/cloud/state-machine';
import { LocalTables } from '../../../../examples/local/cloud/tables';
import { LocalFunction } from '../../../../examples/local/lambda/local-function';

const LAMBDA = 'arn:aws:lambda:us-east-1:000000000000:function:work';
const QUEUE = 'https://sqs.us-east-1.amazonaws.com/000000000000/done';

/** Does what its event says, and counts its calls by the event's key. */
const CODE = `
const calls = new Map();
export const handler = async (event) => {
  const key = event?.key ?? '';
  const count = (calls.get(key) ?? 0) + 1;
  calls.set(key, count);
  if (event?.hang) await new Promise((resolve) => setTimeout(resolve, event.hang));
  if (event?.fail && count <= (event.times ?? Infinity)) throw Object.assign(new Error('not ' + key), { name: event.fail });
  return event?.fail ? { count } : event;
};`;

let folder: string;
let work: LocalFunction;
let tables: LocalTables;
let dynamodb: DynamoDBClient;
const messages: string[] = [];
const machines: StateMachine[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'state-machine-test-'));
  writeFileSync(join(folder, 'index.mjs'), CODE);
  work = new LocalFunction({
    name: 'work',
    arn: LAMBDA,
    region: 'us-east-1',
    folder: () => folder,
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    memorySize: 128,
    timeoutSeconds: 10,
    environment: {},
    concurrency: 1,
    onLog: () => undefined,
  });
  tables = await LocalTables.start();
  dynamodb = new DynamoDBClient({ endpoint: tables.endpoint, region: 'us-east-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  await dynamodb.send(new CreateTableCommand({
    TableName: 'images',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  }));
});
afterEach(async () => {
  await Promise.all(machines.splice(0).map((each) => each.stop()));
  messages.length = 0;
});
afterAll(async () => {
  dynamodb.destroy();
  await tables.stop();
  await work.stop();
  rmSync(folder, { recursive: true });
});

function machine(definition: object, waitFactor = 0.001): StateMachine {
  const made = new StateMachine({
    name: 'resize',
    arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:resize',
    at: 'Stack.Machine',
    properties: { DefinitionString: JSON.stringify(definition) },
    targets: {
      lambda: (arn) => {
        if (arn !== LAMBDA) throw new Error(`no function ${JSON.stringify(arn)}`);
        return work;
      },
      queue: (url) => {
        if (url !== QUEUE) throw new Error(`no queue ${JSON.stringify(url)}`);
        return (body) => void messages.push(body);
      },
      dynamodb,
    },
    waitFactor,
  });
  machines.push(made);
  return made;
}

async function run(definition: object, input: unknown = {}) {
  const execution = machine(definition).start(input);
  await execution.ended;
  return execution;
}

/** A machine of one state. */
const only = (state: object) => ({ StartAt: 'Only', States: { Only: { End: true, ...state } } });
const call = (payload: object, more: object = {}) => ({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: LAMBDA, Payload: payload }, ...more });
const succeeded = (output: unknown) => expect.objectContaining({ status: 'SUCCEEDED', output });
const failed = (error: string | undefined, cause: unknown = expect.anything()) => expect.objectContaining({ status: 'FAILED', error, cause });

describe('tasks', () => {
  test('a function that is the resource gets the input, and its payload is the result', async () => {
    expect(await run(only({ Type: 'Task', Resource: LAMBDA }), { a: [1] })).toEqual(succeeded({ a: [1] }));
  });

  test('the invocation of a function has its payload in an envelope', async () => {
    expect(await run(only(call({ 'name.$': '$.detail-type', 'size': 400 })), { 'detail-type': 'Object Created' }))
      .toEqual(succeeded({ ExecutedVersion: '$LATEST', Payload: { name: 'Object Created', size: 400 }, StatusCode: 200 }));
  });

  test('a message is sent as JSON, or as the text that it is', async () => {
    const send = (body: object) => only({ Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: { QueueUrl: QUEUE, ...body } });
    await run(send({ 'MessageBody.$': '$' }), { a: 1 });
    expect(await run(send({ MessageBody: 'text' }))).toEqual(succeeded({ MD5OfMessageBody: '1cb251ec0d568de6a929b520c4aed8d1' }));
    expect(messages).toEqual(['{"a":1}', 'text']);
  });

  test('items of tables are written and read', async () => {
    const dynamo = (action: string, parameters: object, more: object) => (
      { Type: 'Task', Resource: `arn:aws:states:::dynamodb:${action}`, Parameters: { TableName: 'images', ...parameters }, ...more }
    );
    const Key = { id: { 'S.$': '$.id' } };
    expect(await run({
      StartAt: 'Put',
      States: {
        Put: dynamo('putItem', { Item: { ...Key, state: { S: 'NEW' } } }, { ResultPath: null, Next: 'Update' }),
        Update: dynamo('updateItem', { Key, UpdateExpression: 'SET #s = :s', ExpressionAttributeNames: { '#s': 'state' }, ExpressionAttributeValues: { ':s': { S: 'DONE' } } },
          { ResultPath: null, Next: 'Get' }),
        Get: dynamo('getItem', { Key }, { End: true, OutputPath: '$.Item' }),
      },
    }, { id: 'a' })).toEqual(succeeded({ id: { S: 'a' }, state: { S: 'DONE' } }));
    expect(await run(only(dynamo('putItem', { Item: Key, ConditionExpression: 'attribute_not_exists(id)' }, {})), { id: 'a' }))
      .toEqual(failed('DynamoDB.ConditionalCheckFailedException'));
  });

  test('an error of a function has the name and the words of the function', async () => {
    const execution = await run(only(call({ fail: 'TooSmall', key: 'words' })));

    expect(execution).toEqual(failed('TooSmall'));
    expect(JSON.parse(execution.cause!)).toMatchObject({ errorType: 'TooSmall', errorMessage: 'not words' });
  });
});

describe('retries and catchers', () => {
  test.each([['TooSmall'], ['States.TaskFailed'], ['States.ALL']])('%s is retried', async (name) => {
    const Retry = [{ ErrorEquals: ['Other'] }, { ErrorEquals: [name], IntervalSeconds: 20, MaxAttempts: 2 }];

    expect(await run(only(call({ fail: 'TooSmall', key: `retried ${name}`, times: 2 }, { Retry, OutputPath: '$.Payload' })))).toEqual(succeeded({ count: 3 }));
  });

  test('another error is not retried, and no error more often than told', async () => {
    const retried = (key: string, ErrorEquals: string[]) => run(only(call({ fail: 'TooSmall', key, times: 2 }, { Retry: [{ ErrorEquals, MaxAttempts: 1 }] })));

    expect(await retried('other', ['TooLarge'])).toEqual(failed('TooSmall'));
    expect(await retried('often', ['TooSmall'])).toEqual(failed('TooSmall'));
  });

  test('a caught error is where the catcher wants it', async () => {
    const caught = (more: object) => ({
      StartAt: 'Fails',
      States: {
        Fails: call({ fail: 'TooSmall', key: 'caught' }, { End: true, Catch: [{ ErrorEquals: ['Other'], Next: 'Wrong' }, { ErrorEquals: ['TooSmall'], Next: 'Right', ...more }] }),
        Wrong: { Type: 'Fail' },
        Right: { Type: 'Succeed' },
      },
    });
    const error = { Error: 'TooSmall', Cause: expect.stringContaining('not caught') };

    expect(await run(caught({ ResultPath: '$.error' }), { id: 1 })).toEqual(succeeded({ id: 1, error }));
    expect(await run(caught({ ResultPath: '$' }), { id: 1 })).toEqual(succeeded(error));
    expect(await run(caught({}), { id: 1 })).toEqual(succeeded(error));
  });

  test('a task that takes too long is a timeout, which is no failure of the task', async () => {
    const slow = (ErrorEquals: string[]) => ({
      StartAt: 'Slow',
      States: { Slow: call({ hang: 1500 }, { TimeoutSeconds: 1, End: true, Catch: [{ ErrorEquals, Next: 'Late', ResultPath: null }] }), Late: { Type: 'Pass', Result: 'late', End: true } },
    });

    expect(await run(slow(['States.TaskFailed']))).toEqual(failed('States.Timeout'));
    expect(await run(slow(['States.Timeout']))).toEqual(succeeded('late'));
  });

  test('States.ALL does not catch what the definition itself gets wrong', async () => {
    const definition = { StartAt: 'Bad', States: { Bad: { ...call({ 'a.$': '$.missing' }), End: true, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Ok' }] }, Ok: { Type: 'Succeed' } } };

    expect(await run(definition)).toEqual(failed('States.Runtime'));
  });
});

describe('data', () => {
  const pass = (fields: object) => only({ Type: 'Pass', ...fields });

  test.each([
    ['a result', { Result: { b: 1 } }, { b: 1 }],
    ['a result that is false', { Result: false }, false],
    ['a result beside the input', { Result: 1, ResultPath: '$.x.y' }, { a: [1, 2], x: { y: 1 } }],
    ['a result in brackets', { Result: 1, ResultPath: "$['x']" }, { a: [1, 2], x: 1 }],
    ['a result that replaces the input', { Result: 1, ResultPath: '$' }, 1],
    ['no result', { Result: 1, ResultPath: null }, { a: [1, 2] }],
    ['paths', { InputPath: '$.a', Parameters: { 'first.$': '$[0]', 'all.$': '$[*]' }, OutputPath: '$.all' }, [1, 2]],
    ['intrinsic functions', {
      Parameters: {
        'text.$': "States.Format('{}-{}', $.a[0], 'it')",
        'nested.$': 'States.ArrayLength(States.Array($.a, 1, 2))',
        'sum.$': 'States.MathAdd($.a[0], 4)',
        'parts.$': "States.StringSplit('a/b', '/')",
        'parsed.$': "States.StringToJson('[1]')",
        'item.$': 'States.ArrayGetItem($.a, 1)',
      },
    }, { text: '1-it', nested: 3, sum: 5, parts: ['a', 'b'], parsed: [1], item: 2 }],
  ])('%s', async (_, fields, output) => {
    expect(await run(pass(fields), { a: [1, 2] })).toEqual(succeeded(output));
  });

  test('the selector of a result sees the result', async () => {
    expect(await run(only(call({ a: 1 }, { ResultSelector: { 'kept.$': '$.Payload.a' }, ResultPath: '$.result' })), { id: 1 }))
      .toEqual(succeeded({ id: 1, result: { kept: 1 } }));
  });

  test('the context object is that of the execution, also in branches', async () => {
    const inner = { StartAt: 'Inner', States: { Inner: { Type: 'Pass', End: true, Parameters: { 'input.$': '$$.Execution.Input.id', 'name.$': '$$.Execution.Name', 'machine.$': '$$.StateMachine.Name' } } } };
    const execution = machine(only({ Type: 'Parallel', Parameters: { other: 1 }, Branches: [inner] })).start({ id: 7 }, 'one');
    await execution.ended;

    expect(execution).toEqual(succeeded([{ input: 7, name: 'one', machine: 'resize' }]));
  });
});

describe('choices', () => {
  const choose = (...rules: object[]) => ({
    StartAt: 'Choose',
    States: {
      Choose: { Type: 'Choice', Choices: rules.map((rule) => ({ ...rule, Next: 'Yes' })), Default: 'No' },
      Yes: { Type: 'Pass', Result: 'yes', End: true },
      No: { Type: 'Pass', Result: 'no', End: true },
    },
  });

  test.each([
    [{ StringEquals: 'a' }, 'a', 'yes'],
    [{ StringMatches: 'a*.jpg' }, 'abc.jpg', 'yes'],
    [{ StringMatches: 'a?.jpg' }, 'ab.jpg', 'no'],
    [{ StringMatches: 'a?.jpg' }, 'a?.jpg', 'yes'],
    [{ StringMatches: '*' }, 5, 'no'],
    [{ StringLessThan: 'b' }, 'a', 'yes'],
    [{ StringLessThan: 'b' }, 0, 'no'],
    [{ NumericGreaterThan: 5 }, 6, 'yes'],
    [{ NumericGreaterThan: 5 }, '6', 'no'],
    [{ BooleanEquals: false }, false, 'yes'],
    [{ TimestampLessThan: '2026-01-02T00:00:00Z' }, '2026-01-01T00:00:00Z', 'yes'],
    [{ TimestampLessThan: '2026-01-02T00:00:00Z' }, 'soon', 'no'],
    [{ TimestampEquals: '2026-01-01T00:00:00Z' }, '2026-01-01T01:00:00+01:00', 'yes'],
    [{ IsNull: true }, null, 'yes'],
    [{ IsNull: false }, 1, 'yes'],
    [{ IsPresent: false }, undefined, 'yes'],
    [{ IsString: false }, 1, 'yes'],
    [{ IsNumeric: false }, 1, 'no'],
  ])('%j of %j: %s', async (test_, value, output) => {
    expect(await run(choose({ Variable: '$.value', ...test_ }), { value })).toEqual(succeeded(output));
  });

  test('tests are combined, and the first rule that holds counts', async () => {
    const [one, two] = [{ Variable: '$.a', NumericEquals: 1 }, { Variable: '$.b', IsPresent: true }];

    expect(await run(choose({ And: [one, { Not: two }] }), { a: 1 })).toEqual(succeeded('yes'));
    expect(await run(choose({ And: [one, two] }), { a: 1 })).toEqual(succeeded('no'));
    expect(await run(choose({ Or: [two, one] }), { a: 1 })).toEqual(succeeded('yes'));
  });

  test('fails when nothing matches', async () => {
    const { Choose, Yes } = choose({ Variable: '$.a', NumericEquals: 1 }).States;

    expect(await run({ StartAt: 'Choose', States: { Choose: { ...Choose, Default: undefined }, Yes } }, { a: 2 })).toEqual(failed('States.NoChoiceMatched'));
  });
});

describe('parallel and map', () => {
  const branch = (name: string, state: object) => ({ StartAt: name, States: { [name]: { End: true, ...state } } });

  test('every branch gets the input, and results come in the order of the branches', async () => {
    const slow = branch('Slow', call({ 'hang': 50, 'id.$': '$.id' }, { OutputPath: '$.Payload.id' }));

    expect(await run(only({ Type: 'Parallel', Branches: [slow, branch('Fast', { Type: 'Pass', Result: 0 })], ResultPath: '$.sizes' }), { id: 1 }))
      .toEqual(succeeded({ id: 1, sizes: [1, 0] }));
  });

  test('a failed branch is an error of the whole, and stops the others', async () => {
    const late = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 100, Next: 'Send' }, Send: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: { QueueUrl: QUEUE, MessageBody: 'late' }, End: true } } };
    const definition = {
      StartAt: 'Both',
      States: {
        Both: { Type: 'Parallel', Branches: [branch('Fails', { Type: 'Fail', Error: 'Bad', Cause: 'why', End: undefined }), late], End: true, Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'Caught' }] },
        Caught: { Type: 'Wait', Seconds: 300, End: true },
      },
    };

    expect(await run(definition)).toEqual(succeeded({ Error: 'Bad', Cause: 'why' }));
    expect(messages).toEqual([]);
  });

  test('every item is selected and processed, in the order of the items', async () => {
    const Only = {
      Type: 'Map',
      ItemsPath: '$.sizes',
      MaxConcurrency: 2,
      ResultPath: '$.done',
      ItemSelector: { 'id.$': '$.id', 'size.$': '$$.Map.Item.Value', 'index.$': '$$.Map.Item.Index' },
      ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...branch('Do', call({ 'text.$': "States.Format('{}:{}:{}', $.id, $.index, $.size)" }, { OutputPath: '$.Payload.text' })) },
    };

    expect(await run(only(Only), { id: 'x', sizes: [400, 200, 100] })).toEqual(succeeded({ id: 'x', sizes: [400, 200, 100], done: ['x:0:400', 'x:1:200', 'x:2:100'] }));
  });

  test('items are the input of their states when nothing selects, also many and none', async () => {
    const each = only({ Type: 'Map', ItemProcessor: branch('Same', { Type: 'Pass' }) });
    const many = Array.from({ length: 60 }, (_, index) => index);

    expect(await run(each, many)).toEqual(succeeded(many));
    expect(await run(each, [])).toEqual(succeeded([]));
  });

  test('after an item failed no other is started', async () => {
    const send = { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: { QueueUrl: QUEUE, MessageBody: 'next' }, End: true };
    const perItem = { StartAt: 'Which', States: { Which: { Type: 'Choice', Choices: [{ Variable: '$', NumericEquals: 2, Next: 'Bad' }], Default: 'Send' }, Bad: { Type: 'Fail', Error: 'Two' }, Send: send } };
    const definition = {
      StartAt: 'Each',
      States: { Each: { Type: 'Map', MaxConcurrency: 1, ItemsPath: '$.all', ItemProcessor: perItem, End: true, Catch: [{ ErrorEquals: ['Two'], Next: 'Pause' }] }, Pause: { Type: 'Wait', Seconds: 100, End: true } },
    };

    expect(await run(definition, { all: [1, 2, 3, 4] })).toEqual(succeeded({ Error: 'Two', Cause: '' }));
    expect(messages).toEqual(['next']);
  });

  test('fails when there are no items', async () => {
    expect(await run(only({ Type: 'Map', ItemsPath: '$.all', ItemProcessor: branch('Same', { Type: 'Pass' }) }), { all: 5 })).toEqual(failed('States.Runtime'));
  });
});

describe('executions', () => {
  test.each([[{ Seconds: 100 }], [{ SecondsPath: '$.for' }], [{ TimestampPath: '$.until' }]])('a wait of %j passes its input on', async (wait) => {
    const input = { for: 100, until: new Date(Date.now() + 100_000).toISOString() };

    expect(await run(only({ Type: 'Wait', ...wait }), input)).toEqual(succeeded(input));
  });

  test('a wait for no number fails', async () => {
    expect(await run(only({ Type: 'Wait', SecondsPath: '$.for' }), { for: 'long' })).toEqual(failed('States.Runtime'));
  });

  test('are pending until they end, and are remembered in their order', async () => {
    const made = machine(only({ Type: 'Wait', Seconds: 100 }));
    const [one, two] = [made.start({ a: 1 }, 'one'), made.start({ a: 2 }, 'two')];
    expect([made.pending, one.status]).toEqual([2, 'RUNNING']);
    await Promise.all([one.ended, two.ended]);

    expect(made.pending).toBe(0);
    expect(made.executions).toMatchObject([{ name: 'one', status: 'SUCCEEDED', input: { a: 1 }, output: { a: 1 } }, { name: 'two', output: { a: 2 } }]);
    expect(() => made.start({}, 'one')).toThrow('Stack.Machine has an execution "one" already');
  });

  test('end when they are stopped, and when their time is over', async () => {
    const stopped = machine(only({ Type: 'Wait', Seconds: 1000 }), 1);
    const execution = stopped.start({});
    await stopped.stop();
    expect(execution.status).toBe('ABORTED');

    const late = machine({ TimeoutSeconds: 1, ...only({ Type: 'Wait', Seconds: 1000 }) }, 1).start({});
    await late.ended;
    expect(late.status).toBe('TIMED_OUT');
  });

  test('a state that fails says why, or nothing', async () => {
    expect(await run(only({ Type: 'Fail', Error: 'Bad', CausePath: '$.why', End: undefined }), { why: 'so' })).toEqual(failed('Bad', 'so'));
    expect(await run(only({ Type: 'Fail', End: undefined }))).toMatchObject({ status: 'FAILED', error: undefined, cause: undefined });
  });
});

describe('fails for', () => {
  const pass = (fields: object) => only({ Type: 'Pass', ...fields });

  test.each<[string, object, string]>([
    ['JSONata', { QueryLanguage: 'JSONata', ...pass({}) }, 'Stack.Machine must have the query language JSONPath, received "JSONata"'],
    ['JSONata in one state', pass({ QueryLanguage: 'JSONata' }), 'state "Only" must have the query language JSONPath'],
    ['variables', pass({ Assign: { a: 1 } }), 'state "Only" has Assign, which the local runner does not know'],
    ['an unknown resource', only({ Type: 'Task', Resource: 'arn:aws:states:::sns:publish' }), 'state "Only" has resource "arn:aws:states:::sns:publish", which the local runner does not know'],
    ['a token of a task', only({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' }), 'lambda:invoke.waitForTaskToken'],
    ['a missing function', only({ Type: 'Task', Resource: `${LAMBDA}2` }), `no function "${LAMBDA}2"`],
    ['a missing queue', only({ Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: { QueueUrl: 'x', MessageBody: '' } }), 'state "Only": no queue "x"'],
    ['an unknown parameter', only({ Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: { QueueUrl: QUEUE, MessageBody: '', DelaySeconds: 1 } }), 'has parameter DelaySeconds'],
    ['an asynchronous invocation', only({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: LAMBDA, InvocationType: 'Event' } }), 'InvocationType must be "RequestResponse", received "Event"'],
    ['a distributed map', only({ Type: 'Map', ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, ...pass({}) } }), 'must be an inline map, received mode "DISTRIBUTED"'],
    ['an intrinsic function that the library gets wrong', pass({ Parameters: { 'a.$': 'States.JsonToString($)' } }), 'uses States.JsonToString, which the local runner does not know'],
    ['a split at several characters', pass({ Parameters: { 'a.$': "States.StringSplit($.a, '-_')" } }), 'must split at one literal character'],
    ['what the context does not have', pass({ Parameters: { 'a.$': '$$.State.Name' } }), 'a.$ uses "$$.State.Name" of the context object'],
    ['two states of one name', only({ Type: 'Parallel', Branches: [pass({})] }), 'state "Only" must have a name of its own'],
    ['what is no state machine', { StartAt: 'Other', States: pass({}).States }, 'Stack.Machine: State machine definition is invalid'],
  ])('%s', (_, definition, message) => {
    expect(() => machine(definition)).toThrow(message);
  });

  test('a definition that is somewhere else', () => {
    expect(() => new StateMachine({ name: 'a', arn: 'a', at: 'Stack.Machine', properties: { DefinitionS3Location: {} }, targets: {} as never, waitFactor: 1 }))
      .toThrow('Stack.Machine must have a DefinitionString');
  });
});
