import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BESIDE_BACKFILL, waysToMillion } from './backfill';
import { COMPARED, costOfMillion, DEFAULT_DESIGN, WRITE_UNITS } from './cost';
import { withTables } from './document';
import { durationMs } from './duration';
import { MIB_PER_VCPU, PRICES } from './inputs';
import { needsOf } from './limits';
import { Scenario, simulate } from './simulation';
import { SCENARIOS } from './tables';
import { ESTIMATE, estimate } from '../../../src/lambda/backfill/estimate';

const root = join(__dirname, '..', '..', '..');
const steady: Scenario = { name: 'steady', rate: 10, seconds: 60, maxConcurrency: 100, available: 1000, duration: 0.4 };

test('the tables of the document are those that are computed', () => {
  const document = readFileSync(join(root, 'docs', 'scale.md'), 'utf8');
  expect(document).toBe(withTables(document));
});

test('fails for a document without one of the tables', () => {
  expect(() => withTables('<!-- table: cost -->\n<!-- end -->', { cost: '| |', rates: '| |' })).toThrow('expected the tables cost, rates in the document, received cost');
});

test('the command fails with its usage for what it does not know', () => {
  const { status, stderr } = spawnSync(join(root, 'node_modules', '.bin', 'tsx'), [join(__dirname, 'cli.ts'), '--fast'], { encoding: 'utf8' });
  expect(status).toBe(2);
  expect(stderr).toContain('--write');
});

describe('cost', () => {
  test('is the sum of its parts', () => {
    const { total, ...parts } = costOfMillion(DEFAULT_DESIGN);
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(total, 6);
  });

  test('of Lambda is less than that of the usual design, whichever it is', () => {
    for (const [usual, ours] of COMPARED) expect(costOfMillion(ours).lambda).toBeLessThan(costOfMillion(usual).lambda);
  });
});

describe('a backfill', () => {
  test('is estimated by the function as it is computed here', () => {
    const prices = { ...PRICES, lambdaGbSecond: PRICES.lambdaGbSecond };
    const config = { version: 1, reportBucket: '', prices, memoryMib: MIB_PER_VCPU, timeoutSeconds: 60, concurrency: 20, isStandard: false };
    // The photo of the benchmark has 6.4 MB.
    const { dollars } = estimate({ bytes: 6_400_000, formats: ['jpeg', 'jpeg', 'jpeg'] }, config);
    const computed = waysToMillion()[1].dollars / 1e6;

    expect(ESTIMATE.writeUnits).toBe(WRITE_UNITS);
    expect(Math.abs(dollars / computed - 1)).toBeLessThan(0.1);
  });

  test('costs less than another upload, and a profile more costs less than all', () => {
    const [again, all, one, none] = waysToMillion().map(({ dollars }) => dollars);
    expect([again > all, all > one, one > none]).toEqual([true, true, true]);
  });

  test('delays no fresh upload while the account has room for both, and would with one function for both', () => {
    const [without, byDefault, many, full, shared] = BESIDE_BACKFILL.map((scenario) => simulate(scenario).latency.p99);
    expect([byDefault, many]).toEqual([without, without]);
    expect(Math.min(full, shared)).toBeGreaterThan(10 * without);
  });
});

describe('duration', () => {
  test('falls in proportion to the memory up to one vCPU', () => {
    expect(durationMs(100, 1769, 0)).toBe(100);
    expect(durationMs(100, 1769 / 4, 0)).toBe(400);
  });

  test('gains little from a second vCPU', () => {
    expect(durationMs(100, 2 * 1769, 0)).toBeGreaterThan(80);
  });
});

test('at ten images a second the defaults exceed nothing', () => {
  expect(needsOf(10)).toMatchObject({ exceeded: [], pipelines: 1, listingShards: 4 });
});

describe('simulation', () => {
  test('makes every image, and each in about its duration, where there is room', () => {
    const { images, latency, throttled, lost } = simulate(steady);
    expect(images).toBeGreaterThan(500);
    expect([throttled, lost]).toEqual([0, 0]);
    expect(latency.p50).toBeGreaterThan(0.3);
    expect(latency.p50).toBeLessThan(1);
  });

  test('is the same on each run', () => {
    expect(simulate(steady)).toEqual(simulate(steady));
  });

  test('obeys the law of Little where the function is saturated', () => {
    const { images, drained } = simulate({ ...steady, rate: 10_000, seconds: 1, maxConcurrency: 5 });
    // The mean of the log-normal duration is its median times exp(sigma^2 / 2).
    expect(drained).toBeGreaterThan((images * 0.4 * Math.exp(0.125)) / 5 * 0.95);
    expect(drained).toBeLessThan((images * 0.4 * Math.exp(0.125)) / 5 * 1.05);
  });

  test('throttles where the pollers may do more than the function', () => {
    const { throttled, latency } = simulate({ ...steady, rate: 5000, seconds: 1, available: 20 });
    expect(throttled).toBeGreaterThan(0);
    expect(latency.p99).toBeGreaterThan(360);
  });

  test('loses images to throttling where the account has next to nothing left, and none with more tries', () => {
    const [few, many] = SCENARIOS.filter(({ available }) => available === 3).map(simulate);
    expect(few.lost).toBeGreaterThan(0);
    expect(many.lost).toBe(0);
  });

  test('gives every image up where nothing may run', () => {
    const { images, lost, throttled } = simulate({ ...steady, seconds: 2, available: 0 });
    expect(lost).toBe(images);
    expect(throttled).toBe(1);
  });
});
