import { costOfMillion, DEFAULT_DESIGN, Design } from './cost';
import { durationMs } from './duration';
import { CPU_MS, MIB_PER_VCPU, PRICES } from './inputs';
import { Scenario } from './simulation';

/**
 * What a backfill does for one image whose uploader did not name it, as a local run counts it: `test/operations/backfill/run.test.ts`
 * compares.
 */
export const COUNTED = {
  /** Every rendition is missing. */
  missing: { gets: 1, heads: 0, reads: 1, updates: 2 },
  /** One rendition is missing beside two. */
  oneMore: { gets: 1, heads: 2, reads: 1, updates: 2 },
  /** Keys in one listing, and records in one batched read. */
  listed: 1000,
  batch: 100,
} as const;

const EXPRESS_GB = 64 / 1024;
const IMAGES = 1_000_000;
/** Of a batched read that may be as the record was before. */
const PLAN_READ_UNITS = 0.5;

export interface Way {
  readonly name: string;
  readonly dollars: number;
}

/** What it costs to bring a million images to three renditions. */
export function waysToMillion(): Way[] {
  const plan = IMAGES * (PRICES.s3Put / COUNTED.listed + PLAN_READ_UNITS * PRICES.dynamoReadUnit);
  return [
    // Who uploads again stores the originals again.
    { name: 'uploading all originals again', dollars: costOfMillion(DEFAULT_DESIGN).total + IMAGES * PRICES.s3Put },
    { name: 'a backfill of all three profiles', dollars: plan + ofBackfill({ ...DEFAULT_DESIGN, queueRequests: 0 }, COUNTED.missing) },
    {
      name: 'a backfill of one profile of 200 px beside two',
      dollars: plan + ofBackfill({ ...DEFAULT_DESIGN, queueRequests: 0, cpuMs: CPU_MS.handler.small, puts: 1 }, COUNTED.oneMore),
    },
    { name: 'a plan, or a run where all is current', dollars: plan },
  ];
}

function ofBackfill(design: Design, { heads, reads }: { readonly heads: number; readonly reads: number }): number {
  const seconds = durationMs(design.cpuMs, MIB_PER_VCPU, design.waitMs) / 1000;
  const workflow = PRICES.expressRequest + seconds * EXPRESS_GB * PRICES.expressGbSecond;
  return costOfMillion(design).total + IMAGES * (heads * PRICES.s3Get + reads * PRICES.dynamoReadUnit + workflow);
}

const ACCOUNT = 1000;
const DURATION = durationMs(DEFAULT_DESIGN.cpuMs, MIB_PER_VCPU) / 1000;
const fresh = (name: string, taken: number, limit = ACCOUNT): Scenario => ({
  name, rate: 100, seconds: 600, maxConcurrency: 100, available: Math.max(0, limit - taken), duration: DURATION,
});

/** Fresh uploads beside a lane that is full all the time, and so takes its concurrency from what Lambda lets run. */
export const BESIDE_BACKFILL: readonly Scenario[] = [
  fresh('no backfill', 0),
  fresh('a full lane of 20, the default', 20),
  fresh('a full lane of 800', 800),
  fresh('a full lane of 970', 970),
  fresh('not built: the lane is the pipeline\'s function itself, with 60 reserved, of which it takes 40', 40, 60),
];
