import { call, failed, LAMBDA, only, pass, send, StateMachineHarness, succeeded } from './state-machine-harness';
import { StateMachine } from '../../../../local-runner/services/step-functions/state-machine';

let harness: StateMachineHarness;
beforeAll(async () => { harness = await StateMachineHarness.start(); });
afterEach(() => harness.reset());
afterAll(() => harness.stop());

const run = (definition: object, input?: unknown) => harness.run(definition, input);

describe('executions', () => {
  test.each([[{ Seconds: 100 }], [{ SecondsPath: '$.for' }], [{ TimestampPath: '$.until' }]])('a wait of %j passes its input on', async (wait) => {
    const input = { for: 100, until: new Date(Date.now() + 100_000).toISOString() };

    expect(await run(only({ Type: 'Wait', ...wait }), input)).toEqual(succeeded(input));
  });

  test('a wait for no number fails', async () => {
    expect(await run(only({ Type: 'Wait', SecondsPath: '$.for' }), { for: 'long' })).toEqual(failed('States.Runtime'));
  });

  test('are pending until they end, and are remembered in their order', async () => {
    const made = harness.machine(only({ Type: 'Wait', Seconds: 100 }));
    const [one, two] = [made.start({ a: 1 }, 'one'), made.start({ a: 2 }, 'two')];
    expect([made.pending, one.status]).toEqual([2, 'RUNNING']);
    await Promise.all([one.ended, two.ended]);

    expect(made.pending).toBe(0);
    expect(made.executions).toMatchObject([{ name: 'one', status: 'SUCCEEDED', input: { a: 1 }, output: { a: 1 } }, { name: 'two', output: { a: 2 } }]);
    expect(() => made.start({}, 'one')).toThrow('Stack.Machine has an execution "one" already');
  });

  test('end when they are stopped, and when their time is over', async () => {
    const stopped = harness.machine(only({ Type: 'Wait', Seconds: 1000 }), 1);
    const execution = stopped.start({});
    await stopped.stop();
    expect(execution.status).toBe('ABORTED');

    const late = harness.machine({ TimeoutSeconds: 1, ...only({ Type: 'Wait', Seconds: 1000 }) }, 1).start({});
    await late.ended;
    expect(late.status).toBe('TIMED_OUT');
  });

  test('are stopped one by one, also while a function runs, and tell when they begin and end', async () => {
    const made = harness.machine(only(call({ hang: 5000 })));
    const [one, two] = [made.start({}, 'one'), made.start({}, 'two')];
    one.stop();
    await one.ended;

    expect([one.status, two.status]).toEqual(['ABORTED', 'RUNNING']);
    expect(harness.changes.map(({ name, status }) => [name, status])).toEqual([['one', 'RUNNING'], ['two', 'RUNNING'], ['one', 'ABORTED']]);
  });

  test('a state that fails says why, or nothing', async () => {
    expect(await run(only({ Type: 'Fail', Error: 'Bad', CausePath: '$.why', End: undefined }), { why: 'so' })).toEqual(failed('Bad', 'so'));
    expect(await run(only({ Type: 'Fail', End: undefined }))).toMatchObject({ status: 'FAILED', error: undefined, cause: undefined });
  });
});

describe('fails for', () => {
  test.each<[string, object, string]>([
    ['JSONata', { QueryLanguage: 'JSONata', ...pass({}) }, 'Stack.Machine must have the query language JSONPath, received "JSONata"'],
    ['JSONata in one state', pass({ QueryLanguage: 'JSONata' }), 'state "Only" must have the query language JSONPath'],
    ['variables', pass({ Assign: { a: 1 } }), 'state "Only" has Assign, which the local runner does not know'],
    ['an unknown resource', only({ Type: 'Task', Resource: 'arn:aws:states:::sns:publish' }), 'state "Only" has resource "arn:aws:states:::sns:publish", which the local runner does not know'],
    ['a token of a task', only({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken' }), 'lambda:invoke.waitForTaskToken'],
    ['a missing function', only({ Type: 'Task', Resource: `${LAMBDA}2` }), `no function "${LAMBDA}2"`],
    ['a missing queue', only(send({ QueueUrl: 'x', MessageBody: '' })), 'state "Only": no queue "x"'],
    ['an unknown parameter', only(send({ MessageBody: '', DelaySeconds: 1 })), 'has parameter DelaySeconds'],
    ['an asynchronous invocation', only({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: LAMBDA, InvocationType: 'Event' } }), 'InvocationType must be "RequestResponse", received "Event"'],
    ['an intrinsic function that the library gets wrong', pass({ Parameters: { 'a.$': 'States.JsonToString($)' } }), 'uses States.JsonToString, which the local runner does not know'],
    ['a split at several characters', pass({ Parameters: { 'a.$': "States.StringSplit($.a, '-_')" } }), 'must split at one literal character'],
    ['what the context does not have', pass({ Parameters: { 'a.$': '$$.State.Name' } }), 'a.$ uses "$$.State.Name" of the context object'],
    ['two states of one name', only({ Type: 'Parallel', Branches: [pass({})] }), 'state "Only" must have a name of its own'],
    ['what is no state machine', { StartAt: 'Other', States: pass({}).States }, 'Stack.Machine: State machine definition is invalid'],
  ])('%s', (_, definition, message) => {
    expect(() => harness.machine(definition)).toThrow(message);
  });

  test('a definition that is somewhere else', () => {
    expect(() => new StateMachine({ name: 'a', arn: 'a', at: 'Stack.Machine', properties: { DefinitionS3Location: {} }, targets: {} as never, waitFactor: 1 }))
      .toThrow('Stack.Machine must have a DefinitionString');
  });
});
