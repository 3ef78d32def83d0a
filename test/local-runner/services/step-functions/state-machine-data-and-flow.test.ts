import { branch, call, failed, only, pass, send, StateMachineHarness, succeeded } from './state-machine-harness';

let harness: StateMachineHarness;
beforeAll(async () => { harness = await StateMachineHarness.start(); });
afterEach(() => harness.reset());
afterAll(() => harness.stop());

const run = (definition: object, input?: unknown) => harness.run(definition, input);

describe('data', () => {
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
    const inner = branch('Inner', { Type: 'Pass', Parameters: { 'input.$': '$$.Execution.Input.id', 'name.$': '$$.Execution.Name', 'machine.$': '$$.StateMachine.Name' } });
    const execution = harness.machine(only({ Type: 'Parallel', Parameters: { other: 1 }, Branches: [inner] })).start({ id: 7 }, 'one');
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
  test('every branch gets the input, and results come in the order of the branches', async () => {
    const slow = branch('Slow', call({ 'hang': 50, 'id.$': '$.id' }, { OutputPath: '$.Payload.id' }));

    expect(await run(only({ Type: 'Parallel', Branches: [slow, branch('Fast', { Type: 'Pass', Result: 0 })], ResultPath: '$.sizes' }), { id: 1 }))
      .toEqual(succeeded({ id: 1, sizes: [1, 0] }));
  });

  test('a failed branch is an error of the whole, and stops the others', async () => {
    const late = { StartAt: 'Wait', States: { Wait: { Type: 'Wait', Seconds: 100, Next: 'Send' }, Send: send({ MessageBody: 'late' }, { End: true }) } };
    const definition = {
      StartAt: 'Both',
      States: {
        Both: { Type: 'Parallel', Branches: [branch('Fails', { Type: 'Fail', Error: 'Bad', Cause: 'why', End: undefined }), late], End: true, Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'Caught' }] },
        Caught: { Type: 'Wait', Seconds: 300, End: true },
      },
    };

    expect(await run(definition)).toEqual(succeeded({ Error: 'Bad', Cause: 'why' }));
    expect(harness.messages).toEqual([]);
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
    const perItem = { StartAt: 'Which', States: { Which: { Type: 'Choice', Choices: [{ Variable: '$', NumericEquals: 2, Next: 'Bad' }], Default: 'Send' }, Bad: { Type: 'Fail', Error: 'Two' }, Send: send({ MessageBody: 'next' }, { End: true }) } };
    const definition = {
      StartAt: 'Each',
      States: { Each: { Type: 'Map', MaxConcurrency: 1, ItemsPath: '$.all', ItemProcessor: perItem, End: true, Catch: [{ ErrorEquals: ['Two'], Next: 'Pause' }] }, Pause: { Type: 'Wait', Seconds: 100, End: true } },
    };

    expect(await run(definition, { all: [1, 2, 3, 4] })).toEqual(succeeded({ Error: 'Two', Cause: '' }));
    expect(harness.messages).toEqual(['next']);
  });

  test('fails when there are no items', async () => {
    expect(await run(only({ Type: 'Map', ItemsPath: '$.all', ItemProcessor: branch('Same', { Type: 'Pass' }) }), { all: 5 })).toEqual(failed('States.Runtime'));
  });
});
