import { Stack } from 'aws-cdk-lib';
import { Emitted, emittedBy, goesOff } from './emitted-metrics';
import { alarmsOf, queriesOf } from './named-metrics';
import type { S3EventRecord } from '../../local-runner/services/s3';
import { ImageMonitoring, ImageResizePipeline } from '../../src';
import { timeout } from '../../src/lambda/resize/image/failures';
import { configOf, createStack, synthesize } from '../helpers/cdk';
import { LocalHandler } from '../helpers/handler';
import { open, photo } from '../helpers/images';

jest.setTimeout(60_000);

const stack: Stack = createStack();
new ImageMonitoring(stack, 'Monitoring', { pipeline: new ImageResizePipeline(stack, 'Pipeline') });
const template = synthesize(stack);
const { pipelineName } = configOf(template);
const alarms = Object.fromEntries(Object.entries(alarmsOf(template))
  .filter(([, alarm]) => Object.values(queriesOf(alarm)).every(({ namespace }) => namespace === 'ImageResizePipeline')));

let handler: LocalHandler;
let image: Buffer;
let lines: Record<string, unknown>[];
let print: jest.SpyInstance;

beforeAll(async () => {
  handler = await LocalHandler.start();
  image = await open(photo(60, 40)).jpeg().toBuffer();
});
afterAll(() => handler.stop());

beforeEach(async () => {
  lines = [];
  delete process.env.POWERTOOLS_METRICS_DISABLED;
  print = jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    if (String(line).includes('CloudWatchMetrics')) lines.push(JSON.parse(String(line)) as Record<string, unknown>);
    return true;
  });
  await handler.reset({ pipelineName });
});
afterEach(() => print.mockRestore());

/** Ten images, some of them as a test makes them. */
async function run(different: number, body: Buffer | string, deliver: (event: S3EventRecord) => Promise<unknown>): Promise<Emitted[]> {
  for (let at = 0; at < 10; at += 1) {
    if (at < different) await deliver(await handler.upload(`different-${at}.jpg`, body));
    else await handler.deliver(await handler.upload(`good-${at}.jpg`, image));
  }
  return emittedBy(lines);
}

function goneOff(emitted: readonly Emitted[]): string[] {
  return Object.entries(alarms).filter(([, alarm]) => goesOff(alarm, emitted)).map(([id]) => id);
}

test('these alarms look at metrics of the pipeline alone', () => {
  expect(Object.keys(alarms).sort()).toEqual(['CompletionTime', 'FailedShare', 'FailedShareRetriesExhausted', 'FailedShareTimeout']);
});

test('none goes off while images are processed', async () => {
  expect(goneOff(await run(0, image, (event) => handler.deliver(event)))).toEqual([]);
});

test('none goes off while nothing happens', () => {
  expect(goneOff([])).toEqual([]);
});

test('one image in ten that is none is a large share of failures', async () => {
  expect(goneOff(await run(1, 'text', (event) => handler.deliver(event)))).toEqual(['FailedShare']);
});

test('failures alone are judged, without any image that was completed', async () => {
  expect(goneOff(await run(10, 'text', (event) => handler.deliver(event)))).toEqual(['FailedShare']);
});

test('nine images are too few for a share', async () => {
  await run(9, 'text', (event) => handler.deliver(event));
  expect(goneOff(emittedBy(lines.filter(({ ImagesProcessed }) => ImagesProcessed === undefined)))).toEqual([]);
});

test('an event that came late is a long time to completion', async () => {
  const late = (event: S3EventRecord) => ({ ...event, eventTime: new Date(Date.now() - 16 * 60_000).toISOString() });
  expect(goneOff(await run(1, image, (event) => handler.deliver(late(event))))).toEqual(['CompletionTime']);
});

test('images whose tries are used up have a share of their own', async () => {
  const emitted = await run(1, image, (event) => handler.deliverBatch([{ Records: [event] }], 4));
  expect(goneOff(emitted)).toEqual(['FailedShare', 'FailedShareRetriesExhausted']);
});

test('images that take too long have a share of their own', async () => {
  const { services } = handler;
  const emitted = await run(1, image, async (event) => {
    handler.services = { ...services, imaging: { ...services.imaging, render: () => Promise.reject(timeout()) } };
    await handler.deliver(event);
    handler.services = services;
  });
  expect(goneOff(emitted)).toEqual(['FailedShare', 'FailedShareTimeout']);
});
