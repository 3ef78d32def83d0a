import { EventSourceMapping, EventSourceMappingOptions } from '../../../../local-runner/services/lambda/event-source-mapping';
import type { InvocationResult, LocalFunction } from '../../../../local-runner/services/lambda/local-function';
import { Queue } from '../../../../local-runner/services/sqs/queue';

interface Batch {
  readonly Records: { readonly messageId: string; readonly body: string; readonly eventSource: string }[];
}

let queue: Queue;
let mapping: EventSourceMapping;
afterEach(async () => {
  queue.close();
  await mapping.ended();
});

type Options = Partial<Pick<EventSourceMappingOptions, 'batchSize' | 'concurrency' | 'reportsFailures'>>;

function start(bodies: string[], options: Options, handler: (batch: Batch) => InvocationResult | Promise<InvocationResult>) {
  queue = new Queue({ name: 'q', arn: 'arn:q', visibilityTimeoutMs: 20, delayMs: 0, waitFactor: 1 });
  bodies.forEach((body) => queue.send(body));
  mapping = new EventSourceMapping({
    queue,
    target: { invoke: async (event: unknown) => handler(event as Batch) } as unknown as LocalFunction,
    region: 'us-east-1',
    batchSize: 10,
    concurrency: 1,
    reportsFailures: true,
    ...options,
  });
}

async function settled(): Promise<void> {
  while (queue.size > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('messages are handed over in batches as Lambda does', async () => {
  const batches: Batch[] = [];
  start(['a', 'b', 'c'], { batchSize: 2 }, (batch) => {
    batches.push(batch);
    return {};
  });
  await settled();

  expect(batches.map(({ Records }) => Records.map(({ body }) => body))).toEqual([['a', 'b'], ['c']]);
  expect(batches[0].Records[0]).toMatchObject({ eventSource: 'aws:sqs', eventSourceARN: 'arn:q', awsRegion: 'us-east-1', messageAttributes: {} });
});

test('only the messages that the function names come back', async () => {
  const bodies: string[] = [];
  start(['good', 'bad'], {}, ({ Records }) => {
    bodies.push(...Records.map(({ body }) => body));
    const failed = bodies.length > 2 ? [] : Records.filter(({ body }) => body === 'bad');
    return { payload: { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) } };
  });
  await settled();

  expect(bodies).toEqual(['good', 'bad', 'bad']);
});

test.each<[string, InvocationResult, boolean]>([
  ['an error of the function', { error: { errorType: 'Error', errorMessage: 'no' } }, true],
  ['a message that was not in the batch', { payload: { batchItemFailures: [{ itemIdentifier: 'unknown' }] } }, true],
  ['a failure without a name', { payload: { batchItemFailures: [{}] } }, true],
  ['an error of a function that reports no failures', { error: { errorType: 'Error', errorMessage: 'no' } }, false],
])('the whole batch comes back after %s', async (_, firstResult, reportsFailures) => {
  const bodies: string[] = [];
  start(['a', 'b'], { reportsFailures }, ({ Records }) => {
    bodies.push(...Records.map(({ body }) => body));
    return bodies.length > 2 ? {} : firstResult;
  });
  await settled();

  // A queue promises no order for what comes back.
  expect([bodies.slice(0, 2), bodies.slice(2).sort()]).toEqual([['a', 'b'], ['a', 'b']]);
});

test('no more invocations run at a time than allowed', async () => {
  let [running, most] = [0, 0];
  start(['a', 'b', 'c', 'd', 'e'], { batchSize: 1, concurrency: 2 }, async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 5));
    running -= 1;
    return {};
  });
  await settled();

  expect(most).toBe(2);
});
