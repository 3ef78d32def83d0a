import type { S3EventRecord } from '../../../../local-runner/services/s3';
import type { Telemetry } from '../../../../src/lambda/resize/services/telemetry';
import { LocalHandler } from '../../../helpers/handler';
import { open, photo } from '../../../helpers/images';

type Facts = Parameters<Telemetry['processed']>[0];

let handler: LocalHandler;
let counted: Facts[];
let image: Buffer;

beforeAll(async () => {
  handler = await LocalHandler.start();
  image = await open(photo(60, 40)).jpeg().toBuffer();
});
afterAll(() => handler.stop());
beforeEach(async () => {
  await handler.reset();
  counted = [];
  const telemetry = { processed: (facts: Facts) => counted.push(facts), failed: () => undefined, flush: () => undefined };
  handler.services = { ...handler.services, telemetry: telemetry as unknown as Telemetry };
});

function ago(record: S3EventRecord, seconds: number): S3EventRecord {
  return { ...record, eventTime: new Date(Date.now() - 1000 * seconds).toISOString() };
}

test('is from the event to the completed record', async () => {
  await handler.deliver(ago(await handler.upload('late.jpg', image), 90));

  expect(counted).toEqual([expect.objectContaining({ renditions: 1 })]);
  expect(counted[0].sinceEventMs).toBeGreaterThanOrEqual(90_000);
  expect(counted[0].sinceEventMs).toBeLessThan(120_000);
  expect(handler.logs.find(({ message }) => message === 'image completed')).toMatchObject({ sinceEventMs: counted[0].sinceEventMs });
});

test('is counted once, however often the event comes', async () => {
  const event = await handler.upload('twice.jpg', image);
  await handler.deliver(event);
  await handler.deliver(event);
  await handler.deliver(event, event);

  expect(counted).toHaveLength(1);
});

test('is none when the clock of S3 is ahead', async () => {
  await handler.deliver(ago(await handler.upload('early.jpg', image), -90));

  expect(counted).toEqual([expect.objectContaining({ sinceEventMs: 0 })]);
});
