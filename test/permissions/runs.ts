import { LivePipeline } from './live-pipeline';
import { FAILURE_CODES, FailureCode, IMAGE_ID_METADATA, ProcessingConfig, RENDITION_METADATA, REQUESTED_SIZE_METADATA, STEPS } from '../../src/contract';
import { Source } from '../../src/lambda/shared/sources';
import { open, photo } from '../helpers/images';

/** Whether a run is possible for a source. */
export function appliesTo(run: Run, processing: ProcessingConfig, source: Source): boolean {
  return run.with?.(processing, source) ?? true;
}

/** Something that happens to an image of a source. */
export interface Run {
  readonly name: string;
  /** What the record says in the end. */
  readonly ends: string;
  /** The image id, where it is not derived from the key. */
  readonly named?: string;
  /** Part of the configuration without which this does not happen. */
  readonly with?: (config: ProcessingConfig, source: Source) => boolean;
  readonly key?: string;
  readonly run: (stage: Stage) => Promise<unknown>;
}

/** Where a run takes place. */
export interface Stage {
  readonly live: LivePipeline;
  readonly source: Source;
  readonly bucket: string;
  readonly key: string;
  readonly first: Buffer;
  readonly second: Buffer;
}

/** Bytes of the largest original that these pipelines take. */
export const MAX_INPUT_BYTES = 60_000;

/** Two versions of an image. */
export async function versions(): Promise<Pick<Stage, 'first' | 'second'>> {
  return { first: await open(photo(160, 120)).jpeg().toBuffer(), second: await open(photo(100, 200)).jpeg().toBuffer() };
}

const named = (id: string) => ({ Metadata: { [IMAGE_ID_METADATA]: id } });
const deletesRenditions = ({ deleteRenditions }: ProcessingConfig) => deleteRenditions;

/** What ends as failed, for each reason that there is. */
const FAILURES: Readonly<Record<FailureCode, Pick<Run, 'run' | 'key' | 'with'>>> = {
  UNSUPPORTED_FORMAT: { run: async ({ live, bucket, key }) => live.deliver(await live.upload(bucket, key, 'no image')) },
  CORRUPT_IMAGE: { run: async ({ live, bucket, key, first }) => live.deliver(await live.upload(bucket, key, first.subarray(0, first.length / 2))) },
  TOO_LARGE: { run: async ({ live, bucket, key }) => live.deliver(await live.upload(bucket, key, Buffer.alloc(MAX_INPUT_BYTES + 1))) },
  TIMEOUT: {
    // It takes seconds, and everywhere the same rights: one source is enough.
    with: (_, { requested }) => requested !== undefined,
    run: async ({ live, source, bucket, key, first }) => {
      const event = await live.upload(bucket, key, first);
      // Storing all renditions but the last, also at a time, takes all of the time that there is.
      for (const _ of source.profiles.slice(1)) live.before('s3:PutObject', () => new Promise((resolve) => { setTimeout(resolve, 1100); }));
      await live.invoke({ Records: [event] }, 4500);
    },
  },
  SOURCE_NOT_FOUND: {
    run: async ({ live, bucket, key, first }) => {
      const event = await live.upload(bucket, key, first);
      await live.remove(bucket, key);
      await live.deliver(event);
    },
  },
  SOURCE_REMOVED: {
    // The record of a try that was cut short; whether a source has the key is no matter of rights.
    with: () => false,
    run: async () => undefined,
  },
  EMPTY_OBJECT: {
    run: async ({ live, bucket, key, first }) => {
      await live.deliver(await live.upload(bucket, key, first));
      await live.deliver(await live.upload(bucket, key, ''));
    },
  },
  OWN_RENDITION: {
    run: async ({ live, bucket, key, first }) => {
      await live.deliver(await live.upload(bucket, key, first));
      await live.deliver(await live.upload(bucket, key, first, { Metadata: { [RENDITION_METADATA.pipeline]: live.config.pipelineName, [RENDITION_METADATA.sourceETag]: 'etag' } }));
    },
  },
  // Neither the classes nor the keys exist on the embedded S3; the request is that of every original.
  ARCHIVED: { with: () => false, run: async () => undefined },
  CUSTOMER_KEY: { with: () => false, run: async () => undefined },
  INVALID_IMAGE_ID: { run: async ({ live, bucket, key, first }) => live.deliver(await live.upload(bucket, key, first, named('../other'))) },
  INVALID_REQUESTED_SIZE: {
    with: (_, { requested }) => requested !== undefined,
    run: async ({ live, bucket, key, first }) => live.deliver(await live.upload(bucket, key, first, { Metadata: { [REQUESTED_SIZE_METADATA.width]: '100000' } })),
  },
  IMAGE_ID_TAKEN: {
    run: async ({ live, source, bucket, key, first }) => {
      await live.deliver(await live.upload(bucket, `${key}.owner.jpg`, first, named(idIn(source, 'taken'))));
      await live.deliver(await live.upload(bucket, key, first, named(idIn(source, 'taken'))));
    },
  },
  OUTPUT_KEY_TOO_LONG: { key: `${'x'.repeat(1015)}.jpg`, run: async ({ live, bucket, key, first }) => live.deliver(await live.upload(bucket, key, first)) },
  RETRIES_EXHAUSTED: {
    run: async ({ live, bucket, key, first }) => {
      const event = await live.upload(bucket, key, first);
      const given = { requestContext: { condition: 'RetriesExhausted' }, requestPayload: { Records: [event] } };
      const message = { messageId: 'message', eventSource: 'aws:sqs', body: JSON.stringify(given), attributes: { ApproximateReceiveCount: '2' } };
      await live.invoke({ Records: [message] }, 60_000);
    },
  },
};

/** Everything that can become of an image. */
export const RUNS: readonly Run[] = [
  {
    name: 'created',
    ends: 'COMPLETED',
    run: async ({ live, bucket, key, first }) => live.deliver(await live.upload(bucket, key, first, { Metadata: { author: 'tom' } })),
  },
  {
    name: 'delivered twice',
    ends: 'COMPLETED',
    run: async ({ live, bucket, key, first }) => {
      const event = await live.upload(bucket, key, first);
      await live.deliver(event);
      await live.deliver(event);
    },
  },
  {
    name: 'overwritten',
    ends: 'COMPLETED',
    run: async ({ live, bucket, key, first, second }) => {
      await live.deliver(await live.upload(bucket, key, first));
      await live.deliver(await live.upload(bucket, key, second));
    },
  },
  {
    name: 'overwritten by what is no image',
    ends: 'FAILED UNSUPPORTED_FORMAT',
    run: async ({ live, bucket, key, first }) => {
      await live.deliver(await live.upload(bucket, key, first));
      await live.deliver(await live.upload(bucket, key, 'no image'));
    },
  },
  {
    name: 'delivered in the wrong order',
    ends: 'COMPLETED',
    run: async ({ live, bucket, key, first, second }) => {
      const [older, newer] = [await live.upload(bucket, key, first), await live.upload(bucket, key, second)];
      await live.deliver(newer);
      await live.deliver(older);
    },
  },
  {
    name: 'overtaken in the middle',
    ends: 'COMPLETED',
    run: async ({ live, bucket, key, first, second }) => {
      const older = await live.upload(bucket, key, first);
      live.before('s3:PutObject', async () => live.deliver(await live.upload(bucket, key, second)));
      await live.deliver(older);
    },
  },
  {
    name: 'replaced while its event says that it is too large',
    ends: 'COMPLETED',
    run: async ({ live, bucket, key, first }) => {
      const large = await live.upload(bucket, key, Buffer.alloc(MAX_INPUT_BYTES + 1));
      await live.upload(bucket, key, first);
      await live.deliver(large);
    },
  },
  {
    name: 'too large and gone',
    ends: 'FAILED SOURCE_NOT_FOUND',
    run: async ({ live, bucket, key }) => {
      const large = await live.upload(bucket, key, Buffer.alloc(MAX_INPUT_BYTES + 1));
      await live.remove(bucket, key);
      await live.deliver(large);
    },
  },
  {
    name: 'named',
    ends: 'COMPLETED',
    named: 'named',
    run: async ({ live, source, bucket, key, first }) => live.deliver(await live.upload(bucket, key, first, named(idIn(source, 'named')))),
  },
  {
    name: 'named anew',
    ends: 'COMPLETED',
    named: 'second',
    run: async ({ live, source, bucket, key, first, second }) => {
      await live.deliver(await live.upload(bucket, key, first, named(idIn(source, 'first'))));
      await live.deliver(await live.upload(bucket, key, second, named(idIn(source, 'second'))));
    },
  },
  {
    name: 'of a requested size',
    ends: 'COMPLETED',
    with: (_, { requested }) => requested !== undefined,
    run: async ({ live, bucket, key, first }) => live.deliver(await live.upload(bucket, key, first, { Metadata: { [REQUESTED_SIZE_METADATA.width]: '30' } })),
  },
  {
    name: 'deleted',
    ends: 'DELETED',
    with: deletesRenditions,
    run: async ({ live, bucket, key, first }) => {
      await live.deliver(await live.upload(bucket, key, first));
      await live.deliver(await live.remove(bucket, key));
    },
  },
  {
    name: 'deleted late',
    ends: 'COMPLETED',
    with: deletesRenditions,
    run: async ({ live, bucket, key, first, second }) => {
      await live.deliver(await live.upload(bucket, key, first));
      const removal = await live.remove(bucket, key);
      await live.deliver(await live.upload(bucket, key, second));
      await live.deliver(removal);
    },
  },
  ...Object.values(FAILURE_CODES).map((code) => ({ name: `failed as ${code}`, ends: `FAILED ${code}`, ...FAILURES[code] })),
];

/** What can become of an image whose renditions are made in steps. */
export const STEPWISE_RUNS: readonly Run[] = [
  { name: 'created', ends: 'COMPLETED', run: async ({ live, bucket, key, first }) => live.execute(await live.upload(bucket, key, first)) },
  {
    name: 'overwritten',
    ends: 'COMPLETED',
    run: async ({ live, bucket, key, first, second }) => {
      await live.execute(await live.upload(bucket, key, first));
      await live.execute(await live.upload(bucket, key, second));
    },
  },
  {
    name: 'overtaken between its steps',
    ends: 'COMPLETED',
    run: async ({ live, bucket, key, first, second }) => {
      const older = await live.upload(bucket, key, first);
      await live.execute(older, async () => live.execute(await live.upload(bucket, key, second)));
    },
  },
  {
    name: 'overtaken in the middle of a step',
    ends: 'COMPLETED',
    run: async ({ live, bucket, key, first, second }) => {
      const older = await live.upload(bucket, key, first);
      live.before('s3:PutObject', async () => live.execute(await live.upload(bucket, key, second)));
      await live.execute(older);
    },
  },
  {
    name: 'gone between its steps',
    ends: 'FAILED SOURCE_NOT_FOUND',
    run: async ({ live, bucket, key, first }) => live.execute(await live.upload(bucket, key, first), async () => { await live.remove(bucket, key); }),
  },
  {
    name: 'failed as UNSUPPORTED_FORMAT',
    ends: 'FAILED UNSUPPORTED_FORMAT',
    run: async ({ live, bucket, key }) => live.execute(await live.upload(bucket, key, 'no image')),
  },
  {
    name: 'given up',
    ends: 'FAILED RETRIES_EXHAUSTED',
    run: async ({ live, bucket, key, first }) => {
      await live.invoke({ step: STEPS.giveUp, event: { Records: [await live.upload(bucket, key, first)] } }, 60_000);
    },
  },
];

/** An image id for one source: two objects cannot have the same. */
export function idIn({ outputPrefix }: Source, id: string): string {
  return `${id}-${outputPrefix.replace(/\W/g, '')}`;
}

export function keyFor({ prefix }: Source, { name, key }: Run): string {
  return prefix + (key ?? `${name.replaceAll(' ', '-')}.jpg`);
}
