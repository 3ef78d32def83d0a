import { AsyncInvocations } from '../../../../local-runner/services/lambda/async-invocations';
import type { InvocationResult, LocalFunction } from '../../../../local-runner/services/lambda/local-function';

const FAILED: InvocationResult = { error: { errorType: 'Error', errorMessage: 'no' } };

function invocations(results: InvocationResult[], maxRetries: number, waitFactor = 0) {
  const requestIds: string[] = [];
  const failures: object[] = [];
  const target = {
    arn: 'arn:function',
    invoke: async (_: unknown, requestId: string) => {
      requestIds.push(requestId);
      return results[Math.min(requestIds.length, results.length) - 1];
    },
  } as unknown as LocalFunction;
  return { requestIds, failures, all: new AsyncInvocations({ target, maxRetries, waitFactor, onFailure: (record) => void failures.push(record) }) };
}

async function settled(all: AsyncInvocations): Promise<void> {
  while (all.pending > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}

test('a failed invocation is tried again under the same request id', async () => {
  const { all, requestIds, failures } = invocations([FAILED, {}], 2);
  all.send({ a: 1 });
  await settled(all);

  expect(requestIds).toHaveLength(2);
  expect(new Set(requestIds).size).toBe(1);
  expect(failures).toEqual([]);
});

test.each([0, 1, 2])('after %i retries the event goes to the destination for failures', async (maxRetries) => {
  const { all, requestIds, failures } = invocations([FAILED], maxRetries);
  all.send({ a: 1 });
  await settled(all);

  expect(requestIds).toHaveLength(maxRetries + 1);
  expect(failures).toMatchObject([{
    version: '1.0',
    requestContext: { functionArn: 'arn:function:$LATEST', condition: 'RetriesExhausted', approximateInvokeCount: maxRetries + 1 },
    requestPayload: { a: 1 },
    responseContext: { functionError: 'Unhandled' },
    responsePayload: { errorMessage: 'no' },
  }]);
});

test('stopping ends the wait for a retry', async () => {
  const { all, requestIds } = invocations([FAILED], 2, 1);
  all.send({});
  await new Promise((resolve) => setTimeout(resolve, 20));
  await all.stop();

  expect(requestIds).toHaveLength(1);
  expect(all.pending).toBe(0);
});
