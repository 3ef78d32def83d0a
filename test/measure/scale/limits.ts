import { costOfMillion, DEFAULT_DESIGN, INDEX_UNITS, WRITE_UNITS } from './cost';
import { durationMs } from './duration';
import { MIB_PER_VCPU, QUOTAS } from './inputs';

/** What a steady rate of images needs. */
export interface Needs {
  readonly rate: number;
  /** Invocations at a time. */
  readonly concurrency: number;
  /** Pipelines, each with a queue, a table and a prefix of its own, that the pollers' limit asks for. */
  readonly pipelines: number;
  /** Partitions of the buckets' keys, by the requests in a second. */
  readonly sourcePrefixes: number;
  readonly outputPrefixes: number;
  /** In a second and pipeline, for the table and its index. */
  readonly writeUnits: number;
  /** `catalog.listingShards` of each pipeline at which no partition of the index gets more than it takes. */
  readonly listingShards: number;
  readonly dollarsPerDay: number;
  /** What the rate exceeds where one pipeline keeps its defaults, the tightest first. */
  readonly exceeded: readonly string[];
}

const DEFAULT_SHARDS = 4;
const DEFAULT_CONCURRENCY = 100;
/** Above this share of a limit, chance alone exceeds it. */
const HEADROOM = 0.7;

export function needsOf(rate: number): Needs {
  const { cpuMs, waitMs, gets, puts } = DEFAULT_DESIGN;
  const concurrency = Math.ceil((rate * durationMs(cpuMs, MIB_PER_VCPU, waitMs)) / 1000);
  const pipelines = Math.ceil(concurrency / (HEADROOM * QUOTAS.pollerConcurrency));
  const uses: readonly (readonly [string, number, number])[] = [
    ['`maxConcurrency`', concurrency, DEFAULT_CONCURRENCY],
    ['concurrency of the account', concurrency, QUOTAS.lambdaConcurrency],
    ['concurrency of a queue', concurrency, QUOTAS.pollerConcurrency],
    [`index with ${DEFAULT_SHARDS} shards`, (rate * INDEX_UNITS) / DEFAULT_SHARDS, QUOTAS.partitionWrites],
    ['writes of a new table', rate * WRITE_UNITS, QUOTAS.newTableWrites],
    ['writes of a table', rate * WRITE_UNITS, QUOTAS.tableWrites],
    ['PUTs of a prefix', rate * puts, QUOTAS.s3Puts],
    ['GETs of a prefix', rate * gets, QUOTAS.s3Gets],
  ];
  return {
    rate,
    concurrency,
    pipelines,
    sourcePrefixes: Math.ceil((rate * gets) / QUOTAS.s3Gets),
    outputPrefixes: Math.ceil((rate * puts) / QUOTAS.s3Puts),
    writeUnits: (rate * WRITE_UNITS) / pipelines,
    listingShards: Math.max(DEFAULT_SHARDS, Math.ceil((rate * INDEX_UNITS) / pipelines / (HEADROOM * QUOTAS.partitionWrites))),
    dollarsPerDay: (costOfMillion(DEFAULT_DESIGN).total * rate * 86_400) / 1e6,
    exceeded: uses
      .map(([name, used, limit]) => ({ name, times: used / limit }))
      .filter(({ times }) => times > 1)
      .sort((one, other) => other.times - one.times)
      .map(({ name, times }) => `${name} ${times.toFixed(1)}x`),
  };
}
