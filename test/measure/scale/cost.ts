import { durationMs, gbSeconds } from './duration';
import { ASSUMED, CPU_MS, MIB_PER_VCPU, PRICES, RECORD_UNITS } from './inputs';

/** What a design does for one image. */
export interface Design {
  readonly name: string;
  readonly invocations: number;
  /** Processor milliseconds and waiting of one invocation. */
  readonly cpuMs: number;
  readonly waitMs: number;
  readonly gets: number;
  readonly puts: number;
  readonly queueRequests: number;
  readonly writeUnits: number;
  readonly logBytes: number;
  readonly transitions: number;
}

export interface Cost {
  readonly lambda: number;
  readonly s3: number;
  readonly sqs: number;
  readonly dynamodb: number;
  readonly logs: number;
  readonly stepFunctions: number;
  readonly total: number;
}

const IMAGES = 1_000_000;

/** Dollars for a million images, without what is stored. */
export function costOfMillion(design: Design, memoryMib = MIB_PER_VCPU): Cost {
  const seconds = design.invocations * gbSeconds(durationMs(design.cpuMs, memoryMib, design.waitMs), memoryMib);
  const parts = {
    lambda: seconds * PRICES.lambdaGbSecond + design.invocations * PRICES.lambdaRequest,
    s3: design.gets * PRICES.s3Get + design.puts * PRICES.s3Put,
    sqs: design.queueRequests * PRICES.sqsRequest,
    dynamodb: design.writeUnits * PRICES.dynamoWriteUnit,
    logs: (design.invocations * design.logBytes * PRICES.logsGb) / 1e9,
    stepFunctions: design.transitions * PRICES.stateTransition,
  };
  const dollars = Object.fromEntries(Object.entries(parts).map(([name, price]) => [name, price * IMAGES])) as Omit<Cost, 'total'>;
  return { ...dollars, total: Object.values(dollars).reduce((sum, part) => sum + part, 0) };
}

const { claim, completion } = RECORD_UNITS;
export const INDEX_UNITS = claim.index + completion.index;
export const WRITE_UNITS = claim.table + completion.table + INDEX_UNITS;

/** The pipeline as it is by default, with its queue. */
function pipeline(name: string, cpuMs: number, renditions: number): Design {
  return {
    name,
    invocations: 1,
    cpuMs,
    waitMs: ASSUMED.waitMs,
    gets: 1,
    puts: renditions,
    // Send, receive, delete.
    queueRequests: 3,
    writeUnits: WRITE_UNITS,
    logBytes: ASSUMED.logBytes,
    transitions: 0,
  };
}

/** A function that S3 invokes, without queue, index and guarded writes. */
function plain(name: string, cpuMs: number, renditions: number, more: Partial<Design> = {}): Design {
  return {
    ...pipeline(name, cpuMs, renditions),
    queueRequests: 0,
    writeUnits: 1,
    logBytes: ASSUMED.plainLogBytes,
    ...more,
  };
}

/** Each of the usual designs, and the pipeline that makes the same renditions. */
export const COMPARED: readonly (readonly [Design, Design])[] = [
  [
    plain('gallery: three sizes by Pillow, the file opened for each', CPU_MS.pillow.three, 3, { gets: 2, writeUnits: 3 }),
    pipeline('the default three profiles', CPU_MS.handler.three, 3),
  ],
  [plain('upload through an API: half size by Pillow', CPU_MS.pillow.half, 1), pipeline('one profile, scale 0.5', CPU_MS.handler.half, 1)],
  [plain('presigned upload, or the minimal function: one size by Pillow', CPU_MS.pillow.small, 1), pipeline('one profile of 200 px', CPU_MS.handler.small, 1)],
  [
    plain('state machine: three functions, each downloads and decodes', CPU_MS.sharpSmall, 3, {
      invocations: 3, gets: 3, waitMs: ASSUMED.downloadMs + ASSUMED.waitMs / 2, writeUnits: 0, transitions: 6,
    }),
    pipeline('three profiles of 400, 200 and 100 px', CPU_MS.handler.fanOut, 3),
  ],
];

export const DEFAULT_DESIGN = COMPARED[0][1];
