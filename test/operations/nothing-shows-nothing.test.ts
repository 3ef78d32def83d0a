import { DeleteBucketCommand, DeleteObjectCommand } from '@aws-sdk/client-s3';
import { Template } from 'aws-cdk-lib/assertions';
import { isDocumented } from './documented-metrics';
import { Emitted, emittedBy, goesOff, idOf } from './emitted-metrics';
import { alarmsOf, namedMetrics, queriesOf, searches, widgetsOf } from './named-metrics';
import { pipelineStack } from '../end-to-end/fixtures/pipeline-app/pipeline-stack';
import { createApp, synthesize } from '../helpers/cdk';
import { picture, RunningApp } from '../helpers/running-app';

jest.setTimeout(120_000);

const OWN = 'ImageResizePipeline';
const OPTIONS = { maxTries: 1, failedShareByCode: { UNSUPPORTED_FORMAT: 20, RETRIES_EXHAUSTED: 20 } };
const IMAGES = 10;

/** By trigger, what is quiet in a healthy run, and goes off in the other. */
const ALARMS = ['FailedShare', 'FailedShareRetriesExhausted', 'FailedShareUnsupportedFormat'];

describe.each(['queue', 's3Notifications', 'eventBridge', 'stepFunctions'] as const)('trigger %s: the packaged handler and what watches it', (trigger) => {
  let app: RunningApp;
  let template: Template;
  let healthy: Emitted[];
  let emitted: Emitted[];

  beforeAll(async () => {
    template = synthesize(pipelineStack(createApp(), { trigger, ...OPTIONS }));
    app = await RunningApp.pipeline({ trigger, ...OPTIONS });
    const image = await picture();
    const all = (name: string, body: Buffer | string) => Promise.all(Array.from({ length: IMAGES }, (_, at) => app.put(`${name}-${at}.jpg`, body)));
    await all('good', image);
    await app.app.idle();
    healthy = emittedBy(app.metrics());

    await all('text', 'no image');
    await app.app.idle();
    await loseOutputBucket(app);
    await all('unlucky', image);
    await app.app.idle();
    emitted = emittedBy(app.metrics());
  });
  afterAll(() => app.stop());

  test('every metric of the pipeline that an alarm or a widget names was counted, with those dimensions', () => {
    const own = namedMetrics(template).filter(({ namespace }) => namespace === OWN).map(idOf);
    expect(own.length).toBeGreaterThan(10);
    const counted = new Set(emitted.map(idOf));
    expect([...new Set(own)].filter((id) => !counted.has(id))).toEqual([]);
  });

  test('every metric that was counted is shown', () => {
    const shown = new Set(namedMetrics(template).map(idOf));
    const isFound = ({ namespace, name, dimensions }: Emitted) => searches(template).some((search) => search.namespace === namespace
      && search.dimensions.sort().join() === Object.keys(dimensions).sort().join()
      && Object.entries(search.wanted).every(([key, value]) => ({ MetricName: name, ...dimensions })[key] === value));
    expect([...new Set(emitted.filter((each) => !shown.has(idOf(each)) && !isFound(each)).map(idOf))]).toEqual([]);
    expect(emitted.filter(isFound).map(({ dimensions }) => dimensions.Code)).toEqual(expect.arrayContaining(['UNSUPPORTED_FORMAT', 'RETRIES_EXHAUSTED']));
  });

  test('every metric of AWS is one that AWS documents, with those dimensions', () => {
    const others = namedMetrics(template).filter(({ namespace }) => namespace !== OWN);
    expect(others.length).toBeGreaterThan(10);
    expect(others.filter(({ namespace, name, dimensions }) => !isDocumented(namespace, name, Object.keys(dimensions)))).toEqual([]);
  });

  test('what the dashboard asks the log for is in it', () => {
    const [query] = widgetsOf(template).flatMap(({ properties }) => properties.query ?? []);
    const [, message] = /filter message = "([^"]*)"/.exec(query)!;
    const lines = app.logs(message);
    expect(lines).toHaveLength(IMAGES);
    const fields = [...query.matchAll(/\b([a-z]+)\.([a-z]+)\b/g)].map(([, outer, inner]) => [outer, inner]);
    expect(fields).toEqual([['original', 'bytes'], ['original', 'format']]);
    for (const [outer, inner] of fields) expect(lines.map((line) => typeof (line[outer] as Record<string, unknown>)[inner])).not.toContain('undefined');
  });

  test('no alarm on images goes off while all are processed', () => {
    expect(goneOff(template, healthy)).toEqual([]);
  });

  test('alarms on images go off when many fail', () => {
    expect(goneOff(template, emitted)).toEqual(ALARMS);
  });

  test('each image is counted once', () => {
    const count = (name: string) => emitted.filter((each) => each.name === name && !each.dimensions.Code).length;
    expect([count('ImagesProcessed'), count('CompletionTime'), count('ImagesFailed')]).toEqual([IMAGES, IMAGES, 2 * IMAGES]);
  });
});

/** From now on, no rendition can be stored. */
async function loseOutputBucket(app: RunningApp): Promise<void> {
  for (const Key of await app.outputKeys()) await app.app.s3.send(new DeleteObjectCommand({ Bucket: app.output, Key }));
  await app.app.s3.send(new DeleteBucketCommand({ Bucket: app.output }));
}

/** Of the alarms on metrics of the pipeline. */
function goneOff(template: Template, emitted: readonly Emitted[]): string[] {
  return Object.entries(alarmsOf(template))
    .filter(([, alarm]) => Object.values(queriesOf(alarm)).every(({ namespace }) => namespace === OWN) && goesOff(alarm, emitted))
    .map(([id]) => id).sort();
}
