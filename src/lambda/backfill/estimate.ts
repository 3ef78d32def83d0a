import { BackfillConfig, EncodedFormat, OutputFormatName } from '../../contract';

/**
 * What an image takes, by the measurements of docs/performance.md: JPEG photos of the middle sizes. Fine photos and slow encoders
 * differ by a factor of two either way.
 */
export const ESTIMATE = {
  /** Processor milliseconds of one vCPU, to read and decode a megabyte of an original. */
  decodeMsPerMb: 16,
  /** Processor milliseconds for one rendition. Formats that were not measured are taken as WebP. */
  encodeMs: { jpeg: 25, webp: 100, avif: 550, png: 100, gif: 100, tiff: 100 } satisfies Record<EncodedFormat, number>,
  /** Milliseconds in which an invocation waits for S3 and DynamoDB. */
  waitMs: 150,
  /** Share of the processor time that a second vCPU takes over. */
  parallelShare: 0.2,
  mibPerVcpu: 1769,
  /** Of an original of which only the key is known. */
  bytes: 5_000_000,
  writeUnits: 5,
  /** Of the record and what points to it. */
  readUnits: 2,
  logBytes: 2200,
  /** States of a workflow that is charged by its transitions, for one image. */
  transitions: 3,
  /** Gigabytes of memory that an express workflow is charged for. */
  expressGb: 64 / 1024,
} as const;

export interface Work {
  readonly bytes?: number;
  /** Formats of the renditions that are to be made. */
  readonly formats: readonly OutputFormatName[];
}

export interface Estimate {
  /** Of one invocation. */
  readonly milliseconds: number;
  readonly dollars: number;
}

/** Of one image. */
export function estimate({ bytes = ESTIMATE.bytes, formats }: Work, { prices, memoryMib, isStandard }: BackfillConfig): Estimate {
  const cpuMs = ESTIMATE.decodeMsPerMb * (bytes / 1e6) + formats.reduce((sum, format) => sum + encodeMs(format), 0);
  const vcpus = memoryMib / ESTIMATE.mibPerVcpu;
  const onVcpus = vcpus <= 1 ? 1 / vcpus : 1 - ESTIMATE.parallelShare + ESTIMATE.parallelShare / vcpus;
  const milliseconds = cpuMs * onVcpus + ESTIMATE.waitMs;
  const seconds = milliseconds / 1000;
  const dollars = seconds * (memoryMib / 1024) * prices.lambdaGbSecond
    + prices.lambdaRequest
    + prices.s3Get
    + formats.length * prices.s3Put
    + ESTIMATE.writeUnits * prices.dynamoWriteUnit
    + ESTIMATE.readUnits * prices.dynamoReadUnit
    + (ESTIMATE.logBytes * prices.logsGb) / 1e9
    + (isStandard ? ESTIMATE.transitions * prices.stateTransition : prices.expressRequest + seconds * ESTIMATE.expressGb * prices.expressGbSecond);
  return { milliseconds, dollars };
}

/** What an original keeps as its format is mostly JPEG. */
function encodeMs(format: OutputFormatName): number {
  return ESTIMATE.encodeMs[format === 'original' ? 'jpeg' : format];
}
