import { cpSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { DeleteBucketCommand } from '@aws-sdk/client-s3';
import { picture, RunningApp } from '../helpers/running-app';

jest.setTimeout(90_000);

let app: RunningApp;
afterEach(async () => app.stop());

describe.each([
  ['queue', 3, 3], ['eventBridge', 2, 2],
  // What Lambda gave up comes by the queue, and is tried once more there.
  ['s3Notifications', 3, 4],
] as const)('trigger %s with %i tries', (trigger, maxTries, tries) => {
  test('an image that cannot be stored is tried as often as asked for, recorded as failed, and ends in the dead-letter queue', async () => {
    app = await RunningApp.pipeline({ trigger, maxTries });
    await app.app.s3.send(new DeleteBucketCommand({ Bucket: app.output }));
    await app.process('unlucky.jpg', await picture());

    expect(app.logs('image not processed, to be tried again')).toHaveLength(tries);
    expect(await app.record('unlucky.jpg')).toMatchObject({ status: 'FAILED', attempts: tries, failure: { code: 'RETRIES_EXHAUSTED', retryable: true } });
    expect(app.deadLetters).toHaveLength(1);
    expect(JSON.stringify(app.deadLetters)).toContain('unlucky.jpg');
    expect(app.metrics().filter(({ Code }) => Code === 'RETRIES_EXHAUSTED')).toEqual([expect.objectContaining({ ImagesFailed: 1 })]);
  });
});

test('an image that cannot be stored fails the execution of the state machine, and ends in the dead-letter queue', async () => {
  app = await RunningApp.pipeline({ trigger: 'stepFunctions', maxTries: 2 });
  await app.app.s3.send(new DeleteBucketCommand({ Bucket: app.output }));
  await app.process('unlucky.jpg', await picture());

  expect(app.app.stateMachines.flatMap(({ executions }) => executions)).toMatchObject([{ status: 'FAILED', error: 'RETRIES_EXHAUSTED' }]);
  expect(await app.record('unlucky.jpg')).toMatchObject({ status: 'FAILED', failure: { code: 'RETRIES_EXHAUSTED', retryable: true } });
  expect(app.deadLetters).toMatchObject([{ detail: { object: { key: 'unlucky.jpg' } } }]);
  expect(app.metrics().filter(({ Code }) => Code === 'RETRIES_EXHAUSTED')).toEqual([expect.objectContaining({ ImagesFailed: 1 })]);
});

test('an event that is none of S3 ends in the dead-letter queue and holds up nothing', async () => {
  app = await RunningApp.pipeline({ maxTries: 2, batchSize: 10 });
  app.queue.send('{"not": "an event"}');
  app.queue.send('no JSON');
  await app.process('fine.jpg', await picture());

  expect(await app.record('fine.jpg')).toMatchObject({ status: 'COMPLETED' });
  expect(app.app.deadLetterQueues.flatMap(({ bodies }) => bodies).sort()).toEqual(['no JSON', '{"not": "an event"}'].sort());
});

test('the failed event of a dead-letter queue can be sent again', async () => {
  app = await RunningApp.pipeline({ maxTries: 1 });
  await app.put('again.jpg', await picture());
  const [body] = app.events.map((record) => JSON.stringify({ Records: [record] }));
  await app.app.idle();
  app.queue.send(body);
  await app.app.idle();

  expect(await app.record('again.jpg')).toMatchObject({ status: 'COMPLETED', attempts: 1 });
});

describe('code that hangs or crashes', () => {
  let code: string;
  beforeEach(() => { code = mkdtempSync(join(tmpdir(), 'wrapped-handler-')); });
  afterEach(() => rmSync(code, { recursive: true }));

  /** The packaged handler, which first does something else with the images of some keys while they are tried. */
  function wrap(before: string): string {
    cpSync(join(__dirname, '..', '..', 'assets', 'resize-handler', 'linux-arm64'), code, { recursive: true });
    renameSync(join(code, 'index.mjs'), join(code, 'packaged.mjs'));
    writeFileSync(join(code, 'index.mjs'), `import { handler as packaged } from './packaged.mjs';
export async function handler(event, context) {
  const isTry = event.Records?.[0]?.attributes?.ApproximateReceiveCount === '1';
  if (isTry && JSON.stringify(event).includes('killer')) { ${before} }
  return packaged(event, context);
}`);
    return code;
  }

  test.each([
    ['never returns', 'for (;;);', 10],
    ['crashes', 'process.abort();', undefined],
  ])('an image on which the function %s is recorded as failed, and others are not touched', async (_, before, timeoutSeconds) => {
    app = await RunningApp.pipeline({ maxTries: 1, code: wrap(before), timeoutSeconds });
    await app.put('killer.jpg', await picture());
    await app.process('fine.jpg', await picture());

    expect(await app.record('killer.jpg')).toMatchObject({ status: 'FAILED', failure: { code: 'RETRIES_EXHAUSTED', message: expect.stringMatching(/^This image could not be processed/) } });
    expect(await app.record('fine.jpg')).toMatchObject({ status: 'COMPLETED' });
    expect(app.deadLetters).toHaveLength(1);
  });
});
