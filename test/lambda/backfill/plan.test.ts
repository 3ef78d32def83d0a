import { Counts, WorkItem } from '../../../src/lambda/backfill/counts';
import { parseInput } from '../../../src/lambda/backfill/input';
import { planBatch } from '../../../src/lambda/backfill/plan';
import { Records } from '../../../src/lambda/backfill/records';
import type { Services } from '../../../src/lambda/backfill/services';
import { dispatch } from '../../../src/lambda/resize/delivery/dispatch';
import { prepareSources } from '../../../src/lambda/shared/sources';
import { HandlerOptions, LocalHandler } from '../../helpers/handler';
import { open, photo } from '../../helpers/images';
import { profile } from '../../helpers/renditions';

const SMALL = profile({ name: 'small', width: 40 });
const WIDE = profile({ name: 'wide', width: 90 });
const PRICES = {
  lambdaGbSecond: 1,
  lambdaRequest: 1,
  s3Put: 1,
  s3Get: 1,
  dynamoWriteUnit: 1,
  dynamoReadUnit: 1,
  logsGb: 1,
  stateTransition: 1,
  expressRequest: 1,
  expressGbSecond: 1,
};

let handler: LocalHandler;
let jpeg: Buffer;

beforeAll(async () => {
  handler = await LocalHandler.start();
  jpeg = await open(photo(160, 120)).jpeg().toBuffer();
});
afterAll(() => handler.stop());
beforeEach(() => handler.reset({ profiles: [SMALL] }));

interface Planned {
  readonly counts: Counts;
  readonly work: WorkItem[];
}

/** What a plan says of the object `a.jpg`, by the records and the configuration that there are. */
async function plan(input: object = {}, listed: object = {}): Promise<Planned> {
  const { config } = handler.services;
  const written: string[] = [];
  const services = {
    config: { prices: PRICES, memoryMib: 1769, timeoutSeconds: 60, concurrency: 1, isStandard: false, reportBucket: 'reports' },
    pipeline: config,
    sources: prepareSources(config),
    records: new Records(handler.dynamodb.client, config.catalog),
    s3: { send: async ({ input: { Body } }: { input: { Body: string } }) => { written.push(Body); return {}; } },
    now: () => Date.now(),
  } as unknown as Services;
  const request = parseInput({ mode: 'plan', ...input }, new Set(['small', 'wide']));
  const batch = { execution: 'one', startedAt: new Date().toISOString(), request, bucket: handler.sourceBucket };
  const counts = await planBatch(services, batch, [{ key: 'a.jpg', ...listed }]);
  const [, ...work] = written[0].split('\n').map((line) => JSON.parse(line));
  return { counts, work };
}

const run = (work: WorkItem[]) => Promise.all(work.map(({ bucket, key, retryFailed }) => dispatch(
  handler.services, { backfill: { bucket, key, retryFailed } }, { getRemainingTimeInMillis: () => 60_000 }, 1)));
const refusing: HandlerOptions = { profiles: [SMALL, WIDE], hook: () => ({ refuse: { code: 'NO_FACES', message: 'Nobody is on it.' } }) };

test.each<[string, HandlerOptions]>([
  ['the hook refuses', refusing],
  ['is beyond limits that are lower', { profiles: [SMALL, WIDE], processing: { maxInputPixels: 100 } }],
])('what is complete and %s is selected once, and then by name alone or by another configuration', async (_, options) => {
  await handler.deliver(await handler.upload('a.jpg', jpeg));
  handler.configure(options);
  const first = await plan();
  expect([first.counts.missing, first.work]).toEqual([1, [expect.objectContaining({ key: 'a.jpg', renditions: 1 })]]);
  expect(await run(first.work)).toMatchObject([{ outcome: 'unchanged' }]);

  expect(await plan()).toMatchObject({ counts: { originals: 1, missing: 0, failed: 1, profiles: {} }, work: [] });
  expect(await plan({ only: 'all', profiles: ['wide'] })).toMatchObject({ counts: { failed: 1 }, work: [{ renditions: 1 }] });
  expect(await plan({ only: 'failed', profiles: ['small'] })).toMatchObject({ counts: { failed: 1 }, work: [] });
  handler.configure({ profiles: [SMALL, { ...WIDE, width: 80 }] });
  expect(await plan()).toMatchObject({ counts: { missing: 1, failed: 0 }, work: [{ renditions: 1 }] });

  handler.configure({ profiles: [SMALL] });
  expect(await plan()).toMatchObject({ counts: { current: 1, failed: 0 } });
});

test('what the hook refused is asked again where failed images are selected', async () => {
  await handler.deliver(await handler.upload('a.jpg', jpeg));
  handler.configure(refusing);
  await run((await plan()).work);
  handler.configure({ ...refusing, hook: undefined });

  expect(await run((await plan({ only: 'failed' })).work)).toMatchObject([{ outcome: 'completed', made: ['wide.jpeg'] }]);
  expect(await plan()).toMatchObject({ counts: { current: 1 } });
});

test('what failed as another version than the present one is made', async () => {
  await handler.deliver(await handler.upload('a.jpg', jpeg.subarray(0, 500)));
  const { s3: { object: { eTag } } } = await handler.upload('a.jpg', jpeg);
  const { counts, work } = await plan({}, { ETag: eTag });
  expect(counts).toMatchObject({ missing: 1, failed: 0 });
  expect(await run(work)).toMatchObject([{ outcome: 'completed', made: ['small.jpeg'] }]);
});
