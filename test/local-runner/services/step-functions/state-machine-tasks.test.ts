import { call, failed, LAMBDA, only, send, StateMachineHarness, succeeded } from './state-machine-harness';

let harness: StateMachineHarness;
beforeAll(async () => { harness = await StateMachineHarness.start(); });
afterEach(() => harness.reset());
afterAll(() => harness.stop());

const run = (definition: object, input?: unknown) => harness.run(definition, input);

describe('tasks', () => {
  test('a function that is the resource gets the input, and its payload is the result', async () => {
    expect(await run(only({ Type: 'Task', Resource: LAMBDA }), { a: [1] })).toEqual(succeeded({ a: [1] }));
  });

  test('the invocation of a function has its payload in an envelope', async () => {
    expect(await run(only(call({ 'name.$': '$.detail-type', 'size': 400 })), { 'detail-type': 'Object Created' }))
      .toEqual(succeeded({ ExecutedVersion: '$LATEST', Payload: { name: 'Object Created', size: 400 }, StatusCode: 200 }));
  });

  test('a message is sent as JSON, or as the text that it is', async () => {
    await run(only(send({ 'MessageBody.$': '$' })), { a: 1 });
    expect(await run(only(send({ MessageBody: 'text' })))).toEqual(succeeded({ MD5OfMessageBody: '1cb251ec0d568de6a929b520c4aed8d1' }));
    expect(harness.messages).toEqual(['{"a":1}', 'text']);
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
