import { randomUUID } from 'crypto';
import type { S3Client } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { runtimeError, statesError } from './errors';
import { ReaderConfig, readItems } from './item-reader';
import { MapRun, ResultLocation, writeResults } from './map-run';
import type { Action, Scope } from './scope';
import type { State, States } from './states';

/** Bytes of a state's output. */
const MAX_OUTPUT_BYTES = 256 * 1024;
/** What a distributed map runs at a time when the definition does not say; this machine has less than AWS. */
const MAX_CHILDREN_AT_A_TIME = 100;

export interface DistributedMapOptions {
  readonly name: string;
  readonly s3: S3Client;
}

interface Batcher {
  readonly MaxItemsPerBatch?: number;
  readonly MaxInputBytesPerBatch?: number;
  readonly BatchInput?: unknown;
}

interface Tolerance {
  readonly percentage?: number;
  readonly count?: number;
}

interface Resolved {
  readonly input: unknown;
  readonly items?: unknown;
  readonly reader?: { readonly Bucket: string };
  readonly writer?: ResultLocation;
  readonly batchInput?: unknown;
  readonly concurrency: number;
  readonly tolerance: Tolerance;
}

/** A task that runs a child workflow for each item or batch, with counters of its own, and failures that are tolerated. */
export function compileDistributedMap(
  state: State, processor: States, select: (selector: unknown) => States, options: DistributedMapOptions,
): State & { action: Action } {
  const {
    ItemsPath = '$', ItemSelector, ItemProcessor, ItemReader, ItemBatcher, ResultWriter, MaxConcurrency, MaxConcurrencyPath, Label,
    ToleratedFailurePercentage, ToleratedFailurePercentagePath, ToleratedFailureCount, ToleratedFailureCountPath, ...rest
  } = state;
  const reader = ItemReader as { Resource: string; Parameters: object; ReaderConfig?: ReaderConfig } | undefined;
  const batcher = ItemBatcher as Batcher | undefined;
  const selection = ItemSelector === undefined ? undefined : select(ItemSelector);
  return {
    ...rest,
    Type: 'Task',
    Parameters: {
      'input.$': '$',
      ...(reader ? { reader: reader.Parameters } : { 'items.$': ItemsPath }),
      ...(ResultWriter ? { writer: (ResultWriter as { Parameters: object }).Parameters } : {}),
      ...(batcher?.BatchInput === undefined ? {} : { batchInput: batcher.BatchInput }),
      ...valueOrPath('concurrency', MaxConcurrency ?? 0, MaxConcurrencyPath),
      'tolerance': {
        ...valueOrPath('percentage', ToleratedFailurePercentage, ToleratedFailurePercentagePath),
        ...valueOrPath('count', ToleratedFailureCount, ToleratedFailureCountPath),
      },
    },
    action: async (parameters, scope) => {
      const resolved = parameters as Resolved;
      const read = reader ? await readItems(options.s3, reader.Resource, resolved.reader!, reader.ReaderConfig) : resolved.items;
      if (!Array.isArray(read)) throw runtimeError(`the items of a map must be an array, received ${JSON.stringify(read)}`);
      const items = selection === undefined ? read as unknown[] : await Promise.all((read as unknown[]).map((item, index) => (
        scope.run(selection, resolved.input, scope.signal, { Map: { Item: { Index: index, Value: item } } })
      )));
      const batches = batcher ? inBatches(items, batcher, resolved.batchInput) : items.map((item) => ({ input: item, items: 1 }));
      const run = scope.startMapRun((Label as string | undefined) ?? options.name, options.name, items.length);
      return runChildren(run, batches, processor, resolved, scope, options.s3);
    },
  };
}

async function runChildren(
  run: MapRun, batches: readonly Batch[], processor: States, resolved: Resolved, scope: Scope, s3: S3Client,
): Promise<unknown> {
  const { concurrency, tolerance, writer } = resolved;
  const over = new AbortController();
  const signal = AbortSignal.any([scope.signal, over.signal]);
  const limit = pLimit(concurrency || MAX_CHILDREN_AT_A_TIME);
  const outputs = new Array<unknown>(batches.length);
  let failure: Error | undefined;
  scope.signal.addEventListener('abort', () => { if (run.status === 'RUNNING') run.abort('ABORTED'); });
  await Promise.all(batches.map((batch, at) => limit(async () => {
    if (signal.aborted) return;
    const name = randomUUID();
    const startedAt = new Date().toISOString();
    run.begin(batch.items);
    try {
      outputs[at] = await scope.runChild(processor, batch.input, signal, { mapRun: run, name });
      if (signal.aborted) return;
      run.end(batch.items, 'succeeded');
      run.results.push({ name, ...batch, startedAt, endedAt: new Date().toISOString(), output: outputs[at] });
    } catch (error) {
      if (signal.aborted) return;
      run.end(batch.items, 'failed');
      run.results.push({ name, ...batch, startedAt, endedAt: new Date().toISOString(), error: error as Error });
      if (!isTolerated(run, tolerance)) {
        failure = tolerance.count === undefined && tolerance.percentage === undefined
          ? error as Error
          : statesError('States.ExceedToleratedFailureThreshold', 'the tolerated failures of the map were exceeded');
        run.abort('FAILED');
        over.abort();
      }
    }
  })));
  scope.signal.throwIfAborted();
  if (!failure) run.status = 'SUCCEEDED';
  const written = writer && await writeResults(s3, run, writer, run.arn.replace(':mapRun:', ':stateMachine:').split('/')[0]);
  if (failure) throw failure;
  if (written) return written;
  if (JSON.stringify(outputs).length > MAX_OUTPUT_BYTES) {
    throw statesError('States.DataLimitExceeded', `the output of a state must have at most ${MAX_OUTPUT_BYTES} bytes: a distributed map of so many results needs a ResultWriter`);
  }
  return outputs;
}

function isTolerated(run: MapRun, { count, percentage }: Tolerance): boolean {
  const { failed, total } = run.itemCounts;
  if (count === undefined && percentage === undefined) return false;
  return failed <= (count ?? Infinity) && (100 * failed) / total <= (percentage ?? Infinity);
}

interface Batch {
  readonly input: unknown;
  readonly items: number;
}

function inBatches(items: readonly unknown[], batcher: Batcher, batchInput: unknown): Batch[] {
  const { MaxItemsPerBatch = Infinity, MaxInputBytesPerBatch = Infinity } = batcher;
  const batches: unknown[][] = [];
  let bytes = 0;
  for (const item of items) {
    const size = Buffer.byteLength(JSON.stringify(item)) + 1;
    const last = batches.at(-1);
    if (!last || last.length >= MaxItemsPerBatch || bytes + size > MaxInputBytesPerBatch) {
      batches.push([item]);
      bytes = size + Buffer.byteLength(JSON.stringify(batchInput ?? null));
    } else {
      last.push(item);
      bytes += size;
    }
  }
  return batches.map((batch) => ({ input: { ...(batchInput === undefined ? {} : { BatchInput: batchInput }), Items: batch }, items: batch.length }));
}

function valueOrPath(name: string, value: unknown, path: unknown): Record<string, unknown> {
  if (path !== undefined) return { [`${name}.$`]: path };
  return value === undefined ? {} : { [name]: value };
}
