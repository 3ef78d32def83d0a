import { branch, call, failed, only, StateMachineHarness, succeeded } from './state-machine-harness';

let harness: StateMachineHarness;
beforeAll(async () => {
  harness = await StateMachineHarness.start();
  await Promise.all(['in/a.jpg', 'in/b.jpg', 'in/c.jpg', 'other.jpg'].map((key) => harness.put(key, key)));
});
afterEach(() => harness.reset());
afterAll(() => harness.stop());

const same = branch('Same', { Type: 'Pass' });
const map = (fields: object, processor: object = same) => (
  { Type: 'Map', ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'EXPRESS' }, ...processor }, ...fields }
);
const LIST = { Resource: 'arn:aws:states:::s3:listObjectsV2', Parameters: { 'Bucket': 'photos', 'Prefix.$': '$.prefix' } };
const file = (key: string, config: object) => ({ Resource: 'arn:aws:states:::s3:getObject', ReaderConfig: config, Parameters: { Bucket: 'photos', Key: key } });
const WRITER = {
  Resource: 'arn:aws:states:::s3:putObject', Parameters: { 'Bucket': 'photos', 'Prefix.$': '$.to' }, WriterConfig: { Transformation: 'NONE', OutputType: 'JSONL' },
};
const lines = (text: string) => text.trim().split('\n').map((line) => JSON.parse(line) as { Input: string; Output?: string; Error?: string; Status: string });

describe('items are', () => {
  test('the objects of a bucket under a prefix, in the words of Step Functions', async () => {
    const { output } = await harness.run(only(map({ ItemReader: LIST })), { prefix: 'in/' });

    expect(output).toEqual(['in/a.jpg', 'in/b.jpg', 'in/c.jpg'].map((Key) => (
      { Key, Size: 8, StorageClass: 'STANDARD', Etag: expect.stringMatching(/^"[0-9a-f]{32}"$/), LastModified: expect.any(Number) }
    )));
  });

  test.each<[string, string, object, unknown[]]>([
    ['lines of JSON', '{"key":"a"}\n\n{"key":"b"}\n', { InputType: 'JSONL' }, [{ key: 'a' }, { key: 'b' }]],
    ['an array of JSON', '["a","b"]', { InputType: 'JSON' }, ['a', 'b']],
    ['as many as are asked for', '["a","b"]', { InputType: 'JSON', MaxItems: 1 }, ['a']],
    ['rows of CSV under their headers', 'key,bucket\r\n"a,""b"".jpg",x\r\nc,\r\n', { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' }, [{ key: 'a,"b".jpg', bucket: 'x' }, { key: 'c', bucket: '' }]],
    ['rows of CSV under given headers', 'a\nb', { InputType: 'CSV', CSVHeaderLocation: 'GIVEN', CSVHeaders: ['key'] }, [{ key: 'a' }, { key: 'b' }]],
  ])('%s in a file', async (_, text, config, items) => {
    await harness.put('list', text);

    expect(await harness.run(only(map({ ItemReader: file('list', config) })))).toEqual(succeeded(items));
  });

  test('an array of the input, each selected', async () => {
    const selected = map({ ItemsPath: '$.all', ItemSelector: { 'of.$': '$.of', 'item.$': '$$.Map.Item.Value' } });

    expect(await harness.run(only(selected), { all: [1, 2], of: 'x' })).toEqual(succeeded([{ of: 'x', item: 1 }, { of: 'x', item: 2 }]));
  });

  test('batched by number and by bytes, with what all batches get', async () => {
    const batched = (batcher: object) => harness.run(only(map({ ItemsPath: '$.all', ItemBatcher: { BatchInput: { 'of.$': '$.of' }, ...batcher } })), { all: ['aaaa', 'bbbb', 'c'], of: 'x' });

    expect(await batched({ MaxItemsPerBatch: 2 })).toEqual(succeeded([{ BatchInput: { of: 'x' }, Items: ['aaaa', 'bbbb'] }, { BatchInput: { of: 'x' }, Items: ['c'] }]));
    expect((await batched({ MaxInputBytesPerBatch: 18 })).output).toHaveLength(3);
  });
});

describe('children', () => {
  test('are executions of their own, as many at a time as may be', async () => {
    const identity = branch('Who', { Type: 'Pass', Parameters: { 'id.$': '$$.Execution.Id', 'input.$': '$$.Execution.Input' } });
    const { output } = await harness.run(only(map({ ItemsPath: '$.all', MaxConcurrency: 1, Label: 'Each' }, identity)), { all: [1, 2] });

    expect(output).toEqual([1, 2].map((input) => ({ input, id: expect.stringMatching(/^arn:aws:states:us-east-1:000000000000:execution:resize\/Each:[-0-9a-f]+:[-0-9a-f]+$/) })));
  });

  const failing = branch('Do', call({ 'key.$': '$.key', 'fail.$': '$.fail' }));
  const items = [{ key: 'one', fail: '' }, { key: 'two', fail: 'Bad' }, { key: 'three', fail: 'Bad' }, { key: 'four', fail: '' }];

  test('that fail are an error of the whole, of which the others are not begun', async () => {
    const execution = await harness.run(only(map({ ItemsPath: '$', MaxConcurrency: 1 }, failing)), items);

    expect(execution).toEqual(failed('Bad'));
    expect(execution.mapRuns).toMatchObject([{ state: 'Only', status: 'FAILED', itemCounts: { total: 4, succeeded: 1, failed: 1, pending: 2 } }]);
  });

  test('that fail are tolerated up to a number or a share', async () => {
    const run = (tolerated: object) => harness.run(only(map({ ItemsPath: '$', MaxConcurrency: 1, ResultSelector: {}, ...tolerated }, failing)), items);

    expect(await run({ ToleratedFailureCount: 2 })).toEqual(succeeded({}));
    expect(await run({ ToleratedFailureCount: 1 })).toEqual(failed('States.ExceedToleratedFailureThreshold'));
    expect(await run({ ToleratedFailurePercentage: 50 })).toEqual(succeeded({}));
    expect(await run({ ToleratedFailurePercentage: 49 })).toEqual(failed('States.ExceedToleratedFailureThreshold'));
  });

  test('leave their results in files, with a manifest', async () => {
    const written = map({ ItemsPath: '$.items', ToleratedFailurePercentage: 100, ResultWriter: WRITER }, failing);
    const { output } = await harness.run(only(written), { items, to: 'runs/1' });
    const { ResultWriterDetails } = output as { ResultWriterDetails: { Bucket: string; Key: string } };
    const { ResultFiles } = JSON.parse(await harness.text(ResultWriterDetails.Key)) as { ResultFiles: Record<string, { Key: string }[]> };

    expect(ResultWriterDetails).toEqual({ Bucket: 'photos', Key: expect.stringMatching(/^runs\/1\/[-0-9a-f]+\/manifest\.json$/) });
    const of = async (status: string) => lines(await harness.text(ResultFiles[status][0].Key))
      .map(({ Input, Status, Error }) => [(JSON.parse(Input) as { key: string }).key, Status, Error]);
    expect(await of('SUCCEEDED')).toEqual([['one', 'SUCCEEDED', undefined], ['four', 'SUCCEEDED', undefined]]);
    expect(await of('FAILED')).toEqual([['two', 'FAILED', 'Bad'], ['three', 'FAILED', 'Bad']]);
  });

  test('end with their execution: nothing new begins', async () => {
    const execution = harness.machine(only(map({ ItemsPath: '$', MaxConcurrency: 1 }, branch('Do', call({ 'hang.$': '$' }))))).start([2000, 2000, 2000]);
    while (execution.mapRuns[0]?.itemCounts.running !== 1) await new Promise((resolve) => setTimeout(resolve, 5));
    execution.stop();
    await execution.ended;

    expect(execution).toMatchObject({ status: 'ABORTED', mapRuns: [{ status: 'ABORTED', itemCounts: { total: 3, aborted: 1, pending: 2, running: 0 } }] });
  });
});

describe('fails for', () => {
  test('a file that is missing', async () => {
    expect(await harness.run(only(map({ ItemReader: file('missing', { InputType: 'JSON' }) })))).toEqual(failed('States.ItemReaderFailed'));
  });

  test('more output than a state may have', async () => {
    const all = Array.from({ length: 300 }, () => 'x'.repeat(1000));

    expect(await harness.run(only(map({ ItemsPath: '$' })), all)).toEqual(failed('States.DataLimitExceeded'));
  });

  test.each<[string, object, string]>([
    ['a reader of something else', { ItemReader: { Resource: 'arn:aws:states:::s3:headObject' } }, 'ItemReader must list objects or get one'],
    ['a parameter of a reader', { ItemReader: { ...LIST, Parameters: { Delimiter: '/' } } }, 'ItemReader has parameter Delimiter'],
    ['a manifest', { ItemReader: file('a', { InputType: 'MANIFEST' }) }, 'InputType must be one of JSON, JSONL, CSV, received "MANIFEST"'],
    ['another delimiter', { ItemReader: file('a', { InputType: 'CSV', CSVDelimiter: 'TAB' }) }, 'ReaderConfig has CSVDelimiter'],
    ['a field of batches', { ItemBatcher: { MaxItemsPerBatchPath: '$.n' } }, 'ItemBatcher has MaxItemsPerBatchPath'],
    ['results of another form', { ResultWriter: { ...WRITER, WriterConfig: { Transformation: 'FLATTEN', OutputType: 'JSONL' } } }, 'ResultWriter must write JSONL without transformation'],
  ])('%s', (_, fields, message) => {
    expect(() => harness.machine(only(map(fields)))).toThrow(message);
  });
});
