import { DeleteBucketCommand, DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { Template } from 'aws-cdk-lib/assertions';
import { FilledBucket, PHOTOS } from './filled-bucket';
import { ExistingBucketStack } from '../../../examples/existing-bucket/existing-bucket-stack';
import { createApp, synthesize } from '../../helpers/cdk';
import { Emitted, emittedBy, goesOff, idOf } from '../emitted-metrics';
import { alarmsOf, namedMetrics, queriesOf, widgetsOf } from '../named-metrics';

jest.setTimeout(180_000);

const OWN = 'ImageResizePipeline';
const IMAGES = 12;
const LIMITS = { maxObjects: 1000, maxDollars: 10 };

/** A run that makes everything, and pruning; then a run of what is no image, and one that cannot store. */
describe('the packaged functions of a backfill and what watches it', () => {
  let filled: FilledBucket;
  let template: Template;
  let healthy: Emitted[];
  let texts: Emitted[];
  let unlucky: Emitted[];

  beforeAll(async () => {
    template = synthesize(new ExistingBucketStack(createApp(), 'ExistingBucket', { bucketName: PHOTOS, widths: [200, 800] }));
    filled = await FilledBucket.start(IMAGES, '200,800');
    const { app } = filled;
    const before = counted();
    await filled.run({ mode: 'plan' });
    await filled.run({ mode: 'run', ...LIMITS, prefix: 'albums/' });
    const { pipeline } = await filled.renditionMetadata(`${filled.keys[0]}/w200.jpg`);
    await filled.putRendition('orphan.jpg', { pipeline, 'source-etag': 'x', 'image-id': 'nobody' });
    await filled.run({ mode: 'plan' }, 'PruneArn');
    await filled.run({ mode: 'run', maxObjects: 10, minAgeHours: 0 }, 'PruneArn');
    healthy = since(before);

    const beforeTexts = counted();
    for (let at = 0; at < IMAGES; at += 1) await app.s3.send(new PutObjectCommand({ Bucket: PHOTOS, Key: `texts/${at}.jpg`, Body: 'no image' }));
    await app.idle();
    await filled.run({ mode: 'run', ...LIMITS, only: 'failed' });
    texts = since(beforeTexts);

    await app.update({ WIDTHS: '200,800,1600' });
    const beforeUnlucky = counted();
    for (const Key of await filled.outputs()) await app.s3.send(new DeleteObjectCommand({ Bucket: filled.output, Key }));
    await app.s3.send(new DeleteBucketCommand({ Bucket: filled.output }));
    const failed = await filled.run({ mode: 'run', ...LIMITS });
    expect(failed.execution).toMatchObject({ status: 'FAILED', error: 'BackfillEndedEarly' });
    expect((await filled.run({ mode: 'run' }, 'PruneArn')).execution).toMatchObject({ status: 'FAILED', error: 'InvalidInput' });
    unlucky = since(beforeUnlucky);
  });
  afterAll(() => filled.stop());

  /** What has been counted so far, of the pipeline and of AWS. */
  function counted() {
    return { lines: filled.lines.length, executions: filled.app.stateMachines.map(({ executions }) => executions.length), aws: ofFunctions() };
  }

  function ofFunctions(): Record<string, Record<string, number>> {
    const lane = Object.keys(filled.app.errors).find((name) => name.includes('BackfillLane'))!;
    return { [lane]: { Errors: filled.app.errors[lane], Invocations: filled.app.requests[`Lambda ${lane}`] ?? 0 } };
  }

  /** As CloudWatch has it: what functions wrote, and what Lambda and Step Functions count. */
  function since({ lines, executions, aws }: ReturnType<typeof counted>): Emitted[] {
    const written = filled.lines.slice(lines).filter(({ isMetric }) => isMetric).map(({ text }) => JSON.parse(text) as Record<string, unknown>);
    const [lane] = alarmQueries('BackfillErrors').filter(({ name }) => name === 'Errors');
    const invocations = Object.entries(ofFunctions()).flatMap(([name, counts]) => Object.entries(counts).map(([metric, count]) => (
      { namespace: 'AWS/Lambda', name: metric, dimensions: lane.dimensions, value: count - aws[name][metric] })));
    const ended = filled.app.stateMachines.flatMap((machine, at) => {
      const alarm = machine.arn === filled.app.output('PruneArn') ? 'FailedPrunes' : 'FailedBackfills';
      return machine.executions.slice(executions[at]).map(({ status }) => ({ namespace: 'AWS/States', name: METRIC_OF[status]!, dimensions: alarmQueries(alarm)[0].dimensions, value: 1 }));
    });
    return [...emittedBy(written), ...invocations, ...ended];
  }

  function alarmQueries(id: string) {
    return Object.values(queriesOf(alarmsOf(template)[id]));
  }

  /** Of the alarms that look at what is counted here. */
  function goneOff(emitted: readonly Emitted[]): string[] {
    const looked = Object.entries(alarmsOf(template)).filter(([id]) => /Backfill|Prune/.test(id));
    expect(looked.map(([id]) => id).sort()).toEqual(['BackfillErrors', 'BackfillFailedShare', 'BackfillThrottles', 'FailedBackfills', 'FailedPrunes']);
    return looked.filter(([, alarm]) => goesOff(alarm, emitted)).map(([id]) => id).sort();
  }

  test('every metric of a backfill that an alarm or a widget names was counted, with those dimensions', () => {
    const named = new Set(namedMetrics(template).filter(({ namespace, name }) => namespace === OWN && name.startsWith('Backfill')).map(idOf));
    expect(named.size).toBe(4);
    const ids = new Set(healthy.map(idOf));
    expect([...named].filter((id) => !ids.has(id))).toEqual([]);
  });

  test('what a run made is what is counted', () => {
    const sum = (name: string) => healthy.filter((each) => each.name === name).reduce((total, { value }) => total + value, 0);
    expect(['BackfillPlanned', 'BackfillImages', 'BackfillRenditions', 'BackfillFailed'].map(sum)).toEqual([IMAGES, IMAGES, 2 * IMAGES, 0]);
  });

  test('the tables of executions show what is in the log', () => {
    const queries = widgetsOf(template).flatMap(({ properties: { title = '', query } }) => (/backfill|pruning|Pruned/.test(title) && query ? [{ title, query }] : []));
    expect(queries.map(({ title }) => title)).toEqual(['Plans of the backfill', 'Runs of the backfill', 'Plans of pruning', 'Pruned']);
    const lines = filled.lines.filter(({ text, isMetric }) => !isMetric && text.startsWith('{')).map(({ text }) => JSON.parse(text) as Record<string, unknown>);
    for (const { title, query } of queries) {
      const [, message] = /filter message = "([^"]*)"/.exec(query)!;
      const said = lines.filter((line) => line.message === message);
      expect({ title, said: said.length > 0 }).toEqual({ title, said: true });
      const paths = [...query.matchAll(/\bresult\.([\w.]+) as/g)].map(([, path]) => path);
      expect(paths.length).toBeGreaterThan(4);
      const missing = paths.filter((path) => !said.some(({ result }) => valueAt(result, path) !== undefined));
      // Reasons of which there was none, and limits that were not met.
      expect(missing.filter((path) => !/^counts\.deletable|^stoppedAt|^error$|^outcomes\.unchanged$/.test(path))).toEqual([]);
    }
  });

  test('no alarm goes off while a backfill makes what is missing', () => {
    expect(goneOff(healthy)).toEqual([]);
  });

  test('many images that are none are told', () => {
    expect(goneOff(texts)).toEqual(['BackfillFailedShare']);
  });

  test('a backfill whose every try fails is told, and so is pruning that cannot begin', () => {
    // How many images are given up before the run ends, and so whether they are enough for a share, is a matter of processors.
    expect(goneOff(unlucky).filter((id) => id !== 'BackfillFailedShare')).toEqual(['BackfillErrors', 'FailedBackfills', 'FailedPrunes']);
  });

  test('invocations that Lambda refuses are told, by what it counts', () => {
    const [{ statistic, ...throttles }] = alarmQueries('BackfillThrottles');
    expect(statistic).toBe('Sum');
    expect(goneOff([...healthy, { ...throttles, value: 9 }])).toEqual([]);
    expect(goneOff([...healthy, { ...throttles, value: 10 }])).toEqual(['BackfillThrottles']);
  });
});

const METRIC_OF: Partial<Record<string, string>> = {
  SUCCEEDED: 'ExecutionsSucceeded', FAILED: 'ExecutionsFailed', TIMED_OUT: 'ExecutionsTimedOut', ABORTED: 'ExecutionsAborted',
};

function valueAt(value: unknown, path: string): unknown {
  return path.split('.').reduce((at, name) => (at as Record<string, unknown> | undefined)?.[name], value);
}
