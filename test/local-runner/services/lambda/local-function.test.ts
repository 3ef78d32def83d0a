import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { LocalFunction, LogLine } from '../../../../local-runner/services/lambda/local-function';

const folders: string[] = [];
const functions: LocalFunction[] = [];
afterEach(async () => {
  await Promise.all(functions.splice(0).map((each) => each.stop()));
  folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true }));
});

function start(code: string, options: { timeoutSeconds?: number; concurrency?: number; handler?: string; runtime?: string } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'local-function-test-'));
  folders.push(folder);
  writeFileSync(join(folder, 'index.mjs'), code);
  const lines: LogLine[] = [];
  const made = new LocalFunction({
    name: 'resize',
    arn: 'arn:aws:lambda:us-east-1:000000000000:function:resize',
    region: 'us-east-1',
    folder: () => folder,
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    memorySize: 512,
    timeoutSeconds: 10,
    environment: { OWN: 'yes' },
    concurrency: 1,
    onLog: (line) => void lines.push(line),
    ...options,
  });
  functions.push(made);
  return { lambda: made, lines };
}

test('the handler gets event and context, and its result comes back', async () => {
  const { lambda } = start(`export const handler = async (event, context) => ({
    event, left: context.getRemainingTimeInMillis(), ...context, memory: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  });`);
  const { payload } = await lambda.invoke({ a: ['ü', 1] }, 'request-1');

  expect(payload).toMatchObject({
    event: { a: ['ü', 1] },
    awsRequestId: 'request-1',
    functionName: 'resize',
    memoryLimitInMB: '512',
    memory: '512',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:resize',
  });
  expect((payload as { left: number }).left).toBeGreaterThan(8000);
});

test('the environment is that of the template and of Lambda, and not that of the developer', async () => {
  process.env.SECRET_OF_THE_DEVELOPER = 'x';
  const { lambda } = start('export const handler = () => Promise.resolve(process.env);');
  const { payload } = await lambda.invoke({});
  delete process.env.SECRET_OF_THE_DEVELOPER;

  expect(payload).toMatchObject({ OWN: 'yes', AWS_REGION: 'us-east-1', AWS_LAMBDA_FUNCTION_NAME: 'resize', _HANDLER: 'index.handler' });
  expect(payload).not.toHaveProperty('SECRET_OF_THE_DEVELOPER');
});

test('a process is used again', async () => {
  const { lambda } = start('let calls = 0; export const handler = async () => [process.pid, ++calls];');
  const [first, second] = [(await lambda.invoke({})).payload, (await lambda.invoke({})).payload] as [number, number][];

  expect(second).toEqual([first[0], 2]);
});

test('a thrown error is the result, and the process goes on', async () => {
  const { lambda } = start('export const handler = async (event) => { if (event.fail) throw new TypeError("wrong"); return "fine"; };');

  expect(await lambda.invoke({ fail: true })).toMatchObject({ error: { errorType: 'TypeError', errorMessage: 'wrong' } });
  expect(await lambda.invoke({})).toEqual({ payload: 'fine' });
});

test.each([
  ['waits for ever', 'await new Promise((resolve) => setTimeout(resolve, 60_000))'],
  ['never yields', 'for (;;);'],
])('a handler that %s is killed at its timeout, and the next event gets a new process', async (_, hang) => {
  const { lambda, lines } = start(`export const handler = async (event) => { if (event.hang) { ${hang} } return 'fine'; };`, { timeoutSeconds: 1 });

  expect(await lambda.invoke({ hang: true })).toEqual({ error: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 1.00 seconds' } });
  expect(lines.map(({ text }) => text)).toContain('Task timed out after 1.00 seconds');
  expect(await lambda.invoke({})).toEqual({ payload: 'fine' });
});

test('a crash is an error of the invocation, and the next event gets a new process', async () => {
  const { lambda } = start('export const handler = async (event) => { if (event.crash) process.exit(7); return "fine"; };');

  expect(await lambda.invoke({ crash: true })).toEqual({ error: { errorType: 'Runtime.ExitError', errorMessage: 'Runtime exited with exit status 7' } });
  expect(await lambda.invoke({})).toEqual({ payload: 'fine' });
});

test.each([
  ['code that throws', 'throw new Error("no configuration");', {}, { errorType: 'Error', errorMessage: 'no configuration' }],
  ['no such export', 'export const other = 1;', {}, { errorType: 'Runtime.HandlerNotFound' }],
  ['no such file', '', { handler: 'main.handler' }, { errorType: 'Runtime.ImportModuleError', errorMessage: "Cannot find module 'main'" }],
])('loading fails with %s', async (_, code, options, error) => {
  const { lambda } = start(code, options);

  expect(await lambda.invoke({})).toMatchObject({ error });
  expect(await lambda.invoke({})).toMatchObject({ error });
});

test('fails for another runtime', () => {
  const { lambda } = start('', { runtime: 'python3.13' });

  expect(() => lambda.requireRunnable()).toThrow('function resize must have a Node.js runtime to run here, received "python3.13"');
});

test('events are handled in parallel up to the concurrency', async () => {
  const { lambda } = start('export const handler = async () => { await new Promise((r) => setTimeout(r, 50)); return process.pid; };', { concurrency: 2 });
  const results = await Promise.all(Array.from({ length: 6 }, () => lambda.invoke({})));

  expect(new Set(results.map(({ payload }) => payload)).size).toBe(2);
});

test('lines are collected, and metrics are told from logs', async () => {
  const metric = JSON.stringify({ _aws: { Timestamp: 1, CloudWatchMetrics: [] }, ImagesProcessed: 1 });
  const { lambda, lines } = start(`export const handler = async () => { console.log('hello'); console.error('oh'); console.log(${JSON.stringify(metric)}); };`);
  await lambda.invoke({});
  await lambda.stop();

  expect(lines.map(({ text, isMetric }) => [text, isMetric]).sort()).toEqual([['hello', false], ['oh', false], [metric, true]].sort());
});

test('stopping ends what still runs', async () => {
  const { lambda } = start('export const handler = () => new Promise((resolve) => setTimeout(resolve, 60_000));');
  const running = lambda.invoke({});
  await new Promise((resolve) => setTimeout(resolve, 300));
  await lambda.stop();

  expect(await running).toMatchObject({ error: { errorType: 'Runtime.ExitError' } });
  expect(await lambda.invoke({})).toMatchObject({ error: { errorType: 'Stopped' } });
});
